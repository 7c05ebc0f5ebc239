// A table of counts: one metric, period, window and unit; rows are the categories of a breakdown, columns the
// parts that the metric's kind has (catalogue/columns.h). The shape in which figures are measured, protected,
// sent and combined.
#ifndef WAYMARK_PROTO_CONTRACT_TABLE_H_
#define WAYMARK_PROTO_CONTRACT_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/canonical.h"
#include "waymark/v1/release.pb.h"

namespace waymark::contract {

inline constexpr std::size_t kMaxRows = 100'000;
inline constexpr std::size_t kMaxColumns = 1'000;
inline constexpr std::size_t kMaxCells = 4'000'000;
inline constexpr std::int64_t kMaxCellValue = 1'000'000'000'000'000;

struct Table {
  std::string metric;
  std::uint32_t version = 0;
  std::string period;  // canonical label of base/period.h
  std::uint32_t window_days = 0;
  v1::Unit unit = v1::UNIT_EPISODES;
  std::vector<std::string> dimensions;  // empty: one row, "", of all members
  std::vector<std::string> rows;        // sorted, distinct
  std::vector<std::string> columns;     // in the catalogue's order, distinct
  std::vector<std::int64_t> values;     // row-major
  std::vector<v1::CellStatus> status;   // row-major; a value is 0 where its cell is not shown

  std::size_t Index(std::size_t row, std::size_t column) const { return row * columns.size() + column; }
  std::int64_t At(std::size_t row, std::size_t column) const { return values[Index(row, column)]; }
  std::int64_t& At(std::size_t row, std::size_t column) { return values[Index(row, column)]; }

  // Sizes `values` (to 0) and `status` (to shown) for the rows and columns.
  void Resize();

  friend bool operator==(const Table&, const Table&) = default;
};

// INVALID_ARGUMENT where a bound of release.proto is broken, lengths disagree, names repeat or are out of
// order, an enumeration is unknown, or a cell that is not shown carries a value. Checks before it allocates.
absl::StatusOr<Table> TableFromProto(const v1::Table& message);
void TableToProto(const Table& table, v1::Table& message);

// Whether `whole` leaves out one or more of the dimensions of `parts` and has the other ones, in the same
// window and unit.
bool IsMargin(const Table& whole, const Table& parts);

// For such a pair, by row of `parts`: the row of `whole` that it belongs to; whole.rows.size() where there is
// none.
std::vector<std::size_t> RowsOfWhole(const Table& whole, const Table& parts);

void WriteCanonical(const Table& table, CanonicalWriter& out);

}  // namespace waymark::contract

#endif  // WAYMARK_PROTO_CONTRACT_TABLE_H_
