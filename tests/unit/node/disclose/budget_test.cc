#include "node/disclose/budget.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "node/disclose/request.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"

namespace waymark::node {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;
using testing::StatusIs;

Claim Noised(const std::string& metric, int first, int last) {
  Claim claim;
  claim.metric = metric;
  claim.mode = v1::MODE_NOISED;
  claim.first_year = first;
  claim.last_year = last;
  return claim;
}

Claim Pure(const std::string& metric, Fraction epsilon, int first = 2024, int last = 2024) {
  Claim claim = Noised(metric, first, last);
  claim.epsilon = epsilon;
  claim.charge = *BudgetUnits(epsilon);
  claim.delta = 1000;
  return claim;
}

Claim Zcdp(const std::string& metric, Fraction rho, int first = 2024, int last = 2024) {
  Claim claim = Noised(metric, first, last);
  claim.rho = rho;
  claim.rho_charge = *BudgetUnits(rho, "rho");
  claim.delta = 100 * kDeltaOfDistance;
  return claim;
}

std::vector<LedgerEntry> Charged(const std::vector<Claim>& claims) {
  std::vector<LedgerEntry> entries;
  for (const Claim& claim : claims) {
    // What a charge was for, kept as an item, costs nothing more.
    for (const EntryKind kind : {EntryKind::kCharge, EntryKind::kItem}) {
      LedgerEntry entry;
      entry.kind = kind;
      entry.claim = claim;
      entries.push_back(entry);
    }
  }
  return entries;
}

const BudgetLimits kFour{.epsilon = {4, 1}};

TEST(BudgetTest, PureChargesAddUpToTheCapAndNoFurther) {
  const auto entries = Charged({Pure("1", {7, 2})});
  ASSERT_OK_AND_ASSIGN(auto refused, RefusedByBudget(entries, Pure("2", {1, 2}), kFour));
  EXPECT_FALSE(refused.has_value());
  ASSERT_OK_AND_ASSIGN(refused, RefusedByBudget(entries, Pure("2", {500'000'001, 1'000'000'000}), kFour));
  ASSERT_TRUE(refused.has_value());
  EXPECT_THAT(*refused, HasSubstr("2024-25"));
  EXPECT_THAT(*refused, HasSubstr("3.5 is spent"));
}

// Nothing is proven disjoint in families (README.md, "Parallel composition"): not quarters, not breakdowns,
// not what one entry counts beside another.
TEST(BudgetTest, ChargesAddUp_WhateverLooksDisjoint) {
  std::vector<contract::RoundItem> items;
  for (const char* quarter : {"2024-25-Q1", "2024-25-Q2", "2024-25-Q3", "2024-25-Q4"}) {
    items.push_back(NoisedItem("19", 1, 10));
    items.back().period = quarter;
  }
  for (const char* breakdown : {"sex", "age_band"}) {
    items.push_back(NoisedItem("19-contacts", 1, 10, {breakdown}));
    items.push_back(NoisedItem("16", 1, 10, {breakdown}));
  }
  std::vector<Claim> claims;
  for (const contract::RoundItem& item : items) {
    ASSERT_OK_AND_ASSIGN(claims.emplace_back(), ClaimOf(EntryNamed(item.metric), item, 1, 20'000, 0));
  }
  ASSERT_OK_AND_ASSIGN(const auto years, BudgetOf(Charged(claims), kFour));
  const auto year =
      std::find_if(years.begin(), years.end(), [](const YearBudget& one) { return one.year == 2024; });
  ASSERT_NE(year, years.end());
  EXPECT_EQ(year->pure, items.size() * (kBudgetUnits / 10));
}

TEST(BudgetTest, OneUnitAboveTheCapIsRefused) {
  Claim claim = Pure("1", {4, 1});
  ASSERT_OK_AND_ASSIGN(auto refused, RefusedByBudget({}, claim, kFour));
  EXPECT_FALSE(refused.has_value());
  claim.charge += 1;
  ASSERT_OK_AND_ASSIGN(refused, RefusedByBudget({}, claim, kFour));
  EXPECT_TRUE(refused.has_value());
}

TEST(BudgetTest, ZcdpChargesConvertOnceForTheirSum) {
  // ε(.3, 10^−6) = 3.917…; ε(.32) is above 4. Converted one by one, ten of .03 would cost 11.
  std::vector<Claim> claims(10, Zcdp("1", {3, 100}));
  ASSERT_OK_AND_ASSIGN(const auto budget, BudgetOf(Charged(claims), kFour));
  ASSERT_THAT(budget, SizeIs(1));
  ASSERT_TRUE(budget[0].spent.has_value());
  EXPECT_NEAR(static_cast<double>(*budget[0].spent) / static_cast<double>(kBudgetUnits), 3.917, 0.01);
  ASSERT_OK_AND_ASSIGN(auto refused, RefusedByBudget(Charged(claims), Zcdp("1", {1, 100}), kFour));
  EXPECT_FALSE(refused.has_value());
  ASSERT_OK_AND_ASSIGN(refused, RefusedByBudget(Charged(claims), Zcdp("1", {2, 100}), kFour));
  ASSERT_TRUE(refused.has_value());
  EXPECT_THAT(*refused, HasSubstr("rho 0.3 among it"));
}

TEST(BudgetTest, PureAndZcdpShareOneCap) {
  // ε(.1, 10^−6) = 2.1419…
  const auto entries = Charged({Zcdp("1", {1, 10})});
  ASSERT_OK_AND_ASSIGN(auto refused, RefusedByBudget(entries, Pure("2", {1858, 1000}), kFour));
  EXPECT_FALSE(refused.has_value());
  ASSERT_OK_AND_ASSIGN(refused, RefusedByBudget(entries, Pure("2", {1859, 1000}), kFour));
  EXPECT_TRUE(refused.has_value());
}

// What is known of Skellam noise is known at whole orders alone, so no more may be concluded from it.
TEST(BudgetTest, SkellamChargesConvertAtWholeOrders) {
  Claim skellam = Zcdp("1", {1, 1});
  skellam.mode = v1::MODE_SECURE_SUM;
  const BudgetLimits wide{.epsilon = {20, 1}};
  ASSERT_OK_AND_ASSIGN(const auto gaussian, BudgetOf(Charged({Zcdp("1", {1, 1})}), wide));
  ASSERT_OK_AND_ASSIGN(const auto whole, BudgetOf(Charged({skellam}), wide));
  EXPECT_EQ(whole[0].spent, EpsilonOfZcdp(kBudgetUnits, DeltaUnitsOf(wide.delta), Orders::kWhole));
  EXPECT_GT(*whole[0].spent, *gaussian[0].spent);
}

TEST(BudgetTest, FamiliesLieInsideTheCap) {
  const BudgetLimits limits{.epsilon = {4, 1},
                            .families = {{.family = "waits", .metrics = {"1", "2"}, .epsilon = {1, 1}},
                                         {.family = "rest", .metrics = {"9"}, .epsilon = {4, 1}}}};
  const auto entries = Charged({Pure("1", {3, 4})});
  ASSERT_OK_AND_ASSIGN(auto refused, RefusedByBudget(entries, Pure("2", {1, 2}), limits));
  ASSERT_TRUE(refused.has_value());
  EXPECT_THAT(*refused, HasSubstr("family waits"));
  ASSERT_OK_AND_ASSIGN(refused, RefusedByBudget(entries, Pure("2", {1, 4}), limits));
  EXPECT_FALSE(refused.has_value());
  // A family's own limit adds nothing to the cap.
  ASSERT_OK_AND_ASSIGN(refused, RefusedByBudget(entries, Pure("9", {13, 4}), limits));
  EXPECT_FALSE(refused.has_value());
  ASSERT_OK_AND_ASSIGN(refused, RefusedByBudget(entries, Pure("9", {14, 4}), limits));
  ASSERT_TRUE(refused.has_value());
  EXPECT_THAT(*refused, ::testing::Not(HasSubstr("family")));
  // A metric of no family meets the cap alone.
  ASSERT_OK_AND_ASSIGN(refused, RefusedByBudget(entries, Pure("16", {3, 1}), limits));
  EXPECT_FALSE(refused.has_value());
  ASSERT_OK_AND_ASSIGN(const auto budget, BudgetOf(entries, limits));
  ASSERT_THAT(budget, SizeIs(3));
  EXPECT_EQ(budget[1].family, "waits");
  EXPECT_EQ(budget[1].left, kBudgetUnits / 4);
  EXPECT_EQ(budget[2].pure, 0u);
}

TEST(BudgetTest, EveryYearOfACharge_IsChargedInFull) {
  // Years are not families: nothing is divided between them.
  const auto entries = Charged({Pure("1", {3, 1}, 2022, 2024)});
  for (const int year : {2022, 2023, 2024}) {
    ASSERT_OK_AND_ASSIGN(const auto refused, RefusedByBudget(entries, Pure("2", {2, 1}, year, year), kFour));
    EXPECT_TRUE(refused.has_value()) << year;
  }
  ASSERT_OK_AND_ASSIGN(const auto refused, RefusedByBudget(entries, Pure("2", {2, 1}, 2025, 2026), kFour));
  EXPECT_FALSE(refused.has_value());
}

TEST(BudgetTest, WhatSamplersLeaveIsTakenFromDelta) {
  Claim heavy = Zcdp("1", {1, 100});
  heavy.delta = std::numeric_limits<std::uint64_t>::max();
  const BudgetLimits tight{.epsilon = {4, 1}, .delta = {1, 1'000'000'000}};
  ASSERT_OK_AND_ASSIGN(const auto with, BudgetOf(Charged({heavy}), tight));
  ASSERT_OK_AND_ASSIGN(const auto without, BudgetOf(Charged({Zcdp("1", {1, 100})}), tight));
  EXPECT_GE(*with[0].spent, *without[0].spent);
  // 2^63 units for one pure charge beside it are (3^20 + 1) · 2^−65: three times the δ of 10^−10 that is
  // allowed.
  Claim pure = Pure("2", {1, 100});
  pure.delta = std::uint64_t{1} << 63;
  const BudgetLimits less{.epsilon = {4, 1}, .delta = {1, 100'000'000'000}};
  ASSERT_OK_AND_ASSIGN(const auto refused, RefusedByBudget(Charged({pure}), Zcdp("1", {1, 100}), less));
  EXPECT_TRUE(refused.has_value());
  ASSERT_OK_AND_ASSIGN(const auto alone, RefusedByBudget({}, pure, less));
  EXPECT_FALSE(alone.has_value());
}

TEST(BudgetTest, SumsThatCannotBeAreDamage) {
  Claim most = Pure("1", {1, 1});
  most.charge = std::numeric_limits<std::uint64_t>::max();
  EXPECT_THAT(BudgetOf(Charged({most, most}), kFour),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("add up")));
  // One more charge that overflows is refused like any other.
  ASSERT_OK_AND_ASSIGN(const auto refused, RefusedByBudget(Charged({most}), Pure("2", {1, 1}), kFour));
  EXPECT_TRUE(refused.has_value());
}

}  // namespace
}  // namespace waymark::node
