// Signing what would leave, by the code that `approve` and the pages share.
#include "node/site/signing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "node/disclose/approval.h"
#include "node/site/awaiting.h"
#include "node/site/site.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"

namespace waymark::node {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

class SigningTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::string automatic = "\"automatic\"";
    std::string policy = PolicyText();
    policy.replace(policy.find(automatic), automatic.size(), "\"by-person\"\napprovals = 1");
    absl::StrAppend(&policy, "\n[[approver]]\nname = \"governance\"\npublic_key = \"",
                    absl::BytesToHexString(key_.public_key()), "\"\n");
    ASSERT_OK(WriteFileAtomically(folder_.Path("policy.toml"), policy, 0600));
    ASSERT_OK(WriteFileAtomically(
        folder_.Path("node.toml"),
        absl::StrCat("[council]\ncode = \"", kCouncil,
                     "\"\nname = \"Here\"\n[node]\npolicy = \"policy.toml\"\n", "catalogue = \"",
                     std::filesystem::absolute("catalogue").string(), "\"\n",
                     "[[source]]\nformat = \"ssd\"\npath = \"ssd\"\ncovered_from = 2021-04-01\n",
                     "extract_date = 2025-06-30\n"),
        0600));
    ASSERT_OK_AND_ASSIGN(site_, LoadSite(folder_.Path("node.toml")));
    spec_ = SpecOf("q1", {ItemFor("1", v1::MODE_THRESHOLDED)});
    spec_.deadline_unix_s = absl::ToUnixSeconds(clock_.Now()) + 3600;
    ASSERT_OK(KeepAwaiting(site_.configuration, spec_));
    ASSERT_OK_AND_ASSIGN(workplace_, Workplace::Open(site_, clock_));
  }

  std::string Shown() {
    const auto items = workplace_->door().Preview(spec_, tables_);
    EXPECT_OK(items.status());
    return items.ok() ? NameOf(workplace_->door().Propose(spec_, *items)) : "";
  }
  absl::StatusOr<Signed> Sign(const std::string& proposal, const crypto::SigningKey& key) {
    return SignProposal(site_.configuration, *workplace_, spec_, tables_, proposal, key);
  }
  std::size_t Given() { return workplace_->door().ApprovalsGiven("q1").value_or(99); }

  TemporaryFolder folder_;
  testing::FakeClock clock_{absl::FromUnixSeconds(1'780'000'000)};
  crypto::SystemRandom random_;
  crypto::SigningKey key_ = *crypto::SigningKey::Generate(random_);
  Site site_;
  contract::RoundSpec spec_;
  MadeUpTables tables_;
  std::unique_ptr<Workplace> workplace_;
};

TEST_F(SigningTest, SignsWhatWasShown_OnceHoweverOftenItIsAsked) {
  const std::string shown = Shown();
  for (int i = 0; i < 2; ++i) {
    ASSERT_OK_AND_ASSIGN(const Signed made, Sign(shown, key_));
    EXPECT_EQ(made.approver, "governance");
    EXPECT_EQ(made.given, 1u);
    EXPECT_EQ(made.needed, 1u);
  }
}

TEST_F(SigningTest, SignsNothing_WhereAnotherProposalWasShown) {
  const std::string shown = Shown();
  tables_ = MadeUpTables([](contract::Table& table) { table.values.assign(table.values.size(), 500); });
  ASSERT_NE(Shown(), shown);
  EXPECT_THAT(Sign(shown, key_).status(),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("Nothing was signed")));
  EXPECT_EQ(Given(), 0u);
}

TEST_F(SigningTest, SignsNothing_ByAKeyThatThePolicyDoesNotName) {
  EXPECT_THAT(Sign(Shown(), *crypto::SigningKey::Generate(random_)).status(),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("no approver with this key")));
  EXPECT_EQ(Given(), 0u);
}

TEST_F(SigningTest, SignsNothing_OfARefusedRound_UntilThatIsTakenBack) {
  const std::string shown = Shown();
  ASSERT_OK(KeepRefusal(site_.configuration, "q1", {.by = "ig", .unix_s = 1}));
  EXPECT_THAT(Sign(shown, key_).status(),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("was refused by ig")));
  EXPECT_EQ(Given(), 0u);
  ASSERT_OK(TakeBackRefusal(site_.configuration, "q1"));
  EXPECT_OK(Sign(shown, key_).status());
}

TEST_F(SigningTest, ARefusalThatCannotBeRead_IsNoLeave) {
  const std::string shown = Shown();
  ASSERT_OK(WriteFileAtomically(folder_.Path("state/awaiting/q1.refused"), "?", 0600));
  EXPECT_THAT(Sign(shown, key_).status(), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("is no refusal")));
  EXPECT_EQ(Given(), 0u);
}

TEST_F(SigningTest, ARefusalGoesWithItsRound_AndComesForNoOther) {
  EXPECT_THAT(KeepRefusal(site_.configuration, "q2", {.by = "ig", .unix_s = 1}),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("q2")));
  ASSERT_OK(KeepRefusal(site_.configuration, "q1", {.by = "ig", .unix_s = 1}));
  ForgetAwaiting(site_.configuration, "q1");
  EXPECT_FALSE(FileExists(folder_.Path("state/awaiting/q1.refused")));
}

}  // namespace
}  // namespace waymark::node
