// A proposal for reading a file that nobody has mapped yet: a [[source]] table as text, which check-config
// accepts as it is. What it is unsure of stands in comments. It names columns and codes, never a value that
// could be a person's: of values only those are shown that many rows share.
#ifndef WAYMARK_NODE_INGEST_SUGGEST_H_
#define WAYMARK_NODE_INGEST_SUGGEST_H_

#include <string>

#include "absl/status/statusor.h"
#include "node/ingest/database.h"

namespace waymark::node {

// `place`: a CSV file, a workbook, a census, or a folder of them. NOT_FOUND; INVALID_ARGUMENT where it holds
// no table of episodes or events, with what is missing.
absl::StatusOr<std::string> SuggestForFile(const std::string& place);

// The table of a database; "" where it has only one.
absl::StatusOr<std::string> SuggestForDatabase(const DatabaseConfig& config, const std::string& table);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_SUGGEST_H_
