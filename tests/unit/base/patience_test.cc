#include "base/patience.h"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>

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
    absl::Notification go;
    std::shared_ptr<absl::Notification> gone = std::make_shared<absl::Notification>();
    ~Owned() { gone->Notify(); }
  };
  auto owned = std::make_shared<Owned>();
  const std::shared_ptr<absl::Notification> gone = owned->gone;
  Owned* const seen = owned.get();
  EXPECT_FALSE(
      ReturnsWithin(absl::Milliseconds(20), [owned = std::move(owned)] { owned->go.WaitForNotification(); }));
  EXPECT_FALSE(gone->HasBeenNotified()) << "the call still has it";
  seen->go.Notify();
  gone->WaitForNotification();  // and takes it along when it ends
}

}  // namespace
}  // namespace waymark
