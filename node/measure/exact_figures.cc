#include "node/measure/exact_figures.h"

#include <iterator>

#include "absl/types/span.h"
#include "base/status.h"
#include "node/measure/member.h"
#include "statistics/survival.h"

namespace waymark::node {
namespace {

static_assert(kCensored == statistics::kCensoredFollowUp);

using Figures = std::vector<catalogue::RowFigure>;

Figures DurationOf(std::size_t row, absl::Span<const DayCount> ends) {
  std::vector<std::int64_t> days;
  for (const DayCount& end : ends) days.insert(days.end(), end.count, end.number);
  return catalogue::DurationFigures(row, days);
}

absl::StatusOr<Figures> SurvivalOf(const v1::Metric& metric, std::size_t row,
                                   absl::Span<const DayCount> ends) {
  const auto outcomes = static_cast<std::uint32_t>(metric.outcomes_size());
  std::vector<statistics::FollowUp> followed;
  followed.reserve(ends.size());
  for (const DayCount& end : ends) {
    const std::uint32_t kind = end.number % (outcomes + 1);
    followed.push_back({.days = static_cast<std::int32_t>(end.number / (outcomes + 1)),
                        .kind = kind == outcomes ? kCensored : static_cast<std::int32_t>(kind),
                        .members = end.count});
  }
  ASSIGN_OR_RETURN(const statistics::SurvivalCurve curve,
                   statistics::SurvivalCurve::FromDays(followed, outcomes));
  return catalogue::SurvivalFigures(metric, row, curve);
}

}  // namespace

absl::StatusOr<Figures> ExactFiguresOf(const v1::Metric& metric, const contract::Table& table,
                                       absl::Span<const std::vector<DayCount>> days) {
  const bool duration = metric.kind() == v1::METRIC_KIND_DURATION;
  if (!duration && metric.kind() != v1::METRIC_KIND_SURVIVAL) return catalogue::FiguresOf(metric, table);
  Figures all;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    Figures figures;
    if (duration) {
      figures = DurationOf(row, days[row]);
    } else {
      ASSIGN_OR_RETURN(figures, SurvivalOf(metric, row, days[row]));
    }
    std::move(figures.begin(), figures.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace waymark::node
