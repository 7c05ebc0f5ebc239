// Work that is killed in the middle, at a chosen call of the store.
#ifndef WAYMARK_TESTS_UNIT_COORDINATOR_TESTING_CRASH_H_
#define WAYMARK_TESTS_UNIT_COORDINATOR_TESTING_CRASH_H_

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "coordinator/store/open_store.h"
#include "tests/unit/coordinator/testing/crashing_store.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator::testing {

// Does `work` on the scene's store in a process of its own, which ends at that point (crashing_store.h), or,
// where the work has not so many, when it is done. Whether it was done. The test fails where the work does.
inline bool SurvivesCrashAt(int point, const Scene& scene, absl::FunctionRef<absl::Status(Store&)> work) {
  constexpr int kFailed = 98;
  const pid_t child = fork();
  if (child == 0) {
    // A connection must not be carried over a fork, so the child opens its own.
    auto own = OpenStore({.sqlite_path = scene.folder() + "/waymark.db"});
    if (!own.ok()) _exit(kFailed);
    CrashingStore crashing(**own, point);
    _exit(work(crashing).ok() ? 0 : kFailed);
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  const int code = WEXITSTATUS(status);
  EXPECT_TRUE(code == 0 || code == CrashingStore::kExitStatus) << code;
  return code == 0;
}

}  // namespace waymark::coordinator::testing

#endif  // WAYMARK_TESTS_UNIT_COORDINATOR_TESTING_CRASH_H_
