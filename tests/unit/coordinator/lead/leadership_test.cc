#include "coordinator/lead/leadership.h"

#include <atomic>

#include "absl/strings/match.h"
#include "coordinator/store/open_store.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/postgresql_server.h"

namespace waymark::coordinator {
namespace {

using ::testing::HasSubstr;
using testing::PostgresqlServer;
using waymark::testing::FakeClock;
using waymark::testing::StatusIs;

bool Becomes(const std::function<bool()>& condition) {
  const SystemClock clock;
  for (int tries = 0; tries < 1000; ++tries) {
    if (condition()) return true;
    clock.Sleep(absl::Milliseconds(10));
  }
  return false;
}

// One of several coordinators.
struct Coordinator {
  Coordinator(const StorePlace& place, const std::string& name, absl::Duration length)
      : shared(OpenSharedStore(place, {.holder = name, .address = name + ":1", .length = length}).value()),
        leadership(Leadership::Start(shared.lease.get(), clock,
                                     {.begin =
                                          [this] {
                                            ++begun;
                                            return refused ? absl::UnavailableError("not now")
                                                           : absl::OkStatus();
                                          },
                                      .end = [this] { ++ended; }})
                       .value()) {}
  bool Leads() { return leadership->Begin().ok(); }

  FakeClock clock{absl::UnixEpoch()};
  std::atomic<int> begun{0};
  std::atomic<int> ended{0};
  std::atomic<bool> refused{false};
  SharedStore shared;
  std::unique_ptr<Leadership> leadership;
};

class LeadershipTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const std::string missing = PostgresqlServer::Missing(); !missing.empty()) GTEST_SKIP() << missing;
    place.postgresql = PostgresqlServer::Get().EmptyPlace();
    ASSERT_OK(CreateStore(place));
  }
  StorePlace place;
};

TEST_F(LeadershipTest, GoesOver_WhenTheLeaderStops) {
  auto first = std::make_unique<Coordinator>(place, "first", absl::Seconds(1));
  ASSERT_TRUE(Becomes([&] { return first->Leads(); }));
  Coordinator second(place, "second", absl::Seconds(1));
  EXPECT_TRUE(
      Becomes([&] { return absl::StrContains(second.leadership->Begin().status().message(), "first:1"); }));
  EXPECT_EQ(second.begun, 0);
  first.reset();
  EXPECT_TRUE(Becomes([&] { return second.Leads(); }));
  EXPECT_EQ(second.begun, 1);
  EXPECT_EQ(second.leadership->term(), 2);
}

TEST_F(LeadershipTest, StepsDown_WhenTheLeaseWentToAnother) {
  Coordinator first(place, "first", absl::Seconds(1));
  ASSERT_TRUE(Becomes([&] { return first.Leads(); }));
  PostgresqlServer::Get().Sql(
      place.postgresql,
      "UPDATE leader SET holder = 'another', term = term + 1, expires_unix_ms = 99999999999999");
  EXPECT_TRUE(Becomes([&] { return first.ended == 1; }));
  EXPECT_THAT(first.leadership->Begin().status(),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("not lead")));
  EXPECT_EQ(first.leadership->term(), 0);
}

TEST_F(LeadershipTest, EndsBeforeTheLeaseDoes_ByItsOwnClock) {
  Coordinator only(place, "only", absl::Minutes(5));
  ASSERT_TRUE(Becomes([&] { return only.Leads(); }));
  only.clock.Advance(absl::Minutes(4) - absl::Seconds(1));
  EXPECT_TRUE(only.Leads());
  only.clock.Advance(absl::Seconds(1));
  EXPECT_FALSE(only.Leads());
}

TEST_F(LeadershipTest, WaitsWithTheNextTerm_UntilWorkOfTheOneBeforeIsOver) {
  Coordinator only(place, "only", absl::Milliseconds(300));
  ASSERT_TRUE(Becomes([&] { return only.Leads(); }));
  {
    const absl::StatusOr<Leadership::Work> work = only.leadership->Begin();
    ASSERT_TRUE(work.ok());
    PostgresqlServer::Get().Sql(place.postgresql, "UPDATE leader SET expires_unix_ms = 1");
    ASSERT_TRUE(Becomes([&] { return only.leadership->term() == 0; }));
    SystemClock().Sleep(absl::Milliseconds(500));
    EXPECT_EQ(only.begun, 1);
    EXPECT_EQ(only.ended, 0) << "what the work has in memory stays until it is over";
  }
  EXPECT_TRUE(Becomes([&] { return only.begun == 2; }));
  EXPECT_EQ(only.ended, 1);
}

TEST(Leadership, IsAlwaysOurs_WhereThereIsNoLease) {
  const FakeClock clock(absl::UnixEpoch());
  int begun = 0;
  {
    const auto leadership = Leadership::Start(nullptr, clock,
                                              {.begin =
                                                   [&] {
                                                     ++begun;
                                                     return absl::OkStatus();
                                                   },
                                               .end = [] {}});
    ASSERT_OK(leadership);
    EXPECT_OK((*leadership)->Begin());
    EXPECT_EQ((*leadership)->term(), 0);
  }
  EXPECT_EQ(begun, 1);
  EXPECT_THAT(Leadership::Start(nullptr, clock,
                                {.begin = [] { return absl::DataLossError("damaged"); }, .end = [] {}})
                  .status(),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("damaged")));
}

}  // namespace
}  // namespace waymark::coordinator
