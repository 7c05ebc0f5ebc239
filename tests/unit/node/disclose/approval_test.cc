// Nothing leaves a council whose policy asks for approvals but what approvers signed, byte for byte.
#include "node/disclose/approval.h"

#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "node/disclose/door.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"

namespace waymark::node {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::StatusIs;

crypto::SigningKey NewKey() {
  crypto::SystemRandom random;
  return *crypto::SigningKey::Generate(random);
}

std::string ApproverTable(const std::string& name, const crypto::SigningKey& key) {
  return absl::StrCat("[[approver]]\nname = \"", name, "\"\npublic_key = \"",
                      absl::BytesToHexString(key.public_key()), "\"\n");
}

// A council with two approvers, of whom `needed` must sign.
class ApprovalTest : public ::testing::Test {
 protected:
  void Start(int needed) {
    std::string policy = PolicyText();
    policy.replace(policy.find("\"automatic\""), 11, absl::StrCat("\"by-person\"\napprovals = ", needed));
    absl::StrAppend(&policy, ApproverTable("governance", governance_), ApproverTable("analyst", analyst_));
    council_ = std::make_unique<MadeUpCouncil>(policy);
    ASSERT_OK(council_->Open());
    ASSERT_EQ(council_->policy().approvals_needed(), static_cast<std::uint32_t>(needed));
  }
  Proposal Propose(const contract::RoundSpec& spec) {
    Door door = council_->MakeDoor();
    const auto items = door.Preview(spec, tables_);
    EXPECT_OK(items);
    return door.Propose(spec, *items);
  }
  void Keep(const contract::RoundSpec& spec, const Approval& approval) {
    ASSERT_OK(council_->ledger().Approve(spec.round_id, approval.proposal_hash, BytesOf(approval)));
  }
  void Sign(const contract::RoundSpec& spec, const crypto::SigningKey& key) {
    ASSERT_OK_AND_ASSIGN(const Approval approval, Approve(Propose(spec), key));
    Keep(spec, approval);
  }
  void ExpectWaits(const contract::RoundSpec& spec, const std::string& count) {
    EXPECT_THAT(council_->MakeDoor().Answer(spec, tables_),
                StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr(count)));
    ASSERT_OK_AND_ASSIGN(const auto entries, council_->ledger().Entries());
    for (const LedgerEntry& entry : entries) EXPECT_EQ(entry.kind, EntryKind::kApproval) << Describe(entry);
  }

  const crypto::SigningKey governance_ = NewKey();
  const crypto::SigningKey analyst_ = NewKey();
  std::unique_ptr<MadeUpCouncil> council_;
  MadeUpTables tables_;
  const contract::RoundSpec spec_ =
      SpecOf("q1", {NoisedItem("19", 1, 2, {"sex"}), ItemFor("16", v1::MODE_THRESHOLDED, {"sex"})});
};

TEST_F(ApprovalTest, NothingLeavesAndNothingIsCharged_BeforeItIsApproved) {
  Start(1);
  ExpectWaits(spec_, "0 of 1");
}

TEST_F(ApprovalTest, WhatWasApprovedLeaves) {
  Start(1);
  Sign(spec_, governance_);
  ASSERT_OK_AND_ASSIGN(const Answered answered, council_->MakeDoor().Answer(spec_, tables_));
  EXPECT_EQ(Read(answered.release).tables.size(), 4u);
  ASSERT_OK_AND_ASSIGN(const auto again, council_->MakeDoor().Stored("q1"));
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->bytes(), answered.release.bytes());
}

TEST_F(ApprovalTest, DataThatChangedSinceWaitsForANewApproval) {
  Start(1);
  Sign(spec_, governance_);
  const std::string before = NameOf(Propose(spec_));
  tables_.adjust = [](Measured& one) {
    if (one.table.metric != "16") return;
    for (std::int64_t& value : one.table.values) value += 20;
  };
  ExpectWaits(spec_, "0 of 1");
  EXPECT_NE(NameOf(Propose(spec_)), before);
  Sign(spec_, governance_);
  EXPECT_OK(council_->MakeDoor().Answer(spec_, tables_));
}

TEST_F(ApprovalTest, DataThatDoNotLeaveExactlyDoNotChangeTheProposal) {
  Start(1);
  // The noised item's counts are in no proposal: it would tell them before the charge.
  const std::string before = NameOf(Propose(spec_));
  tables_.adjust = [](Measured& one) {
    if (one.table.metric == "19") one.table.At(0, 0) += 20;
  };
  EXPECT_EQ(NameOf(Propose(spec_)), before);
}

TEST_F(ApprovalTest, SignatureOfAStrangerOrUnderAnotherProposalCountsForNothing) {
  Start(1);
  Sign(spec_, NewKey());
  ExpectWaits(spec_, "0 of 1");
  contract::RoundSpec other = spec_;
  other.round_id = "q2";
  ASSERT_OK_AND_ASSIGN(Approval approval, Approve(Propose(other), governance_));
  Keep(spec_, approval);
  ExpectWaits(spec_, "0 of 1");
  // Said to be under this proposal, it is still a signature under the other.
  approval.proposal_hash = HashOf(Propose(spec_));
  Keep(spec_, approval);
  ExpectWaits(spec_, "0 of 1");
  contract::RoundSpec dearer = spec_;
  dearer.items[0].epsilon_numerator = 2;
  ASSERT_OK_AND_ASSIGN(approval, Approve(Propose(dearer), governance_));
  Keep(spec_, approval);
  ExpectWaits(spec_, "0 of 1");
}

TEST_F(ApprovalTest, OnePersonTwiceIsNotTwoPersons) {
  Start(2);
  Sign(spec_, governance_);
  ExpectWaits(spec_, "1 of 2");
  Sign(spec_, governance_);
  ASSERT_OK_AND_ASSIGN(const std::size_t given, council_->MakeDoor().ApprovalsGiven("q1"));
  EXPECT_EQ(given, 1u);  // the same signature is kept once
  ExpectWaits(spec_, "1 of 2");
  Sign(spec_, analyst_);
  EXPECT_OK(council_->MakeDoor().Answer(spec_, tables_));
}

TEST_F(ApprovalTest, ReleaseMadeBeforeThePolicyAskedForApprovalIsHeldBack) {
  Start(1);
  MadeUpCouncil automatic;
  ASSERT_OK(automatic.Open());
  ASSERT_OK(automatic.MakeDoor().Answer(spec_, tables_));
  crypto::SystemRandom random;
  Door stricter(
      {council_->policy(), TestLibrary(), automatic.ledger(), automatic.key(), random, automatic.clock},
      kCouncil, {});
  EXPECT_THAT(stricter.Stored("q1"),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("before the policy asked")));
}

TEST(ApprovalBytesTest, OnlyWholeApprovalsAreRead) {
  const crypto::SigningKey key = NewKey();
  ASSERT_OK_AND_ASSIGN(
      const Approval made,
      Approve({.council = kCouncil, .round_id = "q1", .spec_hash = "s", .items = {"i"}}, key));
  ASSERT_OK_AND_ASSIGN(const Approval read, ApprovalFromBytes(BytesOf(made)));
  EXPECT_EQ(BytesOf(read), BytesOf(made));
  EXPECT_EQ(read.public_key, key.public_key());
  EXPECT_FALSE(ApprovalFromBytes("").ok());
  EXPECT_FALSE(ApprovalFromBytes(BytesOf(made) + "x").ok());
}

}  // namespace
}  // namespace waymark::node
