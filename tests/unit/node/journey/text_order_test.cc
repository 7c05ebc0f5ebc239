#include "node/journey/text_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace waymark::node {
namespace {

std::vector<std::string> InOrder(const std::vector<std::string>& texts) {
  Ids ids;
  for (const std::string& text : texts) ids.Add(text);
  std::vector<std::string> ordered;
  for (const std::uint32_t number : NumbersByText(ids)) ordered.emplace_back(ids.Text(number));
  return ordered;
}

TEST(NumbersByText, OrdersAsBytes_WhateverThePrefix) {
  EXPECT_THAT(InOrder({"b", "a", "", "ab", "\xC3\xA9"}),
              ::testing::ElementsAre("", "a", "ab", "b", "\xC3\xA9"));
  EXPECT_THAT(
      InOrder({"long-common-prefix-2", "long-common-prefix-10", "long-common-prefix-1"}),
      ::testing::ElementsAre("long-common-prefix-1", "long-common-prefix-10", "long-common-prefix-2"));
  EXPECT_THAT(InOrder({"x12345678b", "x12345678a", "x12345678"}),
              ::testing::ElementsAre("x12345678", "x12345678a", "x12345678b"));
}

TEST(NumbersByText, TellsAZeroByteFromTheEnd) {
  const std::string with_zero("a\0", 2);
  EXPECT_THAT(InOrder({"b", with_zero, "a"}), ::testing::ElementsAre("a", with_zero, "b"));
}

TEST(NumbersByText, GivesNothing_WhenThereAreNone) {
  EXPECT_TRUE(InOrder({}).empty());
}

TEST(CompareTexts, PutsNoCodeFirst) {
  Dictionary dictionary;
  const Code b = dictionary.Intern("b");
  const Code a = dictionary.Intern("a");
  EXPECT_LT(CompareTexts(dictionary, a, b), 0);
  EXPECT_GT(CompareTexts(dictionary, b, a), 0);
  EXPECT_EQ(CompareTexts(dictionary, a, a), 0);
  EXPECT_LT(CompareTexts(dictionary, kNoCode, a), 0);
  EXPECT_GT(CompareTexts(dictionary, a, kNoCode), 0);
}

}  // namespace
}  // namespace waymark::node
