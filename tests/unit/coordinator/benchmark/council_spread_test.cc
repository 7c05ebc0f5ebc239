// The spread over councils from noised histograms, against made-up federations whose every council is known.
#include "coordinator/benchmark/council_spread.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "catalogue/council_bands.h"

namespace waymark::coordinator {
namespace {

using catalogue::kRateBands;
using catalogue::kRateBandWidth;

constexpr std::uint32_t kHonestShares = 52;

contract::ProtectedTable Histogram(const std::vector<std::int64_t>& cells, std::uint32_t contributors,
                                   std::uint64_t epsilon) {
  contract::ProtectedTable bands;
  bands.table.rows = {"any"};
  for (std::size_t band = 0; band <= kRateBands; ++band) bands.table.columns.push_back(std::to_string(band));
  bands.table.Resize();
  bands.table.values = cells;
  bands.protection = {.mode = v1::MODE_SECURE_SUM,
                      .epsilon_numerator = epsilon,
                      .sensitivity = 2,
                      .contributors = contributors,
                      .honest_shares = kHonestShares};
  return bands;
}

v1::Figure FigureOf(const std::vector<contract::ProtectedTable>& parts) {
  NoiseRadii radii;
  CouncilSpread spread(radii);
  for (const contract::ProtectedTable& part : parts) spread.Add(part, 0);
  v1::Figure figure;
  spread.Fill(figure);
  return figure;
}

// ε so great that no noise is reckoned with.
constexpr std::uint64_t kExact = 2'000;

TEST(CouncilSpreadTest, QuartilesLieWithinTheirBands_WithoutNoise) {
  std::vector<std::int64_t> cells(kRateBands + 1, 0);
  cells[2] = 40;  // 10 to 15%
  cells[3] = 40;
  cells[7] = 20;  // 35 to 40%
  const v1::Figure figure = FigureOf({Histogram(cells, 100, kExact)});
  EXPECT_DOUBLE_EQ(figure.lowest_quartile(), 10 + 5 * 25.0 / 40);
  EXPECT_DOUBLE_EQ(figure.middle_quartile(), 15 + 5 * 10.0 / 40);
  EXPECT_DOUBLE_EQ(figure.highest_quartile(), 15 + 5 * 35.0 / 40);
  EXPECT_DOUBLE_EQ(figure.lowest_quartile_from(), 10);
  EXPECT_DOUBLE_EQ(figure.lowest_quartile_to(), 15);
  EXPECT_DOUBLE_EQ(figure.middle_quartile_from(), 15);
  EXPECT_DOUBLE_EQ(figure.highest_quartile_to(), 20);
  ASSERT_EQ(figure.council_bands_size(), static_cast<int>(kRateBands));
  EXPECT_DOUBLE_EQ(figure.council_bands(2).councils(), 40);
  EXPECT_DOUBLE_EQ(figure.council_bands(7).from(), 35);
}

TEST(CouncilSpreadTest, PartsAddUp_AndCouncilsWithoutARateAreInNoQuarter) {
  std::vector<std::int64_t> first(kRateBands + 1, 0);
  first[0] = 10;
  first[kRateBands] = 5;
  std::vector<std::int64_t> second(kRateBands + 1, 0);
  second[19] = 10;
  const v1::Figure figure = FigureOf({Histogram(first, 15, kExact), Histogram(second, 10, kExact)});
  EXPECT_DOUBLE_EQ(figure.lowest_quartile(), 2.5);
  EXPECT_DOUBLE_EQ(figure.middle_quartile(), 5);
  EXPECT_DOUBLE_EQ(figure.highest_quartile(), 97.5);
}

TEST(CouncilSpreadTest, SaysNothing_WhereHardlyACouncilHasARate) {
  std::vector<std::int64_t> cells(kRateBands + 1, 0);
  cells[kRateBands] = 20;
  EXPECT_FALSE(FigureOf({Histogram(cells, 20, kExact)}).has_middle_quartile());
  EXPECT_EQ(FigureOf({}).council_bands_size(), 0);
}

TEST(CouncilSpreadTest, BandsAddUpToTheCouncils_WhateverTheNoise) {
  std::vector<std::int64_t> cells(kRateBands + 1, -3);
  cells[4] = 60;
  cells[5] = 130;
  const v1::Figure figure = FigureOf({Histogram(cells, 152, 1)});
  double councils = 0;
  for (const auto& band : figure.council_bands()) {
    EXPECT_GE(band.councils(), 0);
    councils += band.councils();
  }
  EXPECT_NEAR(councils, 152, 1e-9);
}

TEST(NearestPartsTest, IsTheNearestPoint) {
  // No move of some of the sum from one part to another comes nearer.
  std::mt19937 random(7);
  std::uniform_int_distribution<std::int64_t> value(-20, 60);
  for (int round = 0; round < 200; ++round) {
    std::vector<std::int64_t> values(9);
    for (std::int64_t& one : values) one = value(random);
    const std::vector<double> parts = NearestParts(values, 50);
    EXPECT_NEAR(std::accumulate(parts.begin(), parts.end(), 0.0), 50, 1e-9);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      ASSERT_GE(parts[i], 0);
      for (std::size_t j = 0; j < parts.size(); ++j) {
        if (parts[i] == 0) continue;
        // The square's slope along the move from i to j.
        const double slope =
            (static_cast<double>(values[i]) - parts[i]) - (static_cast<double>(values[j]) - parts[j]);
        EXPECT_GE(slope, -1e-9) << i << " " << j;
      }
    }
  }
}

// 152 councils with rates of their own, noise as 140 contributors' Pólya shares make it, drawn here as sums
// of gamma–Poisson mixtures; the true quartile bands must be held in at least 95% of draws.
TEST(CouncilSpreadTest, IntervalsHoldTheTruth) {
  std::mt19937_64 random(11);
  constexpr int kCouncils = 140;
  constexpr double kEpsilon = 1;
  const double q = std::exp(-kEpsilon / 2);
  const double shape = static_cast<double>(kCouncils) / kHonestShares;
  std::gamma_distribution<double> gamma(shape, q / (1 - q));
  const auto polya = [&] { return std::poisson_distribution<std::int64_t>(gamma(random))(random); };
  std::normal_distribution<double> rate(21, 7);
  constexpr int kDraws = 1'000;
  int held[3] = {0, 0, 0};
  for (int draw = 0; draw < kDraws; ++draw) {
    std::vector<double> rates;
    std::vector<std::int64_t> cells(kRateBands + 1, 0);
    for (int i = 0; i < kCouncils; ++i) {
      rates.push_back(std::clamp(rate(random), 0.0, 99.9));
      ++cells[static_cast<std::size_t>(rates.back() / kRateBandWidth)];
    }
    for (std::int64_t& cell : cells) cell += polya() - polya();
    const v1::Figure figure = FigureOf({Histogram(cells, kCouncils, 1)});
    std::sort(rates.begin(), rates.end());
    const double from[3] = {figure.lowest_quartile_from(), figure.middle_quartile_from(),
                            figure.highest_quartile_from()};
    const double to[3] = {figure.lowest_quartile_to(), figure.middle_quartile_to(),
                          figure.highest_quartile_to()};
    for (int i = 0; i < 3; ++i) {
      const double truth = rates[static_cast<std::size_t>(kCouncils * (i + 1) / 4 - 1)];
      held[i] += from[i] <= truth && truth <= to[i] ? 1 : 0;
    }
  }
  // 97.5% is promised; fewer than 95.5% of 1,000 would be seen once in 10,000 runs.
  for (const int one : held) EXPECT_GE(one, 955);
}

}  // namespace
}  // namespace waymark::coordinator
