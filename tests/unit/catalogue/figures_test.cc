#include "catalogue/figures.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "catalogue/columns.h"
#include "statistics/intervals.h"
#include "tests/testing/status_matchers.h"

namespace waymark::catalogue {
namespace {

v1::Metric Metric(const std::string& text) {
  v1::Metric metric;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &metric));
  return metric;
}

// A table of the metric with these cells, a row each.
contract::Table TableOf(const v1::Metric& metric, const std::vector<std::vector<std::int64_t>>& rows) {
  contract::Table table;
  table.columns = ColumnsOf(metric);
  for (std::size_t row = 0; row < rows.size(); ++row)
    table.rows.push_back(std::string(1, static_cast<char>('a' + row)));
  table.Resize();
  for (std::size_t row = 0; row < rows.size(); ++row) {
    EXPECT_EQ(rows[row].size(), table.columns.size());
    for (std::size_t column = 0; column < rows[row].size(); ++column)
      table.At(row, column) = rows[row][column];
  }
  return table;
}

void Hide(contract::Table& table, std::size_t row, std::size_t column, v1::CellStatus status) {
  table.At(row, column) = 0;
  table.status[table.Index(row, column)] = status;
}

const RowFigure& Figure(const std::vector<RowFigure>& figures, const std::string& quantity,
                        std::size_t row = 0) {
  static const RowFigure none;
  for (const RowFigure& figure : figures) {
    if (figure.quantity == quantity && figure.row == row) return figure;
  }
  ADD_FAILURE() << "no figure " << quantity << " of row " << row;
  return none;
}

void ExpectNoNumbers(const RowFigure& figure, v1::FigureStatus status) {
  EXPECT_EQ(figure.status, status) << figure.quantity;
  EXPECT_FALSE(figure.numerator || figure.denominator || figure.value || figure.lower || figure.upper)
      << figure.quantity;
}

const char kProportion[] =
    "kind: METRIC_KIND_PROPORTION display_unit: '%' outcomes { id: 'any' } outcomes { id: '1C' }";

TEST(ProportionTest, IsThePercentageWithWilsonsInterval) {
  const v1::Metric metric = Metric(kProportion);
  const auto figures = FiguresOf(metric, TableOf(metric, {{30, 4, 200}, {5, 0, 10}}));
  ASSERT_EQ(figures.size(), 4u);
  EXPECT_EQ(figures[0].quantity, "any");
  EXPECT_EQ(figures[1].quantity, "1C");
  EXPECT_EQ(figures[2].row, 1u);
  EXPECT_EQ(figures[0].numerator, 30);
  EXPECT_EQ(figures[0].denominator, 200);
  EXPECT_DOUBLE_EQ(*figures[0].value, 15);
  EXPECT_NEAR(*figures[0].lower, 10.71, 0.005);
  EXPECT_NEAR(*figures[0].upper, 20.61, 0.005);
  EXPECT_EQ(figures[3].value, 0) << "zero is shown";
  EXPECT_EQ(figures[3].status, v1::FIGURE_STATUS_SHOWN);
}

TEST(ProportionTest, IsNotAvailable_OverNobody) {
  const v1::Metric metric = Metric(kProportion);
  const auto figures = FiguresOf(metric, TableOf(metric, {{0, 0, 0}, {-1, 2, -3}}));
  for (const RowFigure& figure : figures) {
    EXPECT_EQ(figure.status, v1::FIGURE_STATUS_NOT_AVAILABLE);
    EXPECT_FALSE(figure.value || figure.lower || figure.upper);
    EXPECT_TRUE(figure.denominator.has_value());
  }
}

TEST(ProportionTest, BringsWhatNoiseMovedOutsideBackIn_ButKeepsTheCounts) {
  const v1::Metric metric = Metric(kProportion);
  const auto figures = FiguresOf(metric, TableOf(metric, {{-2, 12, 10}}));
  EXPECT_EQ(figures[0].numerator, -2);
  EXPECT_EQ(figures[0].value, 0);
  EXPECT_EQ(figures[0].lower, 0);
  EXPECT_EQ(figures[1].numerator, 12);
  EXPECT_EQ(figures[1].value, 100);
  EXPECT_EQ(figures[1].upper, 100);
}

TEST(ProportionTest, HasTheStatusOfItsCells_AndNoNumbers) {
  const v1::Metric metric = Metric(kProportion);
  const struct {
    v1::CellStatus cell;
    v1::FigureStatus figure;
  } rows[] = {{v1::CELL_STATUS_SUPPRESSED, v1::FIGURE_STATUS_SUPPRESSED},
              {v1::CELL_STATUS_LOW, v1::FIGURE_STATUS_LOW},
              {v1::CELL_STATUS_NOT_APPLICABLE, v1::FIGURE_STATUS_NOT_APPLICABLE},
              {v1::CELL_STATUS_NOT_AVAILABLE, v1::FIGURE_STATUS_NOT_AVAILABLE}};
  for (const auto& row : rows) {
    contract::Table numerator = TableOf(metric, {{3, 40, 100}});
    Hide(numerator, 0, 0, row.cell);
    const auto figures = FiguresOf(metric, numerator);
    ExpectNoNumbers(figures[0], row.figure);
    EXPECT_EQ(figures[1].value, 40) << "the others stand";
    contract::Table denominator = TableOf(metric, {{3, 40, 0}});
    Hide(denominator, 0, 2, row.cell);
    for (const RowFigure& figure : FiguresOf(metric, denominator)) ExpectNoNumbers(figure, row.figure);
  }
}

TEST(ProportionTest, IsSuppressed_WhenOnePartIsAndAnotherIsLow) {
  const v1::Metric metric = Metric(kProportion);
  contract::Table table = TableOf(metric, {{0, 0, 0}});
  Hide(table, 0, 0, v1::CELL_STATUS_LOW);
  Hide(table, 0, 2, v1::CELL_STATUS_SUPPRESSED);
  ExpectNoNumbers(FiguresOf(metric, table)[0], v1::FIGURE_STATUS_SUPPRESSED);
}

const char kMix[] = "kind: METRIC_KIND_MIX outcomes { id: 'a' } outcomes { id: 'b' } outcomes { id: 'c' }";

TEST(MixTest, IsEachClassOfTheSum) {
  const v1::Metric metric = Metric(kMix);
  const auto figures = FiguresOf(metric, TableOf(metric, {{10, 30, 60}}));
  ASSERT_EQ(figures.size(), 3u);
  EXPECT_EQ(figures[0].denominator, 100);
  EXPECT_DOUBLE_EQ(*figures[0].value, 10);
  EXPECT_DOUBLE_EQ(*figures[1].value, 30);
  EXPECT_DOUBLE_EQ(*figures[2].value, 60);
  EXPECT_NEAR(*figures[0].lower, 5.52, 0.005);
  EXPECT_NEAR(*figures[0].upper, 17.44, 0.005);
}

TEST(MixTest, IsSuppressedWhole_WhenOneClassIs) {
  const v1::Metric metric = Metric(kMix);
  contract::Table table = TableOf(metric, {{10, 30, 60}});
  Hide(table, 0, 1, v1::CELL_STATUS_SUPPRESSED);
  for (const RowFigure& figure : FiguresOf(metric, table))
    ExpectNoNumbers(figure, v1::FIGURE_STATUS_SUPPRESSED);
}

TEST(MixTest, TakesAClassThatRoundsToZeroAsZero) {
  const v1::Metric metric = Metric(kMix);
  contract::Table table = TableOf(metric, {{40, 0, 60}});
  Hide(table, 0, 1, v1::CELL_STATUS_LOW);
  const auto figures = FiguresOf(metric, table);
  EXPECT_EQ(figures[0].value, 40);
  ExpectNoNumbers(figures[1], v1::FIGURE_STATUS_LOW);
  EXPECT_EQ(figures[2].value, 60);
}

const char kDuration[] = "kind: METRIC_KIND_DURATION display_unit: 'days' bins: [10, 20, 40]";

TEST(DurationTest, GivesQuartilesFromBins) {
  const v1::Metric metric = Metric(kDuration);
  const auto figures = FiguresOf(metric, TableOf(metric, {{10, 10, 20, 0}}));
  ASSERT_EQ(figures.size(), 3u);
  EXPECT_EQ(figures[0].quantity, "median");
  EXPECT_EQ(figures[0].value, 19);
  EXPECT_EQ(figures[0].denominator, 40);
  EXPECT_FALSE(figures[0].numerator.has_value());
  EXPECT_EQ(Figure(figures, "lower_quartile").value, 9);
  EXPECT_EQ(Figure(figures, "upper_quartile").value, 29);
  for (const RowFigure& figure : figures) {
    EXPECT_LE(*figure.lower, *figure.value) << figure.quantity;
    EXPECT_GE(*figure.upper, *figure.value) << figure.quantity;
  }
}

TEST(DurationTest, IsNotAvailable_InTheOpenBinAndOverNobody) {
  const v1::Metric metric = Metric(kDuration);
  const auto figures = FiguresOf(metric, TableOf(metric, {{10, 10, 5, 10}, {0, 0, 0, 0}}));
  EXPECT_EQ(Figure(figures, "median", 0).status, v1::FIGURE_STATUS_SHOWN);
  EXPECT_EQ(Figure(figures, "upper_quartile", 0).status, v1::FIGURE_STATUS_NOT_AVAILABLE);
  EXPECT_FALSE(Figure(figures, "upper_quartile", 0).value.has_value());
  EXPECT_EQ(Figure(figures, "upper_quartile", 0).denominator, 35);
  EXPECT_EQ(Figure(figures, "median", 1).status, v1::FIGURE_STATUS_NOT_AVAILABLE);
  EXPECT_FALSE(Figure(FiguresOf(metric, TableOf(metric, {{2, 3, 5, 5}})), "median").upper.has_value())
      << "the upper end lies in the open bin";
}

TEST(DurationTest, IsSuppressed_WhenABinIs_ButNotWhenOneRoundsToZero) {
  const v1::Metric metric = Metric(kDuration);
  contract::Table table = TableOf(metric, {{10, 10, 20, 0}});
  Hide(table, 0, 3, v1::CELL_STATUS_LOW);
  EXPECT_EQ(Figure(FiguresOf(metric, table), "median").value, 19);
  Hide(table, 0, 3, v1::CELL_STATUS_SUPPRESSED);
  for (const RowFigure& figure : FiguresOf(metric, table))
    ExpectNoNumbers(figure, v1::FIGURE_STATUS_SUPPRESSED);
}

TEST(DurationTest, ComesFromExactDaysAtHome) {
  std::vector<statistics::UpTo> days;
  for (std::int64_t day = 1; day <= 100; ++day) days.push_back({.days = day, .members = day});
  const auto figures = DurationFigures(3, days);
  ASSERT_EQ(figures.size(), 3u);
  EXPECT_EQ(figures[0].row, 3u);
  EXPECT_EQ(Figure(figures, "median", 3).value, 50);
  EXPECT_EQ(Figure(figures, "lower_quartile", 3).value, 25);
  EXPECT_EQ(Figure(figures, "upper_quartile", 3).value, 75);
  // Wilson's bounds of one half among 100 are 40.38% and 59.62%.
  EXPECT_EQ(Figure(figures, "median", 3).lower, 41);
  EXPECT_EQ(Figure(figures, "median", 3).upper, 60);
  EXPECT_EQ(DurationFigures(0, {})[0].status, v1::FIGURE_STATUS_NOT_AVAILABLE);
}

const char kSurvival[] =
    "kind: METRIC_KIND_SURVIVAL display_unit: '%' bins: [7, 14] window_days: [7, 14] outcomes { id: 'sc' } "
    "outcomes { id: 'eh' }";

TEST(SurvivalTest, ReadsTheCurveAtTheWindows) {
  const v1::Metric metric = Metric(kSurvival);
  // Of 20: a week with 2 and 3 events and 2 censored (at risk 19), another with 1 and 0 and 2 (at risk 12),
  // 10 beyond.
  const auto figures = FiguresOf(metric, TableOf(metric, {{2, 3, 2, 1, 0, 2, 4, 3, 3}}));
  std::vector<std::string> names;
  for (const RowFigure& figure : figures) names.push_back(figure.quantity);
  EXPECT_THAT(names, ::testing::ElementsAre("survival_7", "survival_14", "median", "incidence_sc_7",
                                            "incidence_sc_14", "incidence_eh_7", "incidence_eh_14"));
  const double first = 1 - 5 / 19.0;
  EXPECT_NEAR(*Figure(figures, "survival_7").value, 100 * first, 1e-12);
  EXPECT_NEAR(*Figure(figures, "survival_14").value, 100 * first * 11 / 12, 1e-12);
  EXPECT_EQ(Figure(figures, "survival_14").numerator, 10) << "followed beyond day 14";
  EXPECT_EQ(Figure(figures, "survival_14").denominator, 20);
  EXPECT_LT(*Figure(figures, "survival_14").lower, *Figure(figures, "survival_14").value);
  EXPECT_GT(*Figure(figures, "survival_14").upper, *Figure(figures, "survival_14").value);
  EXPECT_NEAR(*Figure(figures, "incidence_sc_14").value, 100 * (2 / 19.0 + first / 12), 1e-12);
  EXPECT_EQ(Figure(figures, "incidence_sc_14").numerator, 3);
  EXPECT_NEAR(*Figure(figures, "incidence_eh_14").value, 100 * 3 / 19.0, 1e-12);
  EXPECT_EQ(Figure(figures, "median").status, v1::FIGURE_STATUS_NOT_AVAILABLE);
  EXPECT_EQ(Figure(figures, "median").denominator, 20);
}

TEST(SurvivalTest, IsNotAvailable_BeyondTheLastFollowUp) {
  const v1::Metric metric = Metric(kSurvival);
  const auto figures = FiguresOf(metric, TableOf(metric, {{1, 1, 0, 0, 0, 8, 0, 0, 0}}));
  EXPECT_EQ(Figure(figures, "survival_7").status, v1::FIGURE_STATUS_SHOWN);
  EXPECT_EQ(Figure(figures, "survival_14").status, v1::FIGURE_STATUS_NOT_AVAILABLE);
  EXPECT_FALSE(Figure(figures, "survival_14").value.has_value());
  EXPECT_EQ(Figure(figures, "incidence_sc_14").status, v1::FIGURE_STATUS_NOT_AVAILABLE);
  for (const RowFigure& figure : FiguresOf(metric, TableOf(metric, {std::vector<std::int64_t>(9)}))) {
    EXPECT_EQ(figure.status, v1::FIGURE_STATUS_NOT_AVAILABLE);
  }
}

TEST(SurvivalTest, IsSuppressed_WhenACellIs) {
  const v1::Metric metric = Metric(kSurvival);
  contract::Table table = TableOf(metric, {{20, 30, 20, 10, 0, 20, 40, 30, 30}});
  Hide(table, 0, 4, v1::CELL_STATUS_SUPPRESSED);
  const auto figures = FiguresOf(metric, table);
  EXPECT_EQ(figures.size(), 7u);
  for (const RowFigure& figure : figures) ExpectNoNumbers(figure, v1::FIGURE_STATUS_SUPPRESSED);
}

TEST(SurvivalTest, ComesFromExactDaysAtHome) {
  const v1::Metric metric = Metric(kSurvival);
  ASSERT_OK_AND_ASSIGN(const auto curve,
                       statistics::SurvivalCurve::FromDays(
                           std::vector<statistics::FollowUp>{{3, 0}, {5, -1}, {9, 1}, {20, -1}}, 2));
  const auto figures = SurvivalFigures(metric, 2, curve);
  EXPECT_DOUBLE_EQ(*Figure(figures, "survival_7", 2).value, 75);
  EXPECT_DOUBLE_EQ(*Figure(figures, "survival_14", 2).value, 37.5);
  EXPECT_EQ(Figure(figures, "median", 2).value, 9);
  EXPECT_DOUBLE_EQ(*Figure(figures, "incidence_eh_14", 2).value, 37.5);
}

TEST(TransitionTest, IsMovesPerHundredPersonQuarters) {
  const v1::Metric metric = Metric("kind: METRIC_KIND_TRANSITION display_unit: 'per 100 person-quarters'");
  // 36,525 person-days are 400 person-quarters.
  const auto figures = FiguresOf(metric, TableOf(metric, {{20, 4, 60, 8, 5, 2, 36525, 73050, 0}}));
  ASSERT_EQ(figures.size(), 6u);
  EXPECT_DOUBLE_EQ(*Figure(figures, "none>early_help").value, 5);
  EXPECT_EQ(Figure(figures, "none>early_help").numerator, 20);
  EXPECT_EQ(Figure(figures, "none>early_help").denominator, 36525);
  EXPECT_DOUBLE_EQ(*Figure(figures, "none>social_care").value, 1);
  EXPECT_DOUBLE_EQ(*Figure(figures, "early_help>none").value, 7.5) << "over the days in the state left";
  EXPECT_DOUBLE_EQ(*Figure(figures, "early_help>social_care").value, 1);
  EXPECT_EQ(Figure(figures, "social_care>none").status, v1::FIGURE_STATUS_NOT_AVAILABLE) << "no days in it";
  ASSERT_OK_AND_ASSIGN(const statistics::Interval byar, statistics::ByarInterval(20, 4));
  EXPECT_DOUBLE_EQ(*Figure(figures, "none>early_help").lower, byar.lower);
  EXPECT_DOUBLE_EQ(*Figure(figures, "none>early_help").upper, byar.upper);
}

TEST(TransitionTest, HasTheStatusOfMovesAndDays) {
  const v1::Metric metric = Metric("kind: METRIC_KIND_TRANSITION");
  contract::Table table = TableOf(metric, {{20, 4, 60, 8, 5, 2, 36525, 73050, 100}});
  Hide(table, 0, 1, v1::CELL_STATUS_SUPPRESSED);
  Hide(table, 0, 8, v1::CELL_STATUS_LOW);
  const auto figures = FiguresOf(metric, table);
  ExpectNoNumbers(Figure(figures, "none>social_care"), v1::FIGURE_STATUS_SUPPRESSED);
  ExpectNoNumbers(Figure(figures, "social_care>none"), v1::FIGURE_STATUS_LOW);
  EXPECT_EQ(Figure(figures, "none>early_help").status, v1::FIGURE_STATUS_SHOWN);
}

TEST(QualityTest, IsTheShareComplete) {
  const v1::Metric metric = Metric("kind: METRIC_KIND_QUALITY display_unit: '%'");
  const auto figures = FiguresOf(metric, TableOf(metric, {{90, 100}, {0, 0}}));
  ASSERT_EQ(figures.size(), 2u);
  EXPECT_EQ(figures[0].quantity, "complete");
  EXPECT_EQ(figures[0].value, 90);
  EXPECT_EQ(figures[1].status, v1::FIGURE_STATUS_NOT_AVAILABLE);
}

TEST(ScoreChangeTest, IsEachClassOfThePairs) {
  const v1::Metric metric = Metric("kind: METRIC_KIND_SCORE_CHANGE");
  const auto figures = FiguresOf(metric, TableOf(metric, {{6, 3, 1}, {0, 0, 0}}));
  EXPECT_DOUBLE_EQ(*Figure(figures, "improved").value, 60);
  EXPECT_DOUBLE_EQ(*Figure(figures, "same").value, 30);
  EXPECT_DOUBLE_EQ(*Figure(figures, "worse").value, 10);
  EXPECT_DOUBLE_EQ(*Figure(figures, "worse").denominator, 10);
  EXPECT_DOUBLE_EQ(*Figure(figures, "improved").lower, 100 * statistics::WilsonInterval(6, 10)->lower);
  EXPECT_EQ(Figure(figures, "improved", 1).status, v1::FIGURE_STATUS_NOT_AVAILABLE);
}

TEST(RatioTest, IsInWholeUnits) {
  const v1::Metric cost = Metric(
      "kind: METRIC_KIND_RATIO display_unit: \"£\" "
      "ratio { numerator: QUANTITY_SERVICE_COST denominator: QUANTITY_OUTCOMES_MET }");
  const auto figures = FiguresOf(cost, TableOf(cost, {{1'250'050, 25}, {100, 0}}));
  EXPECT_DOUBLE_EQ(*Figure(figures, "ratio").numerator, 12'500.5);
  EXPECT_DOUBLE_EQ(*Figure(figures, "ratio").value, 500.02);
  EXPECT_FALSE(Figure(figures, "ratio").lower.has_value());
  EXPECT_EQ(Figure(figures, "ratio", 1).status, v1::FIGURE_STATUS_NOT_AVAILABLE);
  const v1::Metric load = Metric(
      "kind: METRIC_KIND_RATIO ratio { numerator: QUANTITY_OPEN_EARLY_HELP denominator: "
      "QUANTITY_CASE_HOLDING_FTE }");
  EXPECT_DOUBLE_EQ(*Figure(FiguresOf(load, TableOf(load, {{30, 2500}})), "ratio").value, 12);
}

TEST(RatioTest, IsAShare_WhereItIsShownInPercent) {
  const v1::Metric metric = Metric(
      "kind: METRIC_KIND_RATIO display_unit: \"%\" "
      "ratio { numerator: QUANTITY_ENDED_WITH_SCORES denominator: QUANTITY_ENDED }");
  const auto figures = FiguresOf(metric, TableOf(metric, {{3, 12}}));
  EXPECT_DOUBLE_EQ(*Figure(figures, "ratio").value, 25);
  EXPECT_DOUBLE_EQ(*Figure(figures, "ratio").upper, 100 * statistics::WilsonInterval(3, 12)->upper);
}

TEST(SurveyTest, IsEachAnswerOfTheCouncilsThatAnswered) {
  const v1::Metric metric =
      Metric("kind: METRIC_KIND_SURVEY outcomes { id: \"yes\" } outcomes { id: \"no\" }");
  const auto figures = FiguresOf(metric, TableOf(metric, {{3, 1, 6}, {0, 0, 1}}));
  EXPECT_DOUBLE_EQ(*Figure(figures, "yes").value, 75);
  EXPECT_DOUBLE_EQ(*Figure(figures, "no").denominator, 4);
  EXPECT_FALSE(Figure(figures, "yes").lower.has_value());
  EXPECT_EQ(Figure(figures, "yes", 1).status, v1::FIGURE_STATUS_NOT_AVAILABLE);
}

TEST(FiguresTest, AreNone_WhenTheTableIsNotTheMetrics) {
  const v1::Metric metric = Metric(kProportion);
  contract::Table table = TableOf(metric, {{1, 1, 2}});
  table.columns[0] = "other";
  EXPECT_TRUE(FiguresOf(metric, table).empty());
  table = TableOf(metric, {{1, 1, 2}});
  table.values.pop_back();
  EXPECT_TRUE(FiguresOf(metric, table).empty());
  EXPECT_TRUE(FiguresOf(Metric("kind: METRIC_KIND_SURVEY"), contract::Table()).empty());
}

TEST(FiguresTest, AreShownInTheEntrysUnit_ButASurvivalsMedianInDays) {
  const v1::Metric survival = Metric(kSurvival);
  EXPECT_EQ(DisplayUnitOf(survival, "survival_7"), "%");
  EXPECT_EQ(DisplayUnitOf(survival, "median"), "days");
  EXPECT_EQ(DisplayUnitOf(Metric(kDuration), "median"), "days");
}

}  // namespace
}  // namespace waymark::catalogue
