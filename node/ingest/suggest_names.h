// How case-management systems name their columns: data for suggest.h.
#ifndef WAYMARK_NODE_INGEST_SUGGEST_NAMES_H_
#define WAYMARK_NODE_INGEST_SUGGEST_NAMES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "node/ingest/codes.h"

namespace waymark::node {

// A key of [source.mapping] and the names its column goes by, as PlainName writes them, the usual ones first.
struct FieldNames {
  absl::string_view key;
  bool is_date = false;
  std::optional<CodeField> codes = {};  // what its values are, where they are codes
  std::vector<absl::string_view> names;
};
// In the order in which columns are given out: a column goes to the first field that claims it.
const std::vector<FieldNames>& AllFieldNames();

// Lower case, a single blank for anything but letters and digits, words that run together taken apart
// ("ChildID" → "child id").
std::string PlainName(absl::string_view name);

// How well `name` fits a field: 0 not at all; 2 and more by a whole name, 1 by words within.
int NameFit(const FieldNames& field, absl::string_view name);

// The level that a name of a file, table, column or activity speaks of: "early_help", "cin", "cp", "cla",
// "close" or
// "".
absl::string_view LevelInName(absl::string_view name);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_SUGGEST_NAMES_H_
