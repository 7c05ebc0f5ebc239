// Combining, against sums that this test works out itself from the councils' cells.
#include "coordinator/benchmark/combine.h"

#include <cmath>
#include <random>

#include "catalogue/council_bands.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using testing::kCouncils;
using testing::Scene;
using testing::WholeItem;

constexpr double kZ = 1.959963984540054;

class CombineTest : public ::testing::Test {
 protected:
  CombineTest() {
    for (const std::string& council : kCouncils) scene.Join(council);
  }

  std::vector<WholeItem> Run(const contract::RoundSpec& spec, const std::vector<contract::Release>& answers,
                             const v1::Metric* mix = nullptr) {
    v1::Catalogue definitions;
    if (mix != nullptr) *definitions.add_metrics() = *mix;
    for (const contract::RoundItem& item : spec.items)
      *definitions.add_metrics() = *scene.library().Find(item.metric);
    return scene.CombineAll(spec, definitions, answers, sums);
  }

  static const v1::Figure& Find(const WholeItem& combined, const std::string& geography,
                                const std::string& quantity, const std::string& category = "",
                                int dimensions = 0) {
    for (const v1::Figure& figure : combined.figures) {
      if (figure.geography_code() == geography && figure.quantity() == quantity &&
          figure.category() == category && figure.dimensions_size() == dimensions) {
        return figure;
      }
    }
    throw std::runtime_error("no figure of " + quantity + " for " + geography);
  }

  Scene scene;
  std::vector<SummedPart> sums;  // of a secure round
};

// p ± by Wilson, written out.
std::pair<double, double> Wilson(double x, double n) {
  const double p = x / n;
  const double centre = (p + kZ * kZ / (2 * n)) / (1 + kZ * kZ / n);
  const double half = kZ / (1 + kZ * kZ / n) * std::sqrt(p * (1 - p) / n + kZ * kZ / (4 * n * n));
  return {100 * (centre - half), 100 * (centre + half)};
}

// Parts as they come from secure sums: the first five councils' region, and four of London's.
TEST_F(CombineTest, KnowsOfASecureRoundOnlyItsParts) {
  contract::RoundItem item = scene.Item("19", v1::MODE_SECURE_SUM);
  item.epsilon_numerator = 1;
  const contract::RoundSpec spec = scene.Spec("r", {item});
  const auto part = [&](const std::string& code, std::size_t first, std::size_t last, std::int64_t nfa,
                        std::int64_t all) {
    SummedPart sum{.code = code,
                   .contributors = {kCouncils.begin() + static_cast<std::ptrdiff_t>(first),
                                    kCouncils.begin() + static_cast<std::ptrdiff_t>(last)},
                   .tables = {scene.Table(item, 0, {nfa, all})},
                   .bands = {}};
    sum.tables[0].protection = {.mode = v1::MODE_SECURE_SUM,
                                .epsilon_numerator = 1,
                                .sensitivity = 3,
                                .privacy_unit = v1::UNIT_FAMILIES};
    sum.tables[0].protection.contributors = static_cast<std::uint32_t>(last - first);
    sum.tables[0].protection.honest_shares = 2;
    return sum;
  };
  sums = {part("E12000001", 0, 5, 200, 1000), part("E12000007", 5, 9, 100, 1000)};
  const std::vector<WholeItem> combined = Run(spec, {});
  const v1::Figure& region = Find(combined[0], "E12000001", "nfa");
  EXPECT_EQ(region.contributors(), 5u);
  EXPECT_DOUBLE_EQ(region.value(), 20);
  const v1::Figure& all = Find(combined[0], "participants", "nfa");
  EXPECT_EQ(all.contributors(), 9u);
  EXPECT_DOUBLE_EQ(all.value(), 15);
  EXPECT_LT(all.lower(), all.sampling_lower()) << "the noise widens the interval";
  EXPECT_FALSE(all.has_middle_quartile()) << "nobody knows a council's own value";
  for (const v1::Figure& figure : combined[0].figures) {
    EXPECT_NE(figure.level(), v1::GEOGRAPHY_LEVEL_COUNCIL) << figure.geography_code();
  }
  for (std::size_t i = 0; i < kCouncils.size(); ++i) {
    EXPECT_EQ(combined[0].coverage[i].absence(), i < 9 ? v1::ABSENCE_UNSPECIFIED : v1::ABSENCE_NO_RESPONSE)
        << i;
  }
}

// Each part's histogram of councils gives its own quartiles, and both together those of all.
TEST_F(CombineTest, KnowsTheSpreadOfASecureRoundByItsBands) {
  contract::RoundItem item = scene.Item("19", v1::MODE_SECURE_SUM);
  item.epsilon_numerator = 1;
  item.distribution_epsilon_numerator = 1;
  const contract::RoundSpec spec = scene.Spec("r", {item});
  const auto part = [&](const std::string& code, std::size_t first, std::size_t last, std::size_t band) {
    SummedPart sum{.code = code,
                   .contributors = {kCouncils.begin() + static_cast<std::ptrdiff_t>(first),
                                    kCouncils.begin() + static_cast<std::ptrdiff_t>(last)},
                   .tables = {scene.Table(item, 0, {200, 1000})},
                   .bands = {}};
    contract::Protection& protection = sum.tables[0].protection;
    protection.mode = v1::MODE_SECURE_SUM;
    protection.epsilon_numerator = 1;
    protection.sensitivity = 3;
    protection.contributors = static_cast<std::uint32_t>(last - first);
    protection.honest_shares = 2;
    contract::ProtectedTable& bands = sum.bands.emplace_back(sum.tables[0]);
    bands.table.rows = {"nfa"};
    bands.table.columns.clear();
    for (std::size_t i = 0; i <= catalogue::kRateBands; ++i) bands.table.columns.push_back(std::to_string(i));
    bands.table.Resize();
    bands.table.At(0, band) = static_cast<std::int64_t>(last - first);
    bands.protection.sensitivity = 2;
    return sum;
  };
  sums = {part("E12000001", 0, 5, 2), part("E12000007", 5, 9, 8)};
  const std::vector<WholeItem> combined = Run(spec, {});
  const v1::Figure& region = Find(combined[0], "E12000001", "nfa");
  EXPECT_DOUBLE_EQ(region.middle_quartile(), 12.5);
  EXPECT_LE(region.middle_quartile_from(), 10);
  EXPECT_GE(region.middle_quartile_to(), 15);
  const v1::Figure& all = Find(combined[0], "participants", "nfa");
  EXPECT_GE(all.middle_quartile(), 10);
  EXPECT_LE(all.middle_quartile(), 15);
  EXPECT_GE(all.highest_quartile(), 40);
  EXPECT_DOUBLE_EQ(all.council_bands(8).councils(), 4);
  EXPECT_EQ(Find(combined[0], "E12000007", "nfa").council_bands(2).councils(), 0);
}

// NVFlare #4876: a global figure differs from the sum of the sites.
TEST_F(CombineTest, AddsUpShownCounts_ByRegionAndForAll) {
  const contract::RoundSpec spec = scene.Spec("r", {scene.Item("19", v1::MODE_THRESHOLDED)});
  std::vector<contract::Release> answers;
  std::int64_t numerator[2] = {0, 0};
  std::int64_t denominator[2] = {0, 0};
  for (std::size_t i = 0; i < kCouncils.size(); ++i) {
    const std::int64_t x = 20 + 5 * static_cast<std::int64_t>(i);
    const std::int64_t n = 105 + 25 * static_cast<std::int64_t>(i);
    numerator[i < 5 ? 0 : 1] += x;
    denominator[i < 5 ? 0 : 1] += n;
    answers.push_back(scene.Release(kCouncils[i], spec, {scene.Table(spec.items[0], 0, {x, n})}));
  }
  const std::vector<WholeItem> combined = Run(spec, answers);
  const auto check = [&](const std::string& code, std::int64_t x, std::int64_t n, std::uint32_t councils) {
    const v1::Figure& figure = Find(combined[0], code, "nfa");
    EXPECT_EQ(figure.status(), v1::FIGURE_STATUS_SHOWN);
    EXPECT_EQ(figure.contributors(), councils);
    EXPECT_EQ(figure.suppressed_parts(), 0u);
    EXPECT_EQ(figure.absent(), 0u);
    EXPECT_DOUBLE_EQ(figure.value(), 100.0 * static_cast<double>(x) / static_cast<double>(n));
    EXPECT_EQ(figure.numerator(), static_cast<double>((x + 5) / 10 * 10));
    EXPECT_EQ(figure.denominator(), static_cast<double>((n + 5) / 10 * 10));
    const auto [lower, upper] = Wilson(static_cast<double>(x), static_cast<double>(n));
    EXPECT_NEAR(figure.sampling_lower(), lower, 1e-9);
    EXPECT_NEAR(figure.sampling_upper(), upper, 1e-9);
    // Every council's counts may be off by 2 (rounding to 5).
    const auto off = 2.0 * councils;
    const auto rest = static_cast<double>(n - x);
    const double fewest = static_cast<double>(x) - off;
    const double most = static_cast<double>(x) + off;
    EXPECT_NEAR(figure.lower(), Wilson(fewest, fewest + rest + 2 * off).first, 1e-9);
    EXPECT_NEAR(figure.upper(), Wilson(most, most + rest - 2 * off).second, 1e-9);
  };
  check("E12000001", numerator[0], denominator[0], 5);
  check("E12000007", numerator[1], denominator[1], 4);
  check("participants", numerator[0] + numerator[1], denominator[0] + denominator[1], 9);
  const v1::Figure& own = Find(combined[0], kCouncils[0], "nfa");
  EXPECT_EQ(own.numerator(), 20);
  EXPECT_EQ(own.denominator(), 105);
  EXPECT_EQ(own.geography_name(), "Hartlepool");
}

TEST_F(CombineTest, TellsTooFew_Absent_Suppressed_AndZeroApart) {
  contract::RoundItem item = scene.Item("19", v1::MODE_THRESHOLDED);
  const contract::RoundSpec spec = scene.Spec("r", {item});
  std::vector<contract::Release> answers;
  contract::ProtectedTable zero = scene.Table(item, 0, {0, 100});
  contract::ProtectedTable hidden = scene.Table(item, 0, {0, 100});
  hidden.table.status[0] = v1::CELL_STATUS_SUPPRESSED;
  answers.push_back(scene.Release(kCouncils[0], spec, {zero}));
  answers.push_back(scene.Release(kCouncils[1], spec, {hidden}));
  answers.push_back(scene.Release(kCouncils[2], spec, {scene.Table(item, 0, {50, 100})}));
  answers.push_back(scene.Release(kCouncils[3], spec, {scene.Table(item, 0, {25, 100})}));
  contract::Release none = scene.Release(kCouncils[4], spec, {});
  none.absent = {{.item = 0, .absence = v1::ABSENCE_NOT_RELEASED}};
  answers.push_back(none);
  answers.push_back(scene.Release(kCouncils[5], spec, {scene.Table(item, 0, {50, 100})}));
  const std::vector<WholeItem> combined = Run(spec, answers);

  const v1::Figure& own_zero = Find(combined[0], kCouncils[0], "nfa");
  EXPECT_EQ(own_zero.status(), v1::FIGURE_STATUS_SHOWN);
  EXPECT_EQ(own_zero.value(), 0);
  EXPECT_EQ(Find(combined[0], kCouncils[1], "nfa").status(), v1::FIGURE_STATUS_SUPPRESSED);
  EXPECT_FALSE(Find(combined[0], kCouncils[1], "nfa").has_value());
  EXPECT_FALSE(Find(combined[0], kCouncils[1], "nfa").has_lower());
  EXPECT_EQ(Find(combined[0], kCouncils[4], "nfa").status(), v1::FIGURE_STATUS_ABSENT);
  EXPECT_EQ(Find(combined[0], kCouncils[4], "nfa").absence(), v1::ABSENCE_NOT_RELEASED);
  EXPECT_EQ(Find(combined[0], kCouncils[6], "nfa").absence(), v1::ABSENCE_NO_RESPONSE);

  const v1::Figure& north_east = Find(combined[0], "E12000001", "nfa");
  EXPECT_EQ(north_east.status(), v1::FIGURE_STATUS_SHOWN);
  EXPECT_EQ(north_east.contributors(), 4u);
  EXPECT_EQ(north_east.suppressed_parts(), 1u);
  EXPECT_EQ(north_east.absent(), 1u);
  EXPECT_DOUBLE_EQ(north_east.value(), 25.0);  // (0 + 50 + 25) / 300
  // The suppressed numerator may be 1 to 101 of 98 to 102; the zero is a zero; the others are off by at
  // most 2.
  EXPECT_LT(north_east.lower(), Wilson(48 + 23 + 1, 402).first + 0.5);
  EXPECT_GT(north_east.upper(), Wilson(52 + 27 + 99, 404).second);

  const v1::Figure& london = Find(combined[0], "E12000007", "nfa");
  EXPECT_EQ(london.status(), v1::FIGURE_STATUS_TOO_FEW);
  EXPECT_EQ(london.contributors(), 1u);
  EXPECT_EQ(london.absent(), 3u);
  EXPECT_FALSE(london.has_value());
  EXPECT_FALSE(london.has_numerator());

  ASSERT_EQ(combined[0].coverage.size(), kCouncils.size());
  EXPECT_EQ(combined[0].coverage[0].absence(), v1::ABSENCE_UNSPECIFIED);
  EXPECT_TRUE(combined[0].coverage[0].has_scope());
  EXPECT_EQ(combined[0].coverage[4].absence(), v1::ABSENCE_NOT_RELEASED);
  EXPECT_EQ(combined[0].coverage[8].absence(), v1::ABSENCE_NO_RESPONSE);
  EXPECT_FALSE(combined[0].coverage[8].has_scope());
}

TEST_F(CombineTest, ShowsNoFigure_WhereTooFewOfItsPartsAreShown) {
  contract::RoundItem item = scene.Item("19", v1::MODE_THRESHOLDED);
  const contract::RoundSpec spec = scene.Spec("r", {item});
  std::vector<contract::Release> answers;
  for (std::size_t i = 0; i < 5; ++i) {
    contract::ProtectedTable given = scene.Table(item, 0, {i < 2 ? 20 : 0, 100});
    if (i >= 2) given.table.status[0] = v1::CELL_STATUS_SUPPRESSED;
    answers.push_back(scene.Release(kCouncils[i], spec, {given}));
  }
  const v1::Figure figure = Find(Run(spec, answers)[0], "participants", "nfa");
  EXPECT_EQ(figure.status(), v1::FIGURE_STATUS_SUPPRESSED);
  EXPECT_EQ(figure.contributors(), 5u);
  EXPECT_EQ(figure.suppressed_parts(), 3u);
  EXPECT_FALSE(figure.has_value());
}

TEST_F(CombineTest, GivesTheSpreadOverCouncils_AsQuartilesOfTheirOwnValues) {
  contract::RoundItem item = scene.Item("19", v1::MODE_THRESHOLDED);
  const contract::RoundSpec spec = scene.Spec("r", {item});
  std::vector<contract::Release> answers;
  for (std::size_t i = 0; i < 5; ++i) {  // 10, 20, 30, 40, 50 per cent, of unlike sizes
    const std::int64_t n = 100 * static_cast<std::int64_t>(i + 1);
    answers.push_back(scene.Release(kCouncils[i], spec,
                                    {scene.Table(item, 0, {n * static_cast<std::int64_t>(i + 1) / 10, n})}));
  }
  const v1::Figure figure = Find(Run(spec, answers)[0], "participants", "nfa");
  EXPECT_DOUBLE_EQ(figure.lowest_quartile(), 20);
  EXPECT_DOUBLE_EQ(figure.middle_quartile(), 30);
  EXPECT_DOUBLE_EQ(figure.highest_quartile(), 40);
}

TEST_F(CombineTest, AddsUpNoisedCountsAsTheyAre_AndClampsOnlyTheSum) {
  contract::RoundItem item = scene.Item("1", v1::MODE_NOISED);
  item.window_days = {365};
  const contract::RoundSpec spec = scene.Spec("r", {item});
  std::vector<contract::Release> answers;
  // "any" is -4, -3, 2, -1, 0: a clamp of each would give 2, the sum is -6 and its rate 0.
  const std::int64_t any[] = {-4, -3, 2, -1, 0};
  for (std::size_t i = 0; i < 5; ++i) {
    answers.push_back(scene.Release(kCouncils[i], spec, {scene.Table(item, 365, {any[i], 40, 10, 5, 100})}));
  }
  const std::vector<WholeItem> combined = Run(spec, answers);
  const v1::Figure& first = Find(combined[0], "participants", "any");
  EXPECT_EQ(first.status(), v1::FIGURE_STATUS_SHOWN);
  EXPECT_EQ(first.numerator(), 0);
  EXPECT_EQ(first.denominator(), 500);
  EXPECT_EQ(first.value(), 0);
  EXPECT_EQ(first.lower(), 0);
  EXPECT_GT(first.upper(), first.sampling_upper());
  const v1::Figure& second = Find(combined[0], "participants", "1C");
  EXPECT_EQ(second.numerator(), 200);
  EXPECT_DOUBLE_EQ(second.value(), 40);
  EXPECT_LT(second.lower(), second.sampling_lower());
  const v1::Figure& own = Find(combined[0], kCouncils[0], "any");
  EXPECT_EQ(own.value(), 0);
  EXPECT_EQ(own.numerator(), 0);
}

// A mix with 9 shown classes and one suppressed in some councils: sums of shown cells over the same councils'
// shown cells, and an interval that holds what the suppressed cells can add.
TEST_F(CombineTest, AddsUpAMixFromItsShownCells) {
  contract::RoundItem item = scene.Item("22", v1::MODE_THRESHOLDED);
  const v1::Metric mix = scene.Mix(10);
  const v1::Metric* metric = &mix;
  const std::size_t classes = 10;
  const contract::RoundSpec spec = scene.Spec("r", {item});
  std::vector<contract::Release> answers;
  std::vector<double> truth(classes, 0);
  double all = 0;
  double last_where_shown = 0;
  double all_where_shown = 0;
  double shown_first = 0;
  double shown_all = 0;
  for (std::size_t i = 0; i < 5; ++i) {
    std::vector<std::int64_t> values(classes);
    for (std::size_t k = 0; k < classes; ++k) values[k] = 10 + 5 * static_cast<std::int64_t>((i + k) % 7);
    contract::ProtectedTable given = scene.MixTable(item, values);
    for (std::size_t k = 0; k < classes; ++k) {
      truth[k] += static_cast<double>(values[k]);
      all += static_cast<double>(values[k]);
      shown_all += static_cast<double>(values[k]);
    }
    shown_first += static_cast<double>(values[0]);
    if (i >= 2) {
      last_where_shown += static_cast<double>(values[classes - 1]);
      for (const std::int64_t value : values) all_where_shown += static_cast<double>(value);
    } else {  // the last class is really 3 here
      truth[classes - 1] += 3 - static_cast<double>(values[classes - 1]);
      all += 3 - static_cast<double>(values[classes - 1]);
      shown_all -= static_cast<double>(values[classes - 1]);
      given.table.values[classes - 1] = 0;
      given.table.status[classes - 1] = v1::CELL_STATUS_SUPPRESSED;
    }
    answers.push_back(scene.Release(kCouncils[i], spec, {given}));
  }
  const std::vector<WholeItem> combined = Run(spec, answers, metric);
  const v1::Figure& first = Find(combined[0], "participants", metric->outcomes(0).id());
  EXPECT_EQ(first.contributors(), 5u);
  EXPECT_EQ(first.suppressed_parts(), 0u);
  EXPECT_DOUBLE_EQ(first.value(), 100 * shown_first / shown_all);
  // Nothing says how large the suppressed class is.
  EXPECT_NEAR(first.lower(), 0, 1e-4);
  EXPECT_GT(first.upper(), 100 * truth[0] / all);
  EXPECT_EQ(first.unbounded_parts(), 0u);
  const v1::Figure& last =
      Find(combined[0], "participants", metric->outcomes(static_cast<int>(classes) - 1).id());
  EXPECT_EQ(last.suppressed_parts(), 2u);
  EXPECT_EQ(last.unbounded_parts(), 2u);
  EXPECT_LT(last.lower(), 100 * last_where_shown / all_where_shown);
  EXPECT_GT(last.upper(), 100 * last_where_shown / all_where_shown);
}

TEST_F(CombineTest, ABreakdownsCategoryNeedsItsOwnCouncils) {
  contract::RoundItem item = scene.Item("19", v1::MODE_THRESHOLDED, {"sex"});
  const contract::RoundSpec spec = scene.Spec("r", {item});
  std::vector<contract::Release> answers;
  for (std::size_t i = 0; i < 4; ++i) {
    contract::ProtectedTable by_sex = scene.Table(item, 0, {20, 100});
    by_sex.table.dimensions = {"sex"};
    by_sex.table.rows = i < 2 ? std::vector<std::string>{"female", "male", "other"}
                              : std::vector<std::string>{"female", "male"};
    by_sex.table.Resize();
    for (std::size_t row = 0; row < by_sex.table.rows.size(); ++row) {
      by_sex.table.At(row, 0) = 10 * static_cast<std::int64_t>(row + 1);
      by_sex.table.At(row, 1) = 50;
    }
    answers.push_back(scene.Release(kCouncils[i], spec, {scene.Table(item, 0, {20, 100}), by_sex}));
  }
  answers.push_back(scene.Release(kCouncils[4], spec, {scene.Table(item, 0, {20, 100})}));  // has no sex
  const std::vector<WholeItem> combined = Run(spec, answers);
  const v1::Figure& male = Find(combined[0], "participants", "nfa", "male", 1);
  EXPECT_DOUBLE_EQ(male.value(), 40);
  EXPECT_EQ(male.contributors(), 4u);
  EXPECT_EQ(male.absent(), 5u);
  EXPECT_EQ(Find(combined[0], "participants", "nfa", "other", 1).status(), v1::FIGURE_STATUS_TOO_FEW);
  const v1::Figure& without = Find(combined[0], kCouncils[4], "nfa", "", 1);
  EXPECT_EQ(without.status(), v1::FIGURE_STATUS_ABSENT);
  EXPECT_EQ(without.absence(), v1::ABSENCE_NOT_AVAILABLE);
}

TEST_F(CombineTest, AWindowThatACouncilLeavesOutIsNotYetComplete) {
  contract::RoundItem item = scene.Item("1", v1::MODE_THRESHOLDED);
  const contract::RoundSpec spec = scene.Spec("r", {item});
  const std::vector<WholeItem> combined =
      Run(spec, {scene.Release(kCouncils[0], spec, {scene.Table(item, 183, {20, 20, 20, 20, 100})})});
  bool seen = false;
  for (const v1::Figure& figure : combined[0].figures) {
    if (figure.geography_code() != kCouncils[0] || figure.window_days() != 365) continue;
    EXPECT_EQ(figure.absence(), v1::ABSENCE_NOT_YET_COMPLETE);
    seen = true;
  }
  EXPECT_TRUE(seen);
}

// The median of summed bins, against a median found by counting people one by one.
TEST_F(CombineTest, FindsTheMedianOfSummedBins) {
  contract::RoundItem item = scene.Item("10", v1::MODE_NOISED);
  const v1::Metric* metric = scene.library().Find("10");
  const contract::RoundSpec spec = scene.Spec("r", {item});
  const auto bins = static_cast<std::size_t>(metric->bins_size());
  std::mt19937 random(20250101);
  std::vector<std::int64_t> sum(bins + 1, 0);
  std::vector<contract::Release> answers;
  for (std::size_t i = 0; i < 4; ++i) {
    std::vector<std::int64_t> values(bins + 1);
    for (std::size_t b = 0; b <= bins; ++b) {
      values[b] = static_cast<std::int64_t>(random() % 40) - (b % 5 == 0 ? 5 : 0);
      sum[b] += values[b];
    }
    answers.push_back(scene.Release(kCouncils[i], spec, {scene.Table(item, 0, values)}));
  }
  const v1::Figure median = Find(Run(spec, answers)[0], "participants", "median");
  std::int64_t people = 0;
  for (const std::int64_t count : sum) people += count;
  EXPECT_EQ(median.denominator(), static_cast<double>(people));
  std::int64_t passed = 0;
  std::size_t bin = 0;
  while (2 * (passed + std::max<std::int64_t>(0, sum[bin])) < people)
    passed += std::max<std::int64_t>(0, sum[bin++]);
  const double from = bin == 0 ? 0 : metric->bins(static_cast<int>(bin) - 1);
  EXPECT_GE(median.value(), from);
  EXPECT_LE(median.value(), metric->bins(static_cast<int>(bin)));
  EXPECT_LE(median.lower(), median.value());
  EXPECT_GE(median.upper(), median.value());
  EXPECT_LE(median.lower(), median.sampling_lower());
  EXPECT_GE(median.upper(), median.sampling_upper());
}

TEST_F(CombineTest, CannotBeMadeToOverflow) {
  contract::RoundItem item = scene.Item("1", v1::MODE_NOISED);
  item.window_days = {365};
  const contract::RoundSpec spec = scene.Spec("r", {item});
  std::vector<contract::Release> answers;
  for (std::size_t i = 0; i < 5; ++i) {
    const std::int64_t most = contract::kMaxCellValue;
    contract::ProtectedTable given = scene.Table(item, 365, {most, -most, most, -most, most});
    given.protection.sensitivity = 1'000'000'000;
    given.protection.epsilon_denominator = 1'000'000'000;
    answers.push_back(scene.Release(kCouncils[i], spec, {given}));
  }
  EXPECT_EQ(Find(Run(spec, answers)[0], "participants", "any").contributors(), 5u);
}

}  // namespace
}  // namespace waymark::coordinator
