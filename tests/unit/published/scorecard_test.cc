// A scorecard of made-up files: four councils of London and one of the North East.
#include "published/scorecard.h"

#include <cmath>

#include "absl/strings/str_cat.h"
#include "statistics/intervals.h"
#include "statistics/ranking.h"
#include "tests/unit/published/files.h"

namespace waymark::published {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

constexpr char kDagenham[] = "E09000002";  // 301
constexpr char kBexley[] = "E09000004";    // 303
constexpr char kBrent[] = "E09000005";     // 304

class ScorecardTest : public PublishedTest {
 protected:
  struct Council {
    std::string code;
    std::string number;
    int plans = 0;  // of 2024-25; in the year before twice as many
    int children = 0;
    std::string deprivation;
  };

  // `more`: rows of the interactive tool.
  void Read(const std::vector<Council>& councils, const std::string& more = "",
            const std::string& neighbours = "") {
    std::string plans = "time_period,geographic_level,new_la_code,CPP_start,CPP_subsequent\n";
    std::string population = "time_period,geographic_level,new_la_code,age_group,population_estimate\n";
    std::string tool = "measure,period,la_number,value\n";
    for (const Council& c : councils) {
      for (const int year : {2024, 2025}) {
        absl::StrAppend(&plans, year, ",Local authority,", c.code, ",", year == 2025 ? c.plans : 2 * c.plans,
                        ",0\n");
        absl::StrAppend(&population, year - 1, ",Local authority,", c.code, ",Children aged 0 to 17 years,",
                        c.children, "\n");
        absl::StrAppend(&tool, "ChildPov,", year, ",", c.number, ",", c.deprivation, "\n");
      }
    }
    std::vector<NamedText> texts = {
        {"plans.csv", plans}, {"population.csv", population}, {"tool.csv", tool + more}};
    if (!neighbours.empty()) texts.push_back({"neighbours.csv", neighbours});
    ASSERT_OK_AND_ASSIGN(collection_, Collection::ReadTexts(texts, mapping_));
  }

  absl::StatusOr<v1::Scorecard> Card(absl::string_view authority, Day until = kNoDay) const {
    return ScorecardFor({.library = library_, .mapping = mapping_, .collection = collection_}, authority,
                        until);
  }
  static const v1::ScorecardRow& Row(const v1::Scorecard& card, const std::string& metric) {
    for (const v1::ScorecardRow& row : card.rows()) {
      if (row.metric() == metric) return row;
    }
    ADD_FAILURE() << "no row " << metric;
    return v1::ScorecardRow::default_instance();
  }

  const std::vector<Council> five_ = {{kBarnet, "302", 100, 50000, "20"},
                                      {kDagenham, "301", 400, 50000, "40"},
                                      {kBexley, "303", 90, 60000, "15"},
                                      {kBrent, "304", 300, 80000, "30"},
                                      {kHartlepool, "805", 250, 20000, "27"}};
  Collection collection_;
};

TEST_F(ScorecardTest, SetsAnAuthorityBesideRegionAndNation_OfTheirAuthorities) {
  Read(five_);
  ASSERT_OK_AND_ASSIGN(const v1::Scorecard card, Card(kBarnet));
  EXPECT_EQ(card.name(), "Barnet");
  EXPECT_EQ(card.region_name(), "London");
  const v1::ScorecardRow& row = Row(card, "34");
  EXPECT_EQ(row.period(), "2024-25");
  EXPECT_TRUE(row.is_partial());
  EXPECT_NEAR(row.own().value(), 20, 1e-12);
  ASSERT_OK_AND_ASSIGN(const statistics::Interval chance, statistics::ByarInterval(100, 50000));
  EXPECT_NEAR(row.own().lower(), 10000 * chance.lower, 1e-9);
  EXPECT_NEAR(row.own().upper(), 10000 * chance.upper, 1e-9);
  EXPECT_EQ(row.own().authorities(), 0u);
  EXPECT_NEAR(row.region().value(), 10000.0 * 890 / 240000, 1e-12);
  EXPECT_EQ(row.region().authorities(), 4u);
  EXPECT_EQ(row.region().of(), 33u);
  EXPECT_NEAR(row.nation().value(), 10000.0 * 1140 / 260000, 1e-12);
  EXPECT_EQ(row.nation().authorities(), 5u);
}

TEST_F(ScorecardTest, TakesWhatIsPublishedForARegion_BeforeItsAuthoritiesSum) {
  Read(five_,
       "FSP_NEW_GOODDEV,2024/25,302,70\nFSP_NEW_GOODDEV,2024/25,303,60\nFSP_NEW_GOODDEV,2024/25,304,65\n"
       "FSP_NEW_GOODDEV,2024/25,986,66\n");
  ASSERT_OK_AND_ASSIGN(const v1::Scorecard card, Card(kBarnet));
  const v1::ScorecardRow& row = Row(card, "40");
  EXPECT_EQ(row.region().value(), 66);
  EXPECT_EQ(row.region().authorities(), 0u);
  // A share without numbers cannot be joined.
  EXPECT_EQ(row.nation().status(), v1::FIGURE_STATUS_NOT_AVAILABLE);
  EXPECT_FALSE(row.nation().has_value());
  EXPECT_EQ(row.standing().rank(), 1u);  // high is better
  EXPECT_EQ(row.standing().of(), 3u);
  EXPECT_EQ(row.standing().best(), 0u);  // nor has it an interval
}

TEST_F(ScorecardTest, SaysWhyANationsFigureIsNotBelieved) {
  Read(five_, "FirstYJS,2024,302,100\nFirstYJS,2024,303,120\nFirstYJS,2024,304,140\nFirstYJS,2024,970,900\n");
  ASSERT_OK_AND_ASSIGN(const v1::Scorecard card, Card(kBarnet));
  EXPECT_EQ(Row(card, "36").nation().status(), v1::FIGURE_STATUS_NOT_AVAILABLE);
  EXPECT_THAT(Row(card, "36").nation().note(), HasSubstr("outside the range of the authorities' own"));
}

TEST_F(ScorecardTest, RanksWithWhatChanceLeaves_ButNeverWhatIsNeutral) {
  Read(five_);
  ASSERT_OK_AND_ASSIGN(const v1::Scorecard card, Card(kBarnet));
  EXPECT_FALSE(Row(card, "38").has_standing());
  const v1::Standing& standing = Row(card, "34").standing();
  EXPECT_EQ(standing.rank(), 2u);  // Bexley has 15, Barnet 20
  EXPECT_EQ(standing.of(), 5u);
  EXPECT_EQ(standing.quartile(), 1u);
  // By hand: every rate's interval at the z at which all five hold at once.
  ASSERT_OK_AND_ASSIGN(const double z, statistics::JointZ(5));
  ASSERT_OK_AND_ASSIGN(const statistics::Interval own, statistics::ByarInterval(100, 50000, z));
  std::uint32_t below = 0, above = 0;
  for (const Council& other : five_) {
    ASSERT_OK_AND_ASSIGN(const statistics::Interval its,
                         statistics::ByarInterval(other.plans, other.children, z));
    below += its.upper < own.lower ? 1 : 0;
    above += its.lower > own.upper ? 1 : 0;
  }
  EXPECT_EQ(standing.best(), below + 1);
  EXPECT_EQ(standing.worst(), 5 - above);
}

TEST_F(ScorecardTest, GapIsActualLessTheLineOfAll_AndTheNationsIsZero) {
  Read(five_);
  ASSERT_OK_AND_ASSIGN(const v1::Scorecard card, Card(kBarnet));
  // The line by its normal equations, written out.
  double w = 0, wx = 0, wy = 0, wxx = 0, wxy = 0;
  for (const Council& c : five_) {
    const double x = std::stod(c.deprivation), y = 10000.0 * c.plans / c.children;
    w += c.children;
    wx += c.children * x;
    wy += c.children * y;
    wxx += c.children * x * x;
    wxy += c.children * x * y;
  }
  const double slope = (w * wxy - wx * wy) / (w * wxx - wx * wx);
  const double expected = (wy - slope * wx) / w + slope * 20;
  const v1::ScorecardRow& row = Row(card, "35");
  EXPECT_NEAR(row.own().value(), 20 - expected, 1e-9);
  // Chance in the council's own rate, joined with the error of the line: Student's t with three degrees of
  // freedom.
  const double mean = wx / w;
  double residuals = 0;
  for (const Council& c : five_) {
    const double x = std::stod(c.deprivation), y = 10000.0 * c.plans / c.children;
    residuals += c.children * std::pow(y - wy / w - slope * (x - mean), 2);
  }
  const double error = std::sqrt(residuals / 3 * (1 / w + std::pow(20 - mean, 2) / (wxx - wx * wx / w)));
  const double own = Row(card, "34").own().upper() - 20;
  EXPECT_NEAR(row.own().upper() - row.own().value(), std::hypot(own, 3.182446305284263 * error), 1e-6);
  // The region's: all its councils' numbers as one rate, which weighted by children they are, and the line at
  // their mean.
  double children = 0, plans = 0, deprivation = 0;
  for (const Council& c : five_) {
    if (c.code == kHartlepool) continue;
    children += c.children;
    plans += c.plans;
    deprivation += c.children * std::stod(c.deprivation);
  }
  deprivation /= children;
  const double rate = 10000 * plans / children;
  EXPECT_EQ(row.region().authorities(), 4u);
  EXPECT_NEAR(row.region().value(), rate - (wy - slope * wx) / w - slope * deprivation, 1e-9);
  ASSERT_OK_AND_ASSIGN(const statistics::Interval chance, statistics::ByarInterval(plans, children));
  const double off =
      3.182446305284263 *
      std::sqrt(residuals / 3 * (1 / w + std::pow(deprivation - mean, 2) / (wxx - wx * wx / w)));
  EXPECT_NEAR(row.region().upper() - row.region().value(), std::hypot(10000 * chance.upper - rate, off),
              1e-6);
  EXPECT_NEAR(row.region().value() - row.region().lower(), std::hypot(rate - 10000 * chance.lower, off),
              1e-6);
  EXPECT_NEAR(row.nation().value(), 0, 1e-9);  // least squares: the weighted residuals add up to nothing
  EXPECT_FALSE(row.nation().has_lower() || row.nation().has_upper());
  EXPECT_EQ(row.nation().note(), kNationGap);
  EXPECT_THAT(row.note(), HasSubstr("× deprivation over 5 authorities"));
}

TEST_F(ScorecardTest, NeighboursAreTheMeanOfThoseThatHaveAFigure) {
  std::string header = "old_la_code", line = "302";
  for (int i = 1; i <= 10; ++i) {
    absl::StrAppend(&header, ",SN_", i, ",SN_", i, "P");
    absl::StrAppend(&line, ",", i == 1 ? 304 : i == 2 ? 303 : 304 + i, ",Close");
  }
  Read(five_, "", absl::StrCat(header, "\n", line, "\n"));
  ASSERT_OK_AND_ASSIGN(const v1::Scorecard card, Card(kBarnet));
  EXPECT_EQ(card.neighbours(0).name(), "Brent");
  EXPECT_EQ(card.neighbours(1).closeness(), "Close");
  const v1::ScorecardRow& row = Row(card, "34");
  EXPECT_EQ(row.neighbours().authorities(), 2u);
  EXPECT_EQ(row.neighbours().of(), 10u);
  EXPECT_NEAR(row.neighbours().value(), (37.5 + 15) / 2, 1e-12);
  EXPECT_NEAR(row.neighbours_least(), 15, 1e-12);
  EXPECT_NEAR(row.neighbours_greatest(), 37.5, 1e-12);
  ASSERT_OK_AND_ASSIGN(const v1::Scorecard other, Card(kHartlepool));
  EXPECT_FALSE(Row(other, "34").neighbours().has_value());
  EXPECT_EQ(Row(other, "34").neighbours().note(), "no file of statistical neighbours");
}

TEST_F(ScorecardTest, TrendIsTheSameFigureOfEarlierYears) {
  Read(five_);
  ASSERT_OK_AND_ASSIGN(const v1::Scorecard card, Card(kBarnet));
  const auto& trend = Row(card, "34").trend();
  ASSERT_EQ(trend.size(), 2);
  EXPECT_EQ(trend[0].period(), "2023-24");
  EXPECT_NEAR(trend[0].own().value(), 40, 1e-12);
  EXPECT_FALSE(trend[0].is_otherwise_made());
  EXPECT_NEAR(trend[1].own().value(), Row(card, "34").own().value(), 1e-12);
  // The gap of a year is that against the line of the same year.
  EXPECT_NEAR(Row(card, "35").trend(0).own().value(), 2 * Row(card, "35").own().value(), 1e-9);
  ASSERT_OK_AND_ASSIGN(const v1::Scorecard before, Card(kBarnet, *ParseIsoDay("2024-12-31")));
  EXPECT_NEAR(Row(before, "34").own().value(), 40, 1e-12);
}

TEST_F(ScorecardTest, MarksAYear_ThatTakesAnOlderInput) {
  // Children of 2022 and 2024; of 2023 there are none.
  std::string ages = "time_period,geographic_level,new_la_code,age_group,population_estimate\n";
  std::string plans = "time_period,geographic_level,new_la_code,CPP_start,CPP_subsequent\n";
  for (const int year : {2023, 2024, 2025}) {
    absl::StrAppend(&plans, year, ",Local authority,", kBarnet, ",100,0\n");
    if (year != 2024)
      absl::StrAppend(&ages, year - 1, ",Local authority,", kBarnet, ",Children aged 0 to 17 years,50000\n");
  }
  ASSERT_OK_AND_ASSIGN(collection_,
                       Collection::ReadTexts({{"plans.csv", plans}, {"ages.csv", ages}}, mapping_));
  ASSERT_OK_AND_ASSIGN(const v1::Scorecard card, Card(kBarnet));
  const auto& trend = Row(card, "34").trend();
  ASSERT_EQ(trend.size(), 3);
  EXPECT_FALSE(trend[0].is_otherwise_made());  // 2022-23, with the children of June 2022
  EXPECT_TRUE(trend[1].is_otherwise_made());
  EXPECT_FALSE(trend[2].is_otherwise_made());
}

TEST_F(ScorecardTest, KnowsAnAuthorityByCodeNumberAndName_AndNamesTheNearest) {
  Read(five_);
  for (const char* name : {kHartlepool, "805", "hartlepool"}) {
    ASSERT_OK_AND_ASSIGN(const v1::Scorecard card, Card(name));
    EXPECT_EQ(card.code(), kHartlepool);
  }
  EXPECT_THAT(Card("Hartlepol"), StatusIs(absl::StatusCode::kNotFound, HasSubstr("did you mean Hartlepool")));
  EXPECT_THAT(Card("E12000001"), StatusIs(absl::StatusCode::kNotFound, HasSubstr("no local authority")));
}

TEST_F(ScorecardTest, IsAllOfReasons_WhenNothingIsPublished) {
  Read({});
  ASSERT_OK_AND_ASSIGN(const v1::Scorecard card, Card(kBarnet));
  ASSERT_EQ(card.rows_size(), static_cast<int>(mapping_.scorecard().size()));
  for (const v1::ScorecardRow& row : card.rows()) {
    EXPECT_EQ(row.own().status(), v1::FIGURE_STATUS_NOT_AVAILABLE) << row.metric();
    EXPECT_FALSE(row.own().has_value());
    EXPECT_FALSE(row.has_standing());
    EXPECT_FALSE(row.missing().empty()) << row.metric();
  }
}

}  // namespace
}  // namespace waymark::published
