#include "catalogue/deprivation_moments.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "catalogue/columns.h"
#include "proto/contract/roster.h"

namespace waymark::catalogue {
namespace {

static_assert(contract::kMiddleDeprivation - 1 == kMostWeight &&
              contract::kMostDeprivation - contract::kMiddleDeprivation == kMostWeight);

}  // namespace

std::int64_t WeightOf(std::uint32_t deprivation) {
  return static_cast<std::int64_t>(deprivation) - static_cast<std::int64_t>(contract::kMiddleDeprivation);
}

absl::StatusOr<NoisePlan> PlanMoments(const v1::Metric& metric, const contract::RoundItem& item) {
  if (metric.kind() != v1::METRIC_KIND_PROPORTION) {
    return absl::FailedPreconditionError(
        absl::StrCat("metric ", metric.id(),
                     " is no proportion, and only a proportion has expected values by "
                     "deprivation"));
  }
  contract::Table table;
  table.metric = metric.id();
  table.version = metric.version();
  table.period = item.period;
  table.rows = {""};
  table.columns = {"x_denominator", "x2_denominator"};
  const std::vector<std::string> columns = ColumnsOf(metric);
  for (std::size_t i = 0; i + 1 < columns.size(); ++i)
    table.columns.push_back(absl::StrCat("x_", columns[i]));
  table.Resize();
  constexpr auto kWeight = static_cast<std::uint64_t>(kMostWeight);
  constexpr std::uint64_t kSquare = kWeight * kWeight;
  const std::uint64_t outcomes = columns.size() - 1;
  NoisePlan plan;
  for (const TableKey& key : TablesOf(metric, item)) {
    if (!key.dimensions.empty()) continue;
    table.window_days = key.window_days;
    table.unit = key.unit;
    const std::uint64_t members = MembersThatCount(metric, key);
    plan.sensitivity += members * (kWeight + kSquare + outcomes * kWeight);
    plan.sensitivity_square += members * members * (kSquare + kSquare * kSquare + outcomes * kSquare);
    plan.cells += table.values.size();
    plan.tables.push_back(table);
  }
  return plan;
}

absl::Status FillMoments(const v1::Metric& metric, const contract::Table& exact, std::uint32_t deprivation,
                         contract::Table& moments) {
  const std::size_t last = exact.columns.size() - 1;
  const bool possible = exact.columns == ColumnsOf(metric) && exact.rows.size() == 1 &&
                        std::all_of(exact.values.begin(), exact.values.end(), [&](std::int64_t count) {
                          return count >= 0 && count <= exact.values[last];
                        });
  if (!possible) {
    return absl::InternalError(absl::StrCat(
        "metric ", metric.id(), ": the measured table is not the definition's. Please report this"));
  }
  const std::int64_t weight = WeightOf(deprivation);
  const auto bounded = [&](std::size_t column) { return std::min(exact.At(0, column), kMostSummedCount); };
  moments.At(0, 0) = weight * bounded(last);
  moments.At(0, 1) = weight * weight * bounded(last);
  for (std::size_t outcome = 0; outcome < last; ++outcome) {
    moments.At(0, 2 + outcome) = weight * bounded(outcome);
  }
  return absl::OkStatus();
}

}  // namespace waymark::catalogue
