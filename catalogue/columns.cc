#include "catalogue/columns.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/period.h"
#include "base/status.h"

namespace waymark::catalogue {
namespace {

constexpr std::int64_t kLeastDaysRounding = 100;
constexpr std::int64_t kDaysRoundingFactor = 20;

void AppendOutcomes(const v1::Metric& metric, std::vector<std::string>& columns) {
  for (const v1::Outcome& outcome : metric.outcomes()) columns.push_back(outcome.id());
}

std::vector<std::string> DurationColumns(const v1::Metric& metric) {
  std::vector<std::string> columns;
  for (const std::uint32_t edge : metric.bins()) columns.push_back(absl::StrCat("<", edge));
  columns.emplace_back("+");
  return columns;
}

std::vector<std::string> SurvivalColumns(const v1::Metric& metric) {
  std::vector<std::string> endings;
  AppendOutcomes(metric, endings);
  endings.emplace_back(kCensored);
  std::vector<std::string> columns;
  for (const std::uint32_t edge : metric.bins()) {
    for (const std::string& ending : endings) columns.push_back(absl::StrCat(ending, ":<=", edge));
  }
  for (const std::string& ending : endings) columns.push_back(absl::StrCat(ending, ":+"));
  return columns;
}

std::vector<std::string> TransitionColumns() {
  std::vector<std::string> columns;
  for (const absl::string_view from : kStates) {
    for (const absl::string_view to : kStates) {
      if (from != to) columns.push_back(absl::StrCat(from, ">", to));
    }
  }
  for (const absl::string_view state : kStates) columns.push_back(absl::StrCat(kDaysPrefix, state));
  return columns;
}

}  // namespace

std::int64_t RoundingOf(absl::string_view column, std::int64_t rounding) {
  if (!absl::StartsWith(column, kDaysPrefix)) return rounding;
  return std::max(kLeastDaysRounding, kDaysRoundingFactor * rounding);
}

std::vector<std::string> ColumnsOf(const v1::Metric& metric) {
  std::vector<std::string> columns;
  switch (metric.kind()) {
    case v1::METRIC_KIND_PROPORTION:
      AppendOutcomes(metric, columns);
      columns.emplace_back(kDenominator);
      return columns;
    case v1::METRIC_KIND_MIX:
      AppendOutcomes(metric, columns);
      return columns;
    case v1::METRIC_KIND_DURATION:
      return DurationColumns(metric);
    case v1::METRIC_KIND_SURVIVAL:
      return SurvivalColumns(metric);
    case v1::METRIC_KIND_TRANSITION:
      return TransitionColumns();
    case v1::METRIC_KIND_QUALITY:
      return {"complete", "records"};
    case v1::METRIC_KIND_COUNT:
      return {std::string(kCount)};
    case v1::METRIC_KIND_SCORE_CHANGE:
      return {kScoreChanges.begin(), kScoreChanges.end()};
    case v1::METRIC_KIND_RATIO:
      return {std::string(kNumerator), std::string(kDenominator)};
    case v1::METRIC_KIND_SURVEY:
      AppendOutcomes(metric, columns);
      columns.emplace_back(kUnanswered);
      return columns;
    default:
      return {};
  }
}

absl::StatusOr<std::int64_t> NoisedUnitOf(absl::string_view column, const std::string& period) {
  if (!absl::StartsWith(column, kDaysPrefix)) return 1;
  ASSIGN_OR_RETURN(const Period parsed, ParsePeriod(period));
  return parsed.days();
}

std::int64_t UnitsPerOne(v1::Ratio::Quantity quantity) {
  if (quantity == v1::Ratio::QUANTITY_CASE_HOLDING_FTE) return 1000;
  return quantity == v1::Ratio::QUANTITY_SERVICE_COST ? 100 : 1;
}

std::uint32_t CellsTouchedByOneMember(const v1::Metric& metric) {
  switch (metric.kind()) {
    case v1::METRIC_KIND_PROPORTION:
      return static_cast<std::uint32_t>(metric.outcomes_size());
    case v1::METRIC_KIND_TRANSITION:
      return metric.most_moves() + std::min<std::uint32_t>(metric.most_moves() + 1, kStates.size());
    default:
      return 1;
  }
}

}  // namespace waymark::catalogue
