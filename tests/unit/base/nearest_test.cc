#include "base/nearest.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace waymark {
namespace {

TEST(EditDistanceTest, CountsInsertedDeletedAndChangedBytes) {
  EXPECT_EQ(EditDistance("", ""), 0u);
  EXPECT_EQ(EditDistance("", "abc"), 3u);
  EXPECT_EQ(EditDistance("kitten", "sitting"), 3u);
  EXPECT_EQ(EditDistance("sitting", "kitten"), 3u);
}

TEST(NearestTest, FindsTheWordMeant_AndNothingWhereAllAreFar) {
  const std::vector<std::string> known = {"title", "source", "version"};
  EXPECT_EQ(Nearest("titel", known), "title");
  EXPECT_EQ(Nearest("sorce", known), "source");
  EXPECT_EQ(Nearest("zzzz", known), "");
  EXPECT_EQ(Nearest("x", std::vector<std::string>{}), "");
}

}  // namespace
}  // namespace waymark
