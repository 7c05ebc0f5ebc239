// Keeps a second coordinator away from one state directory, by a file in it.
#ifndef WAYMARK_COORDINATOR_STORE_STATE_LOCK_H_
#define WAYMARK_COORDINATOR_STORE_STATE_LOCK_H_

#include <string>

#include "absl/status/statusor.h"
#include "base/file_lock.h"

namespace waymark::coordinator {

// FAILED_PRECONDITION where another process holds it.
absl::StatusOr<FileLock> LockState(const std::string& directory);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_STORE_STATE_LOCK_H_
