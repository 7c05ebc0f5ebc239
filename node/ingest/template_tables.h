// The plain CSV templates for what no case system carries, as data: the reader, the blank files that
// `waymark-node templates` writes and docs/data-model.md are all made from this one table.
#ifndef WAYMARK_NODE_INGEST_TEMPLATE_TABLES_H_
#define WAYMARK_NODE_INGEST_TEMPLATE_TABLES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace waymark::node {

enum class TemplateType {
  kChild,      // a child's id: where there are [links], that to which it is linked
  kId,         // of a family or worker, as the other sources write it
  kText,       // a name, as the council writes it
  kDate,       // by default 2024-04-01
  kDecimal,    // at most three decimals
  kMoney,      // pounds, at most two decimals, not negative
  kDays,       // 1 to 3,660
  kOutcome,    // 1 to 10, or an outcome's own name
  kYesNo,      // yes or no
  kDirection,  // high or low: which scores are better
  kResponse,   // positive, neutral or negative
};

struct TemplateColumn {
  absl::string_view name;
  TemplateType type;
  bool required;  // the column must be there, and filled in
  absl::string_view meaning;
};

struct TemplateTable {
  absl::string_view name;     // the file is NAME.csv
  absl::string_view meaning;  // of a row
  absl::string_view metrics;  // which use it
  std::vector<TemplateColumn> columns;
};

// In order of name.
const std::vector<TemplateTable>& TemplateTables();

// "date", "yes or no": what a column of this type holds.
absl::string_view TypeInWords(TemplateType type);

// The line that names the columns, ended by CRLF.
std::string HeaderLine(const TemplateTable& table);

// The ten Supporting Families outcomes by their names, numbered from 1; 0 for a text that is neither a name
// nor a number of one.
const std::vector<absl::string_view>& OutcomeNames();
int OutcomeNumber(absl::string_view text);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_TEMPLATE_TABLES_H_
