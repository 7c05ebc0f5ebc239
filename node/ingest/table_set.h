// The tables of a source that has several, by name: a folder with a NAME.csv for each, or a database.
#ifndef WAYMARK_NODE_INGEST_TABLE_SET_H_
#define WAYMARK_NODE_INGEST_TABLE_SET_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "node/ingest/source.h"
#include "node/ingest/table_reader.h"

namespace waymark::node {

// Not thread-safe; one table is read at a time.
class TableSet {
 public:
  // Over the folder at config.path, or config.database. Errors: as Database::Open.
  static absl::StatusOr<std::unique_ptr<TableSet>> Open(const SourceConfig& config);
  virtual ~TableSet() = default;

  virtual bool Has(absl::string_view table) const = 0;
  // For messages: the file, or the connection and the table.
  virtual std::string NameOf(absl::string_view table) const = 0;
  virtual absl::StatusOr<TableReader> Read(absl::string_view table) = 0;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_TABLE_SET_H_
