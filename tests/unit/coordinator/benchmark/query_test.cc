#include "coordinator/benchmark/query.h"

#include <set>

#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using ::testing::HasSubstr;
using testing::kCouncils;
using testing::Scene;
using waymark::testing::StatusIs;

class QueryTest : public ::testing::Test {
 protected:
  QueryTest() : query(scene.store(), scene.library()) {
    for (int i = 0; i < 4; ++i) scene.Join(kCouncils[static_cast<std::size_t>(i)]);
    Publish("first", "2023-24", 20);
    request.set_metric("19");
  }

  void Publish(const std::string& id, const std::string& period, std::int64_t count, int first = 0,
               const std::vector<std::string>& geographies = {}) {
    contract::RoundItem item = scene.Item("19", v1::MODE_THRESHOLDED, {"sex"});
    item.period = period;
    contract::RoundSpec spec = scene.Spec(id, {item});
    spec.geographies = geographies;
    ASSERT_OK(scene.rounds().Open(spec));
    for (int i = first; i < first + 4; ++i) {
      const std::string& council = kCouncils[static_cast<std::size_t>(i)];
      ASSERT_OK(
          scene.rounds().Submit(council, scene.Release(council, spec, {scene.Table(item, 0, {count, 100})})));
    }
    ASSERT_EQ(scene.rounds().CloseDue().value(), 1);
  }

  Scene scene;
  BenchmarkQuery query;
  v1::QueryRequest request;
};

TEST_F(QueryTest, GivesRegionsAndAllParticipants_WhereNothingIsSaid) {
  ASSERT_OK_AND_ASSIGN(const v1::QueryResponse response, query.Answer(request, Scope::Everything()));
  ASSERT_EQ(response.figures_size(), 2);
  EXPECT_EQ(response.figures(0).geography_code(), "E12000001");
  EXPECT_EQ(response.figures(1).geography_code(), "participants");
  EXPECT_EQ(response.figures(1).value(), 20);
  EXPECT_EQ(response.round_id(), "first");
  EXPECT_EQ(response.coverage_size(), 4);
}

TEST_F(QueryTest, AnswersAnew_WhenSomethingElseIsPublishedOrWithdrawn) {
  ASSERT_OK_AND_ASSIGN(const v1::QueryResponse first, query.Answer(request, Scope::Everything()));
  ASSERT_OK_AND_ASSIGN(const v1::QueryResponse kept, query.Answer(request, Scope::Everything()));
  EXPECT_EQ(first.SerializeAsString(), kept.SerializeAsString());
  Publish("again", "2023-24", 30);
  ASSERT_OK_AND_ASSIGN(const v1::QueryResponse revised, query.Answer(request, Scope::Everything()));
  EXPECT_EQ(revised.round_id(), "again");
  EXPECT_EQ(revised.figures(1).value(), 30);
  ASSERT_OK(
      scene.store().Withdraw({.round_id = "again", .bytes = "why", .hash = std::string(32, 'h')}).status());
  ASSERT_OK_AND_ASSIGN(const v1::QueryResponse back, query.Answer(request, Scope::Everything()));
  EXPECT_EQ(back.round_id(), "first");
}

TEST_F(QueryTest, GivesWhatARoundPublished_AfterOthersDid) {
  Publish("again", "2023-24", 30);
  request.set_round_id("first");
  ASSERT_OK_AND_ASSIGN(const v1::QueryResponse first, query.Answer(request, Scope::Everything()));
  EXPECT_EQ(first.round_id(), "first");
  EXPECT_EQ(first.figures(1).value(), 20);
  EXPECT_EQ(first.version(), 1u);
  EXPECT_EQ(first.period(), "2023-24");
  EXPECT_THAT(first.breakdowns(), ::testing::ElementsAre("sex"));
  request.set_round_id("nothing");
  EXPECT_THAT(query.Answer(request, Scope::Everything()),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("round \"nothing\"")));
}

TEST_F(QueryTest, RefusesAPlaceThatStandsTwice) {
  request.add_geographies(kCouncils[0]);
  request.add_geographies(kCouncils[0]);
  EXPECT_THAT(query.Answer(request, Scope::Everything()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("twice")));
}

TEST_F(QueryTest, AnAnswerIsKeptForItsScopeAlone) {
  ASSERT_OK_AND_ASSIGN(const v1::QueryResponse whole, query.Answer(request, Scope::Everything()));
  EXPECT_EQ(whole.figures_size(), 2);
  const Scope elsewhere{.regions = std::vector<std::string>{"E12000007"}, .metrics = std::nullopt};
  const absl::StatusOr<v1::QueryResponse> none = query.Answer(request, elsewhere);
  EXPECT_TRUE(!none.ok() || none->figures_size() < 2);
  EXPECT_THAT(query.Answer(request, {.regions = std::nullopt, .metrics = std::vector<std::string>{"1"}}),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("for 1 alone")));
  // No two scopes have one key.
  const std::vector<std::string> one = {"a,b"}, two = {"a", "b"};
  std::set<std::string> keys;
  for (const Scope& scope :
       {Scope::Everything(), Scope(), Scope{.regions = one, .metrics = two},
        Scope{.regions = two, .metrics = one}, Scope{.regions = two, .metrics = std::nullopt},
        Scope{.regions = std::nullopt, .metrics = two}})
    keys.insert(scope.Key());
  EXPECT_EQ(keys.size(), 6u);
}

TEST_F(QueryTest, GivesTheGeographiesThatAreAsked) {
  request.add_geographies(kCouncils[2]);
  request.add_geographies("participants");
  ASSERT_OK_AND_ASSIGN(const v1::QueryResponse response, query.Answer(request, Scope::Everything()));
  ASSERT_EQ(response.figures_size(), 2);
  EXPECT_EQ(response.figures(0).geography_code(), kCouncils[2]);
}

TEST_F(QueryTest, TakesTheNewestPeriod_AndTheLaterRoundOfOne) {
  Publish("older", "2021-22", 50);
  ASSERT_OK_AND_ASSIGN(v1::QueryResponse response, query.Answer(request, Scope::Everything()));
  EXPECT_EQ(response.figures(0).period(), "2023-24");
  Publish("again", "2023-24", 30);
  ASSERT_OK_AND_ASSIGN(response, query.Answer(request, Scope::Everything()));
  EXPECT_EQ(response.round_id(), "again");
  EXPECT_EQ(response.figures(1).value(), 30);
  request.set_period("2021-22");
  ASSERT_OK_AND_ASSIGN(response, query.Answer(request, Scope::Everything()));
  EXPECT_EQ(response.round_id(), "older");
  ASSERT_OK_AND_ASSIGN(const v1::ListPublishedResponse listed, query.ListPublished(Scope::Everything()));
  EXPECT_EQ(listed.entries_size(), 2);
}

TEST_F(QueryTest, RoundsOfSomeRegionsHideNoOthers) {
  for (std::size_t i = 5; i < 9; ++i) scene.Join(kCouncils[i]);
  Publish("north", "2023-24", 30, 0, {"E12000001"});
  Publish("south", "2024-25", 40, 5, {"E12000007"});
  EXPECT_EQ(query.Answer(request, Scope::Everything())->round_id(), "first") << "of everyone, though older";
  const auto of = [&](const std::vector<std::string>& geographies) {
    v1::QueryRequest changed = request;
    for (const std::string& code : geographies) changed.add_geographies(code);
    return query.Answer(changed, Scope::Everything())->round_id();
  };
  EXPECT_EQ(of({kCouncils[0], "E12000001", "participants"}), "north");
  EXPECT_EQ(of({kCouncils[5], "E12000007", "participants"}), "south");
  EXPECT_EQ(of({"participants"}), "first");
  EXPECT_THAT(query.Answer(request, Scope::Everything())->geographies(), ::testing::IsEmpty());
}

// Whatever a scope asks for, of what it does not hold it learns nothing: neither figures nor codes.
class ScopedQueryTest : public QueryTest {
 protected:
  ScopedQueryTest() {
    for (std::size_t i = 5; i < 9; ++i) scene.Join(kCouncils[i]);
    Publish("south", "2024-25", 40, 5, {"E12000007"});
    PublishEverywhere();
  }

  // A round of everyone, with four councils of each region.
  void PublishEverywhere() {
    contract::RoundItem item = scene.Item("16", v1::MODE_THRESHOLDED);
    const contract::RoundSpec spec = scene.Spec("everywhere", {item});
    ASSERT_OK(scene.rounds().Open(spec));
    ASSERT_OK(scene.rounds().Close("everywhere"));
  }

  static Scope NorthEast() { return {.regions = {{"E12000001"}}, .metrics = std::nullopt}; }

  absl::StatusOr<v1::QueryResponse> Ask(const std::string& metric,
                                        const std::vector<std::string>& geographies, const Scope& scope) {
    v1::QueryRequest asked;
    asked.set_metric(metric);
    for (const std::string& code : geographies) asked.add_geographies(code);
    return query.Answer(asked, scope);
  }
};

TEST_F(ScopedQueryTest, SeesItsRegionItsCouncilsAndAllParticipants) {
  ASSERT_OK_AND_ASSIGN(v1::QueryResponse response, Ask("19", {}, NorthEast()));
  EXPECT_EQ(response.round_id(), "first") << "not the later one of London";
  ASSERT_EQ(response.figures_size(), 2);
  EXPECT_EQ(response.figures(0).geography_code(), "E12000001");
  EXPECT_EQ(response.figures(1).geography_code(), "participants");
  ASSERT_OK_AND_ASSIGN(response, Ask("19", {kCouncils[1], "E12000001", "participants"}, NorthEast()));
  EXPECT_EQ(response.figures_size(), 3);
  EXPECT_EQ(response.figures(0).geography_code(), kCouncils[1]);
}

TEST_F(ScopedQueryTest, IsDeniedEveryOtherPlace_InTheSameWords_WhateverIsThere) {
  std::set<std::string> words;
  for (const std::string& place : {std::string("E12000007"), kCouncils[5], std::string("E12000002"),
                                   std::string("E09000001"), std::string("nowhere"), std::string()}) {
    for (const std::vector<std::string>& asked :
         {std::vector<std::string>{place}, {"E12000001", place}, {place, "participants"}}) {
      const absl::Status refused = Ask("19", asked, NorthEast()).status();
      EXPECT_THAT(refused, StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("E12000001"))) << place;
      words.emplace(refused.message());
    }
  }
  EXPECT_EQ(words.size(), 1u);
}

TEST_F(ScopedQueryTest, SeesNothingOfRoundsOfOtherRegions) {
  v1::QueryRequest asked;
  asked.set_metric("19");
  asked.set_period("2024-25");
  EXPECT_THAT(query.Answer(asked, NorthEast()),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("published for 2023-24, not for 2024-25")));
  asked.add_geographies("participants");  // of that round: London's sum
  EXPECT_THAT(query.Answer(asked, NorthEast()), StatusIs(absl::StatusCode::kNotFound, HasSubstr("2023-24,")));
  ASSERT_OK_AND_ASSIGN(const v1::ListPublishedResponse listed, query.ListPublished(NorthEast()));
  for (const v1::ListPublishedResponse::Entry& entry : listed.entries()) EXPECT_NE(entry.round_id(), "south");
  EXPECT_EQ(listed.entries_size(), 2);
}

TEST_F(ScopedQueryTest, IsToldOfItsOwnCouncilsAlone_InARoundOfEveryone) {
  ASSERT_OK_AND_ASSIGN(v1::QueryResponse response, Ask("16", {}, NorthEast()));
  EXPECT_EQ(response.coverage_size(), 4);
  for (const auto& council : response.coverage()) {
    EXPECT_EQ(scene.library().FindArea(council.council())->region_code(), "E12000001");
  }
  for (const v1::Figure& figure : response.figures()) EXPECT_NE(figure.geography_code(), "E12000007");
  ASSERT_OK_AND_ASSIGN(response, Ask("16", {}, Scope::Everything()));
  EXPECT_EQ(response.coverage_size(), 8) << "all of them took part";
  // A region of the scope that had no council in the round is no way to every region.
  const Scope west{.regions = {{"E12000009"}}, .metrics = std::nullopt};
  ASSERT_OK_AND_ASSIGN(response, Ask("16", {}, west));
  EXPECT_EQ(response.coverage_size(), 0);
  for (const v1::Figure& figure : response.figures()) EXPECT_EQ(figure.geography_code(), "participants");
}

TEST_F(ScopedQueryTest, OfARoundOfSeveralRegions_AllParticipantsAreForWhoSeesThemAll) {
  contract::RoundItem item = scene.Item("2", v1::MODE_THRESHOLDED);
  contract::RoundSpec spec = scene.Spec("two", {item});
  spec.geographies = {"E12000001", "E12000007"};
  ASSERT_OK(scene.rounds().Open(spec));
  ASSERT_OK(scene.rounds().Close("two"));
  EXPECT_THAT(Ask("2", {"participants"}, NorthEast()),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("participants")));
  ASSERT_OK_AND_ASSIGN(v1::QueryResponse response, Ask("2", {}, NorthEast()));
  for (const v1::Figure& figure : response.figures()) EXPECT_EQ(figure.geography_code(), "E12000001");
  EXPECT_THAT(response.geographies(), ::testing::ElementsAre("E12000001"));
  const Scope both{.regions = {{"E12000001", "E12000007"}}, .metrics = std::nullopt};
  EXPECT_OK(Ask("2", {"participants"}, both));
  // None of its regions is among them, by name or by what is left.
  const Scope west{.regions = {{"E12000009"}}, .metrics = std::nullopt};
  EXPECT_THAT(Ask("2", {}, west), StatusIs(absl::StatusCode::kNotFound, HasSubstr("no published benchmark")));
  // A request that nothing is left of is not one for every region.
  spec = scene.Spec("north", {scene.Item("4", v1::MODE_THRESHOLDED)});
  spec.geographies = {"E12000001", "E12000007"};
  ASSERT_OK(scene.rounds().Open(spec));
  for (std::size_t i = 5; i < 9; ++i) ASSERT_OK(scene.store().RevokeMember(kCouncils[i], 1));
  ASSERT_OK(scene.rounds().Close("north"));
  const Scope london{.regions = {{"E12000007"}}, .metrics = std::nullopt};
  EXPECT_THAT(Ask("4", {}, london),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("no council of E12000007")));
}

TEST_F(ScopedQueryTest, OfMetrics_SeesThoseAlone) {
  const Scope some{.regions = std::nullopt, .metrics = {{"19"}}};
  EXPECT_OK(Ask("19", {}, some));
  for (const char* metric : {"16", "1", "none"}) {
    EXPECT_THAT(Ask(metric, {}, some), StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("19")));
  }
  ASSERT_OK_AND_ASSIGN(const v1::ListPublishedResponse listed, query.ListPublished(some));
  for (const v1::ListPublishedResponse::Entry& entry : listed.entries()) EXPECT_EQ(entry.metric(), "19");
  EXPECT_EQ(listed.entries_size(), 2);
  EXPECT_EQ(query.ListPublished(Scope())->entries_size(), 0) << "nobody filled it in";
  EXPECT_THAT(Ask("19", {}, Scope()), StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("")));
  Scope nowhere;
  nowhere.metrics = std::nullopt;
  EXPECT_THAT(Ask("19", {}, nowhere), StatusIs(absl::StatusCode::kNotFound, HasSubstr("")));
  EXPECT_THAT(Ask("19", {"E12000001"}, nowhere),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("")));
}

TEST_F(QueryTest, NamesWhatIsKnown_ForEachUnknownWord) {
  const auto refused = [&](auto change) {
    v1::QueryRequest changed = request;
    change(changed);
    return query.Answer(changed, Scope::Everything()).status();
  };
  EXPECT_THAT(refused([](auto& r) { r.set_metric(""); }),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("metric: missing")));
  EXPECT_THAT(refused([](auto& r) { r.set_metric("19-contact"); }),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("did you mean 19-contacts?")));
  EXPECT_THAT(refused([](auto& r) { r.set_metric("10"); }),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("published are 19")));
  EXPECT_THAT(refused([](auto& r) { r.set_version(3); }),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("version 1, not 3")));
  EXPECT_THAT(refused([](auto& r) { r.set_period("2020-21"); }),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("published for 2023-24")));
  EXPECT_THAT(refused([](auto& r) { r.set_period("last year"); }),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("2024-25")));
  EXPECT_THAT(refused([](auto& r) { r.set_breakdown("shoe_size"); }),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("it is by sex")));
  EXPECT_THAT(refused([](auto& r) { r.add_geographies("E09000002"); }),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("took no part")));
  EXPECT_THAT(refused([](auto& r) { r.add_geographies("E0600000"); }),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("E06000001")));
  EXPECT_THAT(refused([](auto& r) { r.set_unit(v1::UNIT_FAMILIES); }),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("units episodes")));
  EXPECT_THAT(refused([](auto& r) { r.set_window_days(9); }),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("windows of 0")));
}

}  // namespace
}  // namespace waymark::coordinator
