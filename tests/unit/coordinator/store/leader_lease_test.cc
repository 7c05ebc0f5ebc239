#include "coordinator/store/leader_lease.h"

#include <atomic>
#include <thread>

#include "base/clock.h"
#include "coordinator/store/open_store.h"
#include "coordinator/store/postgresql_database.h"
#include "coordinator/store/sql_database.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/postgresql_server.h"

namespace waymark::coordinator {
namespace {

using ::testing::HasSubstr;
using testing::PostgresqlServer;
using waymark::testing::StatusIs;

constexpr absl::Duration kLong = absl::Minutes(5);

class LeaderLeaseTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const std::string missing = PostgresqlServer::Missing(); !missing.empty()) GTEST_SKIP() << missing;
    place.postgresql = PostgresqlServer::Get().EmptyPlace();
    ASSERT_OK(CreateStore(place));
    first = Open("first", kLong);
    second = Open("second", kLong);
  }
  SharedStore Open(const std::string& holder, absl::Duration length) {
    return OpenSharedStore(place, {.holder = holder, .address = holder + ":1", .length = length}).value();
  }
  // As though the lease had run out on the database's clock.
  void Expire() { PostgresqlServer::Get().Sql(place.postgresql, "UPDATE leader SET expires_unix_ms = 1"); }
  static Round MakeRound(const std::string& id) {
    Round round;
    round.round_id = id;
    round.spec_hash = std::string(32, 's');
    return round;
  }

  StorePlace place;
  SharedStore first;
  SharedStore second;
};

TEST_F(LeaderLeaseTest, IsHeldByOneAtATime_WithAHigherTermEachTime) {
  EXPECT_TRUE(first.lease->Take().value());
  EXPECT_EQ(first.lease->term(), 1);
  EXPECT_FALSE(second.lease->Take().value());
  EXPECT_EQ(second.lease->term(), 0);
  EXPECT_EQ(second.lease->LeaderAddress().value(), "first:1");
  EXPECT_TRUE(first.lease->Renew().value());
  ASSERT_OK(first.lease->GiveUp());
  EXPECT_EQ(second.lease->LeaderAddress().value(), "");
  EXPECT_TRUE(second.lease->Take().value());
  EXPECT_EQ(second.lease->term(), 2);
  EXPECT_FALSE(first.lease->Take().value());
}

TEST_F(LeaderLeaseTest, KeepsAStaleLeaderFromWriting_ThoughItDoesNotKnow) {
  EXPECT_THAT(first.leading->AddRound(MakeRound("r")),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("lead")));
  ASSERT_TRUE(first.lease->Take().value());
  EXPECT_OK(first.leading->AddRound(MakeRound("a")));
  Expire();
  EXPECT_THAT(first.leading->AddRound(MakeRound("b")),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("lead")))
      << "nobody else leads yet, but anybody might";
  ASSERT_TRUE(second.lease->Take().value());
  EXPECT_EQ(first.lease->term(), 1) << "it has not been told";
  EXPECT_THAT(first.leading->AddRound(MakeRound("b")),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("lead")));
  Publication publication;
  publication.round_id = "a";
  EXPECT_THAT(first.leading->Publish(publication).status(),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("lead")));
  EXPECT_FALSE(first.lease->Renew().value());
  EXPECT_OK(second.leading->AddRound(MakeRound("c")));
  EXPECT_OK(first.store->AddRound(MakeRound("d"))) << "what every one of them may do";
  EXPECT_EQ(first.leading->Rounds(std::nullopt).value().size(), 3u) << "and all may read";
}

TEST_F(LeaderLeaseTest, IsTakenOverAfterWhatItsHolderHasBegun_AndRunsOnMeanwhile) {
  ASSERT_TRUE(first.lease->Take().value());
  const SystemClock clock;
  std::atomic<bool> begun{false};
  std::atomic<bool> ended{false};
  std::atomic<bool> taken_early{false};
  std::thread taker;
  const auto fenced = first.lease->Fenced();
  ASSERT_OK(fenced->Transact(SqlAccess::kWrite, [&](SqlTransaction&) -> absl::Status {
    EXPECT_TRUE(first.lease->Renew().value()) << "what is under way does not keep the lease from running on";
    Expire();
    taker = std::thread([&] {
      begun = true;
      EXPECT_TRUE(second.lease->Take().value());
      taken_early = !ended;
    });
    while (!begun) clock.Sleep(absl::Milliseconds(1));
    clock.Sleep(absl::Milliseconds(500));
    ended = true;
    return absl::OkStatus();
  }));
  taker.join();
  EXPECT_FALSE(taken_early) << "the lease went over in the middle of its holder's transaction";
}

TEST_F(LeaderLeaseTest, RunsOutByItself) {
  SharedStore brief = Open("brief", absl::Milliseconds(200));
  ASSERT_TRUE(brief.lease->Take().value());
  EXPECT_FALSE(second.lease->Take().value());
  SystemClock().Sleep(absl::Milliseconds(300));
  EXPECT_TRUE(second.lease->Take().value());
  EXPECT_FALSE(brief.lease->Renew().value());
}

}  // namespace
}  // namespace waymark::coordinator
