#include "catalogue/item_tables.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "catalogue/columns.h"
#include "catalogue/vocabulary.h"
#include "proto/contract/names.h"
#include "proto/contract/release.h"

namespace waymark::catalogue {
namespace {

constexpr std::uint64_t kMostSensitivity = 1'000'000'000;

bool CanBeNoised(const v1::Metric& metric) {
  switch (metric.kind()) {
    case v1::METRIC_KIND_PROPORTION:
    case v1::METRIC_KIND_MIX:
    case v1::METRIC_KIND_DURATION:
    case v1::METRIC_KIND_SURVIVAL:
      return true;
    case v1::METRIC_KIND_TRANSITION:
      return metric.most_moves() > 0;
    default:
      return false;
  }
}

absl::Status CheckBound(std::int64_t count) {
  if (count <= contract::kMaxCellValue && count >= -contract::kMaxCellValue) return absl::OkStatus();
  return absl::OutOfRangeError("a noised count is out of range; nothing of it may leave. Please report this");
}

}  // namespace

const std::string& LinkageGroupOf(const v1::Metric& metric) {
  return metric.linkage_group().empty() ? metric.id() : metric.linkage_group();
}

bool HasTableOfAll(const v1::Metric& metric) {
  return metric.kind() != v1::METRIC_KIND_SURVEY;
}

std::vector<std::uint32_t> WindowsOf(const v1::Metric& metric, const contract::RoundItem& item) {
  if (metric.kind() == v1::METRIC_KIND_SURVIVAL || metric.window_days().empty()) return {0};
  if (!item.window_days.empty()) return item.window_days;
  return {metric.window_days().begin(), metric.window_days().end()};
}

TableKey KeyOf(const contract::Table& table) {
  return {.dimensions = table.dimensions, .window_days = table.window_days, .unit = table.unit};
}

std::vector<TableKey> TablesOf(const v1::Metric& metric, const contract::RoundItem& item) {
  const std::vector<std::uint32_t> windows = WindowsOf(metric, item);
  std::vector<v1::Unit> units = item.units;
  if (units.empty()) {
    for (const int unit : metric.units()) units.push_back(static_cast<v1::Unit>(unit));
  }
  std::vector<std::string> breakdowns;
  if (HasTableOfAll(metric)) breakdowns.emplace_back();
  breakdowns.insert(breakdowns.end(), item.breakdowns.begin(), item.breakdowns.end());
  std::vector<TableKey> keys;
  for (const std::string& breakdown : breakdowns) {
    TableKey key;
    if (!breakdown.empty()) key.dimensions = absl::StrSplit(breakdown, '|');
    for (const std::uint32_t window : windows) {
      for (const v1::Unit unit : units) {
        key.window_days = window;
        key.unit = unit;
        keys.push_back(key);
      }
    }
  }
  return keys;
}

absl::StatusOr<std::vector<std::string>> PublicRows(const std::vector<std::string>& dimensions) {
  std::vector<std::string> rows = {""};
  for (std::size_t i = 0; i < dimensions.size(); ++i) {
    const std::vector<std::string>& codes = CategoriesOf(dimensions[i]);
    if (codes.empty()) {
      return absl::FailedPreconditionError(
          absl::StrCat("the breakdown by ", dimensions[i],
                       " has no public list of codes, so which rows exist would tell who is in them; it can "
                       "leave thresholded only"));
    }
    std::vector<std::string> longer;
    for (const std::string& row : rows) {
      for (const std::string& code : codes) {
        longer.push_back(i == 0 ? code : absl::StrCat(row, "|", code));
      }
    }
    rows = std::move(longer);
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

std::uint64_t MembersThatCount(const v1::Metric& metric, const TableKey& key) {
  const bool once = key.unit == v1::UNIT_FAMILIES && key.dimensions.empty();
  return once ? 1 : metric.contribution_bound();
}

absl::StatusOr<NoisePlan> PlanNoise(const v1::Metric& metric, const contract::RoundItem& item) {
  if (!CanBeNoised(metric)) {
    return absl::FailedPreconditionError(absl::StrCat("metric ", metric.id(), " is of the kind ",
                                                      contract::NameOf(metric.kind()),
                                                      ", of which one family's share has no bound"));
  }
  NoisePlan plan;
  contract::Table table;
  table.metric = metric.id();
  table.version = metric.version();
  table.period = item.period;
  table.columns = ColumnsOf(metric);
  for (const TableKey& key : TablesOf(metric, item)) {
    table.dimensions = key.dimensions;
    table.window_days = key.window_days;
    table.unit = key.unit;
    ASSIGN_OR_RETURN(table.rows, PublicRows(table.dimensions));
    table.Resize();
    const std::uint64_t members = MembersThatCount(metric, key);
    const std::uint64_t touched = members * CellsTouchedByOneMember(metric);
    plan.sensitivity += touched;
    plan.sensitivity_square += members * touched;
    plan.cells += table.values.size();
    if (plan.cells > contract::kMaxCells || plan.sensitivity > kMostSensitivity ||
        plan.sensitivity_square > kMostSensitivity) {
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

absl::Status RestoreTotals(const v1::Metric& metric, contract::Table& table) {
  for (std::size_t column = 0; column < table.columns.size(); ++column) {
    ASSIGN_OR_RETURN(const std::int64_t unit, NoisedUnitOf(table.columns[column], table.period));
    const bool is_total = metric.kind() == v1::METRIC_KIND_PROPORTION && column + 1 == table.columns.size();
    for (std::size_t row = 0; row < table.rows.size(); ++row) {
      std::int64_t& cell = table.At(row, column);
      if (__builtin_mul_overflow(cell, unit, &cell)) cell = std::numeric_limits<std::int64_t>::max();
      if (is_total && __builtin_add_overflow(cell, table.At(row, 0), &cell)) {
        cell = std::numeric_limits<std::int64_t>::max();
      }
      RETURN_IF_ERROR(CheckBound(cell));
    }
  }
  return absl::OkStatus();
}

}  // namespace waymark::catalogue
