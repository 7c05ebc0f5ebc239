// One session at the coordinator: steps that end when all have answered or when their time is over.
#include "coordinator/rounds/secure_session.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "coordinator/rounds/file_input_store.h"
#include "crypto/hash.h"
#include "crypto/secure_sum/masks.h"
#include "crypto/secure_sum/node_steps.h"
#include "tests/testing/no_journal.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using ::testing::HasSubstr;
using waymark::testing::StatusIs;

constexpr std::size_t kMembers = 4;  // t = u_min = 3
constexpr std::size_t kCells = 3;

class SecureSessionTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::vector<crypto::SessionMember> members;
    for (std::size_t i = 0; i < kMembers; ++i) {
      keys_.push_back(crypto::SigningKey::Generate(random_).value());
      members.push_back({.id = absl::StrCat("E0600000", i), .signing_key = keys_.back().public_key()});
    }
    crypto::SessionParameters parameters = crypto::SafeParameters(members, 3, kCells, 1000);
    parameters.roster_hash = crypto::Sha256("roster");
    parameters.spec_hash = crypto::Sha256("spec");
    parameters.nonce = crypto::Sha256("nonce");
    session_ = std::make_unique<SecureSession>(
        crypto::Session::Create(std::move(parameters)).value(),
        std::make_unique<FileInputStore>(folder_.path() + "/masked"),
        StepLimits{.keys_until = now_ + absl::Minutes(10), .each_further = absl::Minutes(1)});
  }

  crypto::NodeSeat Seat(std::uint32_t i) {
    return {.session = &session_->session(),
            .self = i,
            .key = &keys_[i],
            .random = &random_,
            .journal = &journal_};
  }
  absl::StatusOr<StepAnswer> Take(std::uint32_t i, SumStep step, const crypto::SignedMessage& message) {
    return session_->Take(i, step, message, now_);
  }

  // The keys of these members, and their steps.
  void Keys(const std::vector<std::uint32_t>& members) {
    for (const std::uint32_t i : members) {
      at_keys_.emplace(i, crypto::NodeKeysStep::Start(Seat(i)).value());
      ASSERT_OK(Take(i, SumStep::kKeys, at_keys_.at(i).message()));
    }
  }
  void Shares(const std::vector<std::uint32_t>& members) {
    for (const std::uint32_t i : members) {
      ASSERT_OK_AND_ASSIGN(const StepAnswer keys, Take(i, SumStep::kKeys, at_keys_.at(i).message()));
      ASSERT_TRUE(keys.ready);
      at_shares_.emplace(i, crypto::NodeSharesStep::From(std::move(at_keys_.at(i)), keys.messages).value());
      ASSERT_OK(Take(i, SumStep::kShares, at_shares_.at(i).message()));
    }
  }
  void Inputs(const std::vector<std::uint32_t>& members) {
    for (const std::uint32_t i : members) {
      ASSERT_OK_AND_ASSIGN(StepAnswer shares, Take(i, SumStep::kShares, at_shares_.at(i).message()));
      ASSERT_TRUE(shares.ready);
      const std::vector<std::int64_t> values = {i + 1, 10 * (i + 1), -5};
      const auto input = [&] {
        return crypto::RingVector::FromValues(session_->session().parameters().word_bits, values);
      };
      at_input_.emplace(
          i,
          crypto::NodeInputStep::From(std::move(at_shares_.at(i)), std::move(shares.shares), input).value());
      EXPECT_THAT(Take(i, SumStep::kInput, at_input_.at(i).message()),
                  StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("blocks")));
      ASSERT_OK(session_->PutBlock(i, 0, at_input_.at(i).masked()));
      EXPECT_THAT(Take(i, SumStep::kInput, at_input_.at(i).message()),
                  StatusIs(absl::StatusCode::kUnavailable, HasSubstr("not on disk")));
      ASSERT_OK(session_->store()->Sync(i));
      session_->OnDisk(i, session_->BlocksPut(i));
      ASSERT_OK(Take(i, SumStep::kInput, at_input_.at(i).message()));
    }
  }
  void Finish(const std::vector<std::uint32_t>& members) {
    std::map<std::uint32_t, crypto::NodeConsistencyStep> at_consistency;
    for (const std::uint32_t i : members) {
      ASSERT_OK_AND_ASSIGN(const StepAnswer inputs, Take(i, SumStep::kInput, at_input_.at(i).message()));
      ASSERT_TRUE(inputs.ready);
      at_consistency.emplace(
          i, crypto::NodeConsistencyStep::From(std::move(at_input_.at(i)), inputs.messages).value());
      ASSERT_OK(Take(i, SumStep::kConsistency, at_consistency.at(i).message()));
    }
    for (const std::uint32_t i : members) {
      ASSERT_OK_AND_ASSIGN(const StepAnswer signatures,
                           Take(i, SumStep::kConsistency, at_consistency.at(i).message()));
      ASSERT_TRUE(signatures.ready);
      const auto unmask = crypto::NodeUnmaskStep::From(std::move(at_consistency.at(i)), signatures.messages);
      ASSERT_OK(unmask);
      ASSERT_OK_AND_ASSIGN(const StepAnswer done, Take(i, SumStep::kUnmask, unmask->message()));
      EXPECT_EQ(done.ready, i == members.back());
    }
  }

  coordinator::testing::TemporaryFolder folder_;
  absl::Time now_ = absl::FromUnixSeconds(1'780'000'000);
  crypto::SystemRandom random_;
  crypto::NoJournal journal_;
  std::vector<crypto::SigningKey> keys_;
  std::unique_ptr<SecureSession> session_;
  std::map<std::uint32_t, crypto::NodeKeysStep> at_keys_;
  std::map<std::uint32_t, crypto::NodeSharesStep> at_shares_;
  std::map<std::uint32_t, crypto::NodeInputStep> at_input_;
};

TEST_F(SecureSessionTest, GoesThrough_WhenAllAnswer) {
  Keys({0, 1, 2, 3});
  Shares({0, 1, 2, 3});
  Inputs({0, 1, 2, 3});
  Finish({0, 1, 2, 3});
  ASSERT_TRUE(session_->sum().has_value());
  EXPECT_EQ(session_->sum()->sum.ToValues(), (std::vector<std::int64_t>{10, 100, -20}));
}

TEST_F(SecureSessionTest, GoesOnWithoutWhoStaysAway_WhenTheStepsTimeIsOver) {
  Keys({0, 1, 3});
  ASSERT_OK_AND_ASSIGN(const StepAnswer waiting, Take(0, SumStep::kKeys, at_keys_.at(0).message()));
  EXPECT_FALSE(waiting.ready);
  now_ += absl::Minutes(11);
  Shares({0, 1, 3});
  const auto late = crypto::NodeKeysStep::Start(Seat(2));
  ASSERT_OK(late);
  EXPECT_THAT(Take(2, SumStep::kKeys, late->message()),
              StatusIs(absl::StatusCode::kAborted, HasSubstr("without this member")));
  Inputs({0, 1, 3});
  Finish({0, 1, 3});
  ASSERT_TRUE(session_->sum().has_value());
  EXPECT_EQ(session_->sum()->sum.ToValues(), (std::vector<std::int64_t>{7, 70, -15}));
}

TEST_F(SecureSessionTest, IsOver_WhenTooFewAreLeft) {
  Keys({0, 1, 2});
  now_ += absl::Minutes(11);
  Shares({0, 1});
  now_ += absl::Minutes(2);
  EXPECT_THAT(Take(0, SumStep::kShares, at_shares_.at(0).message()),
              StatusIs(absl::StatusCode::kAborted, HasSubstr("at least 3 are needed")));
  EXPECT_EQ(session_->failure().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_FALSE(session_->sum().has_value());
}

TEST_F(SecureSessionTest, RefusesStepsOutOfTurn_AndWhatIsNotItsMembers) {
  Keys({0, 1});
  EXPECT_THAT(Take(0, SumStep::kShares, at_keys_.at(0).message()),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("not yet at shares")));
  crypto::SignedMessage forged = at_keys_.at(1).message();
  forged.body.back() = static_cast<char>(forged.body.back() ^ 1);
  EXPECT_THAT(Take(1, SumStep::kKeys, forged),
              StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("not signed")));
  EXPECT_THAT(session_->PutBlock(0, 0, "x"), StatusIs(absl::StatusCode::kAborted, HasSubstr("no input now")));
}

TEST_F(SecureSessionTest, MaskedInputsAreGone_WhenItEndsWithoutASum) {
  Keys({0, 1, 2, 3});
  Shares({0, 1, 2, 3});
  Inputs({0, 1});
  EXPECT_TRUE(std::filesystem::exists(folder_.path() + "/masked"));
  now_ += absl::Minutes(2);
  session_->Tick(now_);
  EXPECT_EQ(session_->failure().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_FALSE(std::filesystem::exists(folder_.path() + "/masked"));
}

TEST_F(SecureSessionTest, AnInputWaits_WhileBlocksOfItAreNotOnDisk) {
  Keys({0, 1, 2, 3});
  Shares({0, 1, 2, 3});
  const std::string block(crypto::InputBlockBytes(session_->session(), 0), 'x');
  ASSERT_OK(session_->PutBlock(0, 0, block));
  const std::size_t first = session_->BlocksPut(0);
  ASSERT_OK(session_->PutBlock(0, 0, std::string(block.size(), 'y')));  // while the first is on its way there
  EXPECT_EQ(session_->BlocksPut(0), 2U);
  session_->OnDisk(0, first);
  EXPECT_FALSE(session_->IsOnDisk(0));
  session_->OnDisk(0, 2);
  session_->OnDisk(0, first);  // of another call, which took longer
  EXPECT_TRUE(session_->IsOnDisk(0));
  EXPECT_TRUE(session_->IsOnDisk(1)) << "it has sent nothing";
}

TEST_F(SecureSessionTest, BlocksWhoseMessageCameTooLateAreGone_WhenTheSessionGoesOn) {
  Keys({0, 1, 2, 3});
  Shares({0, 1, 2, 3});
  Inputs({0, 1, 2});
  const std::string block(crypto::InputBlockBytes(session_->session(), 0), 'x');
  ASSERT_OK(session_->PutBlock(3, 0, block));
  ASSERT_OK(session_->store()->Get(3, 0));
  now_ += absl::Minutes(2);
  session_->Tick(now_);
  EXPECT_EQ(session_->step(), SumStep::kConsistency);
  EXPECT_THAT(session_->PutBlock(3, 0, block), StatusIs(absl::StatusCode::kAborted, HasSubstr("no input")));
  EXPECT_THAT(session_->store()->Get(3, 0), StatusIs(absl::StatusCode::kNotFound, HasSubstr("never sent")));
  EXPECT_OK(session_->store()->Get(2, 0));
  Finish({0, 1, 2});
  EXPECT_OK(session_->store()->Get(2, 0)) << "members hold the sum to it";
}

class ResumedSessionTest : public SecureSessionTest {
 protected:
  // Up to where the contributors may open the sum: three of them, and one that left after its shares.
  void OpenSum() {
    Keys({0, 1, 2, 3});
    Shares({0, 1, 2, 3});
    Inputs({0, 1, 2});
    now_ += absl::Minutes(2);
    for (const std::uint32_t i : {0u, 1u, 2u}) {
      ASSERT_OK_AND_ASSIGN(const StepAnswer inputs, Take(i, SumStep::kInput, at_input_.at(i).message()));
      ASSERT_TRUE(inputs.ready);
      at_consistency_.emplace(
          i, crypto::NodeConsistencyStep::From(std::move(at_input_.at(i)), inputs.messages).value());
      EXPECT_FALSE(session_->Opening().has_value());
      ASSERT_OK(Take(i, SumStep::kConsistency, at_consistency_.at(i).message()));
    }
  }
  crypto::SignedMessage SharesOf(std::uint32_t i) {
    const StepAnswer signatures = Take(i, SumStep::kConsistency, at_consistency_.at(i).message()).value();
    EXPECT_TRUE(signatures.ready);
    return crypto::NodeUnmaskStep::From(std::move(at_consistency_.at(i)), signatures.messages)->message();
  }
  // The process is gone, and another goes on with what it kept. Members still have the old one's session.
  absl::Status Restart(const crypto::OpeningSum& kept) {
    gone_.push_back(std::move(session_));
    session_ = std::make_unique<SecureSession>(
        crypto::Session::Create(gone_.back()->session().parameters()).value(),
        std::make_unique<FileInputStore>(folder_.path() + "/masked"), StepLimits{});
    return session_->Resume(kept, now_ + absl::Minutes(1));
  }

  std::map<std::uint32_t, crypto::NodeConsistencyStep> at_consistency_;
  std::vector<std::unique_ptr<SecureSession>> gone_;
};

TEST_F(ResumedSessionTest, MakesTheVerySameSum_HoweverManySharesWereThere) {
  OpenSum();
  ASSERT_TRUE(session_->Opening().has_value());
  const crypto::OpeningSum kept = *session_->Opening();
  std::vector<crypto::SignedMessage> shares;
  for (const std::uint32_t i : {0u, 1u, 2u}) {
    // Dies before this member's shares are in; it had the signatures, or asks for them again.
    ASSERT_OK(Restart(kept));
    for (const crypto::SignedMessage& earlier : shares) ASSERT_OK(session_->TakeKept(earlier));
    shares.push_back(SharesOf(i));
    ASSERT_OK(Take(i, SumStep::kUnmask, shares.back()));
    EXPECT_EQ(session_->sum().has_value(), i == 2);
  }
  EXPECT_EQ(session_->sum()->sum.ToValues(), (std::vector<std::int64_t>{6, 60, -15}));
  EXPECT_FALSE(session_->Opening().has_value());
  // And where all were there, but not the sum.
  ASSERT_OK(Restart(kept));
  for (const crypto::SignedMessage& earlier : shares) ASSERT_OK(session_->TakeKept(earlier));
  session_->Tick(now_);
  ASSERT_TRUE(session_->sum().has_value());
  EXPECT_EQ(session_->sum()->sum.ToValues(), (std::vector<std::int64_t>{6, 60, -15}));
  EXPECT_THAT(Take(3, SumStep::kInput, shares[0]),
              StatusIs(absl::StatusCode::kAborted, HasSubstr("without")));
}

TEST_F(ResumedSessionTest, IsRefused_WhenWhatWasKeptIsNotWhole) {
  OpenSum();
  const crypto::OpeningSum kept = *session_->Opening();
  crypto::OpeningSum altered = kept;
  altered.inputs.pop_back();
  EXPECT_THAT(Restart(altered), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("2 members sent")));
  altered = kept;
  altered.signatures.resize(2);
  EXPECT_THAT(Restart(altered),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("2 members signed")));
  altered = kept;
  altered.signatures.back() = altered.signatures.front();
  EXPECT_THAT(Restart(altered), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("stands twice")));
  altered = kept;
  altered.keys.front().signature = altered.keys.back().signature;
  EXPECT_THAT(Restart(altered), StatusIs(absl::StatusCode::kUnauthenticated, HasSubstr("not signed")));
  for (const std::vector<std::uint32_t>& sharers :
       {std::vector<std::uint32_t>{0, 1}, {0, 1, 2, 9}, {0, 1, 3}}) {
    altered = kept;
    altered.sharers = sharers;
    EXPECT_THAT(Restart(altered), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("fit together")));
  }
  FileInputStore store(folder_.path() + "/masked");
  ASSERT_OK_AND_ASSIGN(std::string block, store.Get(1, 0));
  block[3] = static_cast<char>(block[3] ^ 1);
  ASSERT_OK(store.Put(1, 0, block));
  EXPECT_THAT(Restart(kept), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("altered")));
}

// Another process may open it yet.
TEST_F(ResumedSessionTest, MaskedInputsStay_WhenTheTimeForItsSharesIsOver) {
  OpenSum();
  now_ += absl::Minutes(2);
  session_->Tick(now_);
  EXPECT_FALSE(session_->failure().ok());
  EXPECT_OK(FileInputStore(folder_.path() + "/masked").Get(2, 0));
}

TEST(FileInputStoreTest, GivesBackWhatWasPut_AndNothingElse) {
  coordinator::testing::TemporaryFolder folder;
  FileInputStore store(folder.path() + "/deep/masked");
  const std::string whole(64 * 1024, 'a');
  ASSERT_OK(store.Put(7, 0, whole));
  ASSERT_OK(store.Put(7, 1, "short"));
  ASSERT_OK_AND_ASSIGN(const std::string first, store.Get(7, 0));
  EXPECT_EQ(first, whole);
  ASSERT_OK_AND_ASSIGN(const std::string last, store.Get(7, 1));
  EXPECT_EQ(last, "short");
  EXPECT_THAT(store.Get(7, 2), StatusIs(absl::StatusCode::kNotFound, HasSubstr("never sent")));
  EXPECT_THAT(store.Get(8, 0), StatusIs(absl::StatusCode::kNotFound, HasSubstr("never sent")));
  const auto mode = std::filesystem::status(folder.path() + "/deep/masked").permissions();
  EXPECT_EQ(mode & std::filesystem::perms::group_all, std::filesystem::perms::none);
  EXPECT_OK(store.Sync(7));
  EXPECT_THAT(store.Sync(8), StatusIs(absl::StatusCode::kUnavailable, HasSubstr("writing to disk")));
  ASSERT_OK(store.Put(9, 0, "another's"));
  EXPECT_OK(store.Drop(7));
  EXPECT_OK(store.Drop(7));
  EXPECT_THAT(store.Get(7, 0), StatusIs(absl::StatusCode::kNotFound, HasSubstr("never sent")));
  EXPECT_EQ(store.Get(9, 0).value(), "another's");
  ASSERT_OK(store.Put(7, 0, whole));
  EXPECT_OK(store.Clear());
  EXPECT_THAT(store.Get(7, 0), StatusIs(absl::StatusCode::kNotFound, HasSubstr("never sent")));
  EXPECT_THAT(store.Sync(7), StatusIs(absl::StatusCode::kUnavailable, HasSubstr("writing to disk")));
}

TEST(FileInputStoreTest, EveryBlockOfEverySessionIsFound) {
  coordinator::testing::TemporaryFolder folder;
  EXPECT_TRUE(MaskedSessions(folder.path()).value().empty());
  using Block = std::tuple<std::string, std::uint32_t, std::size_t, std::string>;
  const std::string whole(64 * 1024, 'a');
  const std::vector<Block> put = {
      {"0a", 2, 0, whole}, {"0a", 2, 1, "end"}, {"0a", 10, 0, whole}, {"0b", 0, 0, "b"}};
  for (const auto& [session, member, block, bytes] : put) {
    ASSERT_OK(FileInputStore(MaskedDirectory(folder.path(), session)).Put(member, block, bytes));
  }
  EXPECT_EQ(MaskedSessions(folder.path()).value(), (std::vector<std::string>{"0a", "0b"}));
  std::vector<Block> found;
  ASSERT_OK(ForEachMaskedBlock(folder.path(), [&](absl::string_view session, std::uint32_t member,
                                                  std::size_t block, absl::string_view bytes) {
    found.emplace_back(session, member, block, bytes);
    return absl::OkStatus();
  }));
  EXPECT_EQ(found, put);
}

}  // namespace
}  // namespace waymark::coordinator
