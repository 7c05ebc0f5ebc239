// The entries say in their fields what the decided readings say in words.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "catalogue/bases.h"
#include "catalogue/library.h"
#include "catalogue/vocabulary.h"
#include "tests/testing/status_matchers.h"

namespace waymark::catalogue {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using FollowUp = v1::Outcome::FollowUp;

class EntriesTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_OK_AND_ASSIGN(library_, Library::Load("catalogue")); }

  const v1::Metric& Entry(const std::string& id) {
    const v1::Metric* metric = library_.Find(id);
    EXPECT_NE(metric, nullptr) << id;
    return metric == nullptr ? v1::Metric::default_instance() : *metric;
  }
  std::vector<std::string> Outcomes(const std::string& id) {
    std::vector<std::string> ids;
    for (const v1::Outcome& outcome : Entry(id).outcomes()) ids.push_back(outcome.id());
    return ids;
  }
  std::set<std::string> IdsWhere(bool (*holds)(const v1::Metric&)) {
    std::set<std::string> ids;
    for (const v1::Metric& metric : library_.metrics()) {
      if (holds(metric)) ids.insert(metric.id());
    }
    return ids;
  }

  Library library_;
};

TEST_F(EntriesTest, AreThoseOfThisStage) {
  std::set<std::uint32_t> numbers;
  for (const v1::Metric& metric : library_.metrics()) numbers.insert(metric.number());
  std::set<std::uint32_t> all;
  for (std::uint32_t number = 1; number <= 43; ++number) all.insert(number);
  EXPECT_EQ(numbers, all);
  EXPECT_THAT(IdsWhere([](const v1::Metric& metric) { return metric.headline(); }),
              UnorderedElementsAre("1", "2", "5", "9", "10", "16"));
}

TEST_F(EntriesTest, HaveNoModes_WhereTheyAreMadeAtHomeOnly) {
  for (const v1::Metric& metric : library_.metrics())
    EXPECT_TRUE(metric.modes().empty() || !IsMadeAtHomeOnly(metric.cohort().base()) ||
                metric.kind() == v1::METRIC_KIND_SURVEY)
        << metric.id();
}

TEST_F(EntriesTest, AreStated_WhereTheyAreAnswersOfTheCouncilAlone) {
  for (const v1::Metric& metric : library_.metrics()) {
    const auto stated = std::count(metric.modes().begin(), metric.modes().end(), v1::MODE_STATED);
    EXPECT_EQ(stated == 1 && metric.modes_size() == 1, metric.kind() == v1::METRIC_KIND_SURVEY)
        << metric.id();
    EXPECT_LE(stated, 1);
  }
}

TEST_F(EntriesTest, HeadlinesMayBeNoised_MovesWithABound_AndQualityNever) {
  for (const v1::Metric& metric : library_.metrics()) {
    const bool noised =
        std::find(metric.modes().begin(), metric.modes().end(), v1::MODE_NOISED) != metric.modes().end();
    if (metric.headline()) {
      EXPECT_TRUE(noised) << metric.id();
    }
    if (metric.number() == 31) {
      EXPECT_TRUE(noised && metric.most_moves() > 0) << metric.id();
    }
    if (metric.number() == 43) {
      EXPECT_FALSE(noised) << metric.id();
    }
  }
}

TEST_F(EntriesTest, EntriesOverTheSameRecordsAreLinked) {
  std::map<v1::Cohort::Base, std::set<std::string>> groups;
  for (const v1::Metric& metric : library_.metrics()) {
    if (metric.modes().empty()) continue;                   // does not leave
    if (metric.kind() == v1::METRIC_KIND_SURVEY) continue;  // is of no records
    v1::Cohort::Base base = metric.cohort().base();
    if (base == v1::Cohort::BASE_STEP_DOWNS) base = v1::Cohort::BASE_SOCIAL_CARE_ENDED;
    if (base == v1::Cohort::BASE_FAMILY_SPELLS_STARTED) base = v1::Cohort::BASE_EARLY_HELP_STARTED;
    // Levels and steps of one base are different records.
    const bool told_apart =
        metric.cohort().level() != v1::LEVEL_UNSPECIFIED || metric.cohort().step() != v1::STEP_UNSPECIFIED;
    if (!told_apart) groups[base].insert(metric.linkage_group());
  }
  for (const auto& [base, names] : groups) EXPECT_EQ(names.size(), 1u) << v1::Cohort::Base_Name(base);
  EXPECT_EQ(Entry("1").linkage_group(), "early-help-closures");
  EXPECT_EQ(Entry("9-social-care").linkage_group(), "social-care-closures");
  EXPECT_EQ(Entry("22").linkage_group(), Entry("19").linkage_group());
  EXPECT_EQ(Entry("24").linkage_group(), Entry("32").linkage_group());
  EXPECT_EQ(Entry("13").linkage_group(), Entry("13-referral").linkage_group());
}

TEST_F(EntriesTest, StocksStayAtHome) {
  for (const v1::Metric& metric : library_.metrics()) {
    if (metric.cohort().base() == v1::Cohort::BASE_OPEN || metric.kind() == v1::METRIC_KIND_QUALITY) {
      EXPECT_TRUE(metric.modes().empty()) << metric.id();
    }
  }
}

TEST_F(EntriesTest, StepDownsAreOneClassEach_AndHeldByKind) {
  EXPECT_THAT(Outcomes("7"),
              ElementsAre("social_care_early_help", "social_care_none", "cla_cp", "cp_cin", "cla_cin"));
  const struct {
    const char* id;
    std::vector<int> returns;
  } rows[] = {{"8-social-care-early-help", {FollowUp::EVENT_SOCIAL_CARE_START}},
              {"8-cla-cp", {FollowUp::EVENT_CLA_START}},
              {"8-cp-cin", {FollowUp::EVENT_CP_START, FollowUp::EVENT_CLA_START}},
              {"8-cla-cin", {FollowUp::EVENT_CLA_START}}};
  for (const auto& row : rows) {
    const v1::Outcome::FollowUp& follow_up = Entry(row.id).outcomes(0).follow_up();
    EXPECT_TRUE(follow_up.none()) << row.id;
    EXPECT_TRUE(Entry(row.id).cohort().post_closure()) << row.id;
    EXPECT_THAT(follow_up.events(), ::testing::ElementsAreArray(row.returns)) << row.id;
    EXPECT_THAT(Entry(row.id).window_days(), ElementsAre(365));
  }
}

TEST_F(EntriesTest, WorkingDaysAreThoseOfTheStatute) {
  EXPECT_EQ(Entry("12").outcomes(0).working_days().days(), 45u);
  EXPECT_EQ(Entry("13").outcomes(0).working_days().anchor(), v1::ANCHOR_START);
  EXPECT_EQ(Entry("13-referral").outcomes(0).working_days().anchor(), v1::ANCHOR_REFERRAL);
  EXPECT_EQ(Entry("13-referral").outcomes(0).working_days().days(), 45u);
  EXPECT_EQ(Entry("15").outcomes(0).working_days().days(), 15u);
}

TEST_F(EntriesTest, LookBacksReachAsFarAsDecided) {
  EXPECT_THAT(Entry("3").window_days(), ElementsAre(365));
  EXPECT_THAT(Entry("32").window_days(), ElementsAre(365));
  EXPECT_THAT(Entry("26").window_days(), ElementsAre(730));
  EXPECT_EQ(Entry("24").cohort().preceded_by().days(), 1u);
  EXPECT_FALSE(Entry("25").outcomes(0).preceded_by().window());
  EXPECT_EQ(Entry("14").cohort().since_contact().within_days(), 90u);
}

TEST_F(EntriesTest, EventsAreBrokenDownByQuarter) {
  for (const v1::Metric& metric : library_.metrics()) {
    const std::vector<absl::string_view> known = BreakdownsOf(metric.cohort().base());
    if (std::find(known.begin(), known.end(), "quarter") == known.end()) continue;
    EXPECT_THAT(metric.breakdowns(), Contains("quarter")) << metric.id();
  }
}

TEST_F(EntriesTest, ReturnsAreSoughtAfterTheEndUpToTheWindow) {
  for (const std::string id : {"1", "2", "5"}) {
    const v1::Metric& metric = Entry(id);
    EXPECT_TRUE(metric.cohort().post_closure()) << id;
    EXPECT_THAT(metric.window_days(), ElementsAre(183, 365)) << id;
    for (const v1::Outcome& outcome : metric.outcomes()) {
      EXPECT_EQ(outcome.follow_up().from_anchor(), v1::ANCHOR_END) << id;
      EXPECT_EQ(outcome.follow_up().after_days(), id == "5" ? 1 : 0) << id;
      EXPECT_EQ(outcome.follow_up().to_anchor(), v1::ANCHOR_END) << id;
      EXPECT_TRUE(outcome.follow_up().window()) << id;
    }
  }
}

TEST_F(EntriesTest, SelfReferralTakesTheLatestContactsSource) {
  EXPECT_THAT(Outcomes("1"), ElementsAre("any", "1C", "1A", "self"));
  const v1::Metric& metric = Entry("1");
  EXPECT_TRUE(metric.outcomes(0).follow_up().source_any_of().empty());
  EXPECT_THAT(metric.outcomes(1).follow_up().source_any_of(), ElementsAre("1C"));
  EXPECT_THAT(metric.outcomes(2).follow_up().source_any_of(), ElementsAre("1A"));
  EXPECT_THAT(metric.outcomes(3).follow_up().source_any_of(), ElementsAre("1A", "1C"));
  for (int i = 1; i < 4; ++i) EXPECT_EQ(metric.outcomes(i).follow_up().source_from_contact_days(), 90u);
}

TEST_F(EntriesTest, CohortsAskForNoSocialCareOnTheDecidedDays) {
  const struct {
    const char* id;
    v1::Anchor anchor;
    int to_days;
  } rows[] = {{"2", v1::ANCHOR_END, 0},
              {"4", v1::ANCHOR_START, 0},
              {"5", v1::ANCHOR_END, 1},
              {"9", v1::ANCHOR_END, 0}};
  for (const auto& row : rows) {
    ASSERT_EQ(Entry(row.id).cohort().none_open_size(), 1) << row.id;
    const v1::Cohort::NoneOpen& none = Entry(row.id).cohort().none_open(0);
    EXPECT_EQ(none.level(), v1::LEVEL_SOCIAL_CARE) << row.id;
    EXPECT_EQ(none.anchor(), row.anchor) << row.id;
    EXPECT_EQ(none.from_days(), 0) << row.id;
    EXPECT_EQ(none.to_days(), row.to_days) << row.id;
  }
}

TEST_F(EntriesTest, StepUpDuringHelpEndsADayAfterTheEnd) {
  const FollowUp& follow_up = Entry("4").outcomes(0).follow_up();
  EXPECT_THAT(follow_up.events(), ElementsAre(FollowUp::EVENT_SOCIAL_CARE_START));
  EXPECT_EQ(follow_up.from_anchor(), v1::ANCHOR_START);
  EXPECT_EQ(follow_up.to_anchor(), v1::ANCHOR_END);
  EXPECT_EQ(follow_up.to_days(), 1);
  EXPECT_FALSE(follow_up.window());
  EXPECT_EQ(Entry("4").direction(), v1::DIRECTION_NEUTRAL);
}

TEST_F(EntriesTest, StepUpAfterHelpCountsEachLevelApart) {
  EXPECT_THAT(Outcomes("5"), ElementsAre("any", "cin", "cp", "cla"));
  EXPECT_THAT(Entry("5").outcomes(0).follow_up().events(),
              ElementsAre(FollowUp::EVENT_CIN_START, FollowUp::EVENT_CP_START, FollowUp::EVENT_CLA_START));
  EXPECT_THAT(Entry("5").outcomes(3).follow_up().events(), ElementsAre(FollowUp::EVENT_CLA_START));
}

TEST_F(EntriesTest, SurvivalBinsAreWeeksCutAtSixAndTwelveMonths) {
  for (const std::string id : {"9", "9-social-care"}) {
    const v1::Metric& metric = Entry(id);
    EXPECT_THAT(metric.window_days(), ElementsAre(183, 365));
    for (std::uint32_t week = 7; week <= 728; week += 7) EXPECT_THAT(metric.bins(), Contains(week)) << id;
    EXPECT_THAT(metric.bins(), Contains(183u));
    EXPECT_THAT(metric.bins(), Contains(365u));
    EXPECT_THAT(Outcomes(id), ElementsAre("social_care", "early_help")) << "on the same day: social care";
    EXPECT_FALSE(metric.cohort().post_closure());
  }
}

TEST_F(EntriesTest, KnownEndReasonsAreAllButUnknownAndBlank) {
  ASSERT_EQ(Entry("16-known").cohort().fields_size(), 1);
  const v1::FieldTest& test = Entry("16-known").cohort().fields(0);
  EXPECT_EQ(test.field(), "end_reason");
  EXPECT_THAT(test.any_of(), UnorderedElementsAre("outcomes_met", "step_up", "declined", "disengaged", "nfa",
                                                  "moved", "aged_out", "died"));
  EXPECT_TRUE(Entry("16").cohort().fields().empty());
}

TEST_F(EntriesTest, SourcesAreEachInOneGroup) {
  for (const std::string id : {"22", "22-starts", "22-contacts"}) {
    for (const absl::string_view code : CodesOf("source")) {
      std::vector<std::string> groups;
      for (const v1::Outcome& outcome : Entry(id).outcomes()) {
        if (outcome.id() == "1A" || outcome.id() == "1C") continue;  // inside "self"
        const auto& any = outcome.field().any_of();
        const auto& none = outcome.field().none_of();
        const bool in = any.empty() ? std::find(none.begin(), none.end(), code) == none.end()
                                    : std::find(any.begin(), any.end(), code) != any.end();
        if (in) groups.push_back(outcome.id());
      }
      EXPECT_EQ(groups.size(), 1u) << id << " " << code;
    }
    EXPECT_EQ(Entry(id).direction(), v1::DIRECTION_NEUTRAL);
  }
}

TEST_F(EntriesTest, CountChildrenAndFamiliesSeparately_WhereThereAreMembers) {
  for (const v1::Metric& metric : library_.metrics()) {
    if (metric.kind() == v1::METRIC_KIND_PUBLISHED) {
      EXPECT_THAT(metric.units(), IsEmpty()) << metric.id();
      continue;
    }
    if (metric.cohort().base() > v1::Cohort::BASE_FAMILY_SPELLS_STARTED) continue;  // of the templates
    if (metric.kind() == v1::METRIC_KIND_TRANSITION || metric.kind() == v1::METRIC_KIND_QUALITY ||
        metric.kind() == v1::METRIC_KIND_SCORE_CHANGE || metric.kind() == v1::METRIC_KIND_SURVEY ||
        metric.cohort().base() == v1::Cohort::BASE_VIEWS) {
      EXPECT_THAT(metric.units(), ElementsAre(v1::UNIT_EPISODES)) << metric.id();
    } else if (metric.cohort().base() == v1::Cohort::BASE_FAMILY_SPELLS_STARTED) {
      EXPECT_THAT(metric.units(), ElementsAre(v1::UNIT_FAMILIES)) << metric.id();
    } else if (metric.cohort().base() != v1::Cohort::BASE_UNSPECIFIED) {
      EXPECT_THAT(metric.units(), ElementsAre(v1::UNIT_EPISODES, v1::UNIT_CHILDREN, v1::UNIT_FAMILIES))
          << metric.id();
    }
  }
}

TEST_F(EntriesTest, DefinitionsSayTheirReadings) {
  const struct {
    const char* id;
    const char* words;
  } rows[] = {{"1", "90 days"},
              {"1", "3 March"},
              {"2", "no further action too"},
              {"4", "same day"},
              {"5", "do not add up"},
              {"9", "half of those"},
              {"9", "contact alone"},
              {"10", "smallest duration"},
              {"16", "16-known"},
              {"19", "blank"},
              {"22", "more than 100%"},
              {"31", "91.3125"},
              {"31", "first closure"},
              {"3", "365th day included"},
              {"3", "Two referrals of one day"},
              {"6", "30th day included"},
              {"7", "the day after"},
              {"8-cp-cin", "only when all"},
              {"11", "not open"},
              {"12", "day 1"},
              {"13-referral", "left out"},
              {"14", "latest counts"},
              {"25", "ever"},
              {"26", "30 days"},
              {"26", "730th day included"},
              {"32", "same day does not count"},
              {"43", "unknown"}};
  for (const auto& row : rows)
    EXPECT_TRUE(absl::StrContains(Entry(row.id).definition(), row.words)) << row.id << ": " << row.words;
}

}  // namespace
}  // namespace waymark::catalogue
