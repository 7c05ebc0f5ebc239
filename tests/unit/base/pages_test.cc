#include "base/pages.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <memory>

namespace waymark {
namespace {

struct Free {
  void operator()(char* bytes) const { std::free(bytes); }
};

// Four pages full of 'x'.
struct Four {
  const std::size_t page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  std::unique_ptr<char, Free> bytes{static_cast<char*>(std::aligned_alloc(page, 4 * page))};

  Four() { std::fill_n(bytes.get(), 4 * page, 'x'); }
  std::ptrdiff_t Left() const { return std::count(bytes.get(), bytes.get() + 4 * page, 'x'); }
};

TEST(TakePages, LeavesWhatIsThere) {
  const Four four;
  TakePages(four.bytes.get() + 7, 3 * four.page);
  TakePages(four.bytes.get() + 7, 0);
  EXPECT_EQ(four.Left(), static_cast<std::ptrdiff_t>(4 * four.page));
}

TEST(ReleasePages, GivesBackWholePagesOnly) {
  const Four four;
  ReleasePages(four.bytes.get() + 1, 3 * four.page);
  EXPECT_EQ(four.Left(), static_cast<std::ptrdiff_t>(2 * four.page)) << "the second and the third are gone";
  EXPECT_EQ(four.bytes.get()[four.page - 1], 'x');
  EXPECT_EQ(four.bytes.get()[3 * four.page], 'x');
  ReleasePages(four.bytes.get() + 1, four.page);
  ReleasePages(four.bytes.get() + 3 * four.page + 1, 0);
  EXPECT_EQ(four.Left(), static_cast<std::ptrdiff_t>(2 * four.page)) << "there was no whole page";
}

}  // namespace
}  // namespace waymark
