// What a council states of itself leaves as it is, once, without a charge, and only when somebody read it.
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "node/disclose/approval.h"
#include "node/disclose/door.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"

namespace waymark::node {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

constexpr char kAllow[] =
    "[[allow]]\nmetric = \"41\"\nversion = 1\nmode = \"stated\"\nbreakdowns = [\"question\"]\n";

crypto::SigningKey NewKey() {
  crypto::SystemRandom random;
  return *crypto::SigningKey::Generate(random);
}

// Three questions: yes, no, and one without an answer.
void FillAnswers(contract::Table& table) {
  table.rows = {"F1", "F2", "F3"};
  table.Resize();
  table.At(0, 0) = 1;
  table.At(1, 3) = 1;
  table.At(2, 4) = 1;
}

class StatedTest : public ::testing::Test {
 protected:
  StatedTest()
      : council_(absl::StrCat(
            "[release]\napproval = \"by-person\"\n[[approver]]\nname = \"lead\"\npublic_key = \"",
            absl::BytesToHexString(lead_.public_key()), "\"\n", kAllow)),
        tables_(FillAnswers) {}
  void SetUp() override { ASSERT_OK(council_.Open()); }
  void Sign(const contract::RoundSpec& spec) {
    Door door = council_.MakeDoor();
    ASSERT_OK_AND_ASSIGN(const std::vector<ItemPreview> items, door.Preview(spec, tables_));
    ASSERT_OK_AND_ASSIGN(const Approval approval, Approve(door.Propose(spec, items), lead_));
    ASSERT_OK(council_.ledger().Approve(spec.round_id, approval.proposal_hash, BytesOf(approval)));
  }
  static contract::RoundItem Item(const std::string& period = "2024-25") {
    contract::RoundItem item = ItemFor("41", v1::MODE_STATED, {"question"});
    item.period = period;
    return item;
  }

  const crypto::SigningKey lead_ = NewKey();
  MadeUpCouncil council_;
  MadeUpTables tables_;
  const contract::RoundSpec spec_ = SpecOf("guide", {Item()});
};

TEST_F(StatedTest, LeavesAsItIs_AndCostsNothing) {
  EXPECT_THAT(council_.MakeDoor().Answer(spec_, tables_),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("0 of 1")));
  Sign(spec_);
  ASSERT_OK_AND_ASSIGN(const Answered answered, council_.MakeDoor().Answer(spec_, tables_));
  const contract::Release release = Read(answered.release);
  ASSERT_EQ(release.tables.size(), 1u);
  EXPECT_EQ(release.tables[0].protection, (contract::Protection{.mode = v1::MODE_STATED}));
  EXPECT_EQ(release.tables[0].table.values,
            (std::vector<std::int64_t>{1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1}));
  ASSERT_OK_AND_ASSIGN(const auto entries, council_.ledger().Entries());
  for (const LedgerEntry& entry : entries) {
    EXPECT_NE(entry.kind, EntryKind::kCharge);
    if (entry.kind == EntryKind::kItem) {
      EXPECT_EQ(entry.claim.mode, v1::MODE_STATED);
      EXPECT_EQ(entry.claim.charge + entry.claim.rho_charge, 0u);
    }
  }
  EXPECT_OK(council_.ledger().Verify());
  EXPECT_FALSE(tables_.last_limit.has_value());
}

TEST_F(StatedTest, AnswersThatChangedSinceTheyWereApprovedWait) {
  Sign(spec_);
  tables_.adjust = [](Measured& one) { std::swap(one.table.At(0, 0), one.table.At(0, 1)); };
  EXPECT_THAT(council_.MakeDoor().Answer(spec_, tables_),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("0 of 1")));
}

TEST_F(StatedTest, IsStatedOnceOfAPeriod) {
  Sign(spec_);
  ASSERT_OK(council_.MakeDoor().Answer(spec_, tables_));
  contract::RoundSpec again = spec_;
  again.round_id = "again";
  ASSERT_OK_AND_ASSIGN(const std::vector<ItemPreview> same, council_.MakeDoor().Preview(again, tables_));
  EXPECT_FALSE(same[0].refusal.has_value());
  EXPECT_TRUE(same[0].stored);
  for (const char* period : {"2024-25", "2024-25-Q1", "2024"}) {
    contract::RoundSpec other = SpecOf("other", {Item(period)});
    other.data_version = 2;
    ASSERT_OK_AND_ASSIGN(const std::vector<ItemPreview> items, council_.MakeDoor().Preview(other, tables_));
    ASSERT_TRUE(items[0].refusal.has_value()) << period;
    EXPECT_EQ(items[0].refusal->rule, "stated once") << period;
  }
  ASSERT_OK_AND_ASSIGN(const std::vector<ItemPreview> next,
                       council_.MakeDoor().Preview(SpecOf("next", {Item("2025-26")}), tables_));
  EXPECT_FALSE(next[0].refusal.has_value());
}

TEST_F(StatedTest, NeedsItsBreakdown) {
  const contract::RoundSpec spec = SpecOf("guide", {ItemFor("41", v1::MODE_STATED)});
  ASSERT_OK_AND_ASSIGN(const std::vector<ItemPreview> items, council_.MakeDoor().Preview(spec, tables_));
  ASSERT_TRUE(items[0].refusal.has_value());
  EXPECT_THAT(items[0].refusal->explanation, HasSubstr("by breakdown only: question"));
}

TEST(StatedPolicyTest, IsRefused_WhereNobodyReadsWhatLeaves) {
  const std::string automatic = "[release]\napproval = \"automatic\"\n";
  EXPECT_THAT(Policy::Parse(automatic + kAllow, "policy.toml", TestLibrary()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("by-person")));
  EXPECT_OK(
      Policy::Parse("[release]\napproval = \"none\"\n" + std::string(kAllow), "policy.toml", TestLibrary()));
}

}  // namespace
}  // namespace waymark::node
