#include "coordinator/benchmark/journeys.h"

#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/benchmark/published_scene.h"

namespace waymark::coordinator {
namespace {

using ::testing::HasSubstr;
using testing::kCouncils;
using waymark::testing::StatusIs;

class JourneysTest : public ::testing::Test, protected testing::PublishedScene {
 protected:
  JourneysTest() : PublishedScene(5) { request.set_metric("31"); }

  // Moves none>eh, none>sc, eh>none, eh>sc, sc>none, sc>eh, then days; one council hides its first move.
  void Publish() {
    const contract::RoundItem item = scene.Item("31", v1::MODE_THRESHOLDED);
    PublishTables("r", item, [&](std::size_t i) {
      contract::ProtectedTable table = scene.Table(item, 0, {20, 0, 30, 40, 50, 60, 36600, 73200, 109800});
      if (i == 4) {
        table.table.status[0] = v1::CELL_STATUS_SUPPRESSED;
        table.table.values[0] = 0;
      }
      return table;
    });
  }

  absl::StatusOr<v1::JourneysResponse> Ask() {
    return JourneysOf(request, Scope::Everything(), scene.library(), query);
  }

  v1::JourneysRequest request;
};

TEST_F(JourneysTest, AreTheSumOfTheCouncilsMoves) {
  Publish();
  ASSERT_OK_AND_ASSIGN(const v1::JourneysResponse response, Ask());
  EXPECT_EQ(response.geography(), "participants");
  ASSERT_EQ(response.diagrams_size(), 1);
  const auto& diagram = response.diagrams(0);
  ASSERT_EQ(diagram.flows_size(), 6);
  // Four councils show the first; a sum is shown to the nearest ten.
  const double moves[] = {80, 0, 150, 200, 250, 300};
  double shown = 0;
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(diagram.flows(i).figure().numerator(), moves[i]) << i;
    EXPECT_NE(diagram.flows(i).from(), diagram.flows(i).to());
    shown += moves[i];
  }
  EXPECT_EQ(diagram.shown(), shown);
  EXPECT_EQ(diagram.not_shown(), 0u);
  EXPECT_EQ(diagram.flows(0).figure().suppressed_parts(), 1u);
  ASSERT_EQ(diagram.states_size(), 3);
  EXPECT_EQ(diagram.states(0).label(), "No help");
  EXPECT_EQ(diagram.states(2).id(), "social_care");
  // Of the year of 366 days 2023-24: five councils with 109,800 days each.
  EXPECT_NEAR(diagram.states(2).average_people(), 5 * 109800 / 366.0, 0.1);
}

// A true zero and a hidden flow are told apart.
TEST_F(JourneysTest, CountsFlowsWithoutANumber) {
  Publish();
  request.set_geography(kCouncils[4]);
  ASSERT_OK_AND_ASSIGN(const v1::JourneysResponse response, Ask());
  const auto& diagram = response.diagrams(0);
  EXPECT_EQ(diagram.not_shown(), 1u);
  EXPECT_EQ(diagram.flows(0).figure().status(), v1::FIGURE_STATUS_SUPPRESSED);
  EXPECT_FALSE(diagram.flows(0).figure().has_numerator());
  EXPECT_EQ(diagram.flows(1).figure().status(), v1::FIGURE_STATUS_SHOWN);
  EXPECT_EQ(diagram.flows(1).figure().numerator(), 0);
  EXPECT_EQ(diagram.shown(), 180);
}

TEST_F(JourneysTest, NamesTheMetricsThatTellOfMoves) {
  request.set_metric("19");
  EXPECT_THAT(Ask(), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("7, 31")));
  request.set_metric("nonsense");
  EXPECT_THAT(Ask(), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("not in the catalogue")));
}

TEST_F(JourneysTest, SeesWhatItsScopeSees) {
  Publish();
  Scope london = Scope::Everything();
  london.regions = {"E12000007"};
  request.set_geography(kCouncils[0]);
  EXPECT_THAT(JourneysOf(request, london, scene.library(), query),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("E12000007")));
}

}  // namespace
}  // namespace waymark::coordinator
