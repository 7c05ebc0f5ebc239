#include "crypto/discrete_laplace.h"

#include <limits>

#include "crypto/laplace_thresholds.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/crypto/fake_random.h"

namespace waymark::crypto {
namespace {

using testing::Bytes;
using ::testing::Each;
using ::testing::HasSubstr;
using testing::ScriptedRandom;
using testing::StatusIs;

constexpr std::uint64_t kBillion = 1'000'000'000;
constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();

struct Parameters {
  std::uint64_t numerator;
  std::uint64_t denominator;
  std::uint64_t sensitivity;
  const char* error;  // nullptr: valid
};

TEST(DiscreteLaplaceTest, TakesEveryParameterInRangeAndNoOther) {
  const Parameters table[] = {
      {1, 1, 1, nullptr},
      {0, 1, 1, "numerator must be a whole number from 1 to 1000000000, but is 0"},
      {1, 0, 1, "denominator must be a whole number from 1 to 1000000000, but is 0"},
      {1, 1, 0, "sensitivity must be a whole number from 1 to 1000000000, but is 0"},
      {kBillion + 1, kBillion, 1, "numerator"},
      {kBillion, kBillion + 1, 1, "denominator"},
      {kBillion, 1, kBillion + 1, "sensitivity"},
      {kMost, 1, 1, "numerator"},
      {1, kMost, 1, "denominator"},
      {1, 1, kMost, "sensitivity"},
      {kBillion, kBillion, kBillion, nullptr},
      // ε/Δ at most 100 …
      {100, 1, 1, nullptr},
      {101, 1, 1, "but is 101/1 over 1"},
      {kBillion, 10'000'000, 1, nullptr},
      {kBillion, 9'999'999, 1, "from 1/1000000000 to 100"},
      {1001, 10, 1, "to 100"},
      {1000, 10, 1, nullptr},
      {kBillion, 1, 10'000'000, nullptr},
      {kBillion, 1, 9'999'999, "to 100"},
      {kBillion, 1, 1, "to 100"},
      // … and at least 10^−9.
      {1, kBillion, 1, nullptr},
      {1, 1, kBillion, nullptr},
      {1, kBillion, 2, "but is 1/1000000000 over 2"},
      {1, 2, kBillion, "from 1/1000000000"},
      {1, kBillion, kBillion, "from 1/1000000000"},
      {kBillion - 1, kBillion, kBillion, "from 1/1000000000"},
  };
  for (const Parameters& each : table) {
    const auto made = DiscreteLaplace::Create({each.numerator, each.denominator}, each.sensitivity);
    if (each.error == nullptr) {
      EXPECT_OK(made) << each.numerator << "/" << each.denominator << " over " << each.sensitivity;
    } else {
      EXPECT_THAT(made, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(each.error)));
    }
  }
}

TEST(DiscreteLaplaceTest, ChargesTwoUnitsABit) {
  // Seven bits at 1: 2^6 · 1 < 128 ln 2 = 88.7 < 2^7.
  ASSERT_OK_AND_ASSIGN(const DiscreteLaplace one, DiscreteLaplace::Create({1, 1}, 1));
  EXPECT_EQ(one.delta_units_of_2_to_minus_128(), 2u * (7 + 2));
  ASSERT_OK_AND_ASSIGN(const DiscreteLaplace same, DiscreteLaplace::Create({7, 7}, 1));
  EXPECT_EQ(same.delta_units_of_2_to_minus_128(), 2u * (7 + 2));
  ASSERT_OK_AND_ASSIGN(const DiscreteLaplace wide, DiscreteLaplace::Create({1, 1}, kBillion));
  EXPECT_EQ(wide.delta_units_of_2_to_minus_128(), 2u * (37 + 2));
}

// A bit is 1 exactly where the uniform integer is below the threshold, at the borders of both halves.
TEST(DiscreteLaplaceTest, ComparesAll128Bits) {
  ASSERT_OK_AND_ASSIGN(const DiscreteLaplace noise, DiscreteLaplace::Create({60, 1}, 1));
  const auto thresholds = internal::LaplaceThresholds(60, 1);
  ASSERT_EQ(thresholds.size(), 1u);
  const std::uint64_t high = thresholds[0].high;
  const std::uint64_t low = thresholds[0].low;
  ASSERT_GT(low, 0u);
  const std::string above = Bytes(kMost, kMost);
  struct Case {
    std::string uniform;
    std::int64_t bit;
  };
  const Case cases[] = {
      {Bytes(high, low - 1), 1}, {Bytes(high, low), 0},
      {Bytes(high, low + 1), 0}, {Bytes(high, 0), 1},
      {Bytes(high, kMost), 0},   {Bytes(0, 0), 1},
      {Bytes(high + 1, 0), 0},   {Bytes(high + 1, low), 0},
      {Bytes(kMost, 0), 0},      {Bytes(std::uint64_t{1} << 63, 0), 0},
      {Bytes(kMost, kMost), 0},
  };
  for (const Case& each : cases) {
    std::int64_t sample = 7;
    ScriptedRandom first(each.uniform + above);
    ASSERT_OK(noise.Sample(first, absl::MakeSpan(&sample, 1)));
    EXPECT_EQ(sample, each.bit);
    ScriptedRandom second(above + each.uniform);
    ASSERT_OK(noise.Sample(second, absl::MakeSpan(&sample, 1)));
    EXPECT_EQ(sample, -each.bit);
  }
}

// Against a plain reading of the definition, over uniform integers that are small enough to set bits of every
// weight.
TEST(DiscreteLaplaceTest, IsTheDifferenceOfTwoNumbersMadeOfBits) {
  constexpr std::size_t kSamples = 3000;  // several batches
  ASSERT_OK_AND_ASSIGN(const DiscreteLaplace noise, DiscreteLaplace::Create({1, 1}, 1'000'000));
  const auto thresholds = internal::LaplaceThresholds(1, 1'000'000);
  std::string bytes;
  std::vector<std::int64_t> expected;
  std::uint64_t state = 99;
  for (std::size_t i = 0; i < kSamples; ++i) {
    std::int64_t parts[2] = {0, 0};
    for (std::int64_t& part : parts) {
      for (std::size_t bit = 0; bit < thresholds.size(); ++bit) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        const std::uint64_t high = state >> (state % 64);
        const std::uint64_t low = ~state;
        bytes += Bytes(high, low);
        const bool below =
            high < thresholds[bit].high || (high == thresholds[bit].high && low < thresholds[bit].low);
        part += below ? std::int64_t{1} << bit : 0;
      }
    }
    expected.push_back(parts[0] - parts[1]);
  }
  ScriptedRandom random(bytes);
  std::vector<std::int64_t> samples(kSamples);
  ASSERT_OK(noise.Sample(random, absl::MakeSpan(samples)));
  EXPECT_EQ(samples, expected);
  EXPECT_EQ(random.used(), bytes.size());
}

TEST(DiscreteLaplaceTest, GivesTheErrorAndNoSample_WhenTheGeneratorFails) {
  ASSERT_OK_AND_ASSIGN(const DiscreteLaplace noise, DiscreteLaplace::Create({1, 2}, 3));
  for (const int good_calls : {0, 1, 5}) {  // at once, and after whole batches were drawn
    testing::FailingRandom random(good_calls);
    std::vector<std::int64_t> samples(2000, 42);
    EXPECT_THAT(noise.Sample(random, absl::MakeSpan(samples)),
                StatusIs(absl::StatusCode::kInternal, HasSubstr("on purpose")));
    EXPECT_THAT(samples, Each(0));
  }
}

TEST(DiscreteLaplaceTest, DrawsNothing_WhenNothingIsAsked) {
  ASSERT_OK_AND_ASSIGN(const DiscreteLaplace noise, DiscreteLaplace::Create({1, 1}, 1));
  testing::FailingRandom random;
  EXPECT_OK(noise.Sample(random, absl::Span<std::int64_t>()));
}

TEST(DiscreteLaplaceTest, IsZero_WhenNoiseIsLessLikelyThanTheCharge) {
  // At 100 even one bit has a probability of e^−100 < 2^−128, which is within what is charged.
  ASSERT_OK_AND_ASSIGN(const DiscreteLaplace noise, DiscreteLaplace::Create({100, 1}, 1));
  std::vector<std::int64_t> samples(10, 42);
  testing::CountingRandom random;
  ASSERT_OK(noise.Sample(random, absl::MakeSpan(samples)));
  EXPECT_THAT(samples, Each(0));
  EXPECT_EQ(noise.delta_units_of_2_to_minus_128(), 4u);
}

}  // namespace
}  // namespace waymark::crypto
