// The files that a source's path names, for formats of which a council has one file a year or a table.
#ifndef WAYMARK_NODE_INGEST_FOLDER_FILES_H_
#define WAYMARK_NODE_INGEST_FOLDER_FILES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace waymark::node {

// `path` itself where it is a file; where it is a folder, its files that end in `extension` (".xml", in
// capitals too), those of its sub-folders included, in order of name. Hidden files are passed over. NOT_FOUND
// where there is no such path or no such file in it; RESOURCE_EXHAUSTED above 10,000 files.
absl::StatusOr<std::vector<std::string>> FilesAt(const std::string& path, absl::string_view extension);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_FOLDER_FILES_H_
