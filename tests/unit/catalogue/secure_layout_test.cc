// The vector of a secure sum and its noise, from the real catalogue.
#include "catalogue/secure_layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "catalogue/columns.h"
#include "catalogue/council_bands.h"
#include "catalogue/deprivation_moments.h"
#include "catalogue/library.h"
#include "proto/contract/roster.h"
#include "tests/testing/status_matchers.h"

namespace waymark::catalogue {
namespace {

using ::testing::HasSubstr;
using ::waymark::testing::StatusIs;

class SecureLayoutTest : public ::testing::Test {
 protected:
  SecureLayoutTest() : library_(*Library::Load("catalogue")) {}

  const v1::Metric& Metric(const std::string& id) const { return *library_.Find(id); }

  contract::RoundItem Item(const std::string& id) const {
    contract::RoundItem item;
    item.metric = id;
    item.version = Metric(id).version();
    item.period = "2023-24";
    item.mode = v1::MODE_SECURE_SUM;
    item.epsilon_numerator = 1;
    return item;
  }

  absl::StatusOr<SecureLayout> LayOutOf(const contract::RoundItem& item) const {
    const v1::Metric* const metric = &Metric(item.metric);
    contract::RoundSpec spec;
    spec.items = {item};
    return LayOut(spec, {&metric, 1});
  }

  Library library_;
};

TEST_F(SecureLayoutTest, AsksForBandsOnlyWhereADistributionIsAskedFor) {
  contract::RoundItem item = Item("19");
  ASSERT_OK_AND_ASSIGN(const SecureLayout without, LayOutOf(item));
  EXPECT_EQ(without.items[0].bands.plan.cells, 0u);
  item.distribution_epsilon_numerator = 1;
  ASSERT_OK_AND_ASSIGN(const SecureLayout with, LayOutOf(item));
  const NoisePlan& bands = with.items[0].bands.plan;
  const std::size_t outcomes = ColumnsOf(Metric("19")).size() - 1;
  const std::size_t tables = without.items[0].counts.plan.tables.size();
  EXPECT_EQ(bands.cells, tables * outcomes * (kRateBands + 1));
  EXPECT_EQ(bands.sensitivity, 2 * tables * outcomes);
  EXPECT_EQ(with.cells, without.cells + bands.cells);
  EXPECT_NE(VectorOf("h", "E12000001", with).spec_hash, VectorOf("h", "E12000001", without).spec_hash);
}

TEST_F(SecureLayoutTest, HasADistributionOfProportionsAlone) {
  contract::RoundItem item = Item("10");
  item.distribution_epsilon_numerator = 1;
  EXPECT_THAT(LayOutOf(item), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("proportion")));
}

// One council with other records altogether moves one 1 in every row: Δ₁ = 2 a row, never more.
TEST_F(SecureLayoutTest, ACouncilStandsInOneBandOfEachOutcome) {
  const v1::Metric& metric = Metric("2");
  contract::RoundItem item = Item("2");
  item.distribution_epsilon_numerator = 1;
  ASSERT_OK_AND_ASSIGN(const NoisePlan plan, PlanCouncilBands(metric, item));
  contract::Table exact = plan.tables[0];
  exact.rows = {""};
  exact.columns = ColumnsOf(metric);
  const std::size_t last = exact.columns.size() - 1;
  const struct {
    std::int64_t numerator, denominator;
    std::size_t band;
  } cases[] = {{0, 0, kRateBands}, {0, 7, 0},      {7, 7, kRateBands - 1},   {1, 20, 1},
               {99, 2000, 0},      {100, 2000, 1}, {1'000'000, 3'000'000, 6}};
  for (const auto& one : cases) {
    exact.Resize();
    std::fill(exact.values.begin(), exact.values.end(), one.numerator);
    exact.At(0, last) = one.denominator;
    contract::Table bands = plan.tables[0];
    ASSERT_OK(MarkBands(metric, exact, bands));
    for (std::size_t row = 0; row < bands.rows.size(); ++row) {
      for (std::size_t band = 0; band < bands.columns.size(); ++band) {
        EXPECT_EQ(bands.At(row, band), band == one.band ? 1 : 0)
            << one.numerator << "/" << one.denominator << " " << row << " " << band;
      }
    }
  }
  exact.columns.pop_back();
  contract::Table bands = plan.tables[0];
  EXPECT_THAT(MarkBands(metric, exact, bands), StatusIs(absl::StatusCode::kInternal, HasSubstr("report")));
}

// The Rényi bound of the design, at every whole order up to 256, against ρα.
TEST_F(SecureLayoutTest, SkellamVarianceKeepsToRho_AndOneLessWouldNot) {
  for (const auto& [numerator, denominator] :
       {std::pair<std::uint64_t, std::uint64_t>{1, 10}, {1, 2000}, {3, 1}}) {
    for (const auto& [sum, square] :
         {std::pair<std::uint64_t, std::uint64_t>{1, 1}, {12, 36}, {1000, 1000}}) {
      ASSERT_OK_AND_ASSIGN(
          const std::uint64_t variance,
          SkellamVariance({numerator, denominator}, {.sensitivity = sum, .sensitivity_square = square}));
      const double rho = static_cast<double>(numerator) / static_cast<double>(denominator);
      const double l1 = static_cast<double>(sum);
      const double l2 = static_cast<double>(square);
      const auto mu = static_cast<double>(variance);
      for (double alpha = 2; alpha <= 256; ++alpha) {
        const double renyi = alpha * l2 / (2 * mu) +
                             std::min(((2 * alpha - 1) * l2 + 6 * l1) / (4 * mu * mu), 3 * l1 / (2 * mu));
        EXPECT_LE(renyi, rho * alpha * (1 + 1e-12)) << alpha;
      }
      if (variance == 1) continue;
      const double less = mu - 1;
      EXPECT_GT(l2 / (2 * less) + (l2 + 3 * l1) / (2 * less * less), rho * (1 - 1e-12));
    }
  }
  EXPECT_THAT(SkellamVariance({1, 1'000'000'000}, {.sensitivity = 1000, .sensitivity_square = 1'000'000}),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("rho is too small")));
}

// No family alters the moments by more than the plan says: one of as many members as may count, at every
// weight and with every set of outcomes.
TEST_F(SecureLayoutTest, NoFamilyMovesTheMomentsFurther) {
  for (const char* const id : {"19", "2", "12"}) {
    const v1::Metric& metric = Metric(id);
    contract::RoundItem item = Item(id);
    item.deprivation_rho_numerator = 1;
    ASSERT_OK_AND_ASSIGN(const NoisePlan plan, PlanMoments(metric, item));
    const std::size_t outcomes = ColumnsOf(metric).size() - 1;
    std::uint64_t sum = 0;
    std::uint64_t square = 0;
    for (std::uint32_t points = 1; points <= contract::kMostDeprivation; ++points) {
      std::uint64_t moved = 0;
      std::uint64_t moved_square = 0;
      for (const contract::Table& planned : plan.tables) {
        const std::uint64_t members = MembersThatCount(metric, KeyOf(planned));
        contract::Table exact = planned;
        exact.columns = ColumnsOf(metric);
        exact.Resize();
        std::fill(exact.values.begin(), exact.values.end(), static_cast<std::int64_t>(members));
        contract::Table moments = planned;
        ASSERT_OK(FillMoments(metric, exact, points, moments));
        for (const std::int64_t value : moments.values) {
          moved += static_cast<std::uint64_t>(std::abs(value));
          moved_square += static_cast<std::uint64_t>(value * value);
        }
      }
      sum = std::max(sum, moved);
      square = std::max(square, moved_square);
    }
    EXPECT_EQ(sum, plan.sensitivity) << id << " " << outcomes;
    EXPECT_EQ(square, plan.sensitivity_square) << id;
  }
}

TEST_F(SecureLayoutTest, MomentsAreCountsTimesTheRostersWeight) {
  const v1::Metric& metric = Metric("19");
  contract::RoundItem item = Item("19");
  ASSERT_OK_AND_ASSIGN(const NoisePlan plan, PlanMoments(metric, item));
  contract::Table exact = plan.tables[0];
  exact.columns = ColumnsOf(metric);
  exact.Resize();
  exact.values = {30, 100};
  contract::Table moments = plan.tables[0];
  ASSERT_OK(FillMoments(metric, exact, 4, moments));
  EXPECT_EQ(moments.values, (std::vector<std::int64_t>{-1700, 28'900, -510}));
  exact.values = {101, 100};
  EXPECT_THAT(FillMoments(metric, exact, 4, moments),
              StatusIs(absl::StatusCode::kInternal, HasSubstr("report")));
  item = Item("10");
  item.deprivation_rho_numerator = 1;
  EXPECT_THAT(LayOutOf(item), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("proportion")));
}

TEST_F(SecureLayoutTest, CellsComeBackAsTables) {
  contract::RoundItem item = Item("19");
  item.units = {v1::UNIT_EPISODES};
  item.distribution_epsilon_numerator = 1;
  ASSERT_OK_AND_ASSIGN(const SecureLayout layout, LayOutOf(item));
  ASSERT_EQ(layout.cells, 2 + kRateBands + 1);
  const v1::Metric* const metric = &Metric("19");
  std::vector<std::int64_t> cells = {30, 70};
  for (std::size_t band = 0; band <= kRateBands; ++band) cells.push_back(static_cast<std::int64_t>(band));
  ASSERT_OK_AND_ASSIGN(const auto items, TablesFromCells(layout, {&metric, 1}, cells));
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].counts[0].values, (std::vector<std::int64_t>{30, 100})) << "the denominator is restored";
  EXPECT_EQ(items[0].bands[0].At(0, 6), 6);
  EXPECT_EQ(items[0].bands[0].columns.back(), "none");
  cells.pop_back();
  EXPECT_THAT(TablesFromCells(layout, {&metric, 1}, cells),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("expected 23")));
}

// Summed in lengths of the period, which was a leap year's.
TEST_F(SecureLayoutTest, PersonDaysComeBackAsDays) {
  const contract::RoundItem item = Item("31");
  ASSERT_OK_AND_ASSIGN(const SecureLayout layout, LayOutOf(item));
  const v1::Metric* const metric = &Metric("31");
  const std::vector<std::int64_t> cells = {1, 2, 3, 4, 5, 6, 70, -1, 90};
  ASSERT_OK_AND_ASSIGN(const auto items, TablesFromCells(layout, {&metric, 1}, cells));
  EXPECT_EQ(items[0].counts[0].values,
            (std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 70 * 366, -366, 90 * 366}));
}

}  // namespace
}  // namespace waymark::catalogue
