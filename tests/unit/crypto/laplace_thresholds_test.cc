#include "crypto/laplace_thresholds.h"

#include <cmath>
#include <sstream>
#include <string>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "crypto/discrete_laplace.h"
#include "tests/testing/status_matchers.h"

namespace waymark::crypto {
namespace {

using internal::LaplaceThresholds;
using internal::Uint128Parts;

std::string Hex(const std::vector<Uint128Parts>& thresholds) {
  return absl::StrJoin(thresholds, ",", [](std::string* out, const Uint128Parts& parts) {
    absl::StrAppendFormat(out, "%016x%016x", parts.high, parts.low);
  });
}

struct Expected {
  std::uint64_t numerator;
  std::uint64_t denominator;
  std::string thresholds;
  double distance;  // in multiples of 2^−128
};

std::vector<Expected> ReadTable() {
  const auto text = ReadFile("tests/vectors/discrete_laplace_thresholds.txt", 1'000'000);
  EXPECT_OK(text);
  std::vector<Expected> table;
  std::istringstream lines(text.value_or(""));
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '#') continue;
    Expected row;
    std::istringstream(line) >> row.numerator >> row.denominator >> row.thresholds >> row.distance;
    if (row.thresholds == "-") row.thresholds.clear();
    table.push_back(row);
  }
  return table;
}

TEST(LaplaceThresholdsTest, EqualPythonsDecimals_ToTheLastBit) {
  const std::vector<Expected> table = ReadTable();
  ASSERT_EQ(table.size(), 24u);
  for (const Expected& row : table) {
    EXPECT_EQ(Hex(LaplaceThresholds(row.numerator, row.denominator)), row.thresholds)
        << row.numerator << "/" << row.denominator;
  }
}

// The bound must hold, and must not be so wide that it costs anything (it is a multiple of 2^−128).
TEST(LaplaceThresholdsTest, TheStatedDistanceBoundsTheExactOne) {
  for (const Expected& row : ReadTable()) {
    if (row.numerator > 1'000'000'000 || row.denominator > 1'000'000'000) continue;
    ASSERT_OK_AND_ASSIGN(const DiscreteLaplace noise,
                         DiscreteLaplace::Create({row.numerator, row.denominator}, 1));
    const auto bound = static_cast<double>(noise.delta_units_of_2_to_minus_128());
    EXPECT_GE(bound, row.distance);
    EXPECT_LE(bound, 2 * (37 + 2));
  }
}

// By the processor's floating point, over many fractions: relative error below 10^−15.
TEST(LaplaceThresholdsTest, AreCloseToFloatingPoint_ForManyFractions) {
  std::uint64_t state = 12345;  // fixed: any fractions will do
  for (int i = 0; i < 300; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    const std::uint64_t numerator = 1 + (state >> 40);
    const std::uint64_t denominator = 1 + ((state >> 8) & 0xFFFFFFF);
    const long double s = static_cast<long double>(numerator) / static_cast<long double>(denominator);
    if (s > 100 || s < 1e-9L) continue;
    const auto thresholds = LaplaceThresholds(numerator, denominator);
    for (std::size_t bit = 0; bit < thresholds.size(); ++bit) {
      const long double expected = std::ldexp(1 / (1 + std::exp(std::ldexp(s, static_cast<int>(bit)))), 128);
      const long double found = std::ldexp(static_cast<long double>(thresholds[bit].high), 64) +
                                static_cast<long double>(thresholds[bit].low);
      // What is lost in s · 2^bit before exp grows with the exponent; below 2^64 the floor shows.
      EXPECT_NEAR(static_cast<double>(found / expected), 1, 1e-15 + static_cast<double>(2 / expected))
          << numerator << "/" << denominator << " bit " << bit;
    }
  }
}

}  // namespace
}  // namespace waymark::crypto
