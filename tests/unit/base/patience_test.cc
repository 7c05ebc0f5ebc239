#include "base/patience.h"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <utility>

#include "absl/synchronization/notification.h"

namespace waymark {
namespace {

TEST(Patience, ReturnsWithTheCall_AndThrowsWhatItThrows) {
  int calls = 0;
  EXPECT_TRUE(ReturnsWithin(absl::InfiniteDuration(), [&] { ++calls; }));
  EXPECT_EQ(calls, 1);
  EXPECT_THROW(ReturnsWithin(absl::InfiniteDuration(), [] { throw std::runtime_error("no"); }),
               std::runtime_error);
}

TEST(Patience, LeavesTheCallBehindWithWhatItOwns_WhenItDoesNotReturn) {
  struct Owned {
    std::shared_ptr<absl::Notification> gone;
    ~Owned() { gone->Notify(); }
  };
  absl::Notification go;  // outlives the call, which ends before `gone`
  const auto gone = std::make_shared<absl::Notification>();
  auto owned = std::make_shared<Owned>();
  owned->gone = gone;
  EXPECT_FALSE(
      ReturnsWithin(absl::Milliseconds(20), [&go, owned = std::move(owned)] { go.WaitForNotification(); }));
  EXPECT_FALSE(gone->HasBeenNotified()) << "the call still has it";
  go.Notify();
  gone->WaitForNotification();  // and takes it along when it ends
}

}  // namespace
}  // namespace waymark
