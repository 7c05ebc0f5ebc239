#include "base/file.h"

#include <sys/stat.h>

#include <filesystem>

#include "tests/testing/status_matchers.h"

namespace waymark {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

class FileTest : public ::testing::Test {
 protected:
  std::string Path(const char* name) { return ::testing::TempDir() + "waymark_file_test_" + name; }
};

TEST_F(FileTest, WritesWholeWithTheModeAsked) {
  const std::string path = Path("mode");
  ASSERT_OK(WriteFileAtomically(path, "one", 0644));
  ASSERT_OK(WriteFileAtomically(path, "secret", 0600));
  ASSERT_OK_AND_ASSIGN(const std::string bytes, ReadFile(path, 100));
  EXPECT_EQ(bytes, "secret");
  struct stat info {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777u, 0600u);
  EXPECT_FALSE(FileExists(path + ".new"));
}

TEST_F(FileTest, SaysWhatIsWrong) {
  EXPECT_THAT(ReadFile(Path("none"), 10), StatusIs(absl::StatusCode::kNotFound, HasSubstr("check the path")));
  ASSERT_OK(WriteFileAtomically(Path("big"), "0123456789ABC", 0644));
  EXPECT_THAT(ReadFile(Path("big"), 10),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("10 bytes")));
}

TEST_F(FileTest, AFullDiskLeavesTheOldFile) {
  // /dev/full fails every write with ENOSPC; the file beside cannot be written, so the rename never happens.
  const std::string folder = Path("full");
  std::filesystem::remove_all(folder);
  ASSERT_OK(MakeDirectories(folder, 0755));
  const std::string path = folder + "/data";
  ASSERT_OK(WriteFileAtomically(path, "old", 0644));
  std::filesystem::create_symlink("/dev/full", path + ".new");
  EXPECT_FALSE(WriteFileAtomically(path, "new", 0644).ok());
  ASSERT_OK_AND_ASSIGN(const std::string bytes, ReadFile(path, 100));
  EXPECT_EQ(bytes, "old");
}

TEST_F(FileTest, PathsJoin) {
  EXPECT_EQ(PathUnder("a/b", "c"), "a/b/c");
  EXPECT_EQ(PathUnder("a/b", "/c"), "/c");
  EXPECT_EQ(PathUnder("", "c"), "c");
  EXPECT_EQ(DirectoryOf("a/b/c"), "a/b");
  EXPECT_EQ(DirectoryOf("c"), ".");
  EXPECT_EQ(DirectoryOf("/c"), "/");
}

}  // namespace
}  // namespace waymark
