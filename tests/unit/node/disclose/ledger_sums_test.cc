// The ledger's rules for secure sums: each is an attack, and fails when the rule is taken away.
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "node/disclose/ledger.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"

namespace waymark::node {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

const BudgetLimits kCap{.epsilon = {.numerator = 4, .denominator = 1}};

Ledger::SumClaim SumOf(const std::string& metric, const std::string& period, char hash) {
  return {.query_hash = std::string(32, hash),
          .claim = {.metric = metric,
                    .version = 1,
                    .linkage_group = absl::StrCat("group-", metric),
                    .mode = v1::MODE_SECURE_SUM,
                    .period = period,
                    .data_version = 1,
                    .epsilon = {1, 2},
                    .charge = *BudgetUnits({1, 2}),
                    .first_year = 2024,
                    .last_year = 2025}};
}

class LedgerSums : public ::testing::Test {
 protected:
  void SetUp() override { Reopen(); }
  void Reopen() {
    ledger_.reset();
    auto opened = Ledger::Open(folder_.Path("ledger.db"), clock_);
    ASSERT_OK(opened);
    ledger_ = *std::move(opened);
  }
  void Release(const std::vector<Ledger::SumClaim>& sums, const std::string& round) {
    ASSERT_OK_AND_ASSIGN(const auto refusal, ledger_->ChargeSums(round, sums, kCap));
    ASSERT_FALSE(refusal) << refusal->explanation;
    ASSERT_OK(ledger_->ReleaseSums(round, sums, "contributors"));
  }
  std::string RuleAgainst(const Ledger::SumClaim& sum) {
    const auto refusal = ledger_->CheckSums({sum}, kCap);
    if (!refusal.ok()) return std::string(refusal.status().message());
    return *refusal ? (*refusal)->rule : "";
  }

  TemporaryFolder folder_;
  testing::FakeClock clock_{absl::FromUnixSeconds(1750000000)};
  std::unique_ptr<Ledger> ledger_;
};

TEST_F(LedgerSums, LeaveOnce_WhoeverElseContributes) {
  const auto sum = SumOf("19", "2024-25-Q1", 'a');
  EXPECT_EQ(RuleAgainst(sum), "");
  Release({sum}, "q1");
  EXPECT_EQ(RuleAgainst(sum), "one secure sum");  // the same again, perhaps with one council fewer
  EXPECT_THAT(ledger_->ReleaseSums("q2", {sum}, "others"),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("ledger")));
  Reopen();
  EXPECT_EQ(RuleAgainst(sum), "one secure sum");
}

// A retry under another epoch: its quorum need not share an honest member with that of the first try, which
// may have been opened without this council's knowing.
TEST_F(LedgerSums, TriedAgainUnderAnotherRoster_AreRefused) {
  auto sum = SumOf("19", "2024-25-Q1", 'a');
  sum.roster_hash = std::string(32, 'r');
  ASSERT_OK_AND_ASSIGN(auto refusal, ledger_->ChargeSums("q1", {sum}, kCap));
  ASSERT_FALSE(refusal);
  EXPECT_EQ(RuleAgainst(sum), "");
  Reopen();
  auto other = SumOf("19", "2024-25", 'b');  // another query over the same records, in another round
  other.roster_hash = std::string(32, 's');
  EXPECT_EQ(RuleAgainst(other), "one roster");
  sum.roster_hash = std::string(32, 's');
  EXPECT_EQ(RuleAgainst(sum), "one roster");
  ASSERT_OK_AND_ASSIGN(refusal, ledger_->ChargeSums("q1", {sum}, kCap));
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->rule, "one roster");
  auto elsewhere = SumOf("1", "2024-25-Q1", 'c');
  elsewhere.roster_hash = std::string(32, 's');
  EXPECT_EQ(RuleAgainst(elsewhere), "") << "records that were in no session yet";
}

TEST_F(LedgerSums, OfAYear_DoNotFollowThoseOfItsQuarters) {
  char hash = 'a';
  for (const char* quarter : {"2024-25-Q1", "2024-25-Q2", "2024-25-Q3", "2024-25-Q4"}) {
    EXPECT_EQ(RuleAgainst(SumOf("19", quarter, hash)), "");
    Release({SumOf("19", quarter, hash)}, quarter);
    ++hash;
  }
  EXPECT_EQ(RuleAgainst(SumOf("19", "2024-25", hash)), "one secure sum");
  EXPECT_EQ(RuleAgainst(SumOf("19", "2023-24", hash)), "");
}

TEST_F(LedgerSums, OfAnotherVersionOrALinkedMetric_CountAsTheSame) {
  Release({SumOf("19", "2024-25", 'a')}, "q1");
  auto version = SumOf("19", "2024-25", 'b');
  version.claim.version = 2;
  EXPECT_EQ(RuleAgainst(version), "one secure sum");
  auto linked = SumOf("22", "2024-25-Q2", 'c');
  linked.claim.linkage_group = "group-19";
  EXPECT_EQ(RuleAgainst(linked), "one secure sum");
  auto correction = SumOf("19", "2024-25", 'd');
  correction.claim.data_version = 2;
  EXPECT_EQ(RuleAgainst(correction), "one secure sum");
}

TEST_F(LedgerSums, AndTablesOfTheSameCells_AreOneMode) {
  Release({SumOf("19", "2024-25", 'a')}, "q1");
  auto thresholded = SumOf("19", "2024-25", 'b');
  thresholded.claim.mode = v1::MODE_THRESHOLDED;
  EXPECT_EQ(RuleAgainst(thresholded), "one mode");
  ASSERT_OK_AND_ASSIGN(const auto stored, ledger_->StoreItem("q2", std::string(32, 't'),
                                                             {.metric = "16",
                                                              .version = 1,
                                                              .linkage_group = "group-16",
                                                              .mode = v1::MODE_THRESHOLDED,
                                                              .period = "2024-25",
                                                              .data_version = 1},
                                                             {}, "tables"));
  EXPECT_FALSE(stored.refusal);
  EXPECT_EQ(RuleAgainst(SumOf("16", "2024-25-Q1", 'd')), "one mode");
}

TEST_F(LedgerSums, LinkedItemsOfOneRound_LeaveTogether) {
  auto linked = SumOf("22", "2024-25", 'b');
  linked.claim.linkage_group = "group-19";
  Release({SumOf("19", "2024-25", 'a'), linked}, "q1");
  EXPECT_EQ(RuleAgainst(linked), "one secure sum");
}

// Two rounds whose sessions ran side by side: both had begun when nothing had left yet.
TEST_F(LedgerSums, OfSessionsSideBySide_OnlyOneIsReleased) {
  auto linked = SumOf("22", "2024-25", 'b');
  linked.claim.linkage_group = "group-19";
  ASSERT_OK_AND_ASSIGN(const auto first, ledger_->ChargeSums("q1", {SumOf("19", "2024-25", 'a')}, kCap));
  ASSERT_OK_AND_ASSIGN(const auto second, ledger_->ChargeSums("q2", {linked}, kCap));
  ASSERT_FALSE(first || second);
  ASSERT_OK(ledger_->ReleaseSums("q1", {SumOf("19", "2024-25", 'a')}, "all"));
  EXPECT_THAT(ledger_->ReleaseSums("q2", {linked}, "all but one"),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("linked figures left")));
}

TEST_F(LedgerSums, AreChargedOnce_HoweverOftenTheSessionIsTriedAgain) {
  const std::vector<Ledger::SumClaim> sums = {SumOf("19", "2024-25", 'a'), SumOf("16", "2024-25", 'b')};
  for (int attempt = 0; attempt < 3; ++attempt) {
    ASSERT_OK_AND_ASSIGN(const auto refusal, ledger_->ChargeSums("q1", sums, kCap));
    EXPECT_FALSE(refusal);
  }
  ASSERT_OK_AND_ASSIGN(const auto entries, ledger_->Entries());
  EXPECT_EQ(entries.size(), 2u);
}

TEST_F(LedgerSums, BeyondTheYearlyCap_AreRefusedWhole) {
  auto dear = SumOf("16", "2024-25", 'b');
  dear.claim.epsilon = {4, 1};
  dear.claim.charge = *BudgetUnits({4, 1});
  ASSERT_OK_AND_ASSIGN(const auto refusal,
                       ledger_->ChargeSums("q1", {SumOf("19", "2024-25", 'a'), dear}, kCap));
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->rule, "yearly budget");
  ASSERT_OK_AND_ASSIGN(const auto entries, ledger_->Entries());
  EXPECT_TRUE(entries.empty()) << "one of two was charged";
}

TEST_F(LedgerSums, WithoutACharge_AreNotReleased) {
  EXPECT_THAT(ledger_->ReleaseSums("q1", {SumOf("19", "2024-25", 'a')}, "c"),
              StatusIs(absl::StatusCode::kInternal, HasSubstr("without a charge")));
}

TEST_F(LedgerSums, OneSessionIsBegunOnce_AndSignsOneSetOfContributors) {
  const std::string session(32, 's');
  ASSERT_OK(ledger_->BeginSession("q1", session));
  EXPECT_THAT(ledger_->BeginSession("q1", session),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("ledger")));
  ASSERT_OK(ledger_->SignContributors("q1", session, "one"));
  EXPECT_OK(ledger_->SignContributors("q1", session, "one"));
  Reopen();  // killed and started again
  EXPECT_THAT(ledger_->BeginSession("q1", session),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("ledger")));
  EXPECT_THAT(ledger_->SignContributors("q1", session, "another"),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("ledger")));
}

// Whatever a coordinator says of its tries, and however often the node is restarted.
TEST_F(LedgerSums, SoManySessionsOfARoundAreBegun_AndNoMore) {
  for (int i = 0; i < Ledger::kMostSessions; ++i) {
    ASSERT_OK(ledger_->BeginSession("q1", std::string(32, static_cast<char>('a' + i))));
    Reopen();
  }
  EXPECT_THAT(ledger_->BeginSession("q1", std::string(32, 'z')),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("10 sessions of round q1")));
  EXPECT_OK(ledger_->BeginSession("q2", std::string(32, 'z')));
}

// What other councils say of their ledgers.
class LedgerHeads : public LedgerSums {
 protected:
  static crypto::LedgerHead HeadAt(std::uint64_t sequence, char hash, std::uint64_t losses = 0) {
    crypto::LedgerHead head;
    head.losses = losses;
    head.sequence = sequence;
    head.hash = std::string(32, hash);
    return head;
  }
  absl::Status Keep(const crypto::LedgerHead& head) {
    return ledger_->SignContributors("q1", std::string(32, 's'), "one", {{.member = &peer_, .head = head}});
  }

  const crypto::SessionMember peer_{.id = "E06000002", .signing_key = std::string(32, 'k')};
};

TEST_F(LedgerHeads, AreKept_AndOnlyFurtherOnesAfterwards) {
  ASSERT_OK_AND_ASSIGN(const crypto::LedgerHead none, ledger_->HeadOf(peer_));
  EXPECT_EQ(none, crypto::LedgerHead{});
  EXPECT_OK(Keep(HeadAt(5, 'a')));
  EXPECT_OK(Keep(HeadAt(5, 'a')));
  EXPECT_OK(Keep(HeadAt(9, 'b')));
  for (const crypto::LedgerHead& back : {HeadAt(5, 'a'), HeadAt(8, 'b' + 1), HeadAt(9, 'c')}) {
    EXPECT_THAT(Keep(back), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("that of E06000002")));
  }
  Reopen();
  ASSERT_OK_AND_ASSIGN(crypto::LedgerHead kept, ledger_->HeadOf(peer_));
  EXPECT_EQ(kept, HeadAt(9, 'b'));
  // A loss that was recorded is further than all before it; and whoever claims too much has it kept.
  EXPECT_OK(Keep(HeadAt(3, 'd', 1)));
  EXPECT_OK(Keep(HeadAt(~std::uint64_t{0}, 'e', ~std::uint64_t{0})));
  ASSERT_OK_AND_ASSIGN(kept, ledger_->HeadOf(peer_));
  EXPECT_EQ(kept, HeadAt(~std::uint64_t{0}, 'e', ~std::uint64_t{0}));
}

TEST_F(LedgerHeads, OfANewKeyAreOfANewLedger) {
  ASSERT_OK(Keep(HeadAt(9, 'b')));
  const crypto::SessionMember anew{.id = peer_.id, .signing_key = std::string(32, 'l')};
  ASSERT_OK_AND_ASSIGN(const crypto::LedgerHead none, ledger_->HeadOf(anew));
  EXPECT_EQ(none, crypto::LedgerHead{});
  EXPECT_OK(ledger_->KeepHead({.member = &anew, .head = HeadAt(1, 'z')}));
}

TEST_F(LedgerHeads, ThatGoBackKeepTheContributorsUnsigned) {
  ASSERT_OK(ledger_->KeepHead({.member = &peer_, .head = HeadAt(9, 'b')}));
  EXPECT_FALSE(Keep(HeadAt(1, 'z')).ok());
  ASSERT_OK_AND_ASSIGN(const auto entries, ledger_->Entries());
  EXPECT_TRUE(entries.empty());
}

TEST_F(LedgerHeads, OfThisLedgerAreFoundInIt) {
  ASSERT_OK(ledger_->BeginSession("q1", std::string(32, 's')));
  ASSERT_OK_AND_ASSIGN(const crypto::LedgerHead first, ledger_->Head());
  EXPECT_EQ(first.sequence, 1u);
  ASSERT_OK(ledger_->BeginSession("q1", std::string(32, 't')));
  EXPECT_TRUE(ledger_->Has(first).value());
  crypto::LedgerHead ahead = first;
  ahead.sequence = 3;
  EXPECT_FALSE(ledger_->Has(ahead).value());
  crypto::LedgerHead other = first;
  other.hash = std::string(32, 'x');
  EXPECT_FALSE(ledger_->Has(other).value());
  ASSERT_OK(ledger_->Reconcile("", other.hash, 2025, "word"));
  EXPECT_TRUE(ledger_->Has(other).value());
  ahead.losses = 1;
  EXPECT_FALSE(ledger_->Has(ahead).value());
}

}  // namespace
}  // namespace waymark::node
