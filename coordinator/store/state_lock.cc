#include "coordinator/store/state_lock.h"

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace waymark::coordinator {

absl::StatusOr<FileLock> LockState(const std::string& directory) {
  absl::StatusOr<FileLock> lock = FileLock::OnFile(absl::StrCat(directory, "/lock"), FileLock::IfHeld::kFail);
  if (absl::IsFailedPrecondition(lock.status())) {
    return absl::FailedPreconditionError(
        absl::StrCat("another coordinator is running on the state directory ", directory,
                     "; stop it first, or give this one a directory of its own"));
  }
  if (lock.ok()) return lock;
  return WithContext(lock.status(), "has `waymark-coordinator init` made the state directory?");
}

}  // namespace waymark::coordinator
