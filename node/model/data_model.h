// docs/data-model.md, made from the contract: the fields of records, the CSV templates, the scope
// declaration, and which of the library's metrics use each.
#ifndef WAYMARK_NODE_MODEL_DATA_MODEL_H_
#define WAYMARK_NODE_MODEL_DATA_MODEL_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "catalogue/library.h"

namespace waymark::node {

std::string DataModelMarkdown(const catalogue::Library& library);

// The ids of the entries that read a field of a record ("episode", "end_reason"): by their cohort, tests,
// breakdowns, units or fields needed; in the library's order.
std::vector<std::string> MetricsThatUse(const catalogue::Library& library, absl::string_view record,
                                        absl::string_view field);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MODEL_DATA_MODEL_H_
