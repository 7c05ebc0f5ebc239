// A council's table of which ids of its systems are the same child.
#ifndef WAYMARK_NODE_INGEST_LINKS_H_
#define WAYMARK_NODE_INGEST_LINKS_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "node/ingest/source.h"

namespace waymark::node {

// The ids of one source. Thread-safe once it is filled.
class SourceLinks {
 public:
  // False where `person` is linked to another already.
  bool Add(absl::string_view person, absl::string_view linked);

  // The id that stands for `person` in all sources: its own, where the table does not have it, which is
  // noted. The view lives as long as this and `person`.
  absl::string_view Linked(absl::string_view person);

  // How many different ids have been asked for that the table does not have.
  std::int64_t unlinked() const;

 private:
  absl::flat_hash_map<std::string, std::string> linked_;
  mutable absl::Mutex mutex_;
  absl::flat_hash_set<std::string> unlinked_ ABSL_GUARDED_BY(mutex_);
};

// By source name; sources that the table does not have keep their ids.
using Links = std::map<std::string, SourceLinks>;

// Reads a CSV with a line for each id of each source. INVALID_ARGUMENT with the line where an id is linked to
// two people, a cell is blank or the source is none of `sources`; other errors as TableReader.
absl::StatusOr<Links> ReadLinks(const LinksConfig& config, const std::set<std::string>& sources);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_LINKS_H_
