// Cells that every form of export shares. Pure; thread-safe.
#ifndef WAYMARK_COORDINATOR_EXPORT_CELLS_H_
#define WAYMARK_COORDINATOR_EXPORT_CELLS_H_

#include <cstdint>
#include <string>
#include <variant>

namespace waymark::coordinator {

// Nothing, a whole number, another number, or text.
using ExportCell = std::variant<std::monostate, std::int64_t, double, std::string>;

// A whole number without decimals; nothing where it is not there.
ExportCell NumberCell(bool present, double number);

// Of a CSV; nothing is empty. Names of areas and teams are councils' own words: text that a spreadsheet would
// take for a formula has an apostrophe before it.
std::string CsvCellOf(const ExportCell& cell);

// "2025-10-01T09:00:00Z"
std::string UtcText(std::int64_t unix_s);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_EXPORT_CELLS_H_
