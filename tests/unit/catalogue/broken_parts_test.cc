// Faults of cohorts and outcomes of the bases that are told by a level or a step, and of looking back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "catalogue/library.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/catalogue/catalogue_folder.h"

namespace waymark::catalogue {
namespace {

using ::testing::HasSubstr;
using ::waymark::testing::StatusIs;

// An entry with this kind, cohort and rest; what a load says of it.
absl::Status Loaded(const std::string& kind, const std::string& cohort, const std::string& rest) {
  CatalogueFolder folder;
  folder.Metrics(
      "m", absl::StrCat("metrics {\n id: \"m\" number: 7 version: 1 title: \"T\" definition: \"D.\"\n",
                        " kind: METRIC_KIND_", kind, "\n cohort { ", cohort, " }\n ", rest,
                        "\n display_unit: \"%\" direction: DIRECTION_NEUTRAL linkage_group: \"g\"\n",
                        " source: \"S\" caveats: \"C.\" contribution_bound: 3 units: UNIT_EPISODES\n}\n"));
  return Library::Load(folder.path()).status();
}
absl::Status Outcome(const std::string& cohort, const std::string& test, const std::string& rest = "") {
  return Loaded("PROPORTION", cohort, absl::StrCat("outcomes { id: \"a\" title: \"t\" ", test, " } ", rest));
}

#define EXPECT_FAULT(status, words) \
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(words)))

constexpr char kSteps[] = "base: BASE_STEPS_COMPLETED step: STEP_ASSESSMENT";

TEST(Modes, MayBeNone_ForTheCouncilsOwnEyes) {
  EXPECT_OK(Outcome("base: BASE_REFERRALS", "field { field: \"nfa\" any_of: \"yes\" }"));
}

TEST(Modes, AreNone_OfAQuality) {
  EXPECT_FAULT(Loaded("QUALITY", "base: BASE_RECORDS", "modes: MODE_THRESHOLDED"), "it stays at home");
}

TEST(Count, IsOfMembersAndHasNoOutcomes) {
  EXPECT_OK(Loaded("COUNT", "base: BASE_OPEN level: LEVEL_CP under_age: 18", ""));
  EXPECT_FAULT(Loaded("COUNT", "base: BASE_CONTACTS", "outcomes { id: \"a\" title: \"t\" }"),
               "a count has none");
  EXPECT_FAULT(Loaded("COUNT", "base: BASE_RECORDS", ""), "does not fit the kind count");
}

TEST(Base, NeedsItsLevelOrStep_AndNoOther) {
  EXPECT_FAULT(Loaded("COUNT", "base: BASE_OPEN", ""), "BASE_OPEN without level");
  EXPECT_FAULT(Loaded("COUNT", "base: BASE_CONTACTS level: LEVEL_CP", ""), "BASE_CONTACTS has none");
  EXPECT_FAULT(Loaded("COUNT", "base: BASE_STEPS_STARTED", ""), "BASE_STEPS_STARTED without step");
  EXPECT_FAULT(Loaded("COUNT", "base: BASE_CONTACTS step: STEP_PLAN", ""), "BASE_CONTACTS has none");
  EXPECT_FAULT(Loaded("COUNT", "base: BASE_CONTACTS has_referral: true", ""),
               "only steps belong to a referral");
  EXPECT_FAULT(Loaded("COUNT", "base: BASE_CONTACTS under_age: 121", ""), "at most 120");
}

TEST(LookBack, NeedsARecordOfThePersonOrTheFamily) {
  constexpr char kWindow[] = "window_days: 365";
  EXPECT_OK(Outcome("base: BASE_REFERRALS", "preceded_by { record: RECORD_REFERRAL window: true }", kWindow));
  EXPECT_OK(Outcome("base: BASE_REFERRALS", "preceded_by { record: RECORD_REFERRAL }"));
  EXPECT_FAULT(Outcome("base: BASE_REFERRALS", "preceded_by { window: true }", kWindow), "without record");
  EXPECT_FAULT(Outcome("base: BASE_REFERRALS", "preceded_by { record: RECORD_FAMILY_SPELL }"),
               "a family's spells");
  EXPECT_FAULT(Outcome("base: BASE_FAMILY_SPELLS_STARTED", "preceded_by { record: RECORD_PLAN }"),
               "a family's spells");
  EXPECT_FAULT(Outcome("base: BASE_REFERRALS", "preceded_by { record: RECORD_REFERRAL window: true }"),
               "no window_days");
  EXPECT_FAULT(Outcome("base: BASE_REFERRALS", "preceded_by { record: RECORD_REFERRAL window: true days: 5 }",
                       kWindow),
               "days beside window");
  EXPECT_FAULT(Outcome("base: BASE_REFERRALS", "preceded_by { record: RECORD_REFERRAL days: 3661 }"),
               "at most 3660");
  EXPECT_FAULT(
      Outcome("base: BASE_REFERRALS",
              "preceded_by { record: RECORD_REFERRAL recorded { field: \"outcome\" any_of: \"repeat\" } }"),
      "\"repeat\" is no code of outcome");
}

TEST(WorkingDays, AreOfCompletedSteps_FromADayThatIsKnown) {
  EXPECT_OK(Outcome(kSteps, "working_days { anchor: ANCHOR_START days: 45 }"));
  EXPECT_OK(Outcome(absl::StrCat(kSteps, " has_referral: true"),
                    "working_days { anchor: ANCHOR_REFERRAL days: 45 }"));
  EXPECT_FAULT(Outcome(kSteps, "working_days { anchor: ANCHOR_REFERRAL days: 45 }"), "set has_referral");
  EXPECT_FAULT(Outcome(kSteps, "working_days { anchor: ANCHOR_END days: 45 }"),
               "ANCHOR_START or ANCHOR_REFERRAL");
  EXPECT_FAULT(Outcome(kSteps, "working_days { anchor: ANCHOR_START }"), "days 0: expected 1 to 366");
  EXPECT_FAULT(Outcome("base: BASE_REFERRALS", "working_days { anchor: ANCHOR_START days: 45 }"),
               "only completed steps");
}

TEST(Anchor, IsADayThatTheMembersHave) {
  constexpr char kOpen[] = "base: BASE_STARTED level: LEVEL_CIN";
  EXPECT_OK(Outcome(kOpen, "open { level: LEVEL_EARLY_HELP anchor: ANCHOR_START }"));
  EXPECT_FAULT(Outcome(kOpen, "open { level: LEVEL_EARLY_HELP anchor: ANCHOR_END }"), "may have no end");
  EXPECT_FAULT(Outcome(kOpen, "open { level: LEVEL_EARLY_HELP anchor: ANCHOR_REFERRAL }"),
               "only steps belong");
  EXPECT_FAULT(Outcome(kOpen, "open { anchor: ANCHOR_START }"), "open without level");
  EXPECT_FAULT(Outcome("base: BASE_CONTACTS", "open { level: LEVEL_CP anchor: ANCHOR_START }"),
               "only episodes");
  EXPECT_FAULT(
      Outcome(
          kOpen,
          "follow_up { events: EVENT_CP_START from_anchor: ANCHOR_END to_anchor: ANCHOR_START to_days: 5 }"),
      "may have no end");
}

TEST(Classes, OfDaysMustHoldADay) {
  const auto mix = [](const std::string& test) {
    return Loaded("MIX", "base: BASE_OPEN level: LEVEL_EARLY_HELP",
                  absl::StrCat("outcomes { id: \"a\" title: \"t\" ", test, " }"));
  };
  EXPECT_OK(mix("lasted { from_days: 730 }"));
  EXPECT_OK(mix("lasted { below_days: 91 }"));
  EXPECT_FAULT(mix("lasted { from_days: 91 below_days: 91 }"), "no day lies between");
  EXPECT_FAULT(mix("open { level: LEVEL_CP anchor: ANCHOR_START }"), "a mix sorts by a field or a duration");
}

TEST(DurationOfStarts, NeedsTheDayItCountsFrom) {
  constexpr char kBins[] = "bins: [7, 14]";
  EXPECT_OK(
      Loaded("DURATION",
             "base: BASE_EARLY_HELP_STARTED since_contact { outcome_any_of: \"early_help\" within_days: 90 }",
             kBins));
  EXPECT_FAULT(Loaded("DURATION", "base: BASE_EARLY_HELP_STARTED", kBins), "name since_contact");
  EXPECT_FAULT(Loaded("DURATION", "base: BASE_EARLY_HELP_STARTED since_contact { within_days: 367 }", kBins),
               "no outcome_any_of");
  EXPECT_FAULT(
      Loaded("DURATION",
             "base: BASE_EARLY_HELP_STARTED since_contact { outcome_any_of: \"plan\" within_days: 9 }",
             kBins),
      "\"plan\" is no code of outcome");
}

TEST(Survival, DoesNotWaitForWhatDoesNotHappen) {
  EXPECT_FAULT(
      Loaded("SURVIVAL", "base: BASE_EARLY_HELP_ENDED",
             "bins: 7 window_days: 7 outcomes { id: \"a\" title: \"t\" follow_up { events: EVENT_CP_START "
             "from_anchor: ANCHOR_END none: true } }"),
      "waits for what happens");
}

TEST(Catalogue, IsRefused_WhenItsBankHolidaysCannotBe) {
  CatalogueFolder folder;
  folder.Metrics("a", kSoundEntry);
  folder.File("bank-holidays.txt", "2024-01-01 New Year's Day\n");
  EXPECT_FAULT(Library::Load(folder.path()).status(), "bank-holidays.txt: 2024 has 1 bank holidays");
}

TEST(Catalogue, KnowsNoYear_WhenItHasNoBankHolidays) {
  CatalogueFolder folder;
  folder.Metrics("a", kSoundEntry);
  ASSERT_OK_AND_ASSIGN(const Library library, Library::Load(folder.path()));
  EXPECT_EQ(library.working_days().YearsInWords(), "no year");
}

}  // namespace
}  // namespace waymark::catalogue
