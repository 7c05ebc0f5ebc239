// What was read of a database, for as long as nothing was written to it since: for what every call asks.
#ifndef WAYMARK_COORDINATOR_STORE_KEPT_READS_H_
#define WAYMARK_COORDINATOR_STORE_KEPT_READS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "base/status.h"
#include "coordinator/store/sql_database.h"

namespace waymark::coordinator {

// Thread-safe.
template <typename Value>
class KeptReads {
 public:
  // What `read` gives, from what is kept under `key` where the database says that nothing was written.
  template <typename Read>
  absl::StatusOr<Value> Get(SqlDatabase& database, absl::string_view key, Read read) {
    // Before reading: what is written meanwhile is then another number's.
    ASSIGN_OR_RETURN(const std::optional<std::int64_t> changes, database.Changes());
    if (!changes) return read();
    {
      const absl::MutexLock lock(&mutex_);
      if (changes != changes_) kept_.clear();
      changes_ = changes;
      if (const auto found = kept_.find(key); found != kept_.end()) return found->second;
    }
    absl::StatusOr<Value> value = read();
    if (!value.ok()) return value;
    const absl::MutexLock lock(&mutex_);
    if (changes == changes_ && kept_.size() < kMost) kept_.emplace(key, *value);
    return value;
  }

 private:
  static constexpr std::size_t kMost = 1000;
  absl::Mutex mutex_;
  std::optional<std::int64_t> changes_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, Value, std::less<>> kept_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_STORE_KEPT_READS_H_
