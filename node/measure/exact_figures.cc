#include "node/measure/exact_figures.h"

#include <iterator>
#include <utility>

#include "base/status.h"
#include "node/measure/member.h"

namespace waymark::node {
namespace {

static_assert(kCensored == statistics::kCensoredFollowUp);

}  // namespace

std::vector<catalogue::RowFigure> ExactFigures::DurationOf(std::size_t row, absl::Span<const DayCount> days) {
  up_to_.clear();
  std::int64_t members = 0;
  for (const DayCount& day : days) {
    members += day.count;
    up_to_.push_back({.days = day.number, .members = members});
  }
  return catalogue::DurationFigures(row, up_to_);
}

absl::StatusOr<std::vector<catalogue::RowFigure>> ExactFigures::SurvivalOf(std::size_t row,
                                                                           absl::Span<const DayCount> days) {
  const auto outcomes = static_cast<std::uint32_t>(metric_.outcomes_size());
  followed_.clear();
  for (const DayCount& day : days) {
    const std::uint32_t kind = day.number % (outcomes + 1);
    followed_.push_back({.days = static_cast<std::int32_t>(day.number / (outcomes + 1)),
                         .kind = kind == outcomes ? kCensored : static_cast<std::int32_t>(kind),
                         .members = day.count});
  }
  ASSIGN_OR_RETURN(const statistics::SurvivalCurve curve,
                   statistics::SurvivalCurve::FromDays(followed_, outcomes));
  return catalogue::SurvivalFigures(metric_, row, curve);
}

absl::Status ExactFigures::Append(std::size_t row, absl::Span<const DayCount> days,
                                  std::vector<catalogue::RowFigure>& figures) {
  std::vector<catalogue::RowFigure> of_row;
  if (metric_.kind() == v1::METRIC_KIND_DURATION) {
    of_row = DurationOf(row, days);
  } else {
    ASSIGN_OR_RETURN(of_row, SurvivalOf(row, days));
  }
  std::move(of_row.begin(), of_row.end(), std::back_inserter(figures));
  return absl::OkStatus();
}

}  // namespace waymark::node
