#include "crypto/secure_sum/transcript.h"

#include "crypto/merkle_tree.h"
#include "tests/unit/crypto/secure_sum/federation.h"

namespace waymark::crypto {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;
using enum absl::StatusCode;

// A finished session over three blocks, the last of them short; member 5 left before its input.
class TranscriptTest : public FederationTest {
 protected:
  static constexpr std::uint64_t kManyCells = 2 * kInputBlockBytes / 8 + 100;

  void SetUp() override {
    SessionParameters p = NextParameters();
    p.cells = kManyCells;
    round_ = &NewRound(p);
    many_.assign(kMembers, std::vector<std::int64_t>(kManyCells));
    for (std::uint32_t i = 0; i < kMembers; ++i) {
      for (std::size_t cell = 0; cell < kManyCells; ++cell) many_[i][cell] = static_cast<int>(cell) * (i + 1);
    }
    round_->Keys();
    ASSERT_OK(round_->Shares());
    ASSERT_OK(round_->Inputs(many_, {5}));
    for_the_late_ = round_->inputs->SharesFor(5);
    ASSERT_OK(round_->Consistency());
    ASSERT_OK(round_->Unmask());
    ASSERT_OK_AND_ASSIGN(SecureSum sum, round_->unmask->Finish());
    sum_ = std::string(sum.sum.bytes());
    transcript_ = std::move(sum.transcript);
  }

  // What the coordinator hands a member that asks for one block.
  std::vector<ProvenBlock> Blocks(std::size_t index) const {
    std::vector<ProvenBlock> blocks;
    for (std::uint32_t member = 0; member < 5; ++member) {
      std::string all;
      for (std::size_t i = 0; i < InputBlocks(session()); ++i) all += *round_->store.Get(member, i);
      blocks.push_back({.bytes = *round_->store.Get(member, index),
                        .proof = MerkleProof(InputBlockHashes(session(), member, all), index)});
    }
    return blocks;
  }
  std::string SumBlock(std::size_t index) const {
    return sum_.substr(index * kInputBlockBytes, kInputBlockBytes);
  }
  CheckedTranscript Checked() const { return *CheckedTranscript::Check(session(), transcript_); }
  absl::Status CheckAll(const Transcript& transcript) const {
    return CheckedTranscript::Check(session(), transcript).status();
  }
  const Session& session() const { return round_->session; }

  TestRound* round_ = nullptr;
  std::vector<std::vector<std::int64_t>> many_;
  std::vector<SealedShares> for_the_late_;
  std::string sum_;
  Transcript transcript_;
};

TEST_F(TranscriptTest, EveryBlockOfAnHonestSumIsRight) {
  const CheckedTranscript checked = Checked();
  ASSERT_EQ(InputBlocks(session()), 3u);
  for (std::size_t index = 0; index < 3; ++index) {
    EXPECT_OK(CheckSumBlock(session(), checked, index, Blocks(index), SumBlock(index)));
  }
  EXPECT_THAT(checked.contributors(), ::testing::ElementsAre(0, 1, 2, 3, 4));
  EXPECT_EQ(checked.inputs_root(session()),
            ReadConsistency(session(), round_->unmask->Signatures()[0])->root);
}

TEST_F(TranscriptTest, ASumThatDiffersByOneInOneCellIsFound) {
  const CheckedTranscript checked = Checked();
  for (const std::size_t index : {0ul, 2ul}) {
    for (const std::size_t at : {std::size_t{0}, SumBlock(index).size() - 1}) {
      std::string altered = SumBlock(index);
      altered[at] = static_cast<char>(altered[at] + 1);
      EXPECT_THAT(CheckSumBlock(session(), checked, index, Blocks(index), altered),
                  StatusIs(kDataLoss, HasSubstr("of the sum is wrong")));
    }
  }
}

TEST_F(TranscriptTest, BlocksAreHeldToTheRootsThatMembersSigned) {
  const CheckedTranscript checked = Checked();
  const auto expect_refused = [&](const std::vector<ProvenBlock>& blocks, std::size_t index,
                                  const std::string& sum, const char* message) {
    EXPECT_THAT(CheckSumBlock(session(), checked, index, blocks, sum),
                StatusIs(kDataLoss, HasSubstr(message)));
  };
  constexpr char kNotSigned[] = "not what it signed";
  std::vector<ProvenBlock> blocks = Blocks(1);
  // An altered input, with a sum that fits it: the sum alone would not tell.
  blocks[3].bytes[0] = static_cast<char>(blocks[3].bytes[0] + 1);
  std::string fitting = SumBlock(1);
  fitting[0] = static_cast<char>(fitting[0] + 1);
  expect_refused(blocks, 1, fitting, kNotSigned);
  blocks = Blocks(1);
  std::swap(blocks[0], blocks[1]);
  expect_refused(blocks, 1, SumBlock(1), kNotSigned);
  blocks = Blocks(1);
  blocks[2].proof.pop_back();
  expect_refused(blocks, 1, SumBlock(1), kNotSigned);
  expect_refused(Blocks(0), 1, SumBlock(1), kNotSigned);  // another place's
  blocks = Blocks(1);
  blocks.pop_back();
  expect_refused(blocks, 1, SumBlock(1), "not there as it should be");
  expect_refused(Blocks(1), 3, SumBlock(1), "not there as it should be");
  expect_refused(Blocks(1), 1, SumBlock(1).substr(8), "not there as it should be");
  blocks = Blocks(1);
  blocks[0].bytes.pop_back();
  expect_refused(blocks, 1, SumBlock(1), kNotSigned);
}

TEST_F(TranscriptTest, IsRefused_WhenASeedIsNotTheOneCommittedTo) {
  Transcript altered = transcript_;
  altered.seeds[2].secret[5] = static_cast<char>(altered.seeds[2].secret[5] ^ 1);
  EXPECT_THAT(CheckAll(altered), StatusIs(kDataLoss, HasSubstr("does not open its commitment")));
  altered = transcript_;
  std::swap(altered.seeds[0].secret, altered.seeds[1].secret);
  EXPECT_THAT(CheckAll(altered), StatusIs(kDataLoss, HasSubstr("does not open its commitment")));
  altered = transcript_;
  std::swap(altered.seeds[0], altered.seeds[1]);
  EXPECT_THAT(CheckAll(altered), StatusIs(kDataLoss, HasSubstr("does not open its commitment")));
  altered = transcript_;
  altered.seeds.pop_back();
  EXPECT_THAT(CheckAll(altered), StatusIs(kDataLoss, HasSubstr("seed is missing")));
  altered = transcript_;
  altered.seeds.push_back(altered.seeds[0]);
  EXPECT_THAT(CheckAll(altered), StatusIs(kDataLoss, HasSubstr("one too many")));
}

// HMAC fills a short key up with zero bytes, so the commitment alone does not tell these from the seed; the
// masks that are derived from them are others, and with them the sum.
TEST_F(TranscriptTest, IsRefused_WhenASeedHasZeroBytesMore) {
  for (const std::size_t more : {1u, 32u}) {
    Transcript altered = transcript_;
    altered.seeds[2].secret += std::string(more, '\0');
    EXPECT_EQ(SeedCommitment(session(), 2, SecretBytes(altered.seeds[2].secret)),
              SeedCommitment(session(), 2, SecretBytes(transcript_.seeds[2].secret)));
    EXPECT_THAT(CheckAll(altered), StatusIs(kDataLoss, HasSubstr("does not open its commitment")));
  }
}

TEST_F(TranscriptTest, IsRefused_WhenAMaskKeyIsNotTheAdvertisedOne) {
  Transcript altered = transcript_;
  altered.mask_keys[0].secret[5] = static_cast<char>(altered.mask_keys[0].secret[5] ^ 1);
  EXPECT_THAT(CheckAll(altered), StatusIs(kDataLoss, HasSubstr("not the advertised one")));
  altered = transcript_;
  altered.mask_keys[0].secret += '\0';
  EXPECT_THAT(CheckAll(altered), StatusIs(kDataLoss, HasSubstr("not the advertised one")));
  altered = transcript_;
  altered.mask_keys[0].member = 4;  // a contributor's: with both its vector would lie open
  EXPECT_THAT(CheckAll(altered), StatusIs(kDataLoss, HasSubstr("should not be")));
  altered = transcript_;
  altered.mask_keys.push_back(altered.mask_keys[0]);
  EXPECT_THAT(CheckAll(altered), StatusIs(kDataLoss, HasSubstr("should not be")));
  altered = transcript_;
  altered.mask_keys[0].member = kMembers;
  EXPECT_THAT(CheckAll(altered), StatusIs(kDataLoss, HasSubstr("should not be")));
}

// Whose masks are taken off is not the coordinator's to choose: members said whom theirs are against.
TEST_F(TranscriptTest, IsRefused_WhenAMaskKeyIsLeftOut) {
  Transcript altered = transcript_;
  altered.mask_keys.clear();
  EXPECT_THAT(CheckAll(altered), StatusIs(kDataLoss, HasSubstr("others than the transcript names")));
}

TEST_F(TranscriptTest, IsRefused_WhenAContributorIsMissing) {
  Transcript altered = transcript_;
  altered.inputs.pop_back();
  altered.seeds.pop_back();
  EXPECT_THAT(CheckAll(altered), StatusIs(kFailedPrecondition, HasSubstr("4 contributors")));
  altered.inputs.clear();
  altered.seeds.clear();
  EXPECT_THAT(CheckAll(altered), StatusIs(kFailedPrecondition, HasSubstr("0 contributors")));
}

TEST_F(TranscriptTest, IsRefused_WhenItsMessagesAreNotAsTheyShouldBe) {
  Transcript altered = transcript_;
  altered.inputs[3] = altered.inputs[2];
  EXPECT_THAT(CheckAll(altered), StatusIs(kInvalidArgument, HasSubstr("must rise")));
  altered = transcript_;
  altered.inputs[3].signature = altered.inputs[2].signature;
  EXPECT_THAT(CheckAll(altered), StatusIs(kUnauthenticated, HasSubstr("E00000003")));
  altered = transcript_;
  altered.keys[3].signature = altered.keys[2].signature;
  EXPECT_THAT(CheckAll(altered), StatusIs(kUnauthenticated, HasSubstr("E00000003")));
  altered = transcript_;
  altered.keys.push_back(altered.keys[0]);
  EXPECT_THAT(CheckAll(altered), StatusIs(kInvalidArgument, HasSubstr("keys twice")));
  altered = transcript_;
  altered.keys.erase(altered.keys.begin() + 1);
  EXPECT_THAT(CheckAll(altered), StatusIs(kDataLoss, HasSubstr("without keys")));
  const Session another = *Session::Create(NextParameters());
  EXPECT_THAT(CheckedTranscript::Check(another, transcript_),
              StatusIs(kInvalidArgument, HasSubstr("another session")));
}

// An input that comes in after the contributors were signed is in no sum: its seed is never opened.
TEST_F(TranscriptTest, IsRefused_WhenALateInputIsAddedToIt) {
  ASSERT_OK_AND_ASSIGN(const NodeInputStep late, NodeInputStep::From(std::move(round_->at_shares.at(5)),
                                                                     for_the_late_, Gives(many_[5])));
  Transcript altered = transcript_;
  altered.inputs.push_back(late.message());
  EXPECT_THAT(CheckAll(altered), StatusIs(kDataLoss, HasSubstr("seed is missing")));
  altered.seeds.push_back({.member = 5, .secret = std::string(32, 's')});
  EXPECT_THAT(CheckAll(altered), StatusIs(kDataLoss, HasSubstr("does not open its commitment")));
}

}  // namespace
}  // namespace waymark::crypto
