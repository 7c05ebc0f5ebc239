#include "coordinator/benchmark/query.h"

#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using ::testing::HasSubstr;
using testing::kCouncils;
using testing::Scene;
using waymark::testing::IsOk;
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
  ASSERT_OK_AND_ASSIGN(const v1::QueryResponse response, query.Answer(request));
  ASSERT_EQ(response.figures_size(), 2);
  EXPECT_EQ(response.figures(0).geography_code(), "E12000001");
  EXPECT_EQ(response.figures(1).geography_code(), "participants");
  EXPECT_EQ(response.figures(1).value(), 20);
  EXPECT_EQ(response.round_id(), "first");
  EXPECT_EQ(response.coverage_size(), 4);
}

TEST_F(QueryTest, GivesTheGeographiesThatAreAsked) {
  request.add_geographies(kCouncils[2]);
  request.add_geographies("participants");
  ASSERT_OK_AND_ASSIGN(const v1::QueryResponse response, query.Answer(request));
  ASSERT_EQ(response.figures_size(), 2);
  EXPECT_EQ(response.figures(0).geography_code(), kCouncils[2]);
}

TEST_F(QueryTest, TakesTheNewestPeriod_AndTheLaterRoundOfOne) {
  Publish("older", "2021-22", 50);
  ASSERT_OK_AND_ASSIGN(v1::QueryResponse response, query.Answer(request));
  EXPECT_EQ(response.figures(0).period(), "2023-24");
  Publish("again", "2023-24", 30);
  ASSERT_OK_AND_ASSIGN(response, query.Answer(request));
  EXPECT_EQ(response.round_id(), "again");
  EXPECT_EQ(response.figures(1).value(), 30);
  request.set_period("2021-22");
  ASSERT_OK_AND_ASSIGN(response, query.Answer(request));
  EXPECT_EQ(response.round_id(), "older");
  ASSERT_OK_AND_ASSIGN(const v1::ListPublishedResponse listed, query.ListPublished());
  EXPECT_EQ(listed.entries_size(), 2);
}

TEST_F(QueryTest, RoundsOfSomeRegionsHideNoOthers) {
  for (std::size_t i = 5; i < 9; ++i) scene.Join(kCouncils[i]);
  Publish("north", "2023-24", 30, 0, {"E12000001"});
  Publish("south", "2024-25", 40, 5, {"E12000007"});
  EXPECT_EQ(query.Answer(request)->round_id(), "first") << "of everyone, though older";
  const auto of = [&](const std::vector<std::string>& geographies) {
    v1::QueryRequest changed = request;
    for (const std::string& code : geographies) changed.add_geographies(code);
    return query.Answer(changed)->round_id();
  };
  EXPECT_EQ(of({kCouncils[0], "E12000001", "participants"}), "north");
  EXPECT_EQ(of({kCouncils[5], "E12000007", "participants"}), "south");
  EXPECT_EQ(of({"participants"}), "first");
  EXPECT_THAT(query.Answer(request)->geographies(), ::testing::IsEmpty());
}

TEST_F(QueryTest, NamesWhatIsKnown_ForEachUnknownWord) {
  const auto refused = [&](auto change) {
    v1::QueryRequest changed = request;
    change(changed);
    return query.Answer(changed).status();
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
