#include "coordinator/benchmark/trend.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "absl/strings/str_replace.h"
#include "proto/contract/roster.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/benchmark/published_scene.h"

namespace waymark::coordinator {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::kCouncils;
using waymark::testing::StatusIs;

class TrendTest : public ::testing::Test, protected testing::PublishedScene {
 protected:
  explicit TrendTest(const std::string& catalogue = "catalogue") : PublishedScene(4, catalogue) {
    request.set_metric("16");
  }

  // Each council gives `count` of 200.
  void Publish(const std::string& period, std::int64_t count, std::size_t councils = 4) {
    contract::RoundItem item = scene.Item("16", v1::MODE_THRESHOLDED);
    item.period = period;
    PublishTables("r" + std::to_string(++rounds), item, councils, [&](std::size_t) {
      return scene.Table(item, 0, {count, 200});
    });
  }

  v1::TrendResponse Trend(const Scope& scope = Scope::Everything()) {
    const absl::StatusOr<v1::TrendResponse> trend = TrendOf(request, scope, scene.library(), query);
    EXPECT_TRUE(trend.ok()) << trend.status();
    return trend.ok() ? *trend : v1::TrendResponse();
  }

  v1::TrendRequest request;
  int rounds = 0;
};

TEST_F(TrendTest, FollowsPeriodsInTheirOrder_AndTestsTheLast) {
  Publish("2022-23", 60);
  Publish("2020-21", 50);
  Publish("2021-22", 55);
  const v1::TrendResponse trend = Trend();
  ASSERT_EQ(trend.series_size(), 1);
  const auto& figures = trend.series(0).figures();
  ASSERT_EQ(figures.size(), 3);
  EXPECT_EQ(figures[0].period(), "2020-21");
  EXPECT_EQ(figures[2].period(), "2022-23");
  EXPECT_EQ(figures[2].geography_code(), "participants");
  const v1::TrendResponse::Test& latest = trend.series(0).latest();
  EXPECT_EQ(latest.from_period(), "2021-22");
  EXPECT_EQ(latest.to_period(), "2022-23");
  EXPECT_DOUBLE_EQ(latest.change(), 2.5);
  // Newcombe, from the published intervals, which join sampling and rounding.
  EXPECT_NEAR(
      latest.lower(),
      2.5 - std::hypot(figures[2].value() - figures[2].lower(), figures[1].upper() - figures[1].value()),
      1e-9);
  EXPECT_NEAR(
      latest.upper(),
      2.5 + std::hypot(figures[2].upper() - figures[2].value(), figures[1].value() - figures[1].lower()),
      1e-9);
  EXPECT_EQ(latest.travel(), v1::TRAVEL_NO_CLEAR_CHANGE);
  EXPECT_TRUE(trend.series(0).has_slope());
  EXPECT_NEAR(trend.series(0).slope().change(), 2.5, 0.05);
  EXPECT_TRUE(trend.breaks().empty());
  EXPECT_FALSE(trend.series(0).has_runs());
}

TEST_F(TrendTest, SaysBetterOrWorse_ByTheDirection) {
  Publish("2021-22", 40);
  Publish("2022-23", 100);
  EXPECT_EQ(Trend().series(0).latest().travel(), v1::TRAVEL_BETTER) << "of 16 high is better";
  EXPECT_LT(Trend().series(0).latest().p(), 0.05);
  EXPECT_FALSE(Trend().series(0).has_slope());
  Publish("2023-24", 40);
  EXPECT_EQ(Trend().series(0).latest().travel(), v1::TRAVEL_WORSE);
}

// The metrics with contacts (33-contacts) as a count that leaves, which no entry is yet.
class CatalogueWithCounts {
 protected:
  CatalogueWithCounts() : path_(folder_.path() + "/catalogue") {
    std::filesystem::copy("catalogue", path_, std::filesystem::copy_options::recursive);
    const std::string counts = path_ + "/metrics/counts.textproto";
    std::stringstream text;
    text << std::ifstream(counts).rdbuf();
    std::ofstream(counts) << absl::StrReplaceAll(
        text.str(), {{"id: \"33-contacts\"\n", "id: \"33-contacts\"\n  modes: MODE_THRESHOLDED\n"}});
  }

  testing::TemporaryFolder folder_;
  std::string path_;
};

class CountTrendTest : private CatalogueWithCounts, public TrendTest {
 protected:
  CountTrendTest() : TrendTest(path_) { request.set_metric("33-contacts"); }

  void PublishCount(const std::string& period, std::int64_t count) {
    contract::RoundItem item = scene.Item("33-contacts", v1::MODE_THRESHOLDED);
    item.period = period;
    PublishTables("r" + std::to_string(++rounds), item, 4,
                  [&](std::size_t) { return scene.Table(item, 0, {count}); });
  }
};

// 4 councils of 100 contacts and then of 110: 40 more, where chance alone makes some 29 (√400 + 440).
TEST_F(CountTrendTest, AChangeIsSetAgainstChance_ThoughNothingWasSampled) {
  PublishCount("2021-22", 100);
  PublishCount("2022-23", 110);
  const v1::TrendResponse trend = Trend();
  ASSERT_EQ(trend.series_size(), 1);
  const v1::Figure& before = trend.series(0).figures(0);
  const v1::Figure& after = trend.series(0).figures(1);
  EXPECT_LT(before.upper(), after.lower()) << "by what protection hides the two are apart";
  const v1::TrendResponse::Test& latest = trend.series(0).latest();
  EXPECT_EQ(latest.travel(), v1::TRAVEL_NO_CLEAR_CHANGE);
  // Byar's interval by hand: x (1 - 1/(9x) - z/(3 sqrt x))^3.
  const double z = 1.959963984540054;
  const auto low = [z](double x) { return x * std::pow(1 - 1 / (9 * x) - z / (3 * std::sqrt(x)), 3); };
  const auto high = [z](double x) {
    return (x + 1) * std::pow(1 - 1 / (9 * (x + 1)) + z / (3 * std::sqrt(x + 1)), 3);
  };
  const double below = std::hypot(after.value() - low(after.value()), after.value() - after.lower());
  const double above = std::hypot(high(before.value()) - before.value(), before.upper() - before.value());
  EXPECT_NEAR(latest.lower(), latest.change() - std::hypot(below, above), 1e-6);
  PublishCount("2023-24", 150);
  EXPECT_EQ(Trend().series(0).latest().travel(), v1::TRAVEL_UP);
}

TEST_F(TrendTest, SetsAQuarterAgainstThatOfTheYearBefore) {
  for (const char* quarter : {"2021-22-Q2", "2021-22-Q3", "2021-22-Q4", "2022-23-Q1", "2022-23-Q2"})
    Publish(quarter, 50);
  Publish("2020-21", 50);
  const v1::TrendResponse trend = Trend();
  EXPECT_EQ(trend.series(0).latest().from_period(), "2021-22-Q2");
  EXPECT_THAT(trend.left_out(), ElementsAre("2020-21: another length"));
}

TEST_F(TrendTest, OfACouncil_LeavesOutPeriodsThatItIsNotIn) {
  Publish("2021-22", 50);
  scene.Join(kCouncils[4]);
  Publish("2022-23", 50, 5);
  request.set_geography(kCouncils[4]);
  const v1::TrendResponse trend = Trend();
  EXPECT_EQ(trend.series(0).figures_size(), 1);
  EXPECT_FALSE(trend.series(0).has_latest());
  EXPECT_THAT(trend.left_out(), ElementsAre("2021-22: the place is not in it"));
  request.clear_geography();
  const v1::TrendResponse all = Trend();
  ASSERT_EQ(all.breaks_size(), 1);
  EXPECT_EQ(all.breaks(0).what(), "councils");
  EXPECT_EQ(all.breaks(0).period(), "2022-23");
  EXPECT_EQ(all.breaks(0).note(), "now with Darlington");
}

// Of the North East: one was recoded, one split, and two merged, as officers say on a roster.
constexpr char kRecoded[] = "E06000057";
constexpr char kNew[] = "E08000021";
constexpr char kWhole[] = "E08000022";
constexpr char kPart[] = "E08000023";
constexpr char kOtherPart[] = "E08000024";
constexpr char kMerged[] = "E06000047";

class SuccessionTrendTest : public TrendTest {
 protected:
  SuccessionTrendTest() {
    const Day day = *ParseIsoDay("2023-04-01");
    const contract::RosterEpoch roster{
        .federation = "north",
        .epoch = 1,
        .expires_unix_s = 2'000'000'000,
        .previous_hash = std::string(32, '\0'),
        .parts = {{.code = "E12000001",
                   .members = {{.council = kMerged, .signing_key = std::string(32, 'k')}}}},
        .successions = {{.day = day, .before = {kCouncils[0], kCouncils[1]}, .after = {kMerged}},
                        {.day = day, .before = {kRecoded}, .after = {kNew}},
                        {.day = day, .before = {kWhole}, .after = {kPart, kOtherPart}}}};
    v1::SignedRoster message;
    contract::SignedRosterToProto({.roster = roster, .signatures = {}}, message);
    EXPECT_OK(scene.store().AddRoster(
        {.epoch = 1, .hash = contract::RosterHash(roster), .bytes = message.SerializeAsString()}));
  }

  // Those councils and the four others answer, with a count of 200 each; they alone are members then.
  void PublishOf(const std::string& period, std::map<std::string, std::int64_t> counts) {
    for (std::size_t i = first; i < 4; ++i) counts[kCouncils[i]] = 50;
    const std::vector<Member> before = scene.store().Members().value();
    for (const Member& member : before) {
      if (counts.contains(member.council)) continue;
      ASSERT_OK(scene.store().RevokeMember(member.council, 1));
    }
    for (const auto& [code, count] : counts) {
      if (!scene.store().FindMember(code)->has_value()) scene.Join(code);
    }
    contract::RoundItem item = scene.Item("16", v1::MODE_THRESHOLDED);
    item.period = period;
    const contract::RoundSpec spec = scene.Spec("r" + std::to_string(++rounds), {item});
    ASSERT_OK(scene.rounds().Open(spec));
    for (const auto& [code, count] : counts)
      ASSERT_OK(scene.rounds().Submit(code, scene.Release(code, spec, {scene.Table(item, 0, {count, 200})})));
    ASSERT_OK(scene.rounds().Close(spec.round_id));
  }

  std::size_t first = 0;  // of kCouncils
};

TEST_F(SuccessionTrendTest, OfARecodedCouncilRunsThrough_WithAMark) {
  PublishOf("2021-22", {{kRecoded, 60}});
  PublishOf("2022-23", {{kRecoded, 70}});
  PublishOf("2023-24", {{kNew, 80}});
  request.set_geography(kNew);
  const v1::TrendResponse trend = Trend();
  ASSERT_EQ(trend.series(0).figures_size(), 3);
  for (int i = 0; i < 3; ++i) {
    const v1::Figure& figure = trend.series(0).figures(i);
    EXPECT_DOUBLE_EQ(figure.value(), 30 + 5 * i);
    EXPECT_EQ(figure.geography_code(), kNew);
    EXPECT_EQ(figure.geography_name(),
              i < 2 ? "Newcastle upon Tyne (continued from E06000057)" : "Newcastle upon Tyne");
  }
  ASSERT_EQ(trend.breaks_size(), 1);
  EXPECT_EQ(trend.breaks(0).what(), "succession");
  EXPECT_EQ(trend.breaks(0).period(), "2023-24");
  EXPECT_THAT(trend.breaks(0).note(), HasSubstr("E06000057 became E08000021 on 2023-04-01"));
  EXPECT_FALSE(trend.breaks(0).is_incomparable());
  EXPECT_EQ(trend.series(0).latest().from_period(), "2022-23") << "compared across the change of name";
  EXPECT_TRUE(trend.series(0).has_slope());
}

TEST_F(SuccessionTrendTest, OfAPartOfASplit_ShowsTheWholeBefore_AndComparesNothingWithIt) {
  PublishOf("2022-23", {{kWhole, 60}});
  PublishOf("2023-24", {{kPart, 70}, {kOtherPart, 30}});
  PublishOf("2024-25", {{kPart, 75}, {kOtherPart, 30}});
  request.set_geography(kPart);
  const v1::TrendResponse trend = Trend();
  ASSERT_EQ(trend.series(0).figures_size(), 3);
  const v1::Figure& before = trend.series(0).figures(0);
  EXPECT_EQ(before.geography_code(), kWhole) << "under its own name, as no part's";
  EXPECT_EQ(before.geography_name(), "North Tyneside (before the split)");
  EXPECT_EQ(trend.series(0).figures(1).geography_code(), kPart);
  ASSERT_EQ(trend.breaks_size(), 1);
  EXPECT_EQ(trend.breaks(0).what(), "succession");
  EXPECT_TRUE(trend.breaks(0).is_incomparable());
  EXPECT_THAT(trend.breaks(0).note(), HasSubstr("of no part of it"));
  EXPECT_EQ(trend.series(0).latest().from_period(), "2023-24");
  EXPECT_FALSE(trend.series(0).has_slope()) << "two points of its own";
  request.set_geography(kWhole);
  const v1::TrendResponse ended = Trend();
  EXPECT_EQ(ended.series(0).figures_size(), 1);
  EXPECT_THAT(ended.left_out(0), HasSubstr("E08000022 split into E08000023, E08000024 on 2023-04-01"));
}

TEST_F(SuccessionTrendTest, OfTheRegionSaysThatCouncilsWereSucceeded) {
  PublishOf("2022-23", {{kWhole, 60}});
  PublishOf("2023-24", {{kPart, 70}, {kOtherPart, 30}});
  request.set_geography("E12000001");
  const v1::TrendResponse trend = Trend();
  ASSERT_EQ(trend.breaks_size(), 1) << "nobody joined or left";
  EXPECT_EQ(trend.breaks(0).what(), "succession");
  EXPECT_FALSE(trend.breaks(0).is_incomparable());
}

TEST_F(SuccessionTrendTest, OfAMergedCouncil_IsTheSumOfThoseBefore) {
  request.set_geography(kMerged);
  PublishOf("2022-23", {});
  first = 2;
  PublishOf("2023-24", {{kMerged, 80}});
  const v1::TrendResponse trend = Trend();
  ASSERT_EQ(trend.series(0).figures_size(), 2);
  const v1::Figure& before = trend.series(0).figures(0);
  EXPECT_EQ(before.geography_code(), kMerged);
  EXPECT_EQ(before.level(), v1::GEOGRAPHY_LEVEL_COUNCIL);
  EXPECT_EQ(before.geography_name(), "County Durham (sum of E06000001, E06000002)");
  EXPECT_DOUBLE_EQ(before.numerator(), 100);
  EXPECT_DOUBLE_EQ(before.denominator(), 400);
  EXPECT_DOUBLE_EQ(before.value(), 25);
  // The interval is that of a group of both with the others away: of 100 in 400, and each part's rounding.
  EXPECT_LT(before.lower(), before.sampling_lower());
  EXPECT_GT(before.upper(), before.sampling_upper());
  ASSERT_GE(trend.breaks_size(), 1);
  EXPECT_EQ(trend.breaks(0).what(), "succession");
  EXPECT_FALSE(trend.breaks(0).is_incomparable());
  EXPECT_EQ(trend.series(0).latest().from_period(), "2022-23");
}

TEST_F(SuccessionTrendTest, OfAMergedCouncil_BreaksOff_WhereOneOfThoseBeforeGaveNothing) {
  request.set_geography(kMerged);
  contract::RoundItem item = scene.Item("16", v1::MODE_THRESHOLDED);
  item.period = "2022-23";
  const contract::RoundSpec spec = scene.Spec("partly", {item});
  ASSERT_OK(scene.rounds().Open(spec));
  for (std::size_t i = 1; i < 4; ++i) {
    ASSERT_OK(scene.rounds().Submit(kCouncils[i],
                                    scene.Release(kCouncils[i], spec, {scene.Table(item, 0, {50, 200})})));
  }
  ASSERT_OK(scene.rounds().Close("partly"));
  first = 2;
  PublishOf("2023-24", {{kMerged, 80}});
  const v1::TrendResponse trend = Trend();
  EXPECT_EQ(trend.series(0).figures_size(), 1);
  ASSERT_EQ(trend.breaks_size(), 1);
  EXPECT_TRUE(trend.breaks(0).is_incomparable());
  EXPECT_THAT(trend.breaks(0).note(), HasSubstr("E06000001 gave nothing"));
  EXPECT_THAT(trend.left_out(), ElementsAre(HasSubstr("2022-23: of the councils before it E06000001")));
}

TEST_F(TrendTest, SeesWhatItsScopeSees) {
  Publish("2021-22", 50);
  Publish("2022-23", 50);
  const Scope north = {.regions = {{"E12000001"}}, .metrics = std::nullopt};
  const Scope south = {.regions = {{"E12000007"}}, .metrics = std::nullopt};
  request.set_geography("E12000001");
  EXPECT_EQ(Trend(north).series(0).figures_size(), 2);
  EXPECT_THAT(TrendOf(request, south, scene.library(), query).status(),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("E12000007")));
}

TEST_F(TrendTest, Refuses_WordsThatNameNothing) {
  EXPECT_FALSE(TrendOf(request, Scope::Everything(), scene.library(), query).ok());
  Publish("2021-22", 50);
  request.set_unit(v1::UNIT_FAMILIES);
  EXPECT_THAT(TrendOf(request, Scope::Everything(), scene.library(), query).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("unit")));
  request.clear_unit();
  request.set_geography("E99");
  EXPECT_THAT(TrendOf(request, Scope::Everything(), scene.library(), query).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("geographies")));
  request.set_metric("no such");
  EXPECT_THAT(TrendOf(request, Scope::Everything(), scene.library(), query).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("metric")));
}

}  // namespace
}  // namespace waymark::coordinator
