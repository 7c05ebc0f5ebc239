// PolyaShare and SkellamShare: what they take, and how they compare. Their law is drawn in tests/statistical.
#include <algorithm>
#include <limits>
#include <utility>

#include "absl/numeric/int128.h"
#include "crypto/polya.h"
#include "crypto/share_thresholds.h"
#include "crypto/skellam.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/crypto/fake_random.h"

namespace waymark::crypto {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using testing::ScriptedRandom;
using testing::StatusIs;

constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t kMostPart = 1'000'000'000'000'000'000;
constexpr std::size_t kLanes = 8;

template <typename Share, typename Parameters>
void ExpectTaken(const std::vector<std::pair<Parameters, const char*>>& table) {
  for (std::size_t i = 0; i < table.size(); ++i) {
    const auto& [parameters, why] = table[i];
    const auto made = Share::Create(parameters);
    if (*why == '\0') {
      EXPECT_OK(made) << "row " << i;
    } else {
      EXPECT_THAT(made, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(why))) << "row " << i;
    }
  }
}

TEST(PolyaShareTest, TakesEveryParameterInRangeAndNoOther) {
  constexpr std::uint64_t kPart = 1'000'000'000;
  ExpectTaken<PolyaShare, PolyaParameters>({
      {{1, 1, 1, 1}, ""},
      {{1, 1, 1, 10'000}, ""},
      {{1, 1, 1, 0}, "1 to 10000 honest shares, not of 0"},
      {{1, 1, 1, 10'001}, "not of 10001"},
      {{0, 1, 1, 5}, "but are 0, 1 and 1"},
      {{1, 0, 1, 5}, "but are 1, 0 and 1"},
      {{1, 1, 0, 5}, "but are 1, 1 and 0"},
      {{kPart + 1, kPart, 1, 5}, "from 1 to 1000000000"},
      {{kMost, kMost, kMost, 5}, "from 1 to 1000000000"},
      {{100, 1, 1, 5}, ""},
      {{101, 1, 1, 5}, "must lie from 1/225 to 100, but is 101/1 over 1"},
      {{kPart, 9'999'999, 1, 5}, "must lie from 1/225"},
      {{kPart, kPart, 100, 5}, ""},
      {{1, 225, 1, 10'000}, ""},
      {{1, 1, 226, 5}, "must lie from 1/225"},
      {{kPart, kPart, 226, 5}, "must lie from 1/225"},
      {{1, kPart, kPart, 5}, "must lie from 1/225"},
      {{1, kPart, kPart, 5}, "take Skellam's"},
  });
}

TEST(SkellamShareTest, TakesEveryParameterInRangeAndNoOther) {
  ExpectTaken<SkellamShare, SkellamParameters>({
      {{1, 1, 1}, ""},
      {{1, 1, 10'000}, ""},
      {{1, 1, 0}, "1 to 10000 honest shares, not of 0"},
      {{1, 1, 10'001}, "not of 10001"},
      {{0, 1, 1}, "must lie from 1/100 to 1000000 for each"},
      {{1, 0, 1}, "must lie from 1/100"},
      {{1, 100, 10'000}, ""},
      {{1, 101, 1}, "but it is 1/101 for 1"},
      {{kMostPart / 100 - 1, kMostPart, 5}, "must lie from 1/100"},
      {{1'000'000, 1, 1}, ""},
      {{1'000'001, 1, 1}, "must lie from 1/100"},
      {{1'000'001, 1, 2}, ""},
      {{10'000'000'000, 1, 10'000}, ""},
      {{10'000'000'001, 1, 10'000}, "must lie from 1/100"},
      {{kMostPart + 1, kMostPart, 5}, "parts from 1 to 10^18"},
      {{kMost, kMost, 5}, "parts from 1 to 10^18"},
  });
}

// A block of samples as the sampler reads it: eight numbers for X, then eight for Y, each high halves first.
struct Block {
  std::uint64_t numbers[2][2][kLanes] = {};
  void Set(std::size_t variable, std::size_t lane, absl::uint128 value) {
    numbers[variable][0][lane] = absl::Uint128High64(value);
    numbers[variable][1][lane] = absl::Uint128Low64(value);
  }
  std::string bytes() const { return std::string(reinterpret_cast<const char*>(numbers), sizeof numbers); }
};

// By a plain reading of the definition.
std::int64_t Reached(const std::vector<internal::Uint128Parts>& thresholds, absl::uint128 value) {
  return std::count_if(thresholds.begin(), thresholds.end(), [&](const internal::Uint128Parts& each) {
    return value >= absl::MakeUint128(each.high, each.low);
  });
}

// At both sides of every threshold, in every lane, for X and for Y, over several batches and a part of a
// block.
template <typename Share>
void ExpectCounts(const Share& share, const std::vector<internal::Uint128Parts>& thresholds) {
  std::vector<absl::uint128> values = {0, absl::Uint128Max()};
  for (const auto& each : thresholds) {
    const absl::uint128 threshold = absl::MakeUint128(each.high, each.low);
    for (const absl::uint128 value : {threshold - 1, threshold, threshold + 1,
                                      absl::MakeUint128(each.high, 0), absl::MakeUint128(each.high, kMost)}) {
      values.push_back(value);
    }
  }
  std::string bytes;
  std::vector<std::int64_t> expected;
  std::size_t next = 0;
  while (expected.size() < 2003) {
    Block block;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const absl::uint128 x = values[next % values.size()];
      const absl::uint128 y = values[next * 7 / 5 % values.size()];
      block.Set(0, lane, x);
      block.Set(1, lane, y);
      expected.push_back(Reached(thresholds, x) - Reached(thresholds, y));
      ++next;
    }
    bytes += block.bytes();
  }
  expected.resize(2003);
  ScriptedRandom random(bytes);
  std::vector<std::int64_t> samples(expected.size());
  ASSERT_OK(share.Sample(random, absl::MakeSpan(samples)));
  EXPECT_EQ(samples, expected);
  EXPECT_EQ(random.used(), bytes.size());
}

TEST(PolyaShareTest, IsTheDifferenceOfTwoCounts) {
  ASSERT_OK_AND_ASSIGN(const PolyaShare share, PolyaShare::Create({1, 2, 1, 52}));
  ASSERT_OK_AND_ASSIGN(const auto thresholds, internal::PolyaThresholds(1, 2, 52));
  ExpectCounts(share, thresholds);
}

TEST(SkellamShareTest, IsTheDifferenceOfTwoCounts) {
  ASSERT_OK_AND_ASSIGN(const SkellamShare share, SkellamShare::Create({1500, 1, 5}));
  ASSERT_OK_AND_ASSIGN(const auto thresholds, internal::PoissonThresholds(1500, 1, 10));
  ExpectCounts(share, thresholds);
}

template <typename Share>
void ExpectErrorAndNoSample(const Share& share) {
  for (const int good_calls : {0, 1}) {  // at once, and after a whole batch was drawn
    testing::FailingRandom random(good_calls);
    std::vector<std::int64_t> samples(2000, 42);
    EXPECT_THAT(share.Sample(random, absl::MakeSpan(samples)),
                StatusIs(absl::StatusCode::kInternal, HasSubstr("on purpose")));
    EXPECT_THAT(samples, Each(0));
  }
  testing::FailingRandom random;
  EXPECT_OK(share.Sample(random, absl::Span<std::int64_t>()));
}

TEST(NoiseShareTest, GivesTheErrorAndNoSample_WhenTheGeneratorFails) {
  ASSERT_OK_AND_ASSIGN(const PolyaShare polya, PolyaShare::Create({1, 1, 1, 5}));
  ExpectErrorAndNoSample(polya);
  ASSERT_OK_AND_ASSIGN(const SkellamShare skellam, SkellamShare::Create({50, 1, 5}));
  ExpectErrorAndNoSample(skellam);
}

// With ε/Δ = 100 and five shares P(X > 0) is below 2^−128: the table is empty and the noise always 0, which
// the stated distance covers.
TEST(PolyaShareTest, GivesZeros_WhenNoThresholdIsLeft) {
  ASSERT_OK_AND_ASSIGN(const PolyaShare share, PolyaShare::Create({100, 1, 1, 5}));
  SystemRandom random;
  std::vector<std::int64_t> samples(20, 42);
  ASSERT_OK(share.Sample(random, absl::MakeSpan(samples)));
  EXPECT_THAT(samples, Each(0));
  EXPECT_EQ(share.delta_units_of_2_to_minus_128(), 4u);
}

}  // namespace
}  // namespace waymark::crypto
