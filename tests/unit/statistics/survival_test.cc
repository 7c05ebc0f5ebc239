#include "statistics/survival.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/testing/status_matchers.h"

namespace waymark::statistics {
namespace {

using ::testing::HasSubstr;
using ::waymark::testing::StatusIs;

// Remission of 21 patients on 6-mercaptopurine (Freireich and others, 1963), the textbook example; weeks.
std::vector<FollowUp> Remissions() {
  std::vector<FollowUp> members;
  for (const int event : {6, 6, 6, 7, 10, 13, 16, 22, 23}) members.push_back({event, 0});
  for (const int censored : {6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35}) members.push_back({censored, -1});
  return members;
}

TEST(SurvivalCurveTest, AgreesWithThePublishedCurve) {
  ASSERT_OK_AND_ASSIGN(const SurvivalCurve curve, SurvivalCurve::FromDays(Remissions(), 1));
  // Collett, "Modelling Survival Data in Medical Research": estimates and Greenwood's standard errors.
  const struct {
    std::uint32_t day;
    double survival, error;
  } rows[] = {{5, 1, 0},
              {6, 0.8571, 0.0764},
              {7, 0.8067, 0.0869},
              {10, 0.7529, 0.0963},
              {13, 0.6902, 0.1068},
              {16, 0.6275, 0.1141},
              {22, 0.5378, 0.1282},
              {23, 0.4482, 0.1346},
              {35, 0.4482, 0.1346}};
  for (const auto& row : rows) {
    const auto at = curve.At(row.day);
    ASSERT_TRUE(at.has_value()) << row.day;
    EXPECT_NEAR(at->survival, row.survival, 5e-5) << row.day;
    EXPECT_NEAR(std::sqrt(at->variance), row.error, 5e-5) << row.day;
  }
  EXPECT_EQ(curve.Median(), 23u);
  EXPECT_EQ(curve.members(), 21);
}

TEST(SurvivalCurveTest, IsNothing_BeyondTheLastFollowUp) {
  ASSERT_OK_AND_ASSIGN(const SurvivalCurve curve, SurvivalCurve::FromDays(Remissions(), 1));
  EXPECT_TRUE(curve.At(35).has_value());
  EXPECT_FALSE(curve.At(36).has_value());
  ASSERT_OK_AND_ASSIGN(const SurvivalCurve nobody, SurvivalCurve::FromDays({}, 1));
  EXPECT_FALSE(nobody.At(0).has_value());
  EXPECT_EQ(nobody.Median(), std::nullopt);
  // Everyone had the event on day 3: S is 0 there, and unknown after.
  ASSERT_OK_AND_ASSIGN(const SurvivalCurve all,
                       SurvivalCurve::FromDays(std::vector<FollowUp>{{3, 0}, {3, 0}}, 1));
  EXPECT_EQ(all.At(3)->survival, 0);
  EXPECT_EQ(all.At(3)->interval, std::nullopt);
  EXPECT_FALSE(all.At(4).has_value());
}

TEST(SurvivalCurveTest, CountsAnEventOnTheDayOfCensoring) {
  // Both leave on day 5; the event is among two at risk.
  ASSERT_OK_AND_ASSIGN(const SurvivalCurve curve,
                       SurvivalCurve::FromDays(std::vector<FollowUp>{{5, 0}, {5, -1}}, 1));
  EXPECT_DOUBLE_EQ(curve.At(5)->survival, 0.5);
  EXPECT_EQ(curve.Median(), 5u);
}

TEST(SurvivalCurveTest, TakesMembersWithTheSameFollowUpTogether) {
  const std::vector<FollowUp> together = {{9, -1, 2}, {4, 0, 3}, {4, -1}, {0, 0, 5}, {7, 0, 0}};
  const std::vector<FollowUp> alone = {{4, 0}, {9, -1}, {4, -1}, {4, 0}, {9, -1}, {4, 0}};
  ASSERT_OK_AND_ASSIGN(const SurvivalCurve a, SurvivalCurve::FromDays(together, 1));
  ASSERT_OK_AND_ASSIGN(const SurvivalCurve b, SurvivalCurve::FromDays(alone, 1));
  EXPECT_EQ(a.members(), 6);
  EXPECT_EQ(a.members(), b.members());
  for (const std::uint32_t day : {3u, 4u, 9u}) {
    EXPECT_EQ(a.At(day)->survival, b.At(day)->survival);
    EXPECT_EQ(a.At(day)->variance, b.At(day)->variance);
    EXPECT_EQ(a.At(day)->at_risk_after, b.At(day)->at_risk_after);
  }
  EXPECT_FALSE(SurvivalCurve::FromDays(std::vector<FollowUp>{{4, 0, -1}}, 1).ok());
}

TEST(SurvivalCurveTest, LeavesOutMembersWhoWereNeverAtRisk) {
  ASSERT_OK_AND_ASSIGN(const SurvivalCurve curve,
                       SurvivalCurve::FromDays(std::vector<FollowUp>{{0, -1}, {0, -1}, {4, 0}, {9, -1}}, 1));
  EXPECT_EQ(curve.members(), 2);
  EXPECT_DOUBLE_EQ(curve.At(4)->survival, 0.5);
}

TEST(SurvivalCurveTest, IncidenceAndSurvivalAddUpToOne) {
  std::vector<FollowUp> members;
  for (int i = 0; i < 300; ++i) members.push_back({1 + (i * 37) % 211, (i * 13) % 3 - 1});
  ASSERT_OK_AND_ASSIGN(const SurvivalCurve curve, SurvivalCurve::FromDays(members, 2));
  double before = 1;
  for (std::uint32_t day = 0; day <= 211; ++day) {
    const auto at = curve.At(day);
    if (!at.has_value()) break;
    EXPECT_NEAR(at->survival + at->incidence[0] + at->incidence[1], 1, 1e-12) << day;
    EXPECT_LE(at->survival, before) << day;
    before = at->survival;
  }
}

// Without censoring the curve is the share still without an event.
TEST(SurvivalCurveTest, IsTheEmpiricalShare_WithoutCensoring) {
  std::vector<FollowUp> members;
  for (int i = 0; i < 40; ++i) members.push_back({1 + (i * 7) % 20, 0});
  ASSERT_OK_AND_ASSIGN(const SurvivalCurve curve, SurvivalCurve::FromDays(members, 1));
  for (std::uint32_t day = 0; day <= 20; ++day) {
    int beyond = 0;
    for (const FollowUp& member : members) beyond += member.days > static_cast<int>(day);
    const double share = beyond / 40.0;
    EXPECT_NEAR(curve.At(day)->survival, share, 1e-12);
    EXPECT_NEAR(curve.At(day)->variance, share * (1 - share) / 40, 1e-12) << "Greenwood is binomial then";
    EXPECT_EQ(curve.At(day)->at_risk_after, beyond);
  }
  EXPECT_EQ(curve.Median(), 10u);
}

// With one kind of event its incidence is 1 − S, so that both have Greenwood's variance.
TEST(SurvivalCurveTest, IncidenceHasGreenwoodsVariance_WithOneKind) {
  ASSERT_OK_AND_ASSIGN(const SurvivalCurve curve, SurvivalCurve::FromDays(Remissions(), 1));
  for (const std::uint32_t day : {6u, 10u, 16u, 23u, 35u}) {
    const auto at = curve.At(day);
    EXPECT_NEAR(at->incidence_variance[0], at->variance, 1e-12) << day;
    ASSERT_TRUE(at->incidence_interval[0].has_value());
    EXPECT_LT(at->incidence_interval[0]->lower, at->incidence[0]);
    EXPECT_GT(at->incidence_interval[0]->upper, at->incidence[0]);
  }
  EXPECT_EQ(curve.At(5)->incidence_interval[0], std::nullopt) << "no event yet";
}

TEST(SurvivalCurveTest, IncidencesVarianceIsBinomial_WithoutCensoring) {
  std::vector<FollowUp> members;
  for (int i = 0; i < 60; ++i) members.push_back({1 + (i * 7) % 20, i % 3 == 0 ? 1 : 0});
  ASSERT_OK_AND_ASSIGN(const SurvivalCurve curve, SurvivalCurve::FromDays(members, 2));
  for (std::uint32_t day = 1; day <= 20; ++day) {
    for (const std::size_t kind : {0u, 1u}) {
      const double share = curve.At(day)->events[kind] / 60;
      EXPECT_NEAR(curve.At(day)->incidence_variance[kind], share * (1 - share) / 60, 1e-12) << day;
    }
  }
}

TEST(BinnedSurvivalTest, HalvesThoseCensoredInABin) {
  // Ten members. (0, 7]: 2 events, 1 censored: at risk 9.5. (7, 14]: 1 event, 2 censored of 7: at risk 6.
  ASSERT_OK_AND_ASSIGN(const SurvivalCurve curve,
                       SurvivalCurve::FromBins(std::vector<std::uint32_t>{7, 14},
                                               std::vector<std::vector<std::int64_t>>{{1, 1, 0}, {1, 0, 0}},
                                               std::vector<std::int64_t>{1, 2, 4}));
  const double first = 1 - 2 / 9.5;
  EXPECT_NEAR(curve.At(7)->survival, first, 1e-15);
  EXPECT_NEAR(curve.At(14)->survival, first * (1 - 1 / 6.0), 1e-15);
  EXPECT_NEAR(curve.At(14)->incidence[0], 1 / 9.5 + first / 6, 1e-15);
  EXPECT_NEAR(curve.At(14)->incidence[1], 1 / 9.5, 1e-15);
  const double greenwood = 2 / (9.5 * 7.5) + 1 / (6.0 * 5.0);
  EXPECT_NEAR(curve.At(14)->variance, std::pow(curve.At(14)->survival, 2) * greenwood, 1e-15);
  EXPECT_EQ(curve.At(14)->at_risk_after, 4);
  EXPECT_EQ(curve.At(14)->events[0], 2);
  EXPECT_DOUBLE_EQ(curve.At(10)->survival, first) << "between edges the curve is that of the edge before";
  EXPECT_FALSE(curve.At(15).has_value());
}

TEST(BinnedSurvivalTest, EqualsTheDailyCurve_WhenBinsAreDaysWithoutCensoring) {
  std::vector<FollowUp> members;
  std::vector<std::uint32_t> edges;
  std::vector<std::vector<std::int64_t>> events(2, std::vector<std::int64_t>(31));
  for (std::uint32_t day = 1; day <= 30; ++day) edges.push_back(day);
  for (int i = 0; i < 97; ++i) {
    const int days = 1 + (i * i) % 40;
    if (days > 30) continue;
    members.push_back({days, i % 2});
    ++events[static_cast<std::size_t>(i % 2)][static_cast<std::size_t>(days - 1)];
  }
  members.push_back({31, -1});
  std::vector<std::int64_t> censored(31);
  censored[30] = 1;
  ASSERT_OK_AND_ASSIGN(const SurvivalCurve daily, SurvivalCurve::FromDays(members, 2));
  ASSERT_OK_AND_ASSIGN(const SurvivalCurve binned, SurvivalCurve::FromBins(edges, events, censored));
  for (std::uint32_t day = 0; day <= 30; ++day) {
    EXPECT_NEAR(binned.At(day)->survival, daily.At(day)->survival, 1e-12);
    EXPECT_NEAR(binned.At(day)->variance, daily.At(day)->variance, 1e-12);
    EXPECT_NEAR(binned.At(day)->incidence[1], daily.At(day)->incidence[1], 1e-12);
  }
  EXPECT_EQ(binned.Median(), daily.Median());
}

TEST(BinnedSurvivalTest, GivesNothingWhereNobodyWasFollowedBeyondTheEdge) {
  ASSERT_OK_AND_ASSIGN(const SurvivalCurve curve,
                       SurvivalCurve::FromBins(std::vector<std::uint32_t>{7, 14, 21},
                                               std::vector<std::vector<std::int64_t>>{{1, 1, 0, 0}},
                                               std::vector<std::int64_t>{0, 3, 0, 0}));
  EXPECT_TRUE(curve.At(7).has_value());
  EXPECT_FALSE(curve.At(14).has_value()) << "the last follow-up ended somewhere inside (7, 14]";
}

TEST(BinnedSurvivalTest, PutsTheMedianInsideItsBin) {
  // S falls from 1 to 0.6 at 7 and to 0.2 at 14: half at a quarter of the second week, its second day.
  ASSERT_OK_AND_ASSIGN(const SurvivalCurve curve,
                       SurvivalCurve::FromBins(std::vector<std::uint32_t>{7, 14},
                                               std::vector<std::vector<std::int64_t>>{{4, 4, 0}},
                                               std::vector<std::int64_t>{0, 0, 2}));
  EXPECT_EQ(curve.Median(), 9u);
  ASSERT_OK_AND_ASSIGN(const SurvivalCurve never,
                       SurvivalCurve::FromBins(std::vector<std::uint32_t>{7, 14},
                                               std::vector<std::vector<std::int64_t>>{{1, 1, 0}},
                                               std::vector<std::int64_t>{0, 0, 8}));
  EXPECT_EQ(never.Median(), std::nullopt);
}

TEST(BinnedSurvivalTest, StaysWithinItsBounds_WhenNoiseMadeCountsNegative) {
  ASSERT_OK_AND_ASSIGN(
      const SurvivalCurve curve,
      SurvivalCurve::FromBins(std::vector<std::uint32_t>{7, 14, 21},
                              std::vector<std::vector<std::int64_t>>{{-3, 40, -2, 5}, {2, -1, 1, 0}},
                              std::vector<std::int64_t>{-2, 4, -7, 30}));
  for (const std::uint32_t day : {0u, 7u, 14u, 21u}) {
    const auto at = curve.At(day);
    if (!at.has_value()) continue;
    EXPECT_GE(at->survival, 0);
    EXPECT_LE(at->survival, 1);
    EXPECT_GE(at->variance, 0);
    for (const double incidence : at->incidence) {
      EXPECT_GE(incidence, 0);
      EXPECT_LE(incidence, 1);
    }
  }
  ASSERT_OK_AND_ASSIGN(
      const SurvivalCurve less,
      SurvivalCurve::FromBins(std::vector<std::uint32_t>{7}, std::vector<std::vector<std::int64_t>>{{-5, -1}},
                              std::vector<std::int64_t>{-1, -9}));
  EXPECT_FALSE(less.At(0).has_value());
}

TEST(SurvivalCurveTest, Refuses_WrongShapes) {
  const auto invalid = absl::StatusCode::kInvalidArgument;
  EXPECT_THAT(SurvivalCurve::FromDays(std::vector<FollowUp>{{-1, 0}}, 1),
              StatusIs(invalid, HasSubstr("follow-up")));
  EXPECT_THAT(SurvivalCurve::FromDays(std::vector<FollowUp>{{1, 1}}, 1),
              StatusIs(invalid, HasSubstr("follow-up")));
  EXPECT_THAT(SurvivalCurve::FromDays(std::vector<FollowUp>{{1, -2}}, 1),
              StatusIs(invalid, HasSubstr("follow-up")));
  const std::vector<std::vector<std::int64_t>> events = {{1, 1}};
  const std::vector<std::int64_t> censored = {1, 1};
  EXPECT_THAT(SurvivalCurve::FromBins(std::vector<std::uint32_t>{0}, events, censored),
              StatusIs(invalid, HasSubstr("rising")));
  EXPECT_THAT(SurvivalCurve::FromBins(std::vector<std::uint32_t>{7, 14}, events, censored),
              StatusIs(invalid, HasSubstr("censored")));
  EXPECT_THAT(SurvivalCurve::FromBins(std::vector<std::uint32_t>{7}, {}, censored),
              StatusIs(invalid, HasSubstr("censored")));
  EXPECT_THAT(SurvivalCurve::FromBins(std::vector<std::uint32_t>{7},
                                      std::vector<std::vector<std::int64_t>>{{1}}, censored),
              StatusIs(invalid, HasSubstr("events")));
}

}  // namespace
}  // namespace waymark::statistics
