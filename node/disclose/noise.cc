#include "node/disclose/noise.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "catalogue/columns.h"
#include "node/disclose/public_rows.h"
#include "node/disclose/request.h"
#include "proto/contract/names.h"
#include "proto/contract/release.h"

namespace waymark::node {
namespace {

constexpr std::uint64_t kMostSensitivity = 1'000'000'000;

bool CanBeNoised(v1::MetricKind kind) {
  return kind == v1::METRIC_KIND_PROPORTION || kind == v1::METRIC_KIND_MIX ||
         kind == v1::METRIC_KIND_DURATION || kind == v1::METRIC_KIND_SURVIVAL;
}

// The disjoint cells behind `exact`'s row: for a PROPORTION the last is "no" of the first outcome, not the
// denominator.
absl::Status TakeDisjoint(bool proportion, const contract::Table& exact, std::size_t row,
                          absl::Span<std::int64_t> out) {
  const std::size_t last = out.size() - 1;
  for (std::size_t column = 0; column <= last; ++column) {
    const std::int64_t value = exact.At(row, column);
    const bool above = proportion && value > exact.At(row, last);
    if (value < 0 || value > contract::kMaxCellValue || above) {
      return absl::InternalError(
          "a measured count is impossible; nothing of it may leave. Please report this");
    }
    out[column] = value;
  }
  if (proportion) out[last] -= out[0];
  return absl::OkStatus();
}

// A column that the sources cannot fill is not available in any row; that is no matter of counts.
void MarkUnavailable(const contract::Table& exact, contract::Table& out) {
  for (std::size_t column = 0; column < exact.columns.size(); ++column) {
    bool available = true;
    for (std::size_t row = 0; row < exact.rows.size(); ++row) {
      available = available && exact.status[exact.Index(row, column)] == v1::CELL_STATUS_SHOWN;
    }
    if (available) continue;
    for (std::size_t row = 0; row < out.rows.size(); ++row) {
      out.At(row, column) = 0;
      out.status[out.Index(row, column)] = v1::CELL_STATUS_NOT_AVAILABLE;
    }
  }
}

// value += addend, within the contract's bound of a cell.
absl::Status AddChecked(std::int64_t addend, std::int64_t& value) {
  if (__builtin_add_overflow(value, addend, &value) || value > contract::kMaxCellValue ||
      value < -contract::kMaxCellValue) {
    return absl::InternalError("a noised count is out of range; nothing of it may leave. Please report this");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<NoisePlan> PlanNoise(const v1::Metric& metric, const contract::RoundItem& item) {
  if (!CanBeNoised(metric.kind())) {
    return absl::FailedPreconditionError(absl::StrCat("metric ", metric.id(), " is of the kind ",
                                                      contract::NameOf(metric.kind()),
                                                      ", of which one family's share has no bound"));
  }
  NoisePlan plan;
  contract::Table table;
  table.metric = metric.id();
  table.version = metric.version();
  table.period = item.period;
  table.columns = catalogue::ColumnsOf(metric);
  for (const TableKey& key : TablesOf(metric, item)) {
    table.dimensions = key.dimensions;
    table.window_days = key.window_days;
    table.unit = key.unit;
    ASSIGN_OR_RETURN(table.rows, PublicRows(table.dimensions));
    table.Resize();
    const bool once = key.unit == v1::UNIT_FAMILIES && key.dimensions.empty();
    const std::uint64_t members = once ? 1 : metric.contribution_bound();
    plan.sensitivity += members * catalogue::CellsTouchedByOneMember(metric);
    plan.cells += table.values.size();
    if (plan.cells > contract::kMaxCells || plan.sensitivity > kMostSensitivity) {
      return absl::FailedPreconditionError(
          absl::StrCat("metric ", metric.id(), ": more cells than can be noised together"));
    }
    plan.tables.push_back(table);
  }
  if (plan.sensitivity == 0 || plan.cells == 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("metric ", metric.id(), ": its definition bounds no family's share"));
  }
  return plan;
}

absl::StatusOr<NoisedTable> ProtectNoised(const v1::Metric& metric, const contract::Table& planned,
                                          const contract::Table& exact, const crypto::DiscreteLaplace& noise,
                                          crypto::RandomSource& random) {
  if (exact.columns != planned.columns || exact.status.size() != exact.values.size() ||
      exact.values.size() != exact.rows.size() * exact.columns.size()) {
    return absl::InternalError(absl::StrCat("metric ", metric.id(),
                                            ": the measured table does not have the definition's columns; "
                                            "nothing of it may leave. Please report this"));
  }
  const bool proportion = metric.kind() == v1::METRIC_KIND_PROPORTION;
  const std::size_t columns = planned.columns.size();
  NoisedTable out{.table = planned, .dropped_rows = 0};
  // The noise first, in one batch whose size is public; then the counts are added to it.
  RETURN_IF_ERROR(noise.Sample(random, absl::MakeSpan(out.table.values)));
  std::vector<std::int64_t> cells(columns);
  for (std::size_t row = 0; row < exact.rows.size(); ++row) {
    const auto found = std::lower_bound(planned.rows.begin(), planned.rows.end(), exact.rows[row]);
    RETURN_IF_ERROR(TakeDisjoint(proportion, exact, row, absl::MakeSpan(cells)));
    if (found == planned.rows.end() || *found != exact.rows[row]) {
      ++out.dropped_rows;
      continue;
    }
    const auto at = static_cast<std::size_t>(found - planned.rows.begin());
    for (std::size_t column = 0; column < columns; ++column) {
      RETURN_IF_ERROR(AddChecked(cells[column], out.table.At(at, column)));
    }
  }
  if (proportion) {
    for (std::size_t row = 0; row < out.table.rows.size(); ++row) {
      RETURN_IF_ERROR(AddChecked(out.table.At(row, 0), out.table.At(row, columns - 1)));
    }
  }
  MarkUnavailable(exact, out.table);
  return out;
}

ExpectedError ExpectedErrorOf(Fraction epsilon, std::uint64_t sensitivity) {
  const double rate = static_cast<double>(epsilon.numerator) / static_cast<double>(epsilon.denominator) /
                      static_cast<double>(sensitivity);
  const double q = std::exp(-rate);
  constexpr double kAlpha = 0.05;
  // P(|X| > r) = 2 q^(r+1) / (1 + q).
  const double radius = std::ceil(std::log(kAlpha * (1 + q) / 2) / std::log(q)) - 1;
  return {.standard_deviation = std::sqrt(2 * q) / -std::expm1(-rate),
          .radius_95 = static_cast<std::int64_t>(std::max(0.0, radius))};
}

}  // namespace waymark::node
