// Figures by an entry's formula, from made-up files.
#include "published/figures.h"

#include <map>

#include "absl/strings/str_cat.h"
#include "statistics/intervals.h"
#include "tests/unit/published/files.h"

namespace waymark::published {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kTool[] = "measure,period,la_number,value\n";
constexpr Day kAnyDay = kNoDay;

class FiguresTest : public PublishedTest {
 protected:
  void Read(const std::vector<std::string>& paths) {
    auto read = Collection::Read(paths, mapping_);
    ASSERT_OK(read);
    collection_ = *std::move(read);
  }
  // `rows`: code, plans, newly looked after, population; all of 2024-25.
  struct Council {
    std::string code, plans, looked_after, population;
  };
  void ReadCouncils(const std::vector<Council>& councils, const std::string& more = "") {
    std::string plans = "time_period,geographic_level,new_la_code,CPP_start,CPP_subsequent\n";
    std::string looked_after = "time_period,geographic_level,new_la_code,population_type,children_count\n";
    std::string population = "time_period,geographic_level,new_la_code,age_group,population_estimate\n";
    for (const Council& c : councils) {
      absl::StrAppend(&plans, "2025,Local authority,", c.code, ",", c.plans, ",0\n");
      absl::StrAppend(&looked_after, "2025,Local authority,", c.code,
                      ",Children starting to be looked after each year,", c.looked_after, "\n");
      absl::StrAppend(&population, "2024,Local authority,", c.code, ",Children aged 0 to 17 years,",
                      c.population, "\n");
    }
    Read({Write("plans.csv", plans), Write("cla.csv", looked_after), Write("population.csv", population),
          Write("tool.csv", kTool + more)});
  }
  Answer Figures(const std::string& metric, Day until = kAnyDay) {
    return FiguresFor({.library = library_, .mapping = mapping_, .collection = collection_},
                      *library_.Find(metric), kBarnet, until);
  }
  static std::map<std::string, catalogue::RowFigure> ByQuantity(const Answer& answer) {
    std::map<std::string, catalogue::RowFigure> figures;
    for (const catalogue::RowFigure& figure : answer.figures) figures[figure.quantity] = figure;
    return figures;
  }

  Collection collection_;
};

TEST_F(FiguresTest, AddsPartsOverThePopulation_WithByarsInterval) {
  ReadCouncils({{kBarnet, "120", "80", "50000"}});
  const auto figures = ByQuantity(Figures("34"));
  EXPECT_NEAR(*figures.at("partial_total").value, 40, 1e-12);
  EXPECT_EQ(figures.at("partial_total").numerator, 200);
  EXPECT_EQ(figures.at("partial_total").denominator, 50000);
  EXPECT_NEAR(*figures.at("plans_started").value, 24, 1e-12);
  ASSERT_OK_AND_ASSIGN(const statistics::Interval interval, statistics::ByarInterval(200, 50000));
  EXPECT_NEAR(*figures.at("partial_total").lower, 10000 * interval.lower, 1e-9);
  EXPECT_NEAR(*figures.at("partial_total").upper, 10000 * interval.upper, 1e-9);
}

TEST_F(FiguresTest, NamesWhatIsMissing_AndLabelsASubstitute) {
  ReadCouncils({{kBarnet, "120", "80", "50000"}}, "FirstYJS,2024,302,200\n");
  const Answer answer = Figures("34");
  ASSERT_THAT(answer.missing, SizeIs(2));
  EXPECT_THAT(answer.missing[0], HasSubstr("(per 100,000 aged 10 to 17), which is there"));
  EXPECT_THAT(answer.missing[0], HasSubstr("children aged 10 to 17 (children), which no file has"));
  EXPECT_THAT(answer.missing[1], HasSubstr("permanent exclusions"));
  EXPECT_EQ(answer.inputs.back().substitute, "aged 0 to 17 in place of 0 to 19");
}

TEST_F(FiguresTest, IsWhole_WhenRatesHaveTheirPopulations) {
  ReadCouncils({{kBarnet, "120", "80", "50000"}}, "FirstYJS,2024,302,200\n");
  // A population file with the further ages, as one may be published: found by its rows.
  Read({Write("tool.csv", std::string(kTool) + "FirstYJS,2024,302,200\n"), folder_ + "/plans.csv",
        folder_ + "/cla.csv",
        Write("ages.csv",
              "time_period,geographic_level,new_la_code,age_group,population_estimate\n"
              "2024,Local authority,E09000003,Children aged 10 to 17 years,25000\n"
              "2024,Local authority,E09000003,Children and young people aged 0 to 19 years,60000\n")});
  const Answer answer = Figures("34");
  EXPECT_THAT(answer.missing, SizeIs(1));  // the exclusions
  const auto figures = ByQuantity(answer);
  EXPECT_EQ(figures.at("first_time_entrants").numerator, 50);  // 200 per 100,000 of 25,000
  EXPECT_NEAR(*figures.at("partial_total").value, 10000 * 250.0 / 60000, 1e-12);
  for (const Input& input : answer.inputs) EXPECT_EQ(input.substitute, "") << input.measure;
}

TEST_F(FiguresTest, ASuppressedPartSuppressesTheSum) {
  ReadCouncils({{kBarnet, "c", "80", "50000"}});
  const auto figures = ByQuantity(Figures("34"));
  EXPECT_EQ(figures.at("plans_started").status, v1::FIGURE_STATUS_SUPPRESSED);
  EXPECT_EQ(figures.at("partial_total").status, v1::FIGURE_STATUS_SUPPRESSED);
  EXPECT_FALSE(figures.at("partial_total").value.has_value());
  EXPECT_NEAR(*figures.at("looked_after_started").value, 16, 1e-12);
}

TEST_F(FiguresTest, TakesTheLatestYearThatEndedByTheDay) {
  Read({Write("tool.csv", std::string(kTool) + "TotPermEx,2021/22,302,0.1\nTotPermEx,2022/23,302,0.2\n"
                                               "TotPermEx,2023/24,302,-\n")});
  EXPECT_EQ(Figures("37", *ParseIsoDay("2023-08-31")).figures[0].value, 0.2);
  EXPECT_EQ(Figures("37", *ParseIsoDay("2023-08-30")).figures[0].value, 0.1);
  EXPECT_EQ(Figures("37", *ParseIsoDay("2023-08-30")).period, "2021/22");
  // A year that was not published is said to be so; an older one does not take its place.
  EXPECT_EQ(Figures("37").figures[0].status, v1::FIGURE_STATUS_NOT_AVAILABLE);
  EXPECT_EQ(Figures("37").inputs[0].year, "2023/24");
  EXPECT_THAT(Figures("37", *ParseIsoDay("2020-01-01")).figures, IsEmpty());
}

TEST_F(FiguresTest, SpendTakesAllFamilySupport_WhereItsLinesAreNotApart) {
  ReadCouncils({{kBarnet, "1", "1", "50000"}},
               "SureStartFinance,2024-25 (OT),302,1000000\nFamilySupportFinance,2024-25 (OT),302,3000000\n"
               "YoungPeopleFinance,2024-25 (OT),302,500000\n");
  const Answer answer = Figures("38");
  const auto figures = ByQuantity(answer);
  EXPECT_NEAR(*figures.at("total").value, 90, 1e-12);
  EXPECT_FALSE(figures.at("total").lower.has_value());  // money has no interval of sampling
  EXPECT_THAT(answer.missing, IsEmpty());
  EXPECT_EQ(answer.inputs[1].substitute,
            "all family support (3.4.1 to 3.4.5) in place of lines 3.4.4 and 3.4.5");
}

TEST_F(FiguresTest, ExpectedIsTheLineThroughTheOthers) {
  // Rates of 20, 40, 60 at 10, 20, 30 per cent lie on a line; ours is 10 above it and weighs nothing beside
  // the rest.
  const std::string deprivation =
      "ChildPov,2025,301,10\nChildPov,2025,303,20\nChildPov,2025,304,30\nChildPov,2025,302,20\nChildPov,2025,"
      "305,20\n";
  ReadCouncils({{"E09000002", "2000", "0", "1000000"},
                {"E09000004", "4000", "0", "1000000"},
                {"E09000005", "6000", "0", "1000000"},
                {"E09000006", "x", "0", "1000000"},  // has no figure: no point of the line
                {kBarnet, "5", "0", "1000"}},
               deprivation);
  const Answer answer = Figures("35");
  const auto figures = ByQuantity(answer);
  EXPECT_NEAR(*figures.at("actual").value, 50, 1e-12);
  EXPECT_NEAR(*figures.at("expected").value, 40, 0.01);
  EXPECT_NEAR(*figures.at("gap").value, 10, 0.01);
  EXPECT_NEAR(*figures.at("expected_unweighted").value, 42.5, 1e-9);  // the mean, as 20 is the mean of x
  EXPECT_NEAR(*figures.at("gap_unweighted").value, 7.5, 1e-9);
  EXPECT_THAT(answer.note, HasSubstr("over 4 authorities"));
}

TEST_F(FiguresTest, ExpectedStandsWithoutAnActual) {
  const std::string deprivation =
      "ChildPov,2025,301,10\nChildPov,2025,303,20\nChildPov,2025,304,30\nChildPov,2025,302,20\n";
  ReadCouncils({{"E09000002", "2000", "0", "1000000"},
                {"E09000004", "4000", "0", "1000000"},
                {"E09000005", "6000", "0", "1000000"},
                {kBarnet, "c", "0", "1000"}},
               deprivation);
  const auto figures = ByQuantity(Figures("35"));
  EXPECT_EQ(figures.at("actual").status, v1::FIGURE_STATUS_SUPPRESSED);
  EXPECT_NEAR(*figures.at("expected").value, 40, 1e-9);
  EXPECT_EQ(figures.at("gap").status, v1::FIGURE_STATUS_SUPPRESSED);
}

}  // namespace
}  // namespace waymark::published
