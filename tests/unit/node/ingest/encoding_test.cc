#include "node/ingest/encoding.h"

#include <gtest/gtest.h>

namespace waymark::node {
namespace {

constexpr auto kValid = absl::string_view::npos;

TEST(FirstInvalidUtf8, AcceptsWhatRfc3629Allows) {
  EXPECT_EQ(FirstInvalidUtf8(""), kValid);
  EXPECT_EQ(FirstInvalidUtf8("plain"), kValid);
  EXPECT_EQ(FirstInvalidUtf8("\x7F\xC2\x80\xDF\xBF"), kValid);
  EXPECT_EQ(FirstInvalidUtf8("\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF"), kValid);
  EXPECT_EQ(FirstInvalidUtf8("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"), kValid);
}

TEST(FirstInvalidUtf8, TellsThePlace_WhenABytesSequenceIsNotAllowed) {
  EXPECT_EQ(FirstInvalidUtf8("ab\xEB"), 2U);            // Latin-1
  EXPECT_EQ(FirstInvalidUtf8("\x80"), 0U);              // a continuation alone
  EXPECT_EQ(FirstInvalidUtf8("\xC0\xAF"), 0U);          // overlong
  EXPECT_EQ(FirstInvalidUtf8("\xE0\x9F\xBF"), 0U);      // overlong
  EXPECT_EQ(FirstInvalidUtf8("\xF0\x8F\xBF\xBF"), 0U);  // overlong
  EXPECT_EQ(FirstInvalidUtf8("\xED\xA0\x80"), 0U);      // a surrogate
  EXPECT_EQ(FirstInvalidUtf8("\xF4\x90\x80\x80"), 0U);  // above U+10FFFF
  EXPECT_EQ(FirstInvalidUtf8("\xF5\x80\x80\x80"), 0U);
  EXPECT_EQ(FirstInvalidUtf8("x\xE2\x82"), 1U);  // cut short
  EXPECT_EQ(FirstInvalidUtf8("x\xF0\x9D\x84"), 1U);
}

TEST(AppendWindows1252AsUtf8, ConvertsEveryByte) {
  std::string out;
  AppendWindows1252AsUtf8("A\x80\x9F\xA3\xE9\xFF\x81", out);
  EXPECT_EQ(out, "A€Ÿ£éÿ\xC2\x81");
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all.push_back(static_cast<char>(byte));
  out.clear();
  AppendWindows1252AsUtf8(all, out);
  EXPECT_EQ(FirstInvalidUtf8(out), kValid);
}

}  // namespace
}  // namespace waymark::node
