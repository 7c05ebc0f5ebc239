#include "node/disclose/roster_book.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/officers.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"

namespace waymark::node {
namespace {

using ::testing::HasSubstr;
using testing::NextRoster;
using testing::Officers;
using testing::StatusIs;

class RosterBookTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_OK(council_.Open()); }

  RosterBook Book() {
    return {council_.ledger(),
            officers_.governance(),
            "north",
            {.council = kCouncil, .signing_key = council_.key().public_key()}};
  }
  // The epoch after `previous`, with this council in it, valid for a year.
  contract::RosterEpoch Next(const std::optional<contract::RosterEpoch>& previous = std::nullopt) {
    return NextRoster(previous, kCouncil, council_.key().public_key(), council_.clock.Now());
  }
  contract::SignedRoster Signed(const contract::RosterEpoch& roster) { return officers_.Sign(roster, 2); }
  std::uint64_t HeldEpoch() {
    const auto held = HeldRoster(council_.ledger());
    EXPECT_OK(held);
    return held.ok() && held->has_value() ? (*held)->epoch : 0;
  }
  void ExpectRefused(const contract::SignedRoster& roster, absl::StatusCode code, const char* what) {
    const std::uint64_t before = HeldEpoch();
    EXPECT_THAT(Book().Accept(roster), StatusIs(code, HasSubstr(what)));
    EXPECT_EQ(HeldEpoch(), before);
  }
  void ExpectNotCurrent(const char* what) {
    EXPECT_THAT(Book().Current(council_.clock.Now()),
                StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr(what)));
  }

  MadeUpCouncil council_;
  Officers officers_;
};

TEST_F(RosterBookTest, HoldsTheChainThatTheOfficersSigned) {
  ExpectNotCurrent("no roster is held yet");
  EXPECT_EQ(Book().HeldHash().value(), std::string(32, '\0'));
  const contract::RosterEpoch first = Next();
  EXPECT_TRUE(Book().Accept(Signed(first)).value());
  const contract::RosterEpoch second = Next(first);
  EXPECT_TRUE(Book().Accept(Signed(second)).value());
  EXPECT_FALSE(Book().Accept(Signed(second)).value());  // the held one again
  ASSERT_OK(council_.Open());                           // as another process finds it
  ASSERT_OK_AND_ASSIGN(const contract::RosterEpoch current, Book().Current(council_.clock.Now()));
  EXPECT_EQ(current, second);
  EXPECT_EQ(Book().HeldHash().value(), contract::RosterHash(second));
  ASSERT_OK_AND_ASSIGN(const auto entries, council_.ledger().Entries());
  ASSERT_EQ(entries.size(), 2u);  // each once, for ever
  EXPECT_EQ(entries[0].subject, contract::RosterHash(first));
  EXPECT_EQ(entries[1].kind, EntryKind::kRoster);
}

TEST_F(RosterBookTest, RosterThatTooFewOfficersSignedIsRefused) {
  const contract::RosterEpoch first = Next();
  ExpectRefused(officers_.Sign(first, 1), absl::StatusCode::kUnauthenticated, "by 1 of");
  ExpectRefused({.roster = first, .signatures = {}}, absl::StatusCode::kUnauthenticated, "by 0 of");
  contract::SignedRoster twice = officers_.Sign(first, 1);
  twice.signatures.push_back(twice.signatures[0]);
  ExpectRefused(twice, absl::StatusCode::kUnauthenticated, "by 1 of");
  // Others than the pinned ones may be as many as they like.
  Officers strangers;
  ExpectRefused(strangers.Sign(first, 3), absl::StatusCode::kUnauthenticated, "by 0 of");
  contract::SignedRoster altered = Signed(first);
  altered.roster.expires_unix_s += 1;
  ExpectRefused(altered, absl::StatusCode::kUnauthenticated, "by 0 of");
}

// The same officers may sign for two federations: nothing that a node holds tells their first rosters apart.
TEST_F(RosterBookTest, FirstRosterOfAnotherFederationIsRefused) {
  contract::RosterEpoch first = Next();
  first.federation = "south";
  ExpectRefused(Signed(first), absl::StatusCode::kFailedPrecondition, "of the federation south");
  EXPECT_TRUE(Book().Accept(Signed(Next())).value());
}

TEST_F(RosterBookTest, LowerEpochIsRefused) {
  const contract::RosterEpoch first = Next();
  const contract::RosterEpoch second = Next(first);
  ASSERT_OK(Book().Accept(Signed(first)));
  ASSERT_OK(Book().Accept(Signed(second)));
  ExpectRefused(Signed(first), absl::StatusCode::kFailedPrecondition, "no way back");
}

TEST_F(RosterBookTest, SecondRosterOfOneEpochIsRefused) {
  const contract::RosterEpoch first = Next();
  ASSERT_OK(Book().Accept(Signed(first)));
  contract::RosterEpoch other = first;
  other.expires_unix_s += 1;
  ExpectRefused(Signed(other), absl::StatusCode::kFailedPrecondition, "another roster of that epoch");
}

TEST_F(RosterBookTest, EpochThatDoesNotFollowIsRefused) {
  const contract::RosterEpoch first = Next();
  const contract::RosterEpoch second = Next(first);
  const contract::RosterEpoch third = Next(second);
  ExpectRefused(Signed(second), absl::StatusCode::kFailedPrecondition, "epochs 1 to 1 are missing");
  ASSERT_OK(Book().Accept(Signed(first)));
  ExpectRefused(Signed(third), absl::StatusCode::kFailedPrecondition, "epochs 2 to 2 are missing");
  contract::RosterEpoch forked = second;
  forked.previous_hash[0] ^= 1;
  ExpectRefused(Signed(forked), absl::StatusCode::kFailedPrecondition, "does not follow");
  ASSERT_OK(Book().Accept(Signed(second)));
  EXPECT_TRUE(Book().Accept(Signed(third)).value());
}

TEST_F(RosterBookTest, ExpiredRosterIsHeldAndNotWorkedBy) {
  contract::RosterEpoch first = Next();
  first.expires_unix_s = absl::ToUnixSeconds(council_.clock.Now()) + 60;
  ASSERT_OK(Book().Accept(Signed(first)));
  EXPECT_OK(Book().Current(council_.clock.Now()));
  council_.clock.Advance(absl::Seconds(60));
  ExpectNotCurrent("expired on");
  // A node that was away takes expired epochs on its way to the newest.
  contract::RosterEpoch second = Next(first);
  second.expires_unix_s = first.expires_unix_s;
  ASSERT_OK(Book().Accept(Signed(second)));
  ExpectNotCurrent("expired on");
  ASSERT_OK(Book().Accept(Signed(Next(second))));
  EXPECT_OK(Book().Current(council_.clock.Now()));
}

TEST_F(RosterBookTest, RosterWithoutThisCouncilsOwnKeyIsHeldAndNotWorkedBy) {
  const contract::RosterEpoch first =
      NextRoster(std::nullopt, kCouncil, std::string(32, 'k'), council_.clock.Now());
  ASSERT_OK(Book().Accept(Signed(first)));
  ExpectNotCurrent("names another key for this council");
  const contract::RosterEpoch second =
      NextRoster(first, "E06000009", council_.key().public_key(), council_.clock.Now());
  ASSERT_OK(Book().Accept(Signed(second)));
  ExpectNotCurrent("does not name this council");
  ASSERT_OK(Book().Accept(Signed(Next(second))));
  EXPECT_OK(Book().Current(council_.clock.Now()));
}

TEST_F(RosterBookTest, WithoutPinnedOfficersNothingIsAccepted) {
  RosterBook book(council_.ledger(), {}, "north",
                  {.council = kCouncil, .signing_key = council_.key().public_key()});
  EXPECT_THAT(book.Accept(Signed(Next())),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("no governance key")));
  EXPECT_THAT(book.Current(council_.clock.Now()),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("no governance key")));
  EXPECT_EQ(HeldEpoch(), 0u);
}

TEST_F(RosterBookTest, LedgerKeepsNoRosterBesideTheChain) {
  // As where another process was first.
  const std::string none(32, '\0');
  ASSERT_OK(council_.ledger().KeepRoster(none, std::string(32, 'a'), "first"));
  EXPECT_THAT(council_.ledger().KeepRoster(none, std::string(32, 'b'), "second"),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("another process")));
  EXPECT_EQ(council_.ledger().NewestRoster().value(), "first");
}

}  // namespace
}  // namespace waymark::node
