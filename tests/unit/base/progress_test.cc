#include "base/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "tests/testing/fake_clock.h"

namespace waymark {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::waymark::testing::FakeClock;

class ProgressTest : public ::testing::Test {
 protected:
  ~ProgressTest() override { std::fclose(file_); }
  std::string Written() {
    std::string text(static_cast<std::size_t>(std::ftell(file_)), ' ');
    std::rewind(file_);
    text.resize(std::fread(text.data(), 1, text.size(), file_));
    return text;
  }

  FakeClock clock_{absl::UnixEpoch()};
  std::FILE* file_ = std::tmpfile();
};

TEST_F(ProgressTest, SaysNothing_WhenItTakesLessThanTwoSeconds) {
  {
    Progress progress(clock_, file_);
    progress.Show("reading", 1, 2);
    clock_.Advance(absl::Seconds(1.9));
    progress.Show("reading", 2, 2);
  }
  EXPECT_EQ(Written(), "");
}

TEST_F(ProgressTest, ShowsOneLineAtATime_AndWipesItAtTheEnd) {
  {
    Progress progress(clock_, file_);
    clock_.Advance(absl::Seconds(2));
    progress.Show("reading", 1, 2);
    progress.Show("reading", 2, 2);  // too soon
    clock_.Advance(absl::Seconds(1));
    progress.Show("measuring", 0, 0);
  }
  const std::string written = Written();
  EXPECT_THAT(written, HasSubstr("\rreading [===============               ]  50%\rmeasuring ..."));
  EXPECT_THAT(written, ::testing::Not(HasSubstr("100%")));
  EXPECT_THAT(written, EndsWith(" \r"));
}

TEST_F(ProgressTest, SaysNothing_WhenThereIsNoTerminal) {
  Progress progress(clock_, nullptr);
  clock_.Advance(absl::Seconds(9));
  progress.Show("reading", 1, 2);
  EXPECT_EQ(Written(), "");
}

TEST_F(ProgressTest, KeepsToTheWhole_WhenAFileGrows) {
  EXPECT_THAT(Progress::Line("reading", 7, 5), HasSubstr("100%"));
}

}  // namespace
}  // namespace waymark
