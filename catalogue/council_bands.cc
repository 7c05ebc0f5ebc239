#include "catalogue/council_bands.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "catalogue/columns.h"

namespace waymark::catalogue {
namespace {

constexpr std::uint64_t kCellsOfOneCouncil = 2;
constexpr absl::string_view kNobody = "none";

std::size_t BandOf(std::int64_t numerator, std::int64_t denominator) {
  if (denominator <= 0) return kRateBands;
  const auto band = static_cast<std::size_t>(static_cast<absl::int128>(numerator) * kRateBands / denominator);
  return std::min(band, kRateBands - 1);
}

}  // namespace

absl::StatusOr<NoisePlan> PlanCouncilBands(const v1::Metric& metric, const contract::RoundItem& item) {
  if (metric.kind() != v1::METRIC_KIND_PROPORTION) {
    return absl::FailedPreconditionError(
        absl::StrCat("metric ", metric.id(),
                     " is no proportion, and only a proportion has a distribution over councils by bands"));
  }
  contract::Table table;
  table.metric = metric.id();
  table.version = metric.version();
  table.period = item.period;
  table.rows = ColumnsOf(metric);
  table.rows.pop_back();  // the denominator
  std::sort(table.rows.begin(), table.rows.end());
  for (std::size_t band = 0; band < kRateBands; ++band) {
    table.columns.push_back(absl::StrCat(100 * band / kRateBands));
  }
  table.columns.emplace_back(kNobody);
  table.Resize();
  NoisePlan plan;
  for (const TableKey& key : TablesOf(metric, item)) {
    if (!key.dimensions.empty()) continue;
    table.window_days = key.window_days;
    table.unit = key.unit;
    plan.sensitivity += kCellsOfOneCouncil * table.rows.size();
    plan.cells += table.values.size();
    plan.tables.push_back(table);
  }
  plan.sensitivity_square = plan.sensitivity;  // ones in different cells
  return plan;
}

absl::Status MarkBands(const v1::Metric& metric, const contract::Table& exact, contract::Table& bands) {
  if (exact.columns != ColumnsOf(metric) || exact.rows.size() != 1 || exact.columns.size() < 2) {
    return absl::InternalError(absl::StrCat(
        "metric ", metric.id(), ": the measured table is not the definition's. Please report this"));
  }
  const std::int64_t denominator = exact.At(0, exact.columns.size() - 1);
  for (std::size_t row = 0; row < bands.rows.size(); ++row) {
    const auto outcome = std::find(exact.columns.begin(), exact.columns.end(), bands.rows[row]);
    const auto column = static_cast<std::size_t>(outcome - exact.columns.begin());
    bands.At(row, BandOf(exact.At(0, column), denominator)) = 1;
  }
  return absl::OkStatus();
}

}  // namespace waymark::catalogue
