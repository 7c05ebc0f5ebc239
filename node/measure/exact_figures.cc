#include "node/measure/exact_figures.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "base/status.h"
#include "statistics/survival.h"

namespace waymark::node {
namespace {

static_assert(kCensored == statistics::kCensoredFollowUp);

using Figures = std::vector<catalogue::RowFigure>;

Figures DurationOf(std::size_t row, absl::Span<const Counted> counted, absl::Span<const Member> members) {
  std::vector<std::int64_t> days;
  days.reserve(counted.size());
  for (const Counted& unit : counted) days.push_back(members[unit.member].days);
  std::sort(days.begin(), days.end());
  return catalogue::DurationFigures(row, days);
}

absl::StatusOr<Figures> SurvivalOf(const v1::Metric& metric, std::size_t row,
                                   absl::Span<const Counted> counted, absl::Span<const Member> members) {
  std::vector<statistics::FollowUp> followed;
  followed.reserve(counted.size());
  for (const Counted& unit : counted) {
    followed.push_back({.days = members[unit.member].days, .kind = members[unit.member].outcome});
  }
  ASSIGN_OR_RETURN(
      const statistics::SurvivalCurve curve,
      statistics::SurvivalCurve::FromDays(followed, static_cast<std::size_t>(metric.outcomes_size())));
  return catalogue::SurvivalFigures(metric, row, curve);
}

}  // namespace

absl::StatusOr<Figures> ExactFiguresOf(const v1::Metric& metric, const contract::Table& table,
                                       absl::Span<const Counted> counted, absl::Span<const Member> members) {
  const bool duration = metric.kind() == v1::METRIC_KIND_DURATION;
  if (!duration && metric.kind() != v1::METRIC_KIND_SURVIVAL) return catalogue::FiguresOf(metric, table);
  Figures all;
  std::size_t begin = 0;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    std::size_t end = begin;
    while (end < counted.size() && counted[end].row == row) ++end;
    const absl::Span<const Counted> of_row = counted.subspan(begin, end - begin);
    Figures figures;
    if (duration) {
      figures = DurationOf(row, of_row, members);
    } else {
      ASSIGN_OR_RETURN(figures, SurvivalOf(metric, row, of_row, members));
    }
    std::move(figures.begin(), figures.end(), std::back_inserter(all));
    begin = end;
  }
  return all;
}

}  // namespace waymark::node
