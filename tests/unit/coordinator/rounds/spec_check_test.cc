#include "coordinator/rounds/spec_check.h"

#include <functional>

#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using ::testing::HasSubstr;
using testing::Scene;
using waymark::testing::StatusIs;

TEST(SpecCheck, TakesWhatTheEntryAllows) {
  Scene scene;
  contract::RoundItem item = scene.Item("1", v1::MODE_NOISED, {"sex"});
  item.window_days = {183};
  ASSERT_OK_AND_ASSIGN(const v1::Catalogue definitions,
                       CheckSpec(scene.Spec("r", {item}), scene.library(), scene.clock().Now()));
  ASSERT_EQ(definitions.metrics_size(), 1);
  EXPECT_EQ(definitions.metrics(0).id(), "1");
}

TEST(SpecCheck, NamesWhatIsWrong_AndWhatIsAllowed) {
  Scene scene;
  struct Case {
    const char* message;
    std::function<void(contract::RoundSpec&)> change;
  };
  const std::vector<Case> cases = {
      {"did you mean 9", [](auto& s) { s.items[0].metric = "99"; }},
      {"which has version 1", [](auto& s) { s.items[0].version = 7; }},
      {"definition differs", [](auto& s) { s.items[0].definition_hash[0] ^= 1; }},
      {"it allows thresholded", [&scene](auto& s) { s.items[1] = scene.Item("22", v1::MODE_NOISED); }},
      {"age_band", [](auto& s) { s.items[0].breakdowns = {"shoe_size"}; }},
      {"asked for twice",
       [](auto& s) {
         s.items[0].breakdowns = {"sex", "sex"};
       }},
      {"183, 365", [](auto& s) { s.items[0].window_days = {99}; }},
      {"episodes", [](auto& s) { s.items[1].units = {v1::UNIT_FAMILIES}; }},
      {"has not ended", [](auto& s) { s.items[0].period = "2025-26"; }},
      {"twice for one period", [](auto& s) { s.items[1] = s.items[0]; }},
      {"it has passed", [](auto& s) { s.deadline_unix_s = 1'000; }},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.message);
    contract::RoundSpec spec =
        scene.Spec("r", {scene.Item("1", v1::MODE_NOISED), scene.Item("31", v1::MODE_THRESHOLDED)});
    one.change(spec);
    EXPECT_THAT(CheckSpec(spec, scene.library(), scene.clock().Now()),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(one.message)));
  }
}

TEST(SpecCheck, RefusesASecureSumOfWhatCannotBeSummed) {
  Scene scene;
  contract::RoundItem item = scene.Item("10", v1::MODE_SECURE_SUM);
  item.epsilon_numerator = 1;
  EXPECT_OK(CheckSpec(scene.Spec("r", {item}), scene.library(), scene.clock().Now()));
  item.distribution_epsilon_numerator = 1;
  EXPECT_THAT(CheckSpec(scene.Spec("r", {item}), scene.library(), scene.clock().Now()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("no proportion")));
}

// Nobody would be summed, and the round be published empty at once.
TEST(SpecCheck, ASecureRoundOfRegionsNeedsThemAsPartsOfTheRoster) {
  Scene scene;
  for (std::size_t i = 0; i < 5; ++i) scene.Join(testing::kCouncils[i]);
  contract::RoundSpec spec = scene.Spec("sums", {scene.Item("1", v1::MODE_SECURE_SUM)});
  EXPECT_OK(CheckParts(spec, scene.store())) << "of everyone";
  spec.geographies = {"E12000001"};
  EXPECT_THAT(CheckParts(spec, scene.store()),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("0 councils in a part E12000001")));
  spec.items = {scene.Item("1", v1::MODE_THRESHOLDED)};
  EXPECT_OK(CheckParts(spec, scene.store()));
}

// A sum less the tables of all councils but one would give that one.
TEST(SpecCheck, SumsAndTablesAreNotAskedOfOneMetricAndPeriod) {
  Scene scene;
  const contract::RoundSpec sums = scene.Spec("sums", {scene.Item("1", v1::MODE_SECURE_SUM)});
  const auto against = [&](contract::RoundItem item) {
    return CheckOneMode(scene.Spec("r", {item}), sums, scene.library());
  };
  EXPECT_OK(against(scene.Item("1", v1::MODE_SECURE_SUM)));
  EXPECT_OK(against(scene.Item("19", v1::MODE_THRESHOLDED))) << "not linked";
  EXPECT_THAT(against(scene.Item("1", v1::MODE_THRESHOLDED)),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("it was asked for secure-sum")));
  EXPECT_THAT(
      against(scene.Item("2", v1::MODE_NOISED)),
      StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("metric 1, which is linked with it")));
  EXPECT_OK(CheckOneMode(scene.Spec("r", {scene.Item("1", v1::MODE_NOISED)}),
                         scene.Spec("q", {scene.Item("1", v1::MODE_THRESHOLDED)}), scene.library()))
      << "each council's ledger refuses that";
  contract::RoundItem other = scene.Item("1", v1::MODE_THRESHOLDED);
  other.period = "2019-20";
  EXPECT_OK(against(other));
}

TEST(SpecCheck, AsksCouncilsOnceToStateSomethingOfAPeriod) {
  Scene scene;
  contract::RoundItem item = scene.Item("41", v1::MODE_STATED, {"question"});
  for (std::size_t i = 0; i < 3; ++i) scene.Join(testing::kCouncils[i]);
  ASSERT_OK(scene.rounds().Open(scene.Spec("guide", {item})));
  EXPECT_OK(scene.rounds().Open(scene.Spec("data", {scene.Item("42", v1::MODE_STATED, {"question"})})));
  contract::RoundSpec again = scene.Spec("again", {item});
  again.data_version = 2;
  EXPECT_THAT(scene.rounds().Open(again),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("in round guide")));
  ASSERT_OK(scene.rounds().Withdraw("guide", "asked by mistake"));
  EXPECT_OK(scene.rounds().Open(again)) << "nothing of it was published";
  item.period = "2019-20";
  EXPECT_OK(scene.rounds().Open(scene.Spec("before", {item})));
  item.breakdowns.clear();
  EXPECT_THAT(scene.rounds().Open(scene.Spec("none", {item})),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("asks for no table; give breakdowns, of question")));
}

TEST(SpecCheck, RefusesFewerThanThreeContributors) {
  Scene scene;
  v1::RoundSpec message;
  contract::RoundSpecToProto(scene.Spec("r", {scene.Item("1", v1::MODE_NOISED)}), message);
  message.set_least_contributors(2);
  EXPECT_THAT(contract::RoundSpecFromProto(message),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("expected 3")));
}

TEST(OpenRound, AnswersTheSameAgain_AndRefusesAnotherSpecUnderTheName) {
  Scene scene;
  contract::RoundSpec spec = scene.Spec("r", {scene.Item("1", v1::MODE_NOISED)});
  ASSERT_OK_AND_ASSIGN(const std::string hash, scene.rounds().Open(spec));
  scene.clock().Advance(absl::Hours(9));  // past its deadline: what is open is still open under this spec
  ASSERT_OK_AND_ASSIGN(const std::string again, scene.rounds().Open(spec));
  EXPECT_EQ(again, hash);
  spec.title = "Another";
  EXPECT_THAT(scene.rounds().Open(spec), StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("another id")));
}

}  // namespace
}  // namespace waymark::coordinator
