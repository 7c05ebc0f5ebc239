// A coordinator that alters what nodes say, or the sum after it has unmasked it.
#include "crypto/merkle_tree.h"
#include "tests/unit/crypto/fake_random.h"
#include "tests/unit/crypto/secure_sum/federation.h"

namespace waymark::crypto {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;
using enum absl::StatusCode;

// A session among members 0 to 4; member 5 is corrupt and gives the coordinator its keys.
class AlteredSumAttack : public FederationTest {
 protected:
  // Member 5 sends keys, and shares only where it is to.
  void Play(bool five_shares) {
    round_ = &NewRound();
    round_->Keys({5});
    const AgreementKey mask_key = *AgreementKey::Generate(random_);
    five_key_ = std::string(mask_key.private_key().RevealSecretText());
    if (five_shares) {
      testing::SeededRandom told(5);
      round_->randoms[5] = &told;
      ASSERT_OK_AND_ASSIGN(NodeKeysStep step, NodeKeysStep::Start(round_->Seat(5)));
      ASSERT_OK(round_->keys.Add(step.message()));
      round_->at_keys.emplace(5, std::move(step));
      testing::SeededRandom again(5);
      five_key_ = std::string(AgreementKey::Generate(again)->private_key().RevealSecretText());
      ASSERT_OK(round_->Shares());
    } else {
      ASSERT_OK(round_->keys.Add(*Sign(
          round_->session,
          KeysMessage{5, mask_key.public_key(), AgreementKey::Generate(random_)->public_key()}, key(5))));
      ASSERT_OK(round_->Shares());
    }
    ASSERT_OK(round_->Inputs(values_, {5}));
    ASSERT_OK(round_->Consistency());
    ASSERT_OK(round_->Unmask());
    ASSERT_OK_AND_ASSIGN(SecureSum published, round_->unmask->Finish());
    EXPECT_EQ(published.sum.ToValues(), SumOf({0, 1, 2, 3, 4}));
    transcript_ = std::move(published.transcript);
  }

  std::vector<ProvenBlock> Blocks() const {
    std::vector<ProvenBlock> blocks;
    for (std::uint32_t member = 0; member < 5; ++member) {
      blocks.push_back({.bytes = *round_->store.Get(member, 0), .proof = {}});
    }
    return blocks;
  }
  // What a member finds who is shown `transcript` and a sum that was made to fit it.
  absl::Status CheckWithAFittingSum(const Transcript& transcript) const {
    const auto checked = CheckedTranscript::Check(round_->session, transcript);
    if (!checked.ok()) return checked.status();
    RingVector fitting(64, kCells);
    for (const ProvenBlock& block : Blocks()) {
      EXPECT_OK(fitting.AddBytes(0, block.bytes));
    }
    EXPECT_OK(checked->Unmask(round_->session, 0, fitting));
    EXPECT_NE(fitting.ToValues(), SumOf({0, 1, 2, 3, 4})) << "it is no attack";
    return CheckSumBlock(round_->session, *checked, 0, Blocks(), fitting.bytes());
  }

  TestRound* round_ = nullptr;
  Transcript transcript_;
  std::string five_key_;
};

TEST_F(AlteredSumAttack, OneAddedToOneCellIsFound) {
  Play(false);
  ASSERT_OK_AND_ASSIGN(const CheckedTranscript checked,
                       CheckedTranscript::Check(round_->session, transcript_));
  std::vector<std::int64_t> sum = SumOf({0, 1, 2, 3, 4});
  EXPECT_OK(CheckSumBlock(round_->session, checked, 0, Blocks(), Vector(sum).bytes()));
  for (std::size_t cell = 0; cell < kCells; ++cell) {
    std::vector<std::int64_t> altered = sum;
    ++altered[cell];
    EXPECT_THAT(CheckSumBlock(round_->session, checked, 0, Blocks(), Vector(altered).bytes()),
                StatusIs(kDataLoss, HasSubstr("of the sum is wrong")));
  }
}

TEST_F(AlteredSumAttack, AnAlteredInputUnderAFittingSumIsFound) {
  Play(false);
  ASSERT_OK_AND_ASSIGN(const CheckedTranscript checked,
                       CheckedTranscript::Check(round_->session, transcript_));
  std::vector<ProvenBlock> blocks = Blocks();
  RingVector input(64, kCells);
  ASSERT_OK(input.AddBytes(0, blocks[1].bytes));
  ASSERT_OK(input.Add(Vector({100, 0, 0, 0})));
  blocks[1].bytes = std::string(input.bytes());
  std::vector<std::int64_t> sum = SumOf({0, 1, 2, 3, 4});
  sum[0] += 100;
  EXPECT_THAT(CheckSumBlock(round_->session, checked, 0, blocks, Vector(sum).bytes()),
              StatusIs(kDataLoss, HasSubstr("not what it signed")));
}

TEST_F(AlteredSumAttack, MasksOfAMemberThatSentNoSharesAreNotTakenOff) {
  Play(false);
  Transcript altered = transcript_;
  altered.mask_keys.push_back({.member = 5, .secret = five_key_});
  EXPECT_THAT(CheckWithAFittingSum(altered), StatusIs(kDataLoss, HasSubstr("than the transcript names")));
}

TEST_F(AlteredSumAttack, MasksOfAMemberThatLeftAreNotLeftOn) {
  Play(true);
  ASSERT_EQ(transcript_.mask_keys.size(), 1u);
  EXPECT_EQ(transcript_.mask_keys[0].secret, five_key_);
  Transcript altered = transcript_;
  altered.mask_keys.clear();
  EXPECT_THAT(CheckWithAFittingSum(altered), StatusIs(kDataLoss, HasSubstr("than the transcript names")));
}

TEST_F(AlteredSumAttack, ASeedWithAZeroByteMoreIsFound) {
  Play(false);
  Transcript altered = transcript_;
  altered.seeds[0].secret += '\0';
  EXPECT_THAT(CheckWithAFittingSum(altered), StatusIs(kDataLoss, HasSubstr("does not open")));
}

TEST_F(AlteredSumAttack, AnotherSeedOrMaskKeyIsFound) {
  Play(true);
  Transcript altered = transcript_;
  altered.seeds[0].secret = std::string(32, 's');
  EXPECT_THAT(CheckWithAFittingSum(altered), StatusIs(kDataLoss, HasSubstr("does not open")));
  altered = transcript_;
  altered.mask_keys[0].secret =
      std::string(AgreementKey::Generate(random_)->private_key().RevealSecretText());
  EXPECT_THAT(CheckWithAFittingSum(altered), StatusIs(kDataLoss, HasSubstr("not the advertised one")));
}

class AlteredWordAttack : public FederationTest {};

TEST_F(AlteredWordAttack, ANodeStops_WhenItsKeysWereExchangedForOthers) {
  // The node's own signature over other keys: got by another way, in the time before this session, say.
  TestRound& round = AtKeys();
  std::vector<SignedMessage> keys;
  for (const auto& [member, step] : round.at_keys) keys.push_back(step.message());
  const AgreementKey mine = *AgreementKey::Generate(random_);
  const AgreementKey mine_too = *AgreementKey::Generate(random_);
  keys[2] = *Sign(round.session, KeysMessage{2, mine.public_key(), mine_too.public_key()}, key(2));
  EXPECT_THAT(NodeSharesStep::From(std::move(round.at_keys.at(2)), keys),
              StatusIs(kDataLoss, HasSubstr("the keys of this node")));
}

TEST_F(AlteredWordAttack, ANodeStops_WhenItIsLeftOutOfTheSumItsInputIsIn) {
  TestRound& round = AtConsistency({2});
  std::vector<SignedMessage> inputs = round.consistency->Inputs();
  inputs.erase(inputs.begin() + 2);
  EXPECT_THAT(NodeConsistencyStep::From(std::move(round.at_input.at(2)), inputs),
              StatusIs(kDataLoss, HasSubstr("the input of this node")));
}

TEST_F(AlteredWordAttack, ANodeStops_WhenAContributorIsNamedThatSentItNoShares) {
  // The coordinator kept member 5's shares from member 2, which is therefore not masked against it.
  TestRound& round = AtShares();
  ASSERT_OK(round.Inputs(values_, {2}));
  std::vector<SealedShares> shares = round.inputs->SharesFor(2);
  shares.pop_back();
  ASSERT_OK_AND_ASSIGN(NodeInputStep step,
                       NodeInputStep::From(std::move(round.at_shares.at(2)), shares, Gives(values_[2])));
  std::vector<SignedMessage> inputs;
  for (std::uint32_t member = 0; member < kMembers; ++member) {
    inputs.push_back(member == 2 ? step.message() : round.at_input.at(member).message());
  }
  EXPECT_THAT(NodeConsistencyStep::From(std::move(step), inputs),
              StatusIs(kInvalidArgument, HasSubstr("E00000005 is said to have contributed")));
}

TEST_F(AlteredWordAttack, ANodeMasksNothing_WhenItsLedgerHasNoCharge) {
  TestRound& round = AtShares();
  ASSERT_OK(round.Inputs(values_, {2}));
  journal(2).is_charged = false;
  EXPECT_THAT(
      NodeInputStep::From(std::move(round.at_shares.at(2)), round.inputs->SharesFor(2), Gives(values_[2])),
      StatusIs(kFailedPrecondition, HasSubstr("no charge")));
}

}  // namespace
}  // namespace waymark::crypto
