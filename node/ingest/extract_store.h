// The extracts that a council's sources have had so far: one SQLite file in the node's state directory, mode
// 0600. It holds records as they were read, not the council's files. What is taken out is overwritten with
// zeros.
//
// Every change is one transaction: a process that is killed, or a full disk, leaves the file as it was. Not
// thread-safe; several processes may have the file open at a time.
#ifndef WAYMARK_NODE_INGEST_EXTRACT_STORE_H_
#define WAYMARK_NODE_INGEST_EXTRACT_STORE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "node/ingest/extract.h"

namespace waymark::node {

// Errors of every call: those of FromSqlite.
class ExtractStore {
 public:
  // Makes the file, and its folder, where there is none. FAILED_PRECONDITION where it is something else, or
  // of a newer schema.
  static absl::StatusOr<std::unique_ptr<ExtractStore>> Open(const std::string& path);
  ~ExtractStore();

  // All, or those of one source; by source, then extract date.
  absl::StatusOr<std::vector<ExtractHead>> List() const;
  absl::StatusOr<std::vector<ExtractHead>> List(absl::string_view source) const;
  absl::StatusOr<std::vector<Extract>> Load(absl::string_view source) const;

  // Keeps an extract, in place of one of the same source and extract date. Nothing is written where the same
  // records are there already.
  absl::Status Keep(const Extract& extract);
  // Whether there was one.
  absl::StatusOr<bool> Remove(absl::string_view source, Day extract_date);

 private:
  struct Connection;
  explicit ExtractStore(std::unique_ptr<Connection> connection);
  template <typename Body>
  absl::Status Write(const Body& body);
  std::unique_ptr<Connection> connection_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_EXTRACT_STORE_H_
