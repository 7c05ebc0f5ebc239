#include "base/file_lock.h"

#include <filesystem>
#include <utility>

#include "base/file.h"
#include "tests/testing/status_matchers.h"

namespace waymark {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;
using IfHeld = FileLock::IfHeld;

TEST(FileLock, IsHeldByOne_OnAFileAndOnAFolder) {
  const std::string folder = ::testing::TempDir() + "waymark_file_lock_test";
  std::filesystem::remove_all(folder);
  const auto held = StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("another process holds"));
  EXPECT_THAT(FileLock::OnFolder(folder, IfHeld::kFail).status(),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr(folder)));
  EXPECT_FALSE(FileExists(folder)) << "a folder is not made";
  ASSERT_OK(MakeDirectories(folder, 0700));
  const std::string file = folder + "/lock";
  for (const auto& [take, path] : {std::pair(&FileLock::OnFolder, folder), {&FileLock::OnFile, file}}) {
    SCOPED_TRACE(path);
    {
      ASSERT_OK_AND_ASSIGN(FileLock first, take(path, IfHeld::kFail));
      EXPECT_THAT(take(path, IfHeld::kFail).status(), held);
      const FileLock moved = std::move(first);
      EXPECT_THAT(take(path, IfHeld::kFail).status(), held);
    }
    EXPECT_OK(take(path, IfHeld::kWait).status());
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace waymark
