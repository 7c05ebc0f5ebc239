#include "node/disclose/plan.h"

#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"

namespace waymark::node {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;
using testing::StatusIs;

constexpr Day kToday = 20'000;
const BudgetLimits kFour{.epsilon = {4, 1}};

// The plan says of every item what the door then does with it, and the budget that is then there.
TEST(PlanTest, SaysWhatTheDoorWillDo) {
  MadeUpCouncil council;
  ASSERT_OK(council.Open());
  MadeUpTables tables;
  const std::vector<contract::RoundItem> schedule = {NoisedItem("19", 2, 1), RhoItem("19-contacts", 2, 100),
                                                     NoisedItem("19", 3, 2, {"sex"}),
                                                     NoisedItem("19-contacts", 1, 1)};
  const absl::CivilDay civil = absl::ToCivilDay(council.clock.Now(), absl::UTCTimeZone());
  const auto today = static_cast<Day>(civil - absl::CivilDay(1970, 1, 1));
  ASSERT_OK_AND_ASSIGN(const BudgetPlan plan,
                       PlanBudget(schedule, {}, council.policy().budget(), TestLibrary(), today));
  ASSERT_THAT(plan.items, SizeIs(4));
  for (std::size_t i = 0; i < schedule.size(); ++i) {
    const contract::RoundSpec spec = SpecOf(absl::StrCat("q", i), {schedule[i]});
    ASSERT_OK_AND_ASSIGN(const auto previews, council.MakeDoor().Preview(spec, tables));
    ASSERT_TRUE(previews[0].noised.has_value());
    EXPECT_EQ(plan.items[i].error.radius_95, previews[0].noised->error.radius_95);
    EXPECT_EQ(plan.items[i].cells, previews[0].noised->cells);
    ASSERT_OK_AND_ASSIGN(const Answered answered, council.MakeDoor().Answer(spec, tables));
    EXPECT_EQ(Read(answered.release).tables.empty(), plan.items[i].refused.has_value()) << i;
  }
  EXPECT_TRUE(plan.items[2].refused.has_value());
  EXPECT_FALSE(plan.items[3].refused.has_value());
  ASSERT_OK_AND_ASSIGN(const auto budget, council.ledger().Budget(council.policy().budget()));
  ASSERT_EQ(plan.after.size(), budget.size());
  for (std::size_t i = 0; i < budget.size(); ++i) {
    EXPECT_EQ(plan.after[i].year, budget[i].year);
    EXPECT_EQ(plan.after[i].spent, budget[i].spent);
    EXPECT_EQ(plan.after[i].left, budget[i].left);
  }
}

TEST(PlanTest, CountsWhatTheLedgerHasCharged) {
  LedgerEntry charge;
  charge.kind = EntryKind::kCharge;
  ASSERT_OK_AND_ASSIGN(const BudgetPlan alone,
                       PlanBudget({NoisedItem("19", 1, 1)}, {}, kFour, TestLibrary(), kToday));
  charge.claim = alone.items[0].claim;
  charge.claim.charge = 7 * kBudgetUnits / 2;
  ASSERT_OK_AND_ASSIGN(const BudgetPlan plan,
                       PlanBudget({NoisedItem("19", 1, 1)}, {charge}, kFour, TestLibrary(), kToday));
  ASSERT_TRUE(plan.items[0].refused.has_value());
  EXPECT_THAT(*plan.items[0].refused, HasSubstr("3.5 is spent"));
}

TEST(PlanTest, NamesTheCrossover) {
  std::vector<contract::RoundItem> schedule;
  for (std::uint64_t i = 1; i <= 14; ++i) schedule.push_back(NoisedItem("19", i, 1000));
  ASSERT_OK_AND_ASSIGN(const BudgetPlan plan, PlanBudget(schedule, {}, kFour, TestLibrary(), kToday));
  EXPECT_EQ(plan.most_in_a_year, 14u);
  EXPECT_EQ(plan.crossover, 13u);
}

TEST(PlanTest, WhatCannotBeNoisedIsRefusedByItself) {
  ASSERT_OK_AND_ASSIGN(const BudgetPlan plan, PlanBudget({NoisedItem("43"), NoisedItem("19", 1, 1)}, {},
                                                         kFour, TestLibrary(), kToday));
  EXPECT_TRUE(plan.items[0].refused.has_value());
  EXPECT_FALSE(plan.items[1].refused.has_value());
  contract::RoundItem unknown = NoisedItem("19");
  unknown.metric = "999";
  EXPECT_THAT(PlanBudget({unknown}, {}, kFour, TestLibrary(), kToday),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("no entry \"999\"")));
}

}  // namespace
}  // namespace waymark::node
