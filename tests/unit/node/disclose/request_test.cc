#include "node/disclose/request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"

namespace waymark::node {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

Day DayNamed(const char* text) {
  return *ParseIsoDay(text);
}

TEST(RequestTest, AsksForBreakdownByWindowByUnit_AllFirst) {
  contract::RoundItem item = ItemFor("1", v1::MODE_THRESHOLDED, {"sex", "sex|age_band"});
  item.window_days = {};
  item.units = {};
  const std::vector<TableKey> keys = TablesOf(EntryNamed("1"), item);
  ASSERT_EQ(keys.size(), 3u * 2u * 3u);
  EXPECT_TRUE(keys[0].dimensions.empty());
  EXPECT_EQ(keys[0].window_days, 183u);
  EXPECT_EQ(keys[3].window_days, 365u);
  EXPECT_EQ(keys[17].dimensions, (std::vector<std::string>{"sex", "age_band"}));
}

TEST(RequestTest, SurvivalHasOneTableWhateverItsWindows) {
  const std::vector<TableKey> keys = TablesOf(EntryNamed("9"), ItemFor("9", v1::MODE_THRESHOLDED));
  ASSERT_EQ(keys.size(), 1u);
  EXPECT_EQ(keys[0].window_days, 0u);
}

TEST(RequestTest, RecordsThatCountReachIntoFollowUpAndLookBack) {
  const Day today = DayNamed("2026-05-01");
  // 1 looks for a missing source in contacts up to 90 days before the return, and 183 days ahead.
  ASSERT_OK_AND_ASSIGN(const DaySpan one, RecordsThatCount(EntryNamed("1"), NoisedItem("1"), today));
  EXPECT_EQ(one.first, DayNamed("2024-04-01") - 90);
  EXPECT_EQ(one.last, DayNamed("2025-03-31") + 183);
  // 19 looks at the referral alone.
  ASSERT_OK_AND_ASSIGN(const DaySpan nineteen, RecordsThatCount(EntryNamed("19"), NoisedItem("19"), today));
  EXPECT_EQ(nineteen.first, DayNamed("2024-04-01"));
  EXPECT_EQ(nineteen.last, DayNamed("2025-03-31"));
  // 9 follows up to the extract.
  ASSERT_OK_AND_ASSIGN(const DaySpan nine, RecordsThatCount(EntryNamed("9"), NoisedItem("9"), today));
  EXPECT_EQ(nine.last, today);
}

TEST(RequestTest, RecordsThatCountReachOverAChildhood_WhenAClosuresStartIsAskedFor) {
  const auto first = [](const std::string& id) {
    return RecordsThatCount(EntryNamed(id), NoisedItem(id), DayNamed("2026-05-01")).value().first;
  };
  // 4 asks what was open on the day that early help started.
  EXPECT_EQ(first("4"), DayNamed("2024-04-01") - 18 * 366);
  // Starts are themselves in the period: 32 looks 365 days before them, 14 at contacts 90 days before.
  EXPECT_EQ(first("32"), DayNamed("2024-04-01") - 365);
  EXPECT_EQ(first("14"), DayNamed("2024-04-01") - 90);
  EXPECT_EQ(first("3"), DayNamed("2024-04-01") - 365);
  // 25 asks for any plan before, 30-open for what may have been open since birth.
  EXPECT_EQ(first("25"), DayNamed("2024-04-01") - 18 * 366);
  EXPECT_EQ(first("30-open"), DayNamed("2024-04-01") - 18 * 366);
  // 31 asks for the first closure ever.
  EXPECT_EQ(first("31"), DayNamed("2024-04-01") - 18 * 366);
}

TEST(RequestTest, RecordsThatCountReachBehindAClosuresStart_WhenAskedByEarlierSocialCare) {
  const Day today = DayNamed("2026-05-01");
  contract::RoundItem item = NoisedItem("16");
  item.breakdowns = {"sex"};
  EXPECT_EQ(RecordsThatCount(EntryNamed("16"), item, today)->first, DayNamed("2024-04-01"));
  for (const char* const breakdown : {"earlier_social_care", "need|earlier_social_care"}) {
    item.breakdowns = {"sex", breakdown};
    EXPECT_EQ(RecordsThatCount(EntryNamed("16"), item, today)->first,
              DayNamed("2024-04-01") - 18 * 366 - 365);
  }
}

TEST(RequestTest, RecordsThatCountReachToTheEndOfAStepDown) {
  const absl::StatusOr<DaySpan> six =
      RecordsThatCount(EntryNamed("6"), NoisedItem("6"), DayNamed("2026-05-01"));
  ASSERT_OK(six);
  EXPECT_EQ(six->last, DayNamed("2025-03-31") + 30);
}

TEST(RequestTest, AMixHasItsWindow) {
  const std::vector<TableKey> keys = TablesOf(EntryNamed("7"), ItemFor("7", v1::MODE_NOISED));
  ASSERT_FALSE(keys.empty());
  EXPECT_EQ(keys[0].window_days, 30u);
}

TEST(RequestTest, ChargeGoesToEveryFinancialYearThatCounts) {
  const Day today = DayNamed("2026-05-01");
  ASSERT_OK_AND_ASSIGN(const Claim one, ClaimOf(EntryNamed("1"), NoisedItem("1", 1, 3), 1, today, 5));
  EXPECT_EQ(one.first_year, 2023);
  EXPECT_EQ(one.last_year, 2025);
  EXPECT_EQ(one.charge, kBudgetUnits / 3);
  EXPECT_EQ(one.delta, 5u);
  EXPECT_EQ(one.linkage_group, "early-help-closures");
  ASSERT_OK_AND_ASSIGN(const Claim nineteen, ClaimOf(EntryNamed("19"), NoisedItem("19"), 1, today, 0));
  EXPECT_EQ(nineteen.first_year, 2024);
  EXPECT_EQ(nineteen.last_year, 2024);
  ASSERT_OK_AND_ASSIGN(const Claim plain,
                       ClaimOf(EntryNamed("1"), ItemFor("1", v1::MODE_THRESHOLDED), 1, today, 0));
  EXPECT_EQ(plain.charge, 0u);
}

TEST(RequestTest, ADistributionIsChargedBesideTheCounts) {
  const Day today = DayNamed("2026-05-01");
  contract::RoundItem item = NoisedItem("1", 1, 3);
  item.mode = v1::MODE_SECURE_SUM;
  item.distribution_epsilon_numerator = 1;
  item.distribution_epsilon_denominator = 2;
  ASSERT_OK_AND_ASSIGN(const Claim both, ClaimOf(EntryNamed("1"), item, 1, today, 0));
  EXPECT_EQ(both.epsilon, (Fraction{5, 6}));
  EXPECT_EQ(both.charge, kBudgetUnits / 6 * 5);
  item.epsilon_numerator = 0;
  item.rho_numerator = 1;
  item.rho_denominator = 10;
  ASSERT_OK_AND_ASSIGN(const Claim skellam, ClaimOf(EntryNamed("1"), item, 1, today, 0));
  EXPECT_EQ(skellam.epsilon, (Fraction{1, 2}));
  EXPECT_EQ(skellam.charge, kBudgetUnits / 2);
  EXPECT_EQ(skellam.rho_charge, kBudgetUnits / 10);
  EXPECT_EQ(DescribeCharge(skellam), "rho 1/10 and epsilon 1/2");
  item.deprivation_rho_numerator = 1;
  item.deprivation_rho_denominator = 5;
  ASSERT_OK_AND_ASSIGN(const Claim all, ClaimOf(EntryNamed("1"), item, 1, today, 0));
  EXPECT_EQ(all.rho, (Fraction{3, 10}));
  EXPECT_EQ(all.rho_charge, kBudgetUnits / 10 * 3);
  item.deprivation_rho_numerator = 0;
  item.rho_numerator = 0;
  item.epsilon_numerator = 1;
  item.epsilon_denominator = 999'999'999;
  EXPECT_THAT(ClaimOf(EntryNamed("1"), item, 1, today, 0),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("fewer digits")));
}

}  // namespace
}  // namespace waymark::node
