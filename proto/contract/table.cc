#include "proto/contract/table.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "base/period.h"
#include "base/status.h"
#include "proto/contract/checks.h"

namespace waymark::contract {
namespace {

constexpr absl::string_view kAllRow = "";

template <typename Names>
absl::Status CheckNames(absl::string_view field, const Names& names, std::size_t least_bytes,
                        std::size_t most_bytes) {
  for (const std::string& name : names)
    RETURN_IF_ERROR(CheckLength(field, name.size(), least_bytes, most_bytes));
  return absl::OkStatus();
}

absl::Status CheckShape(const v1::Table& message) {
  const auto rows = static_cast<std::size_t>(message.rows_size());
  const auto columns = static_cast<std::size_t>(message.columns_size());
  RETURN_IF_ERROR(CheckLength("table.rows", rows, 1, kMaxRows));
  RETURN_IF_ERROR(CheckLength("table.columns", columns, 1, kMaxColumns));
  RETURN_IF_ERROR(CheckLength("table.dimensions", static_cast<std::size_t>(message.dimensions_size()), 0, 2));
  if (rows * columns > kMaxCells) {
    return absl::InvalidArgumentError(absl::StrCat("table: more than ", kMaxCells, " cells"));
  }
  RETURN_IF_ERROR(CheckLength("table.values", static_cast<std::size_t>(message.values_size()), rows * columns,
                              rows * columns));
  return CheckLength("table.status", static_cast<std::size_t>(message.status_size()), rows * columns,
                     rows * columns);
}

absl::Status CheckCells(const v1::Table& message) {
  for (int i = 0; i < message.values_size(); ++i) {
    const std::int64_t value = message.values(i);
    const int status = message.status(i);
    if (!v1::CellStatus_IsValid(status) || status == v1::CELL_STATUS_UNSPECIFIED) {
      return absl::InvalidArgumentError(absl::StrCat("table.status[", i, "]: unknown status ", status));
    }
    if (value > kMaxCellValue || value < -kMaxCellValue) {
      return absl::InvalidArgumentError(absl::StrCat("table.values[", i, "]: outside ±10^15"));
    }
    if (status != v1::CELL_STATUS_SHOWN && value != 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("table.values[", i, "]: a cell that is not shown has a value"));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckDistinctNames(const v1::Table& message) {
  for (int i = 1; i < message.rows_size(); ++i) {
    if (message.rows(i - 1) >= message.rows(i)) {
      return absl::InvalidArgumentError("table.rows: expected rising order without repeats");
    }
  }
  for (int i = 0; i < message.columns_size(); ++i) {
    for (int j = 0; j < i; ++j) {
      if (message.columns(i) == message.columns(j))
        return absl::InvalidArgumentError("table.columns: a repeat");
    }
  }
  if (message.dimensions_size() == 0 && (message.rows_size() != 1 || message.rows(0) != kAllRow)) {
    return absl::InvalidArgumentError("table.rows: a table without dimensions has the one row \"\"");
  }
  return absl::OkStatus();
}

}  // namespace

void Table::Resize() {
  values.assign(rows.size() * columns.size(), 0);
  status.assign(rows.size() * columns.size(), v1::CELL_STATUS_SHOWN);
}

absl::StatusOr<Table> TableFromProto(const v1::Table& message) {
  RETURN_IF_ERROR(CheckShape(message));
  RETURN_IF_ERROR(CheckIdentifier("table.metric", message.metric()));
  RETURN_IF_ERROR(CheckLength("table.period", message.period().size(), 1, 64));
  RETURN_IF_ERROR(ParsePeriod(message.period()).status());
  RETURN_IF_ERROR(CheckNames("table.dimensions", message.dimensions(), 1, 64));
  RETURN_IF_ERROR(CheckNames("table.rows", message.rows(), 0, 256));
  RETURN_IF_ERROR(CheckNames("table.columns", message.columns(), 1, 64));
  if (!v1::Unit_IsValid(message.unit()) || message.unit() == v1::UNIT_UNSPECIFIED) {
    return absl::InvalidArgumentError("table.unit: unknown");
  }
  RETURN_IF_ERROR(CheckCells(message));
  RETURN_IF_ERROR(CheckDistinctNames(message));
  Table table{.metric = message.metric(),
              .version = message.version(),
              .period = message.period(),
              .window_days = message.window_days(),
              .unit = message.unit(),
              .dimensions = {message.dimensions().begin(), message.dimensions().end()},
              .rows = {message.rows().begin(), message.rows().end()},
              .columns = {message.columns().begin(), message.columns().end()},
              .values = {message.values().begin(), message.values().end()},
              .status = {}};
  table.status.reserve(table.values.size());
  for (int status : message.status()) table.status.push_back(static_cast<v1::CellStatus>(status));
  return table;
}

void TableToProto(const Table& table, v1::Table& message) {
  message.set_metric(table.metric);
  message.set_version(table.version);
  message.set_period(table.period);
  message.set_window_days(table.window_days);
  message.set_unit(table.unit);
  message.mutable_dimensions()->Assign(table.dimensions.begin(), table.dimensions.end());
  message.mutable_rows()->Assign(table.rows.begin(), table.rows.end());
  message.mutable_columns()->Assign(table.columns.begin(), table.columns.end());
  message.mutable_values()->Assign(table.values.begin(), table.values.end());
  message.mutable_status()->Assign(table.status.begin(), table.status.end());
}

bool IsMargin(const Table& whole, const Table& parts) {
  const std::vector<std::string>& more = parts.dimensions;
  if (whole.window_days != parts.window_days || whole.unit != parts.unit ||
      whole.dimensions.size() >= more.size()) {
    return false;
  }
  return std::all_of(whole.dimensions.begin(), whole.dimensions.end(), [&](const std::string& dimension) {
    return std::find(more.begin(), more.end(), dimension) != more.end();
  });
}

std::vector<std::size_t> RowsOfWhole(const Table& whole, const Table& parts) {
  std::vector<std::size_t> rows;
  for (const std::string& row : parts.rows) {
    const std::vector<std::string> codes = absl::StrSplit(row, '|');
    std::vector<std::string> kept;
    for (std::size_t i = 0; i < parts.dimensions.size() && i < codes.size(); ++i) {
      const auto at = std::find(whole.dimensions.begin(), whole.dimensions.end(), parts.dimensions[i]);
      if (at != whole.dimensions.end()) kept.push_back(codes[i]);
    }
    const std::string name = absl::StrJoin(kept, "|");
    const auto found = std::lower_bound(whole.rows.begin(), whole.rows.end(), name);
    const bool is_there = found != whole.rows.end() && *found == name;
    rows.push_back(is_there ? static_cast<std::size_t>(found - whole.rows.begin()) : whole.rows.size());
  }
  return rows;
}

void WriteCanonical(const Table& table, CanonicalWriter& out) {
  out.Text(table.metric).Unsigned(table.version).Text(table.period).Unsigned(table.window_days);
  out.Unsigned(static_cast<std::uint64_t>(table.unit));
  for (const auto* names : {&table.dimensions, &table.rows, &table.columns}) {
    out.Count(names->size());
    for (const std::string& name : *names) out.Text(name);
  }
  out.Count(table.values.size());
  for (std::size_t i = 0; i < table.values.size(); ++i) {
    out.Unsigned(static_cast<std::uint64_t>(table.status[i])).Signed(table.values[i]);
  }
}

}  // namespace waymark::contract
