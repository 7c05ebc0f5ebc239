// Requests, rows, the order of tables, and the bound on contributions.
#include "node/measure/measurer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "catalogue/columns.h"
#include "node/measure/fields.h"
#include "proto/contract/table.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/measure/measuring.h"

namespace waymark::node {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using waymark::testing::StatusIs;

Journeys Two() {
  RecordsBuilder records;
  records.Person("a", {.family = "f"}).Person("b", {.family = "f", .sex = "male"});
  records.EarlyHelp("a", "2024-01-10", "2024-04-01", {.need = "N1", .area = "north"});
  records.EarlyHelp("b", "2024-01-10", "2024-04-01", {.need = "", .area = "a|b"});
  return records.Build();
}

MeasureRequest Of(const std::string& metric) {
  return {.metric = &Entry(metric), .period = ParsePeriod("2024-25").value()};
}

TEST(Measure, GivesBreakdownsThenWindowsThenUnits_AllFirst) {
  MeasureRequest request = Of("1");
  request.breakdowns = {"sex", "sex|age_band"};
  ASSERT_OK_AND_ASSIGN(const std::vector<Measured> all, Measure(Two(), request));
  ASSERT_EQ(all.size(), 3U * 2U * 3U);
  EXPECT_TRUE(all[0].table.dimensions.empty());
  EXPECT_EQ(all[0].table.window_days, 183U);
  EXPECT_EQ(all[1].table.unit, v1::UNIT_CHILDREN);
  EXPECT_EQ(all[3].table.window_days, 365U);
  EXPECT_THAT(all[6].table.dimensions, ElementsAre("sex"));
  EXPECT_THAT(all[12].table.dimensions, ElementsAre("sex", "age_band"));
  for (const Measured& measured : all) {
    EXPECT_EQ(measured.table.metric, "1");
    EXPECT_EQ(measured.table.version, Entry("1").version());
    EXPECT_EQ(measured.table.period, "2024-25");
    EXPECT_EQ(measured.table.columns, catalogue::ColumnsOf(Entry("1")));
  }
}

TEST(Measure, MakesTablesThatTheContractAccepts) {
  for (const char* metric : {"1", "9", "10", "22-starts", "31"}) {
    MeasureRequest request = Of(metric);
    request.breakdowns.assign(Entry(metric).breakdowns().begin(), Entry(metric).breakdowns().end());
    RecordsBuilder records;
    records.Person("a", {.family = "f"})
        .EarlyHelp("a", "2024-01-10", "2024-04-01", {.source = "1A", .area = "x|y"});
    records.EarlyHelp("a", "2024-06-01", "", {.source = "1A", .area = std::string(300, 'x')})
        .Referral("a", "2024-05-01");
    ASSERT_OK_AND_ASSIGN(const std::vector<Measured> all, Measure(records.Build(), request));
    for (const Measured& measured : all) {
      ASSERT_EQ(measured.completeness, Completeness::kComplete) << measured.reason;
      v1::Table message;
      contract::TableToProto(measured.table, message);
      EXPECT_OK(contract::TableFromProto(message)) << metric;
    }
  }
}

TEST(Measure, NamesWhatTheEntryHas_WhenAskedForSomethingElse) {
  MeasureRequest request = Of("1");
  request.breakdowns = {"age_band|sex"};
  EXPECT_THAT(Measure(Two(), request),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("sex|age_band")));
  request = Of("1");
  request.window_days = {90};
  EXPECT_THAT(Measure(Two(), request), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("183, 365")));
  request = Of("31");
  request.units = {v1::UNIT_FAMILIES};
  EXPECT_THAT(Measure(Two(), request), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("episodes")));
  request = Of("43");
  request.breakdowns = {"sex"};
  EXPECT_THAT(Measure(Two(), request), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("field")));
  EXPECT_THAT(Measure(Two(), MeasureRequest{}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("metric")));
}

TEST(Measure, RefusesAnEntryThatItDoesNotUnderstand) {
  v1::Metric entry = Entry("16");
  entry.mutable_outcomes(0)->mutable_field()->set_field("colour");
  MeasureRequest request = Of("16");
  request.metric = &entry;
  EXPECT_THAT(Measure(Two(), request), StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("colour")));
  entry = Entry("1");
  entry.mutable_cohort()->set_base(v1::Cohort::BASE_EARLY_HELP_STARTED);
  EXPECT_THAT(Measure(Two(), request),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("may be open")));
  entry = Entry("16");
  entry.set_kind(v1::METRIC_KIND_PUBLISHED);
  EXPECT_THAT(Measure(Two(), request),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("its kind")));
}

TEST(Measure, PutsEachMemberInOneClass_OfAMix) {
  v1::Metric entry = Entry("16");
  entry.set_kind(v1::METRIC_KIND_MIX);
  v1::Outcome& rest = *entry.add_outcomes();
  rest.set_id("rest");
  rest.mutable_field()->set_field("end_reason");
  rest.mutable_field()->add_none_of("outcomes_met");
  RecordsBuilder records;
  records.EarlyHelp("a", "2024-05-01", "2024-06-01", {.end_reason = "nfa"});
  records.EarlyHelp("a", "2024-07-01", "2024-08-01", {.end_reason = "outcomes_met"});
  records.EarlyHelp("b", "2024-07-01", "2024-08-01", {.end_reason = "outcomes_met"});
  const Journeys journeys = records.Build();
  const Measured episodes = MeasureOne(journeys, entry);
  EXPECT_EQ(Cell(episodes, "outcomes_met"), 2);
  EXPECT_EQ(Cell(episodes, "rest"), 1);
  const Measured children = MeasureOne(journeys, entry, {.unit = v1::UNIT_CHILDREN});
  EXPECT_EQ(Cell(children, "outcomes_met"), 1);
  EXPECT_EQ(Cell(children, "rest"), 1) << "by its first closure";
  entry.mutable_outcomes()->RemoveLast();
  MeasureRequest request = Of("16");
  request.metric = &entry;
  EXPECT_THAT(Measure(journeys, request),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("classes")));
}

TEST(Rows, HaveEveryCategoryOfAFixedList_AndThoseOfALocalFieldThatOccur) {
  const Journeys journeys = Two();
  EXPECT_THAT(MeasureOne(journeys, "1", {.breakdown = "sex"}).table.rows,
              ElementsAre("female", "male", "not known", "other"));
  EXPECT_THAT(MeasureOne(journeys, "1", {.breakdown = "age_band"}).table.rows,
              ElementsAre("0-4", "10-15", "16-17", "18+", "5-9", "not known", "unborn"));
  EXPECT_THAT(MeasureOne(journeys, "1", {.breakdown = "area"}).table.rows, ElementsAre("a/b", "north"));
  EXPECT_THAT(MeasureOne(journeys, "1", {.period = "2025-26", .breakdown = "area"}).table.rows,
              ElementsAre("not known"))
      << "nobody";
  EXPECT_EQ(MeasureOne(journeys, "1", {.breakdown = "sex|age_band"}).table.rows.size(), 4U * 7U);
  EXPECT_EQ(Cell(MeasureOne(journeys, "1", {.breakdown = "need"}), "denominator", "not known"), 1);
  EXPECT_EQ(Cell(MeasureOne(journeys, "1", {.breakdown = "sex|age_band"}), "denominator", "male|10-15"), 1);
}

TEST(EarlierSocialCare, WasOpenOnOneOfThe365DaysBeforeEarlyHelpStarted) {
  // Early help from 1 May 2024; the 365th day before it is 2 May 2023.
  const auto row = [](const std::string& start, const std::string& end, const std::string& covered_from) {
    RecordsBuilder records;
    records.EarlyHelp("a", "2024-05-01", "2024-08-01").Cin("a", start, end);
    records.records().social_care.from = D(covered_from);
    const Measured measured = MeasureOne(records.Build(), "16", {.breakdown = "earlier_social_care"});
    std::string found;
    for (const std::string& name : measured.table.rows) {
      if (Cell(measured, "denominator", name) == 1) found += name;
    }
    return found;
  };
  EXPECT_EQ(row("2023-01-01", "2023-05-03", "2010-01-01"), "yes") << "open on 2 May";
  EXPECT_EQ(row("2023-01-01", "2023-05-02", "2010-01-01"), "no")
      << "what ends on a day is open to the day before";
  EXPECT_EQ(row("2024-04-30", "", "2010-01-01"), "yes");
  EXPECT_EQ(row("2024-04-30", "2024-04-30", "2010-01-01"), "yes") << "a case of one day is open on it";
  EXPECT_EQ(row("2024-05-01", "", "2010-01-01"), "no") << "on the same day is not earlier";
  EXPECT_EQ(row("2024-05-01", "", "2023-05-02"), "no");
  EXPECT_EQ(row("2024-05-01", "", "2023-05-03"), "not known") << "the records begin a day too late";
  EXPECT_EQ(row("2024-01-01", "2024-02-01", "2023-05-03"), "yes") << "and what is known is known";
}

TEST(EarlierSocialCare, IsNotKnown_WhereSocialCareIsNotSeenUpToTheStart) {
  RecordsBuilder records;
  records.EarlyHelp("a", "2024-05-01", "2024-08-01").EarlyHelp("b", "2024-05-01", "2024-08-01");
  records.Cin("b", "2023-01-01", "");
  records.records().social_care.extract = D("2024-04-29");
  const Measured measured = MeasureOne(records.Build(), "16", {.breakdown = "earlier_social_care"});
  EXPECT_EQ(Cell(measured, "denominator", "not known"), 1);
  EXPECT_EQ(Cell(measured, "denominator", "yes"), 1);
  EXPECT_EQ(Cell(measured, "denominator", "no"), 0);
}

TEST(EarlierSocialCare, IsNotAvailable_WhereNoSourceCarriesSocialCare) {
  RecordsBuilder records;
  records.EarlyHelp("a", "2024-05-01", "2024-08-01");
  records.records().levels = Only(Level::kEarlyHelp);
  const Measured measured = MeasureOne(records.Build(), "16", {.breakdown = "earlier_social_care"});
  EXPECT_EQ(measured.completeness, Completeness::kNotAvailable);
  EXPECT_THAT(measured.reason, HasSubstr("earlier_social_care"));
}

TEST(Rows, CountAFamilyInEachCategoryWhereItHasAMember) {
  const Measured measured = MeasureOne(Two(), "1", {.unit = v1::UNIT_FAMILIES, .breakdown = "sex"});
  EXPECT_EQ(Cell(measured, "denominator", "female"), 1);
  EXPECT_EQ(Cell(measured, "denominator", "male"), 1);
  EXPECT_EQ(Cell(MeasureOne(Two(), "1", {.unit = v1::UNIT_FAMILIES}), "denominator"), 1);
}

TEST(AgeBand, ChangesOnTheBirthday) {
  const Day birth = D("2006-06-15");
  const std::map<std::string, std::string> bands = {
      {"2006-06-14", "unborn"}, {"2006-06-15", "0-4"},   {"2011-06-14", "0-4"},   {"2011-06-15", "5-9"},
      {"2016-06-14", "5-9"},    {"2016-06-15", "10-15"}, {"2022-06-14", "10-15"}, {"2022-06-15", "16-17"},
      {"2024-06-14", "16-17"},  {"2024-06-15", "18+"}};
  const std::vector<std::string>& names = FixedCategories(Field::kAgeBand);
  for (const auto& [day, band] : bands) EXPECT_EQ(names[AgeBands(birth).On(D(day))], band) << day;
  EXPECT_EQ(names[AgeBands(kNoDay).On(D("2024-01-01"))], "not known");
}

// A family of three children with two closures each, and one child alone.
Journeys Crowd() {
  RecordsBuilder records;
  for (const char* id : {"a", "b", "c"}) records.Person(id, {.family = "f"});
  records.Person("d");
  for (const char* id : {"a", "b", "c", "d"}) {
    records.EarlyHelp(id, "2024-04-10", "2024-05-01").EarlyHelp(id, "2024-06-01", "2024-07-01");
  }
  return records.Build();
}

std::uint64_t Rank(absl::string_view text) {
  std::uint64_t hash = 1469598103934665603U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return hash;
}

TEST(ContributionLimit, KeepsSoManyMembersOfAFamily) {
  EXPECT_EQ(Share(Crowd(), "1"), "4/8");
  for (std::uint32_t members = 1; members <= 7; ++members) {
    const Asked asked{.limit = ContributionLimit{members, Rank}};
    const std::int64_t expected = std::min<std::int64_t>(members, 6) + std::min<std::int64_t>(members, 2);
    const Measured measured = MeasureOne(Crowd(), "1", asked);
    EXPECT_EQ(Cell(measured, "denominator"), expected) << members;
    const LeftOut left_out{.families = (members < 6 ? 1U : 0U) + (members < 2 ? 1U : 0U),
                           .members = static_cast<std::uint64_t>(8 - expected)};
    EXPECT_EQ(measured.left_out, left_out) << members;
  }
}

TEST(ContributionLimit, KeepsThoseOfTheSmallestRank_ByFamilyAndMember) {
  std::set<std::string> asked_for;
  const auto rank = [&asked_for](absl::string_view text) -> std::uint64_t {
    asked_for.insert(std::string(text));
    return text == absl::string_view(
                       "f\x1f"
                       "b\x1f"
                       "2024-06-01\x1f"
                       "2024-07-01")
               ? 0
               : 1;
  };
  const Measured measured =
      MeasureOne(Crowd(), "10", {.breakdown = "age_band", .limit = ContributionLimit{1, rank}});
  EXPECT_EQ(asked_for.size(), 8U);
  EXPECT_TRUE(
      asked_for.contains("d\x1f"
                         "d\x1f"
                         "2024-04-10\x1f"
                         "2024-05-01"))
      << "a child alone is its own family";
  EXPECT_EQ(FigureOf(MeasureOne(Crowd(), "10", {.limit = ContributionLimit{1, rank}}), "upper_quartile"), 30)
      << "b's second closure lasted 30 days";
  EXPECT_EQ(Cell(measured, "<28", "10-15") + Cell(measured, "<56", "10-15"), 2);
}

// a: four moves in the quarter; b, of the same family: none. Days of April to June are 91.
TEST(ContributionLimit, FollowsEachMemberToTheDayBeforeTheMoveThatIsTooMany) {
  RecordsBuilder records;
  records.Person("a", {.family = "f"}).Person("b", {.family = "f"});
  records.EarlyHelp("a", "2023-01-01", "2023-02-01").EarlyHelp("b", "2024-01-01", "");
  records.EarlyHelp("a", "2024-04-11", "2024-04-21").Cin("a", "2024-05-01", "2024-05-11");
  const Journeys journeys = records.Build();
  const Measured free = MeasureOne(journeys, "31", {.period = "2024-25-Q1"});
  EXPECT_EQ(Cell(free, "none>early_help") + Cell(free, "early_help>none"), 2);
  EXPECT_EQ(Cell(free, "none>social_care") + Cell(free, "social_care>none"), 2);
  EXPECT_FALSE(free.left_out.any());
  for (const std::uint32_t members : {1U, 2U}) {
    const Measured bounded =
        MeasureOne(journeys, "31",
                   {.period = "2024-25-Q1", .limit = ContributionLimit{members, [](absl::string_view id) {
                                                                         return absl::StrContains(id,
                                                                                                  "\x1f"
                                                                                                  "a")
                                                                                    ? 0
                                                                                    : 1;
                                                                       }}});
    EXPECT_EQ(bounded.left_out.cut_short, 1u);
    EXPECT_EQ(Cell(bounded, "none>early_help"), 1);
    EXPECT_EQ(Cell(bounded, "early_help>none"), 1);
    EXPECT_EQ(Cell(bounded, "none>social_care"), 0) << "the third";
    EXPECT_EQ(Cell(bounded, "days:social_care"), 0);
    EXPECT_EQ(Cell(bounded, "days:none"), 10 + 10) << "1 to 10 April and 21 to 30 April";
    EXPECT_EQ(Cell(bounded, "days:early_help"), members == 1 ? 10 : 10 + 91);
  }
}

TEST(ContributionLimit, HoldsInEveryTableOfTheRequest) {
  MeasureRequest request = Of("16");
  RecordsBuilder records;
  for (int i = 0; i < 9; ++i) {
    const std::string id = "p" + std::to_string(i);
    records.Person(id, {.family = "f", .sex = i % 2 == 0 ? "female" : "male"});
    records.EarlyHelp(id, "2024-05-01", "2024-06-01",
                      {.end_reason = "nfa", .area = "area" + std::to_string(i)});
  }
  request.breakdowns = {"sex", "area"};
  request.limit = ContributionLimit{3, Rank};
  ASSERT_OK_AND_ASSIGN(const std::vector<Measured> all, Measure(records.Build(), request));
  for (const Measured& measured : all) {
    std::int64_t members = 0;
    for (const std::string& row : measured.table.rows) members += Cell(measured, "denominator", row);
    EXPECT_LE(members, 3) << measured.table.unit;
    EXPECT_GE(members, 1);
  }
}

TEST(ContributionLimit, NeedsAMemberAndARank) {
  MeasureRequest request = Of("1");
  request.limit = ContributionLimit{0, Rank};
  EXPECT_THAT(Measure(Two(), request), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("at least 1")));
  request.limit = ContributionLimit{1, nullptr};
  EXPECT_THAT(Measure(Two(), request), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("rank")));
}

TEST(Measure, CountsEachFamilyOnce_WhenSeveralThreadsShareThem) {
  // Families of two children far apart in the order of persons, each with one closure, of 10 and of 20 days.
  constexpr int kFamiliesOfTwo = 30'000;
  RecordsBuilder records;
  for (int child = 0; child < 2 * kFamiliesOfTwo; ++child) {
    const std::string id = absl::StrCat("p", 100'000 + child);
    const std::string area = absl::StrCat("area ", child % 3);
    records.Person(id, {.family = absl::StrCat("f", child % kFamiliesOfTwo)});
    records.EarlyHelp(id, "2024-06-01", child < kFamiliesOfTwo ? "2024-06-11" : "2024-06-21", {.area = area});
  }
  const Journeys journeys = records.Build();
  const auto members = [&](v1::Unit unit, const std::string& breakdown, const std::string& row) {
    return Cell(MeasureOne(journeys, "10", {.unit = unit, .breakdown = breakdown}), "<28", row);
  };
  EXPECT_EQ(members(v1::UNIT_EPISODES, "", ""), 2 * kFamiliesOfTwo);
  EXPECT_EQ(members(v1::UNIT_FAMILIES, "", ""), kFamiliesOfTwo);
  EXPECT_EQ(members(v1::UNIT_FAMILIES, "area", "area 1"), kFamiliesOfTwo / 3);
  EXPECT_EQ(FigureOf(MeasureOne(journeys, "10", {.unit = v1::UNIT_FAMILIES}), "upper_quartile"), 10);
  EXPECT_EQ(FigureOf(MeasureOne(journeys, "10"), "upper_quartile"), 20);
}

TEST(ExtrasOf, AreWhatTheRequestsLookAt) {
  MeasureRequest request = Of("1");
  EXPECT_TRUE(ExtrasOf({&request, 1}).families) << "families are one of the entry's units";
  request.units = {v1::UNIT_EPISODES, v1::UNIT_CHILDREN};
  EXPECT_FALSE(ExtrasOf({&request, 1}).families);
  EXPECT_FALSE(ExtrasOf({&request, 1}).ids);
  request.limit = ContributionLimit{.members = 1, .rank = [](absl::string_view) { return 0; }};
  EXPECT_TRUE(ExtrasOf({&request, 1}).families) << "who is in the limit hangs on who is of one family";
  EXPECT_TRUE(ExtrasOf({&request, 1}).ids) << "and on its id";
  MeasureRequest spells = Of("26");
  spells.units = {v1::UNIT_EPISODES};
  EXPECT_TRUE(ExtrasOf({&spells, 1}).families);
  const MeasureRequest quality = Of("43");
  EXPECT_TRUE(ExtrasOf({&quality, 1}).quality);
}

TEST(MeasureAll, Refuses_WhereRecordsLackWhatIsLookedAt) {
  Records records;
  records.in_order = true;
  records.made = {.ids = false, .families = false, .quality = false};
  ASSERT_OK_AND_ASSIGN(const Journeys journeys, BuildJourneys(std::move(records)));
  MeasureRequest request = Of("1");
  EXPECT_THAT(Measure(journeys, request),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("other requests")));
  request.units = {v1::UNIT_EPISODES};
  EXPECT_OK(Measure(journeys, request));
}

TEST(AgeBands, LastUntilTheDayBeforeTheNextOne) {
  for (const char* birth : {"2012-02-29", "2013-12-31", ""}) {
    const AgeBands bands(D(birth));
    const Day first = D("2011-01-01");
    for (Day day = first; day < first + 25 * 366; ++day) {
      const Day until = bands.Until(day);
      ASSERT_GT(until, day);
      EXPECT_EQ(bands.On(day) == bands.On(day + 1), day + 1 < until) << birth << " on " << FormatDay(day);
    }
  }
}

}  // namespace
}  // namespace waymark::node
