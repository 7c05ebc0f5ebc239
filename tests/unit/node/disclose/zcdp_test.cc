#include "node/disclose/zcdp.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "tests/testing/status_matchers.h"

namespace waymark::node {
namespace {

const DeltaUnits kMillionth = DeltaUnitsOf({1, 1'000'000});

double Epsilon(Fraction rho, DeltaUnits delta) {
  const auto units = BudgetUnits(rho, "rho");
  EXPECT_OK(units);
  const auto epsilon = EpsilonOfZcdp(units.value_or(0), delta);
  EXPECT_TRUE(epsilon.has_value());
  return static_cast<double>(epsilon.value_or(0)) / static_cast<double>(kBudgetUnits);
}

TEST(ZcdpTest, GoldenValuesAreTheDesigns) {
  EXPECT_NEAR(Epsilon({1, 100}, kMillionth), 0.6217, 0.00005);
  EXPECT_NEAR(Epsilon({1, 10}, kMillionth), 2.1419, 0.00005);
  EXPECT_NEAR(Epsilon({1, 1}, kMillionth), 7.7662, 0.00005);
}

// The formula at each whole α, in floating point.
TEST(ZcdpTest, WholeOrdersGiveTheLeastOfTheirs) {
  const double log = std::log(1e6);
  for (const std::uint64_t rho : {kBudgetUnits / 1000, kBudgetUnits / 7, kBudgetUnits, 30 * kBudgetUnits}) {
    double least = std::numeric_limits<double>::infinity();
    for (int alpha = 2; alpha < 5'000; ++alpha) {
      least = std::min(least, alpha * static_cast<double>(rho) / static_cast<double>(kBudgetUnits) +
                                  std::log1p(-1.0 / alpha) + (log - std::log(alpha)) / (alpha - 1));
    }
    const auto whole = EpsilonOfZcdp(rho, kMillionth, Orders::kWhole);
    ASSERT_TRUE(whole.has_value());
    EXPECT_NEAR(static_cast<double>(*whole) / static_cast<double>(kBudgetUnits), least, 1e-9) << rho;
    EXPECT_GE(*whole, *EpsilonOfZcdp(rho, kMillionth)) << "all orders have the whole ones among them";
  }
}

// Against 60-digit decimals minimised by other means: never below, and above by less than the grid of α
// costs.
TEST(ZcdpTest, IsNeverBelowTheExactValue_AndHardlyAbove) {
  ASSERT_OK_AND_ASSIGN(const std::string text, ReadFile("tests/vectors/zcdp.txt", 100'000));
  std::istringstream lines(text);
  int rows = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::string rho;
    std::string delta;
    double exact = 0;
    std::istringstream(line) >> rho >> delta >> exact;
    ASSERT_OK_AND_ASSIGN(const Fraction rho_part, ParseFraction(rho));
    ASSERT_OK_AND_ASSIGN(const Fraction delta_part, ParseFraction(delta));
    const double found = Epsilon(rho_part, DeltaUnitsOf(delta_part));
    EXPECT_GE(found, exact - 1e-15 * exact) << line;  // a double's own rounding
    EXPECT_LE(found, exact * (1 + 1e-7) + 1e-9) << line;
    ++rows;
  }
  EXPECT_EQ(rows, 27);
}

TEST(ZcdpTest, NeverFalls_AsRhoGrowsOrDeltaShrinks) {
  std::uint64_t before = 0;
  for (std::uint64_t rho = 1; rho < std::uint64_t{1} << 46; rho = rho * 5 / 3 + 1) {
    const auto epsilon = EpsilonOfZcdp(rho, kMillionth);
    ASSERT_TRUE(epsilon.has_value());
    EXPECT_GE(*epsilon, before) << rho;
    EXPECT_GE(*EpsilonOfZcdp(rho, kMillionth / 1000), *epsilon) << rho;
    before = *epsilon;
  }
}

TEST(ZcdpTest, SaysNothing_WhereThereIsNoAnswer) {
  EXPECT_EQ(EpsilonOfZcdp(0, 0), 0u);
  EXPECT_EQ(EpsilonOfZcdp(1, 0), std::nullopt);
  EXPECT_EQ(EpsilonOfZcdp(std::numeric_limits<std::uint64_t>::max(), kMillionth), std::nullopt);
  EXPECT_EQ(DeltaUnitsOf({0, 1}), 0u);
  EXPECT_EQ(DeltaUnitsOf({1, 1}), 0u);  // no δ below 1
  EXPECT_EQ(DeltaUnitsOf({1, 2}), absl::uint128(1) << 127);
  EXPECT_EQ(RhoWithin(kBudgetUnits, 0), 0u);
}

TEST(ZcdpTest, RhoWithinIsTheGreatestThatFits) {
  for (const std::uint64_t epsilon : {kBudgetUnits / 2, kBudgetUnits, 4 * kBudgetUnits}) {
    const std::uint64_t rho = RhoWithin(epsilon, kMillionth);
    EXPECT_LE(*EpsilonOfZcdp(rho, kMillionth), epsilon);
    EXPECT_GT(*EpsilonOfZcdp(rho + 1, kMillionth), epsilon);
  }
}

TEST(ZcdpTest, CrossoverIsTheDesigns) {
  EXPECT_EQ(CrossoverReleases(kBudgetUnits / 2, kMillionth), 10u);
  EXPECT_EQ(CrossoverReleases(kBudgetUnits, kMillionth), 11u);
  EXPECT_EQ(CrossoverReleases(2 * kBudgetUnits, kMillionth), 12u);
  EXPECT_EQ(CrossoverReleases(4 * kBudgetUnits, kMillionth), 13u);
}

}  // namespace
}  // namespace waymark::node
