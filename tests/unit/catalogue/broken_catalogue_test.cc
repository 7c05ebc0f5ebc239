// Every fault of an entry, once, with file and line.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "catalogue/library.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/catalogue/catalogue_folder.h"

namespace waymark::catalogue {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using ::waymark::testing::StatusIs;

// The lines of the load's error, with the folder cut off; empty where it loads.
std::vector<std::string> FaultsOf(const CatalogueFolder& folder) {
  const absl::StatusOr<Library> library = Library::Load(folder.path());
  if (library.ok()) return {};
  EXPECT_EQ(library.status().code(), absl::StatusCode::kInvalidArgument);
  const std::string text = absl::StrReplaceAll(library.status().message(), {{folder.path() + "/", ""}});
  return absl::StrSplit(text, '\n');
}

// Sound entries of other kinds.
#define ENTRY_BEGIN "metrics {\n  id: \"m\" number: 7 version: 1 title: \"T\" definition: \"D.\"\n"
#define ENTRY_END                                                                                           \
  "  display_unit: \"%\" direction: DIRECTION_NEUTRAL linkage_group: \"g\" source: \"S\" caveats: \"C.\"\n" \
  "  contribution_bound: 3\n  modes: MODE_THRESHOLDED\n  units: UNIT_EPISODES\n}\n"

constexpr char kSoundMix[] = ENTRY_BEGIN
    "  kind: METRIC_KIND_MIX\n"
    "  cohort { base: BASE_REFERRALS }\n"
    "  outcomes { id: \"nfa\" title: \"t\" field { field: \"nfa\" any_of: \"yes\" } }\n" ENTRY_END;
constexpr char kSoundRatio[] = ENTRY_BEGIN
    "  kind: METRIC_KIND_RATIO\n"
    "  cohort { base: BASE_COUNCIL }\n"
    "  ratio { numerator: QUANTITY_SERVICE_COST denominator: QUANTITY_OUTCOMES_MET }\n"
    "  breakdowns: \"service\"\n"
    "  display_unit: \"£\" direction: DIRECTION_NEUTRAL linkage_group: \"g\" source: \"S\" caveats: \"C.\"\n"
    "  contribution_bound: 3\n"
    "  units: UNIT_EPISODES\n}\n";
constexpr char kSoundDuration[] = ENTRY_BEGIN
    "  kind: METRIC_KIND_DURATION\n"
    "  cohort { base: BASE_EARLY_HELP_ENDED }\n"
    "  bins: [7, 14]\n" ENTRY_END;
constexpr char kSoundSurvival[] = ENTRY_BEGIN
    "  kind: METRIC_KIND_SURVIVAL\n"
    "  cohort { base: BASE_EARLY_HELP_ENDED }\n"
    "  bins: [7, 14]\n"
    "  window_days: [7, 14]\n"
    "  outcomes {\n"
    "    id: \"a\"\n"
    "    title: \"t\"\n"
    "    follow_up {\n"
    "      events: EVENT_CP_START\n"
    "      from_anchor: ANCHOR_END\n"
    "    }\n"
    "  }\n" ENTRY_END;
constexpr char kSoundTransition[] = ENTRY_BEGIN
    "  kind: METRIC_KIND_TRANSITION\n"
    "  cohort { base: BASE_PERSON_TIME }\n" ENTRY_END;

struct Fault {
  const char* name;
  const char* entry;     // sound
  const char* replaced;  // a part of the line that is replaced
  const char* line;      // by this
  const char* at;        // a part of the line that the fault names; "": the entry's first
  const char* message;
};

void PrintTo(const Fault& fault, std::ostream* out) {
  *out << fault.name;
}

TEST(SoundEntryTest, HasNoFaults) {
  for (const char* entry : {kSoundEntry, kSoundMix, kSoundDuration, kSoundSurvival, kSoundTransition}) {
    CatalogueFolder folder;
    folder.Metrics("sound", entry);
    EXPECT_OK(Library::Load(folder.path()));
  }
}

class BrokenEntryTest : public ::testing::TestWithParam<Fault> {};

TEST_P(BrokenEntryTest, IsNamedOnceWithFileAndLine) {
  const Fault& fault = GetParam();
  const std::string text = WithLine(fault.entry, fault.replaced, fault.line);
  const int line = *fault.at == '\0' ? 1 : LineOf(text, fault.at);
  CatalogueFolder folder;
  folder.Metrics("broken", text);
  EXPECT_THAT(FaultsOf(folder),
              ElementsAre(AllOf(StartsWith(absl::StrCat("metrics/broken.textproto:", line, ": ")),
                                HasSubstr(fault.message))));
}

const Fault kFaults[] = {
    {"UnknownField", kSoundEntry, "title: \"A share\"", "  title: \"A share\" titel: \"x\"", "titel",
     "no field named \"titel\""},
    {"FieldTwice", kSoundEntry, "  version: ", "  version: 1 version: 2", "version: 2",
     "specified multiple times"},
    {"UnknownEnumeration", kSoundEntry, "kind:", "  kind: METRIC_KIND_PROPORTIN", "PROPORTIN",
     "METRIC_KIND_PROPORTIN"},
    {"NotClosed", kSoundEntry, "  caveats:", "  caveats: \"no end", "no end",
     "String literals cannot cross line boundaries"},
    {"NoId", kSoundEntry, "id: \"m\"", "", "", "no id"},
    {"IdWithCapitals", kSoundEntry, "id: \"m\"", "  id: \"M 1\"", "M 1", "[a-z0-9-]"},
    {"NoTitle", kSoundEntry, "title: \"A share\"", "", "", "no title"},
    {"NoDefinition", kSoundEntry, "definition:", "", "", "no definition"},
    {"EmptyDefinition", kSoundEntry, "definition:", "  definition: \"\"", "definition:", "no definition"},
    {"NoSource", kSoundEntry, "  source: ", "", "", "no source"},
    {"NoDisplayUnit", kSoundEntry, "display_unit", "", "", "no display_unit"},
    {"NoLinkageGroup", kSoundEntry, "linkage_group", "", "", "no linkage_group"},
    {"NoCaveats", kSoundEntry, "caveats", "", "", "no caveats"},
    {"EmptyCaveat", kSoundEntry, "caveats", "  caveats: \"\"", "caveats", "a caveat of 0 bytes"},
    {"NumberTooLarge", kSoundEntry, "number:", "  number: 44", "number:", "number 44: expected 1 to 43"},
    {"NoNumber", kSoundEntry, "number:", "", "", "number 0"},
    {"VersionZero", kSoundEntry, "version:", "  version: 0", "version:", "version 0"},
    {"NegativeVersion", kSoundEntry, "version:", "  version: -1", "version", "Expected integer"},
    {"NoContributionBound", kSoundEntry, "contribution_bound", "", "", "contribution_bound 0"},
    {"ContributionBoundTooLarge", kSoundEntry, "contribution_bound", "  contribution_bound: 1001", "1001",
     "expected 1 to 1000"},
    {"NoDirection", kSoundEntry, "direction:", "", "", "no direction"},
    {"NoUnits", kSoundEntry, "units:", "", "", "no units"},
    {"UnitTwice", kSoundEntry, "units:", "  units: [UNIT_EPISODES, UNIT_EPISODES]",
     "units:", "episodes is given twice"},
    {"UnitUnspecified", kSoundEntry, "units:", "  units: UNIT_UNSPECIFIED", "units:", "UNIT_UNSPECIFIED"},
    {"ModeTwice", kSoundEntry, "modes:", "  modes: [MODE_NOISED, MODE_NOISED]",
     "modes:", "noised is given twice"},
    {"WindowZero", kSoundEntry, "window_days:", "  window_days: [0, 365]",
     "window_days:", "0 days, expected 1 to 3660"},
    {"WindowTooLong", kSoundEntry, "window_days:", "  window_days: [183, 3661]",
     "window_days:", "3661 days, expected 1 to 3660"},
    {"WindowsNotRising", kSoundEntry, "window_days:", "  window_days: [365, 183]",
     "window_days:", "183 after 365"},
    {"WindowTwice", kSoundEntry, "window_days:", "  window_days: [183, 183]",
     "window_days:", "183 after 183"},
    {"NoWindow", kSoundEntry, "window_days:", "", "", "no window_days"},
    {"BinsOfAProportion", kSoundEntry, "window_days:", "  window_days: [183] bins: [7, 14]",
     "bins:", "a proportion has none"},
    {"UnknownBreakdown", kSoundEntry, "breakdowns:", "  breakdowns: \"gender\"",
     "breakdowns:", "\"gender\" is unknown"},
    {"BreakdownMisspelt", kSoundEntry, "breakdowns:", "  breakdowns: \"age_bnd\"",
     "breakdowns:", "did you mean \"age_band\"?"},
    {"BreakdownTwice", kSoundEntry, "breakdowns:", "  breakdowns: [\"sex|area\", \"area|sex\"]",
     "breakdowns:", "\"area|sex\" is given twice"},
    {"BreakdownOfThree", kSoundEntry, "breakdowns:", "  breakdowns: \"sex|area|team\"",
     "breakdowns:", "more than two"},
    {"BreakdownWithItself", kSoundEntry, "breakdowns:", "  breakdowns: \"sex|sex\"",
     "breakdowns:", "with itself"},
    {"UnknownFieldNeeded", kSoundEntry, "fields_needed:", "  fields_needed: \"early_hlep\"",
     "fields_needed:", "did you mean \"early_help\"?"},
    {"UnknownQuestion", kSoundEntry, "questions:", "  questions: \"differnce\"",
     "questions:", "did you mean \"difference\"?"},
    {"NoCohort", kSoundEntry, "base:", "", "cohort {", "no cohort base"},
    {"NoneOpenBackwards", kSoundEntry, "to_days: 1", "      to_days: -1", "to_days: -1",
     "to_days -1 is before from_days 0"},
    {"NoneOpenWithoutLevel", kSoundEntry, "level:", "", "none_open", "none_open without level"},
    {"NoneOpenWithoutAnchor", kSoundEntry, "      anchor: ANCHOR_END", "", "none_open",
     "none_open without anchor"},
    {"NoneOpenTooFar", kSoundEntry, "to_days: 1", "      to_days: 4000", "to_days: 4000",
     "expected -3660 to 3660"},
    {"UnknownTestedField", kSoundEntry, "field: \"end_reason\"", "      field: \"end_reson\"", "end_reson",
     "did you mean \"end_reason\"?"},
    {"FieldOfAnotherRecord", kSoundEntry, "field: \"end_reason\"", "      field: \"nfa\"", "field: \"nfa\"",
     "\"nfa\" is unknown for this cohort"},
    {"UnknownCode", kSoundEntry, "any_of: [", "      any_of: [\"moved\", \"nffa\"]", "nffa",
     "\"nffa\" is no code of end_reason"},
    {"CodeTwice", kSoundEntry, "any_of: [", "      any_of: [\"moved\", \"moved\"]", "any_of: [",
     "\"moved\" is given twice"},
    {"TestOfNothing", kSoundEntry, "any_of: [", "", "field: \"end_reason\"", "either any_of or none_of"},
    {"OutcomeWithoutTitle", kSoundEntry, "title: \"returned\"", "", "  outcomes {",
     "outcome \"any\" has no title"},
    {"OutcomeWithoutId", kSoundEntry, "id: \"any\"", "", "  outcomes {", "outcome id \"\""},
    {"OutcomeIdWithSpace", kSoundEntry, "id: \"any\"", "    id: \"a ny\"", "a ny", "outcome id \"a ny\""},
    {"OutcomeNamedLikeAColumn", kSoundEntry, "id: \"any\"", "    id: \"denominator\"", "denominator",
     "the name of another column"},
    {"NoEvents", kSoundEntry, "events:", "", "follow_up {", "no events"},
    {"EventTwice", kSoundEntry, "events:", "      events: [EVENT_CP_START, EVENT_CP_START]",
     "events:", "an event is given twice"},
    {"NoFromAnchor", kSoundEntry, "from_anchor:", "", "follow_up {", "no from_anchor"},
    {"NoToAnchor", kSoundEntry, "to_anchor:", "", "follow_up {", "no to_anchor"},
    {"WindowAndDays", kSoundEntry, "window: true", "      window: true to_days: 5", "window: true",
     "to_days beside window"},
    {"UnknownSource", kSoundEntry, "source_any_of:", "      source_any_of: \"1E\"", "1E",
     "\"1E\" is no code of source"},
    {"LookUpTooLong", kSoundEntry, "source_from_contact_days:", "      source_from_contact_days: 367", "367",
     "expected at most 366"},
    {"LookUpForNothing", kSoundEntry, "source_any_of:", "", "source_from_contact_days",
     "that nothing asks for"},
    {"NoKind", kSoundEntry, "kind:", "", "", "no kind"},
    {"KindOfALaterEdition", kSoundEntry, "kind:", "  kind: METRIC_KIND_RATE",
     "kind:", "is not supported by this edition yet"},
    {"NoOutcomes", kSoundMix, "outcomes {", "", "", "no outcomes"},
    {"OutcomeWithoutTest", kSoundMix, "outcomes {", "  outcomes { id: \"a\" title: \"t\" }", "outcomes {",
     "tests nothing"},
    {"OutcomeTwice", kSoundMix, "outcomes {",
     "  outcomes { id: \"a\" title: \"t\" field { field: \"nfa\" any_of: \"no\" } } outcomes { id: \"a\" "
     "title: \"t\" field { field: "
     "\"nfa\" any_of: \"yes\" } }",
     "outcomes {", "outcome \"a\" is given twice"},
    {"MixOfEvents", kSoundMix, "outcomes {",
     "  outcomes { id: \"a\" title: \"t\" follow_up { events: EVENT_CP_START } }", "outcomes {",
     "a mix sorts by a field"},
    {"WindowForNothing", kSoundMix, "contribution_bound", "  contribution_bound: 3 window_days: 30",
     "window_days", "neither the cohort nor an outcome"},
    {"NoneOpenOfReferrals", kSoundMix, "cohort {",
     "  cohort { base: BASE_REFERRALS none_open { level: LEVEL_CP anchor: ANCHOR_START } }", "cohort {",
     "only episodes have days"},
    {"PostClosureOfReferrals", kSoundMix, "cohort {",
     "  cohort { base: BASE_REFERRALS post_closure: true } window_days: 30", "cohort {",
     "only closures have a follow-up"},
    {"BreakdownOfAnotherRecord", kSoundMix, "contribution_bound",
     "  contribution_bound: 3 breakdowns: \"service\"", "breakdowns",
     "\"service\" is unknown for this cohort"},
    {"NoBins", kSoundDuration, "bins:", "", "", "no bins"},
    {"BinsNotRising", kSoundDuration, "bins:", "  bins: [7, 7, 14]", "bins:", "bins: 7 after 7"},
    {"BinZero", kSoundDuration, "bins:", "  bins: [0, 7]", "bins:", "bins: 0 days"},
    {"BinTooLong", kSoundDuration, "bins:", "  bins: [7, 36601]", "bins:", "bins: 36601 days"},
    {"DurationOfReferrals", kSoundDuration, "cohort {", "  cohort { base: BASE_REFERRALS }", "cohort {",
     "does not fit the kind duration"},
    {"OutcomesOfADuration", kSoundDuration, "bins:", "  bins: 7 outcomes { id: \"a\" title: \"t\" }",
     "bins:", "a duration has none"},
    {"SurvivalWithoutWindow", kSoundSurvival, "window_days:", "", "",
     "name the days at which the curve is read"},
    {"SurvivalReadOffItsBins", kSoundSurvival, "window_days:", "  window_days: [7, 10]",
     "window_days:", "10 is the edge of no bin"},
    {"SurvivalWithFarEnd", kSoundSurvival, "events:", "      events: EVENT_CP_START window: true",
     "follow_up {", "ends by itself"},
    {"SurvivalFromTheStart", kSoundSurvival, "from_anchor:", "      from_anchor: ANCHOR_START",
     "from_anchor:", "counts from ANCHOR_END"},
    {"SurvivalPostClosure", kSoundSurvival, "cohort {",
     "  cohort { base: BASE_EARLY_HELP_ENDED post_closure: true }", "cohort {",
     "censors where this would leave out"},
    {"OutcomeNamedCensored", kSoundSurvival, "id: \"a\"", "    id: \"censored\"", "censored",
     "the name of another column"},
    {"CountsStated", kSoundEntry, "modes:", "  modes: MODE_STATED", "modes:", "a council states its answers"},
    {"TransitionNoised", kSoundTransition, "modes:", "  modes: MODE_NOISED",
     "modes:", "no noise can cover it"},
    {"TransitionOfManyMoves", kSoundTransition, "contribution_bound", "  contribution_bound: 3 most_moves: 3",
     "contribution_bound", "most_moves 3"},
    {"MovesOfAMix", kSoundMix, "contribution_bound", "  contribution_bound: 3 most_moves: 1",
     "contribution_bound", "none of another kind"},
    {"TransitionOfChildren", kSoundTransition, "units:", "  units: UNIT_CHILDREN",
     "units:", "counts moves, records"},
    {"TransitionOfEpisodes", kSoundTransition, "cohort {", "  cohort { base: BASE_EARLY_HELP_ENDED }",
     "cohort {", "does not fit the kind transition"},
    {"ModesOfWhatIsMadeAtHome", kSoundRatio, "contribution_bound",
     "  contribution_bound: 3 modes: MODE_THRESHOLDED", "contribution_bound", "at home only"},
    {"RatioWithoutDenominator", kSoundRatio, "ratio {", "  ratio { numerator: QUANTITY_ENDED }", "ratio {",
     "a numerator and a denominator"},
    {"BreakdownOfOneQuantity", kSoundRatio, "breakdowns:", "  breakdowns: \"team\"",
     "breakdowns:", "QUANTITY_SERVICE_COST has none such"},
    {"RatioOfAnotherKind", kSoundMix, "cohort {",
     "  cohort { base: BASE_REFERRALS } ratio { numerator: QUANTITY_ENDED denominator: QUANTITY_ENDED }",
     "cohort {", "ratio: a mix has none"},
    {"RatioOfEpisodes", kSoundRatio, "cohort {", "  cohort { base: BASE_SCORES }", "cohort {",
     "does not fit the kind ratio"},
};

INSTANTIATE_TEST_SUITE_P(All, BrokenEntryTest, ::testing::ValuesIn(kFaults),
                         [](const auto& fault) { return std::string(fault.param.name); });

TEST(BrokenCatalogueTest, NamesTextsThatAreTooLong) {
  CatalogueFolder folder;
  folder.Metrics(
      "long",
      WithLine(kSoundEntry, "definition:", absl::StrCat("  definition: \"", std::string(4097, 'x'), "\"")));
  EXPECT_THAT(FaultsOf(folder), ElementsAre(HasSubstr("definition: expected at most 4096 bytes, got 4097")));
}

TEST(BrokenCatalogueTest, NamesAnEntryThatWaitsForAField) {
  std::string text = kSoundSurvival;
  text = WithLine(text, "follow_up {", "    field {");
  text = WithLine(text, "events:", "      field: \"need\"");
  text = WithLine(text, "from_anchor:", "      any_of: \"N1\"");
  CatalogueFolder folder;
  folder.Metrics("broken", text);
  EXPECT_THAT(FaultsOf(folder), ElementsAre(HasSubstr("a survival waits for events")));
}

TEST(BrokenCatalogueTest, NamesEveryFaultInOrder_OfAllFiles) {
  CatalogueFolder folder;
  folder.Metrics("b", WithLine(WithLine(kSoundEntry, "version:", "  version: 0"), "caveats:", ""));
  folder.Metrics("a",
                 WithLine(WithLine(kSoundEntry, "id: \"m\"", "  id: \"n\""), "direction:", "  titel: \"x\""));
  folder.Areas("areas {\n  code: \"E0900003\"\n}\n");
  EXPECT_THAT(
      FaultsOf(folder),
      ElementsAre(
          StartsWith("metrics/a.textproto:1: no direction"),
          StartsWith("metrics/a.textproto:39: Message type"), StartsWith("metrics/b.textproto:1: no caveats"),
          StartsWith("metrics/b.textproto:4: version 0"), StartsWith("areas.textproto:1: region_code \"\""),
          StartsWith("areas.textproto:1: no name"), StartsWith("areas.textproto:1: no region_name"),
          StartsWith("areas.textproto:1: old_code 0"), StartsWith("areas.textproto:2: code \"E0900003\"")));
}

TEST(BrokenCatalogueTest, NamesBothPlaces_WhenAnIdIsGivenTwice) {
  CatalogueFolder folder;
  folder.Metrics("a", kSoundEntry);
  folder.Metrics("b", kSoundEntry);
  EXPECT_THAT(FaultsOf(folder),
              ElementsAre(AllOf(StartsWith("metrics/b.textproto:2: id \"m\" is given twice; first at "),
                                EndsWith("metrics/a.textproto:1"))));
}

TEST(BrokenCatalogueTest, NamesAreasGivenTwice) {
  CatalogueFolder folder;
  folder.Metrics("a", kSoundEntry);
  folder.Areas(absl::StrCat(kSoundArea, kSoundArea));
  EXPECT_THAT(FaultsOf(folder), ElementsAre(HasSubstr("code \"E09000033\" is given twice"),
                                            HasSubstr("old_code \"213\" is given twice")));
}

TEST(BrokenCatalogueTest, NamesFilesWithoutEntries) {
  CatalogueFolder folder;
  folder.Metrics("a", "# nothing\n");
  folder.Areas("");
  EXPECT_THAT(FaultsOf(folder), ElementsAre("metrics/a.textproto:1: no metrics: expected `metrics { … }`"));
}

TEST(BrokenCatalogueTest, NamesWhatCannotBeRead) {
  EXPECT_THAT(Library::Load("/nonexistent/catalogue"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("/nonexistent/catalogue/metrics")));
  CatalogueFolder folder;
  EXPECT_THAT(Library::Load(folder.path()),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("no *.textproto")));
  folder.Metrics("a", std::string(5 << 20, ' '));
  EXPECT_THAT(Library::Load(folder.path()),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("a.textproto")));
}

TEST(BrokenCatalogueTest, SurvivesBytesThatAreNoText) {
  CatalogueFolder folder;
  std::string bytes(1000, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 37);
  folder.Metrics("a", bytes);
  EXPECT_FALSE(FaultsOf(folder).empty());
}

}  // namespace
}  // namespace waymark::catalogue
