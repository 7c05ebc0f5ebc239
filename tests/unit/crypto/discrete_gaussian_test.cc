#include "crypto/discrete_gaussian.h"

#include <limits>

#include "absl/numeric/int128.h"
#include "crypto/gaussian_thresholds.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/crypto/fake_random.h"

namespace waymark::crypto {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using testing::ScriptedRandom;
using testing::StatusIs;

constexpr std::uint64_t kMostPart = 1'000'000'000'000'000'000;
constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
constexpr std::size_t kLanes = 8;

TEST(DiscreteGaussianTest, TakesEveryVarianceInRangeAndNoOther) {
  const std::pair<Variance, bool> table[] = {
      {{1, 1}, true},
      {{0, 1}, false},
      {{1, 0}, false},
      {{1, 100}, true},
      {{1, 101}, false},
      {{kMostPart / 100, kMostPart}, true},
      {{kMostPart / 100 - 1, kMostPart}, false},
      {{1'000'000, 1}, true},
      {{1'000'001, 1}, false},
      {{2'000'001, 2}, false},
      {{kMostPart, kMostPart / 1'000'000}, true},
      {{kMostPart, kMostPart / 1'000'000 - 1}, false},
      {{kMostPart + 1, kMostPart}, false},
      {{kMost, kMost}, false},
  };
  for (const auto& [variance, good] : table) {
    const auto made = DiscreteGaussian::Create(variance);
    if (good) {
      EXPECT_OK(made) << variance.numerator << "/" << variance.denominator;
    } else {
      EXPECT_THAT(made,
                  StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("must lie from 1/100 to 1000000")))
          << variance.numerator << "/" << variance.denominator;
    }
  }
}

// A block of samples as the sampler reads it: the high halves, the low halves, the signs.
struct Block {
  std::uint64_t high[kLanes] = {};
  std::uint64_t low[kLanes] = {};
  std::uint8_t signs = 0;
  std::string bytes() const {
    std::string all(reinterpret_cast<const char*>(high), sizeof high);
    all.append(reinterpret_cast<const char*>(low), sizeof low);
    all.push_back(static_cast<char>(signs));
    return all;
  }
};

// By a plain reading of the definition.
std::int64_t Reached(const std::vector<internal::Uint128Parts>& thresholds, std::uint64_t high,
                     std::uint64_t low) {
  std::int64_t size = 0;
  for (const auto& threshold : thresholds) {
    size += absl::MakeUint128(high, low) >= absl::MakeUint128(threshold.high, threshold.low) ? 1 : 0;
  }
  return size;
}

// At the borders of both halves of every threshold, in every lane and with every sign.
TEST(DiscreteGaussianTest, ComparesAll128Bits) {
  ASSERT_OK_AND_ASSIGN(const DiscreteGaussian noise, DiscreteGaussian::Create({2, 1}));
  ASSERT_OK_AND_ASSIGN(const auto thresholds, internal::GaussianThresholds(2, 1));
  for (std::size_t k = 0; k < thresholds.size(); ++k) {
    const auto [high, low] = thresholds[k];
    ASSERT_GT(low, 0u);
    const std::pair<std::uint64_t, std::uint64_t> uniforms[kLanes] = {
        {high, low},   {high, low - 1},   {high, low + 1}, {high, 0},
        {high, kMost}, {high - 1, kMost}, {0, 0},          {kMost, kMost}};
    Block block;
    std::int64_t sizes[kLanes];
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      block.high[lane] = uniforms[lane].first;
      block.low[lane] = uniforms[lane].second;
      sizes[lane] = Reached(thresholds, uniforms[lane].first, uniforms[lane].second);
    }
    EXPECT_EQ(sizes[0], static_cast<std::int64_t>(k) + 1);
    EXPECT_EQ(sizes[1], static_cast<std::int64_t>(k));
    for (const unsigned signs : {0x00u, 0xFFu, 0x5Au}) {
      block.signs = static_cast<std::uint8_t>(signs);
      ScriptedRandom random(block.bytes());
      std::int64_t samples[kLanes];
      ASSERT_OK(noise.Sample(random, absl::MakeSpan(samples)));
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        EXPECT_EQ(samples[lane], (signs >> lane & 1) != 0 ? -sizes[lane] : sizes[lane])
            << "threshold " << k << " lane " << lane;
      }
    }
  }
}

// Over several batches and a part of a block.
TEST(DiscreteGaussianTest, CountsTheThresholdsThatAreReached) {
  constexpr std::size_t kSamples = 3001;
  ASSERT_OK_AND_ASSIGN(const DiscreteGaussian noise, DiscreteGaussian::Create({147, 2}));
  ASSERT_OK_AND_ASSIGN(const auto thresholds, internal::GaussianThresholds(147, 2));
  std::string bytes;
  std::vector<std::int64_t> expected;
  std::uint64_t state = 99;
  while (expected.size() < kSamples) {
    Block block;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      block.high[lane] = ~(state >> (state % 61));  // often far out
      block.low[lane] = state;
      const std::int64_t size = Reached(thresholds, block.high[lane], block.low[lane]);
      const bool minus = (state >> 40 & 1) != 0;
      if (minus) block.signs = static_cast<std::uint8_t>(block.signs | 1u << lane);
      expected.push_back(minus ? -size : size);
    }
    bytes += block.bytes();
  }
  expected.resize(kSamples);
  ScriptedRandom random(bytes);
  std::vector<std::int64_t> samples(kSamples);
  ASSERT_OK(noise.Sample(random, absl::MakeSpan(samples)));
  EXPECT_EQ(samples, expected);
  EXPECT_EQ(random.used(), bytes.size());
}

TEST(DiscreteGaussianTest, GivesTheErrorAndNoSample_WhenTheGeneratorFails) {
  ASSERT_OK_AND_ASSIGN(const DiscreteGaussian noise, DiscreteGaussian::Create({50, 1}));
  for (const int good_calls : {0, 1}) {  // at once, and after a whole batch was drawn
    testing::FailingRandom random(good_calls);
    std::vector<std::int64_t> samples(2000, 42);
    EXPECT_THAT(noise.Sample(random, absl::MakeSpan(samples)),
                StatusIs(absl::StatusCode::kInternal, HasSubstr("on purpose")));
    EXPECT_THAT(samples, Each(0));
  }
}

TEST(DiscreteGaussianTest, DrawsNothing_WhenNothingIsAsked) {
  ASSERT_OK_AND_ASSIGN(const DiscreteGaussian noise, DiscreteGaussian::Create({1, 1}));
  testing::FailingRandom random;
  EXPECT_OK(noise.Sample(random, absl::Span<std::int64_t>()));
}

}  // namespace
}  // namespace waymark::crypto
