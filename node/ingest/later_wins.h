// The joining of several years' returns, in which the same record stands again and again.
#ifndef WAYMARK_NODE_INGEST_LATER_WINS_H_
#define WAYMARK_NODE_INGEST_LATER_WINS_H_

#include <cstddef>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace waymark::node {

inline constexpr absl::string_view kLaterFileHasIt = "a later file has the same record";

// Files are read from the latest to the earliest; what one of them tells, an earlier one does not tell again.
// `Key` names a record and hashes by Abseil's rules. Not thread-safe.
template <typename Key>
class LaterWins {
 public:
  // Whether a file read before `file` has told `key`. A file may tell it several times.
  bool Told(Key key, std::size_t file) {
    return told_.try_emplace(std::move(key), file).first->second != file;
  }

 private:
  absl::flat_hash_map<Key, std::size_t> told_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_LATER_WINS_H_
