#include "coordinator/benchmark/ahead.h"

#include <atomic>
#include <memory>

#include "gtest/gtest.h"

namespace waymark::coordinator {
namespace {

TEST(Ahead, GivesAllInOrder_AndMakesNoMoreThanMayWait) {
  constexpr std::size_t kCount = 1000;
  constexpr std::size_t kMost = 3;
  std::atomic<std::size_t> taken = 0;
  bool too_many = false;
  Ahead<std::unique_ptr<std::size_t>> values(kCount, kMost, [&](std::size_t i) {
    too_many = too_many || i > taken + kMost;
    return std::make_unique<std::size_t>(i);
  });
  for (std::size_t i = 0; i < kCount; ++i) {
    ++taken;  // before it is taken: the next may be made as soon as there is room
    ASSERT_EQ(*values.Next(), i);
  }
  EXPECT_FALSE(too_many);
}

TEST(Ahead, EndsWithoutHavingMadeAll) {
  std::atomic<std::size_t> made = 0;
  {
    Ahead<std::size_t> values(1'000'000, 2, [&](std::size_t i) {
      ++made;
      return i;
    });
    EXPECT_EQ(values.Next(), 0u);
  }
  EXPECT_LE(made, 5u);
  Ahead<int> nothing(0, 2, [](std::size_t) { return 0; });
}

}  // namespace
}  // namespace waymark::coordinator
