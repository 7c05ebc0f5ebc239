#include "crypto/gaussian_thresholds.h"

#include <sstream>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/file.h"
#include "crypto/discrete_gaussian.h"
#include "crypto/hash.h"
#include "tests/testing/status_matchers.h"

namespace waymark::crypto {
namespace {

struct Expected {
  std::uint64_t numerator;
  std::uint64_t denominator;
  std::size_t count;
  std::string thresholds;  // or their SHA-256
  double distance;         // in multiples of 2^−128
};

std::vector<Expected> ReadTable() {
  const auto text = ReadFile("tests/vectors/discrete_gaussian_thresholds.txt", 1'000'000);
  EXPECT_OK(text);
  std::vector<Expected> table;
  std::istringstream lines(text.value_or(""));
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '#') continue;
    Expected row;
    std::istringstream(line) >> row.numerator >> row.denominator >> row.count >> row.thresholds >>
        row.distance;
    table.push_back(row);
  }
  return table;
}

TEST(GaussianThresholdsTest, EqualPythonsDecimals_ToTheLastBit) {
  const std::vector<Expected> table = ReadTable();
  ASSERT_EQ(table.size(), 14u);
  for (const Expected& row : table) {
    ASSERT_OK_AND_ASSIGN(const auto found, internal::GaussianThresholds(row.numerator, row.denominator));
    std::string text = absl::StrJoin(found, ",", [](std::string* out, const internal::Uint128Parts& parts) {
      absl::StrAppendFormat(out, "%016x%016x", parts.high, parts.low);
    });
    if (row.thresholds.size() == 64) text = absl::BytesToHexString(Sha256(text));
    EXPECT_EQ(found.size(), row.count) << row.numerator << "/" << row.denominator;
    EXPECT_EQ(text, row.thresholds) << row.numerator << "/" << row.denominator;
  }
}

// The bound must hold, and must not be so wide that it costs anything.
TEST(GaussianThresholdsTest, TheStatedDistanceBoundsTheExactOne) {
  for (const Expected& row : ReadTable()) {
    ASSERT_OK_AND_ASSIGN(const DiscreteGaussian noise,
                         DiscreteGaussian::Create({row.numerator, row.denominator}));
    const auto bound = static_cast<double>(noise.delta_units_of_2_to_minus_128());
    EXPECT_GE(bound, row.distance);
    EXPECT_LE(bound, 10'000);
  }
}

}  // namespace
}  // namespace waymark::crypto
