#include "node/site/in_order.h"

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/threads.h"

namespace waymark::node {
namespace {

TEST(InOrder, WritesInOrder_InWhicheverItComes) {
  std::string written;
  InOrder in_order(100, [&](absl::string_view text) { absl::StrAppend(&written, text); });
  in_order.Put(2, "c");
  in_order.Put(1, "");
  EXPECT_EQ(written, "");
  in_order.Put(0, "a");
  EXPECT_EQ(written, "ac");
  in_order.Put(3, "d");
  EXPECT_EQ(written, "acd");
}

// Waits until a thread is held back; false where none is for so long that none will be.
bool SomebodyIsHeldBack(const InOrder& in_order) {
  const absl::Time until = absl::Now() + absl::Seconds(20);
  while (in_order.held_back() == 0) {
    if (absl::Now() > until) return false;
    std::this_thread::yield();
  }
  return true;
}

TEST(InOrder, HoldsBackWhatIsBeyondItsBound_UntilTheFirstIsWritten) {
  std::string written;
  InOrder in_order(10, [&](absl::string_view text) { absl::StrAppend(&written, text); });
  in_order.Put(1, "11111");
  in_order.Put(2, "22222");
  std::thread other([&] { in_order.Put(3, "3"); });
  EXPECT_TRUE(SomebodyIsHeldBack(in_order));
  in_order.Put(0, "a text that is longer than the bound");
  other.join();
  EXPECT_EQ(written, "a text that is longer than the bound11111222223");
  EXPECT_EQ(in_order.held_back(), 0U);
}

TEST(InOrder, NeverHoldsBackTheNext_HoweverLong) {
  std::string written;
  InOrder in_order(0, [&](absl::string_view text) { absl::StrAppend(&written, text); });
  in_order.Put(0, "long");
  in_order.Put(1, "longer");
  EXPECT_EQ(written, "longlonger");
}

TEST(InOrder, LetsEverybodyGo_WhenOneGivesUp) {
  std::string written;
  InOrder in_order(1, [&](absl::string_view text) { absl::StrAppend(&written, text); });
  std::thread other([&] { in_order.Put(1, "never"); });
  EXPECT_TRUE(SomebodyIsHeldBack(in_order));
  in_order.GiveUp();
  other.join();
  in_order.Put(2, "nor this");
  EXPECT_EQ(written, "");
}

TEST(InOrder, WritesEverythingInOrder_WithManyThreadsAndLittleRoom) {
  std::random_device seeds;
  const auto seed = seeds();
  SCOPED_TRACE(absl::StrCat("seed ", seed));
  std::mt19937 random(seed);
  std::vector<std::string> texts;
  std::string expected;
  for (int i = 0; i < 2000; ++i) {
    texts.push_back(absl::StrCat(i, std::string(random() % 40, '.'), "\n"));
    expected += texts.back();
  }
  std::string written;
  InOrder in_order(64, [&](absl::string_view text) { absl::StrAppend(&written, text); });
  std::atomic<std::size_t> next = 0;
  InParallel(8, [&](std::size_t) {
    for (std::size_t i = next++; i < texts.size(); i = next++) in_order.Put(i, texts[i]);
  });
  EXPECT_EQ(written, expected);
}

}  // namespace
}  // namespace waymark::node
