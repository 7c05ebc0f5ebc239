// What a coordinator and as many corrupt members as the protocol bears see of the honest: masked vectors,
// every secret that the session opens, and all that the corrupt know. What is left of an honest vector must
// be uniform, and any proper part of the honest together too; only the sum of all of them may differ from
// noise.
//
// Uniformity: Pearson's chi-squared over the 256 values of a byte. 416 is passed with probability 7.5e-10
// where the bytes are uniform; this file makes 83 such comparisons, so a false failure has a chance below
// 1e-7.
#include <array>

#include "tests/unit/crypto/fake_random.h"
#include "tests/unit/crypto/secure_sum/federation.h"

namespace waymark::crypto {
namespace {

constexpr double kMostChiSquared = 416;  // 255 degrees of freedom, upper tail 7.5e-10
constexpr std::uint64_t kManyCells = 8'192;

using Histogram = std::array<double, 256>;

Histogram HistogramOf(absl::string_view bytes) {
  Histogram counts{};
  for (const char byte : bytes) ++counts[static_cast<std::uint8_t>(byte)];
  return counts;
}

double ChiSquaredAgainstUniform(absl::string_view bytes) {
  const double expected = static_cast<double>(bytes.size()) / 256;
  double chi = 0;
  for (const double count : HistogramOf(bytes)) chi += (count - expected) * (count - expected) / expected;
  return chi;
}

// Whether two samples of the same size come from one distribution, whatever it is.
double ChiSquaredBetween(absl::string_view a, absl::string_view b) {
  const Histogram first = HistogramOf(a);
  const Histogram second = HistogramOf(b);
  double chi = 0;
  for (std::size_t i = 0; i < 256; ++i) {
    if (first[i] + second[i] == 0) continue;
    chi += (first[i] - second[i]) * (first[i] - second[i]) / (first[i] + second[i]);
  }
  return chi;
}

// Seven members, of whom 5 and 6 are corrupt: their randomness is known, and with it their keys.
class ViewsTest : public ::testing::Test {
 protected:
  static constexpr std::uint32_t kMembers = 7;
  static constexpr std::uint32_t kHonest = 5;

  // Plays up to the unmasking; those who are `late` send their input when the contributors stand.
  void Play(const std::vector<std::vector<std::int64_t>>& values, const std::set<std::uint32_t>& late) {
    ASSERT_EQ(kMembers - MostCorrupt(kMembers), kHonest);
    SessionParameters p = ParametersOf(members_, kManyCells);
    p.nonce = Sha256("view " + std::to_string(++sessions_));
    round_ = std::make_unique<TestRound>(members_, p, random_);
    for (std::uint32_t member = 0; member < kMembers; ++member) {
      seeds_.push_back(std::make_unique<testing::SeededRandom>(Seed(member)));
      round_->randoms[member] = seeds_.back().get();
    }
    round_->Keys();
    ASSERT_OK(round_->Shares());
    ASSERT_OK(round_->Inputs(values, late));
    masked_.clear();
    for (auto& [member, step] : round_->at_input) masked_[member] = std::string(step.masked());
    for (const std::uint32_t member : late) {
      auto step =
          NodeInputStep::From(std::move(round_->at_shares.at(member)), round_->inputs->SharesFor(member),
                              [&] { return RingVector::FromValues(64, values[member]); });
      ASSERT_OK(step);
      masked_[member] = std::string(step->masked());
    }
    ASSERT_OK(round_->Consistency());
    ASSERT_OK(round_->Unmask());
    ASSERT_OK_AND_ASSIGN(sum_, round_->unmask->Finish());
  }

  std::uint64_t Seed(std::uint32_t member) const {
    return static_cast<std::uint64_t>(sessions_) * 100 + member;
  }
  AgreementKey MaskKey(std::uint32_t member) const {
    testing::SeededRandom again(Seed(member));
    return *AgreementKey::Generate(again);
  }

  // What member `of` sent, less the masks that are given.
  RingVector Less(std::uint32_t of, std::vector<SignedGenerator> known) const {
    for (SignedGenerator& mask : known) mask = Undo(std::move(mask));
    const std::string& masked = masked_.at(of);
    RingVector left(64, masked.size() / 8);
    EXPECT_OK(left.AddBytes(0, masked));
    EXPECT_OK(left.Mask(absl::MakeSpan(known)));
    return left;
  }
  SignedGenerator Pair(std::uint32_t of, std::uint32_t with) const {
    return *PairMask(round_->session, of, MaskKey(of), with, MaskKey(with).public_key());
  }
  // Less its own mask, which the session opened, and those that it shares with the corrupt.
  RingVector SeenOf(std::uint32_t honest) const {
    std::vector<SignedGenerator> known;
    for (const OpenedSecret& seed : sum_->transcript.seeds) {
      if (seed.member == honest)
        known.push_back(*SelfMask(round_->session, honest, SecretBytes(seed.secret)));
    }
    EXPECT_EQ(known.size(), 1u);
    for (std::uint32_t corrupt = kHonest; corrupt < kMembers; ++corrupt)
      known.push_back(Pair(honest, corrupt));
    return Less(honest, std::move(known));
  }

  SystemRandom random_;
  std::vector<std::unique_ptr<TestMember>> members_ = MakeMembers(kMembers, random_);
  std::unique_ptr<TestRound> round_;
  std::vector<std::unique_ptr<testing::SeededRandom>> seeds_;
  std::map<std::uint32_t, std::string> masked_;
  std::optional<SecureSum> sum_;
  int sessions_ = 0;
};

std::vector<std::vector<std::int64_t>> Values(std::uint32_t who, std::int64_t value) {
  std::vector<std::vector<std::int64_t>> values(7, std::vector<std::int64_t>(kManyCells));
  values[who].assign(kManyCells, value);
  return values;
}

// The statistic's control: without it a test that looks at nothing would pass.
TEST_F(ViewsTest, WhatIsNotMaskedDoesNotLookUniform) {
  EXPECT_GT(ChiSquaredAgainstUniform(RingVector::FromValues(64, Values(0, 7)[0])->bytes()), 1e6);
  EXPECT_GT(ChiSquaredBetween(std::string(1000, 'a'), std::string(1000, 'b')), 1e3);
}

TEST_F(ViewsTest, AnHonestVectorIsUniformToTheCoordinatorAndTheCorrupt) {
  Play(Values(0, 7), {});
  for (std::uint32_t honest = 0; honest < kHonest; ++honest) {
    EXPECT_LT(ChiSquaredAgainstUniform(masked_.at(honest)), kMostChiSquared) << honest;
    EXPECT_LT(ChiSquaredAgainstUniform(SeenOf(honest).bytes()), kMostChiSquared) << honest;
  }
}

// The coordinator says that member 0 left, has its mask key opened, and then gets its input all the same.
TEST_F(ViewsTest, ALateVectorIsUniform_ThoughAllItsPairMasksAreKnown) {
  Play(Values(0, 7), {0});
  ASSERT_EQ(sum_->transcript.mask_keys.size(), 1u);
  EXPECT_EQ(sum_->transcript.mask_keys[0].secret, MaskKey(0).private_key().RevealSecretText());
  std::vector<SignedGenerator> pairs;
  for (std::uint32_t other = 1; other < kMembers; ++other) pairs.push_back(Pair(0, other));
  EXPECT_LT(ChiSquaredAgainstUniform(Less(0, std::move(pairs)).bytes()), kMostChiSquared);
}

// All that is seen of the honest, for two inputs with the same sum: everything with member 0, or with
// member 3.
TEST_F(ViewsTest, TwoInputsWithEqualSumsLookAlike) {
  std::map<std::uint32_t, std::string> seen[2];  // by part of the honest, a bit each
  constexpr std::uint32_t kAll = (1u << kHonest) - 1;
  for (const int which : {0, 1}) {
    Play(Values(which == 0 ? 0 : 3, 1'000'003), {});
    EXPECT_EQ(sum_->sum.ToValues(), std::vector<std::int64_t>(kManyCells, 1'000'003));
    for (std::uint32_t part = 1; part <= kAll; ++part) {
      RingVector sum(64, kManyCells);
      for (std::uint32_t honest = 0; honest < kHonest; ++honest) {
        if ((part >> honest & 1u) == 0) continue;
        ASSERT_OK(sum.Add(SeenOf(honest)));
      }
      seen[which][part] = std::string(sum.bytes());
    }
  }
  EXPECT_EQ(seen[0].at(kAll), seen[1].at(kAll));  // the sum, which is what the coordinator is to learn
  for (std::uint32_t part = 1; part < kAll; ++part) {
    EXPECT_LT(ChiSquaredAgainstUniform(seen[0].at(part)), kMostChiSquared) << "part " << part;
    EXPECT_LT(ChiSquaredBetween(seen[0].at(part), seen[1].at(part)), kMostChiSquared) << "part " << part;
  }
}

}  // namespace
}  // namespace waymark::crypto
