#include "node/disclose/epsilon.h"

#include <gtest/gtest.h>

#include <numeric>

#include "tests/testing/status_matchers.h"

namespace waymark::node {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

TEST(FractionTest, ReadsWholesDecimalsAndFractionsExactly) {
  const std::vector<std::pair<std::string, Fraction>> cases = {{"4", {4, 1}},
                                                               {"0.5", {1, 2}},
                                                               {"1/2", {1, 2}},
                                                               {"2/4", {1, 2}},
                                                               {"0", {0, 1}},
                                                               {"0.10", {1, 10}},
                                                               {"3.25", {13, 4}},
                                                               {"0.000001", {1, 1'000'000}},
                                                               {"1000000000", {1'000'000'000, 1}}};
  for (const auto& [text, expected] : cases) {
    ASSERT_OK_AND_ASSIGN(const Fraction read, ParseFraction(text));
    EXPECT_EQ(read, expected) << text;
    ASSERT_OK_AND_ASSIGN(const Fraction again, ParseFraction(FormatFraction(read)));
    EXPECT_EQ(again, read);
  }
}

TEST(FractionTest, RefusesEverythingElse) {
  for (const char* text : {"",
                           "-1",
                           "+1",
                           "1e3",
                           ".5",
                           "5.",
                           "1/0",
                           "1/",
                           "/2",
                           "1/2/3",
                           "0.5/2",
                           " 1",
                           "1 ",
                           "nan",
                           "inf",
                           "0x4",
                           "1,5",
                           "1000000001",
                           "0.0000000001",
                           "99999999999999999999",
                           "1.0000000000000000001"}) {
    EXPECT_THAT(ParseFraction(text), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("expected")))
        << text;
  }
}

TEST(BudgetTest, UsualFractionsAreWholeUnits) {
  for (std::uint64_t below : {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 100, 1000, 1'000'000}) {
    ASSERT_OK_AND_ASSIGN(const std::uint64_t units, BudgetUnits({1, below}));
    EXPECT_EQ(units * below, kBudgetUnits) << below;
  }
}

TEST(BudgetTest, OtherFractionsAreRoundedUpAndNeverDown) {
  for (std::uint64_t below : {17ull, 19ull, 999'983ull, 999'999'937ull}) {
    ASSERT_OK_AND_ASSIGN(const std::uint64_t units, BudgetUnits({1, below}));
    EXPECT_GT(units * below, kBudgetUnits) << below;
    EXPECT_LT((units - 1) * below, kBudgetUnits) << below;
  }
}

TEST(BudgetTest, RefusesZeroAndTooMuch) {
  for (const Fraction bad : {Fraction{0, 1}, Fraction{1, 0}, Fraction{1001, 1}, Fraction{1'000'000'000, 1}}) {
    EXPECT_THAT(BudgetUnits(bad), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("epsilon")));
  }
  EXPECT_OK(BudgetUnits({1000, 1}));
}

TEST(BudgetTest, CapIsComparedExactly) {
  // Seventeen times 1/17, each rounded up, is a little more than 1.
  ASSERT_OK_AND_ASSIGN(const std::uint64_t seventeenth, BudgetUnits({1, 17}));
  EXPECT_TRUE(ExceedsCap(17 * seventeenth, {1, 1}));
  EXPECT_FALSE(ExceedsCap(16 * seventeenth, {1, 1}));
  EXPECT_FALSE(ExceedsCap(4 * kBudgetUnits, {4, 1}));
  EXPECT_TRUE(ExceedsCap(4 * kBudgetUnits + 1, {4, 1}));
  EXPECT_TRUE(ExceedsCap(1, {0, 1}));
  EXPECT_FALSE(ExceedsCap(0, {0, 1}));
  // A cap of 1/17 holds kBudgetUnits / 17 units, rounded down.
  EXPECT_FALSE(ExceedsCap(seventeenth - 1, {1, 17}));
  EXPECT_TRUE(ExceedsCap(seventeenth, {1, 17}));
  EXPECT_EQ(UnitsLeft(0, {1, 17}), seventeenth - 1);
  EXPECT_EQ(UnitsLeft(kBudgetUnits, {1, 2}), 0u);
}

TEST(BudgetTest, AmountsAreShownRoundedUp) {
  EXPECT_EQ(FormatUnits(0), "0");
  EXPECT_EQ(FormatUnits(kBudgetUnits / 2), "0.5");
  EXPECT_EQ(FormatUnits(4 * kBudgetUnits), "4");
  EXPECT_EQ(FormatUnits(kBudgetUnits / 3), "0.333334");
  EXPECT_EQ(FormatUnits(1), "0.000001");
}

}  // namespace
}  // namespace waymark::node
