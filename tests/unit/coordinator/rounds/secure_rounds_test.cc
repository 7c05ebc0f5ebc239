// The sessions of a secure round: who may be in one, and when there is none.
#include "coordinator/rounds/secure_rounds.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <set>

#include "absl/strings/str_cat.h"
#include "coordinator/rounds/file_input_store.h"
#include "coordinator/rounds/secure_round.h"
#include "crypto/hash.h"
#include "crypto/secure_sum/node_steps.h"
#include "proto/contract/secure_session.h"
#include "tests/testing/no_journal.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using ::testing::HasSubstr;
using testing::Scene;
using waymark::testing::StatusIs;

constexpr std::size_t kMembers = 12;
constexpr char kRound[] = "autumn";

// A ledger that has come to this entry.
class JournalAt final : public crypto::NoJournal {
 public:
  JournalAt(std::uint64_t sequence, char hash) {
    head_.sequence = sequence;
    head_.hash = std::string(crypto::kSha256Bytes, hash);
  }
  absl::StatusOr<crypto::LedgerHead> Head() override { return head_; }
  const crypto::LedgerHead& head() const { return head_; }

 private:
  crypto::LedgerHead head_;
};

class SecureRoundsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    contract::RosterPart part{.code = "E12000001", .members = {}};
    for (std::size_t i = 0; i < kMembers; ++i) {
      councils_.push_back(absl::StrCat("E06000", 100 + i));
      scene_.Join(councils_.back());
      part.members.push_back(
          {.council = councils_.back(), .signing_key = scene_.key_of(councils_.back()).public_key()});
    }
    contract::SignedRoster roster{
        .roster = {.federation = "north",
                   .epoch = 1,
                   .expires_unix_s = absl::ToUnixSeconds(scene_.clock().Now()) + 9'999,
                   .previous_hash = std::string(32, '\0'),
                   .parts = {part}},
        .signatures = {}};
    roster_ = roster.roster;
    v1::SignedRoster message;
    contract::SignedRosterToProto(roster, message);
    ASSERT_OK(scene_.store().AddRoster(
        {.epoch = 1, .hash = contract::RosterHash(roster_), .bytes = message.SerializeAsString()}));
    contract::RoundItem item = scene_.Item("19", v1::MODE_SECURE_SUM);
    item.epsilon_numerator = 1;
    const contract::RoundSpec spec = scene_.Spec(kRound, {item});
    ASSERT_OK(scene_.rounds().Open(spec));
    ASSERT_OK_AND_ASSIGN(const auto stored, scene_.store().FindRound(kRound));
    ASSERT_OK_AND_ASSIGN(round_, SecureRoundOf(*stored));
    secure_.emplace(scene_.store(), scene_.clock(), random_, scene_.folder());
  }

  // Everybody joins, and goes through the first two steps; `journals`: by member.
  void GoToInputs(const std::vector<JournalAt*>& journals) {
    for (const std::string& council : councils_) {
      ASSERT_OK_AND_ASSIGN(const v1::JoinSessionResponse joined, secure_->Join(council, kRound));
      ASSERT_TRUE(joined.open());
      if (session_) continue;
      ASSERT_OK_AND_ASSIGN(
          crypto::Session session,
          contract::SecureSessionOf(roster_, roster_.parts[0], round_->spec.least_contributors,
                                    catalogue::VectorOf(round_->spec_hash, "E12000001", round_->layout),
                                    joined.nonce()));
      session_.emplace(std::move(session));
    }
    std::vector<crypto::NodeKeysStep> keys;
    for (std::uint32_t i = 0; i < kMembers; ++i) {
      keys.push_back(crypto::NodeKeysStep::Start({.session = &*session_,
                                                  .self = i,
                                                  .key = &scene_.key_of(councils_[i]),
                                                  .random = &random_,
                                                  .journal = journals[i]})
                         .value());
      ASSERT_OK(Take(i, SumStep::kKeys, keys.back().message()));
    }
    for (std::uint32_t i = 0; i < kMembers; ++i) {
      ASSERT_OK_AND_ASSIGN(const StepAnswer answer, Take(i, SumStep::kKeys, keys[i].message()));
      shares_.push_back(crypto::NodeSharesStep::From(std::move(keys[i]), answer.messages).value());
      ASSERT_OK(Take(i, SumStep::kShares, shares_.back().message()));
    }
  }

  // One member's third step.
  absl::StatusOr<crypto::NodeInputStep> MakeInput(std::uint32_t i) {
    ASSIGN_OR_RETURN(StepAnswer answer, Take(i, SumStep::kShares, shares_[i].message()));
    const auto zeros = [&] {
      const std::vector<std::int64_t> cells(session_->parameters().cells);
      return crypto::RingVector::FromValues(session_->parameters().word_bits, cells);
    };
    return crypto::NodeInputStep::From(std::move(shares_[i]), std::move(answer.shares), zeros);
  }
  absl::Status Send(std::uint32_t i, const crypto::NodeInputStep& input) {
    RETURN_IF_ERROR(secure_->PutBlock(councils_[i], kRound, session_->id(), 0, input.masked()));
    return Take(i, SumStep::kInput, input.message()).status();
  }
  absl::Status SendInput(std::uint32_t i) {
    ASSIGN_OR_RETURN(const crypto::NodeInputStep input, MakeInput(i));
    return Send(i, input);
  }

  // Everybody's inputs, and the signatures over them, which are not sent.
  void SendAllInputs() {
    for (std::uint32_t i = 0; i < kMembers; ++i) {
      ASSERT_OK_AND_ASSIGN(auto input, MakeInput(i));
      inputs_.push_back(std::move(input));
      ASSERT_OK(Send(i, inputs_.back()));
    }
    for (std::uint32_t i = 0; i < kMembers; ++i) {
      ASSERT_OK_AND_ASSIGN(const StepAnswer answer, Take(i, SumStep::kInput, inputs_[i].message()));
      signs_.push_back(crypto::NodeConsistencyStep::From(std::move(inputs_[i]), answer.messages).value());
    }
  }
  // From there to where the members may open the sum.
  void SendAllSignatures() {
    for (std::uint32_t i = 0; i < kMembers; ++i) {
      ASSERT_OK(Take(i, SumStep::kConsistency, signs_[i].message()));
    }
  }
  absl::Status OpenSum(std::uint32_t i) {
    ASSIGN_OR_RETURN(const StepAnswer answer, Take(i, SumStep::kConsistency, signs_[i].message()));
    ASSIGN_OR_RETURN(const auto opens, crypto::NodeUnmaskStep::From(std::move(signs_[i]), answer.messages));
    return Take(i, SumStep::kUnmask, opens.message()).status();
  }

  // The process is gone, and another goes on.
  void Restart() {
    secure_.emplace(scene_.store(), scene_.clock(), random_, scene_.folder());
    ASSERT_OK(secure_->Restore());
  }
  std::vector<std::string> MaskedSessionsThere() { return MaskedSessions(scene_.folder()).value(); }

  absl::StatusOr<StepAnswer> Take(std::uint32_t i, SumStep step, const crypto::SignedMessage& message) {
    return secure_->Take(councils_[i], kRound, session_->id(), step, message);
  }

  // As an earlier sum would have left it.
  void Keep(std::uint32_t i, const crypto::LedgerHead& head) {
    Round earlier;
    earlier.round_id = "earlier";
    earlier.spec_hash = std::string(32, 's');
    ASSERT_OK(scene_.store().AddRound(earlier));
    ASSERT_OK(scene_.store().AddSum({.round_id = "earlier",
                                     .part = "E12000001",
                                     .bytes = "sum",
                                     .heads = {{.council = councils_[i],
                                                .signing_key = scene_.key_of(councils_[i]).public_key(),
                                                .bytes = crypto::BytesOf(head)}}}));
  }

  Scene scene_;
  crypto::SystemRandom random_;
  std::vector<std::string> councils_;
  contract::RosterEpoch roster_;
  std::optional<SecureRound> round_;
  std::optional<SecureRounds> secure_;
  std::optional<crypto::Session> session_;
  std::vector<crypto::NodeSharesStep> shares_;
  std::vector<crypto::NodeInputStep> inputs_;
  std::vector<crypto::NodeConsistencyStep> signs_;
};

TEST_F(SecureRoundsTest, AnInputFromAnOlderLedgerIsRefused_AndTheOthersGoOn) {
  JournalAt fresh(9, 'f');
  JournalAt older(4, 'o');
  JournalAt same(7, 'k');
  Keep(0, JournalAt(5, 'k').head());
  GoToInputs({&older, &fresh, &same, &fresh, &fresh, &fresh, &fresh, &fresh, &fresh, &fresh, &fresh, &fresh});
  EXPECT_THAT(SendInput(0), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("older copy")));
  EXPECT_OK(SendInput(1));
  EXPECT_OK(SendInput(2));
}

TEST_F(SecureRoundsTest, AnInputFromTheLedgerThatIsKnown_OrAFurtherOne_IsTaken) {
  JournalAt fresh(9, 'f');
  JournalAt known(5, 'k');
  Keep(0, known.head());
  GoToInputs(
      {&known, &fresh, &fresh, &fresh, &fresh, &fresh, &fresh, &fresh, &fresh, &fresh, &fresh, &fresh});
  EXPECT_OK(SendInput(0));
}

TEST_F(SecureRoundsTest, ARoundThatIsWithdrawnHasNoSession) {
  JournalAt fresh(9, 'f');
  GoToInputs(std::vector<JournalAt*>(kMembers, &fresh));
  ASSERT_OK(scene_.rounds().Withdraw(kRound, "asked by mistake"));
  secure_->Drop(kRound);
  EXPECT_THAT(SendInput(0), StatusIs(absl::StatusCode::kAborted, HasSubstr("no such session")));
  EXPECT_THAT(secure_->Join(councils_[0], kRound),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("not open")));
}

TEST_F(SecureRoundsTest, ASumIsGivenToNobody_WhenItsRoundIsWithdrawn) {
  v1::SummedPart sum;
  sum.set_session("00");
  for (int i = 0; i < 2; ++i) sum.add_cells(10);
  ASSERT_OK(
      scene_.store().AddSum({.round_id = kRound, .part = "E12000001", .bytes = sum.SerializeAsString()}));
  ASSERT_OK(secure_->TranscriptOf(kRound, "E12000001").status());
  ASSERT_OK(scene_.rounds().Withdraw(kRound, "asked by mistake"));
  EXPECT_THAT(secure_->TranscriptOf(kRound, "E12000001").status(),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("withdrawn")));
  EXPECT_THAT(secure_->Block(kRound, "E12000001", 0).status(),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("withdrawn")));
}

TEST_F(SecureRoundsTest, ARoundThatWasWithdrawnElsewhereHasNoSessionAtTheNextLook) {
  JournalAt fresh(9, 'f');
  GoToInputs(std::vector<JournalAt*>(kMembers, &fresh));
  ASSERT_OK(scene_.rounds().Withdraw(kRound, "asked by mistake"));
  secure_->Tick();
  EXPECT_THAT(SendInput(0), StatusIs(absl::StatusCode::kAborted, HasSubstr("no such session")));
}

// Each try with keys of its own, while there is time; who stays away three times is not waited for again.
TEST_F(SecureRoundsTest, ASumIsTriedThreeTimes_AndNotAgain) {
  std::set<std::string> nonces;
  for (int attempt = 1; attempt <= 3; ++attempt) {
    ASSERT_OK_AND_ASSIGN(const v1::JoinSessionResponse joined, secure_->Join(councils_[0], kRound));
    EXPECT_TRUE(nonces.insert(joined.nonce()).second) << "attempt " << attempt;
    ASSERT_OK_AND_ASSIGN(const v1::JoinSessionResponse same, secure_->Join(councils_[1], kRound));
    EXPECT_EQ(same.nonce(), joined.nonce());
    // Nobody sends keys.
    scene_.clock().Advance(attempt == 1 ? absl::Minutes(31) : absl::Minutes(5));
    secure_->Tick();
  }
  EXPECT_THAT(secure_->Join(councils_[0], kRound),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("was tried 3 times without a sum")));
  ASSERT_OK_AND_ASSIGN(const auto stored, scene_.store().FindRound(kRound));
  EXPECT_EQ(stored->state, RoundState::kOpen) << "there was time for a fourth";
}

// A coordinator that is restarted while it waits for members has tried nothing.
TEST_F(SecureRoundsTest, ASumIsTriedThreeTimes_HoweverOftenTheCoordinatorIsRestarted) {
  for (int attempt = 1; attempt <= 3; ++attempt) {
    for (int i = 0; i < 4; ++i) {
      Restart();
      ASSERT_OK(secure_->Join(councils_[0], kRound)) << "attempt " << attempt;
    }
    scene_.clock().Advance(attempt == 1 ? absl::Minutes(31) : absl::Minutes(5));
    secure_->Tick();
    EXPECT_EQ(scene_.store().TriesOf(kRound, "E12000001").value().count, attempt);
  }
  Restart();
  EXPECT_THAT(secure_->Join(councils_[0], kRound),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("was tried 3 times without a sum")));
}

TEST_F(SecureRoundsTest, ATryIsCountedBeforeAnybodyHearsOfKeys_AndTheNextHasItsRoster) {
  JournalAt fresh(9, 'f');
  GoToInputs(std::vector<JournalAt*>(kMembers, &fresh));
  EXPECT_EQ(scene_.store().TriesOf(kRound, "E12000001").value().count, 1);
  contract::SignedRoster next{.roster = roster_, .signatures = {}};
  next.roster.epoch = 2;
  next.roster.previous_hash = contract::RosterHash(roster_);
  v1::SignedRoster message;
  contract::SignedRosterToProto(next, message);
  ASSERT_OK(scene_.store().AddRoster(
      {.epoch = 2, .hash = contract::RosterHash(next.roster), .bytes = message.SerializeAsString()}));
  Restart();
  ASSERT_OK_AND_ASSIGN(const v1::JoinSessionResponse joined, secure_->Join(councils_[0], kRound));
  EXPECT_NE(joined.nonce(), session_->parameters().nonce);
  EXPECT_EQ(joined.roster_epoch(), 1U);
}

TEST_F(SecureRoundsTest, AnInputIsAcknowledged_OnlyWhenItIsOnDisk) {
  JournalAt fresh(9, 'f');
  GoToInputs(std::vector<JournalAt*>(kMembers, &fresh));
  ASSERT_OK(SendInput(1));
  ASSERT_OK_AND_ASSIGN(const crypto::NodeInputStep input, MakeInput(0));
  ASSERT_OK(secure_->PutBlock(councils_[0], kRound, session_->id(), 0, input.masked()));
  const std::string masked = scene_.folder() + "/masked";
  std::filesystem::rename(masked, masked + "-elsewhere");
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(Take(0, SumStep::kInput, input.message()),
                StatusIs(absl::StatusCode::kUnavailable, HasSubstr("writing to disk")));
  }
  std::filesystem::rename(masked + "-elsewhere", masked);
  EXPECT_OK(Take(0, SumStep::kInput, input.message()));
}

TEST_F(SecureRoundsTest, NobodyMayOpenASum_BeforeWhatFinishesItIsInTheStore) {
  JournalAt fresh(9, 'f');
  GoToInputs(std::vector<JournalAt*>(kMembers, &fresh));
  SendAllInputs();
  EXPECT_TRUE(scene_.store().Openings().value().empty());
  SendAllSignatures();
  EXPECT_EQ(scene_.store().Openings().value().size(), 1u);
  Restart();
  for (std::uint32_t i = 0; i < kMembers; ++i) ASSERT_OK(OpenSum(i));
  EXPECT_EQ(scene_.store().Sums(kRound).value().size(), 1u);
  EXPECT_EQ(MaskedSessionsThere().size(), 1u) << "members hold the sum to them";
  EXPECT_TRUE(scene_.store().Openings().value().empty());
}

TEST_F(SecureRoundsTest, MaskedInputsAreGone_WhenTheirSumComesTooLateForItsRound) {
  JournalAt fresh(9, 'f');
  GoToInputs(std::vector<JournalAt*>(kMembers, &fresh));
  SendAllInputs();
  SendAllSignatures();
  for (std::uint32_t i = 0; i + 1 < kMembers; ++i) ASSERT_OK(OpenSum(i));
  EXPECT_EQ(MaskedSessionsThere().size(), 1u);
  ASSERT_OK(scene_.rounds().Withdraw(kRound, "asked by mistake"));
  ASSERT_OK(OpenSum(kMembers - 1));
  EXPECT_TRUE(scene_.store().Sums(kRound).value().empty());
  EXPECT_TRUE(MaskedSessionsThere().empty());
}

// Too few members opened it; what they sent for it is of no use to the next try.
TEST_F(SecureRoundsTest, MaskedInputsOfATryAreGone_WhenTheNextOneBegins) {
  JournalAt fresh(9, 'f');
  GoToInputs(std::vector<JournalAt*>(kMembers, &fresh));
  SendAllInputs();
  SendAllSignatures();
  ASSERT_OK(OpenSum(0));
  scene_.clock().Advance(absl::Minutes(6));
  secure_->Tick();
  EXPECT_EQ(MaskedSessionsThere().size(), 1u) << "another process may open it yet";
  ASSERT_OK_AND_ASSIGN(const v1::JoinSessionResponse joined, secure_->Join(councils_[0], kRound));
  EXPECT_NE(joined.nonce(), session_->parameters().nonce);
  EXPECT_TRUE(MaskedSessionsThere().empty());
  EXPECT_TRUE(scene_.store().Openings().value().empty()) << "nobody can go on with it";
}

TEST_F(SecureRoundsTest, WhatADeadProcessLeftIsRemoved_ButForSumsThatWereMade) {
  v1::SummedPart sum;
  sum.set_session("5a");
  ASSERT_OK(
      scene_.store().AddSum({.round_id = kRound, .part = "E12000001", .bytes = sum.SerializeAsString()}));
  for (const char* const session : {"5a", "5b", "5c"}) {
    ASSERT_OK(FileInputStore(MaskedDirectory(scene_.folder(), session)).Put(0, 0, "masked"));
    ASSERT_OK(scene_.store().PutMaskedInput(session, 0, 0, "masked"));
  }
  ASSERT_OK(secure_->Restore());
  EXPECT_EQ(MaskedSessions(scene_.folder()).value(), std::vector<std::string>{"5a"});
  EXPECT_EQ(scene_.store().MaskedSessions().value().size(), 3u) << "there it was not looked";
  ASSERT_OK(SecureRounds(scene_.store(), scene_.clock(), random_, "").Restore());
  EXPECT_EQ(scene_.store().MaskedSessions().value(), std::vector<std::string>{"5a"});
  EXPECT_EQ(scene_.store().MaskedInput("5a", 0, 0).value(), "masked");
}

TEST_F(SecureRoundsTest, NobodyOutsideTheRosterJoins_NorToWhatIsNotSummed) {
  EXPECT_THAT(secure_->Join("E06000001", kRound),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("not in the signed roster")));
  EXPECT_THAT(secure_->Join(councils_[0], "none"), StatusIs(absl::StatusCode::kNotFound, HasSubstr("none")));
  const contract::RoundSpec plain = scene_.Spec("plain", {scene_.Item("16", v1::MODE_THRESHOLDED)});
  ASSERT_OK(scene_.rounds().Open(plain));
  EXPECT_THAT(secure_->Join(councils_[0], "plain"),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("asks for none")));
}

}  // namespace
}  // namespace waymark::coordinator
