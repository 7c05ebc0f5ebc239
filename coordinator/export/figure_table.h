// Published figures as one flat table: the same columns, in the same order, as CSV for Excel and Power BI and
// as JSON.
//
// Columns of time and place are named as in the Department for Education's explore-education-statistics
// files, with codes and labels. A value that is not there has its shorthand ("[c]" suppressed, "[z]" not
// applicable, "[x]" not available,
// "[low]" rounds to zero, "[absent]", "[few]") in `value`, and empty cells beside it; `status` says the same
// in a word. Text that a spreadsheet would take for a formula has an apostrophe before it in the CSV. Columns
// keep their names and order from version to version; new ones come last. Pure; thread-safe.
#ifndef WAYMARK_COORDINATOR_EXPORT_FIGURE_TABLE_H_
#define WAYMARK_COORDINATOR_EXPORT_FIGURE_TABLE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "catalogue/library.h"
#include "proto/contract/revision.h"
#include "proto/contract/succession.h"
#include "waymark/v1/benchmark.pb.h"

namespace waymark::coordinator {

// All figures of one metric, definition version and period, as one round published them.
struct PublishedTable {
  std::vector<v1::Figure> figures;
  std::string round_id;
  std::int64_t published_unix_s = 0;
  contract::Editions editions{};        // of the round; this is of the one called round_id
  contract::Successions successions{};  // what became of councils since
};

// A list in JSON. Of each: its round_id, number, when it was published, why, and whether it is the current
// one.
std::string EditionsJson(const contract::Editions& editions);

std::string FigureTableCsv(const PublishedTable& table, const catalogue::Library& library);

// {"round_id": …, "published": …, "figures": [{column: cell, …}, …]}. `value` is a number or null here.
std::string FigureTableJson(const PublishedTable& table, const catalogue::Library& library);

// The table's description by CSV on the Web (W3C, Metadata Vocabulary for Tabular Data): columns, datatypes,
// and what the shorthand means. `url`: of the CSV, absolute or relative.
std::string FigureTableMetadata(absl::string_view url, absl::string_view title);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_EXPORT_FIGURE_TABLE_H_
