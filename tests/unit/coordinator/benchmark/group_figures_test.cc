#include "coordinator/benchmark/group_figures.h"

#include "coordinator/benchmark/query.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/benchmark/published_scene.h"

namespace waymark::coordinator {
namespace {

using ::testing::HasSubstr;
using testing::kCouncils;
using waymark::testing::StatusIs;

// Seven councils: five of the North East, of which one is suppressed, and two of London.
class GroupFiguresTest : public ::testing::TestWithParam<v1::Mode>, protected testing::PublishedScene {
 protected:
  GroupFiguresTest() : PublishedScene(7) { request.set_metric("19"); }

  void Publish(v1::Mode mode) {
    contract::RoundItem item = scene.Item("19", mode);
    if (mode == v1::MODE_NOISED) item.epsilon_numerator = 1;
    PublishTables("r", item, [&](std::size_t i) {
      const auto n = static_cast<std::int64_t>(i);
      contract::ProtectedTable table = scene.Table(item, 0, {20 + 5 * n, 105 + 25 * n});
      if (i == 2 && mode == v1::MODE_THRESHOLDED) {
        table.table.status[0] = v1::CELL_STATUS_SUPPRESSED;
        table.table.values[0] = 0;
      }
      return table;
    });
  }

  absl::StatusOr<v1::QueryResponse> Ask(const std::vector<std::string>& group,
                                        const Scope& scope = Scope::Everything()) {
    request.clear_group();
    for (const std::string& code : group) request.add_group(code);
    return query.Answer(request, scope);
  }

  v1::Figure TheOne(const std::vector<std::string>& group) {
    const absl::StatusOr<v1::QueryResponse> response = Ask(group);
    EXPECT_TRUE(response.ok()) << response.status();
    EXPECT_EQ(response->figures_size(), 1);
    return response->figures(0);
  }

  v1::QueryRequest request;
};

// What is published of a region is what the group of its councils gives, to the last bit: quartiles, bounds
// of the suppressed part and noise included.
TEST_P(GroupFiguresTest, IsTheRegion_WhenItsCouncilsAreNamed) {
  const v1::Mode mode = GetParam();
  Publish(mode);
  v1::QueryRequest asked = request;
  asked.clear_group();
  asked.add_geographies("E12000001");
  ASSERT_OK_AND_ASSIGN(const v1::QueryResponse region, query.Answer(asked, Scope::Everything()));
  v1::Figure group = TheOne({kCouncils[4], kCouncils[0], kCouncils[1], kCouncils[2], kCouncils[3]});
  EXPECT_EQ(group.level(), v1::GEOGRAPHY_LEVEL_GROUP);
  EXPECT_EQ(group.geography_code(), "group");
  EXPECT_EQ(group.geography_name(), "Group of 5 councils");
  EXPECT_EQ(group.contributors(), 5u);
  EXPECT_EQ(group.suppressed_parts(), mode == v1::MODE_THRESHOLDED ? 1u : 0u);
  group.set_level(region.figures(0).level());
  group.set_geography_code(region.figures(0).geography_code());
  group.set_geography_name(region.figures(0).geography_name());
  EXPECT_EQ(group.SerializeAsString(), region.figures(0).SerializeAsString());
}

INSTANTIATE_TEST_SUITE_P(Modes, GroupFiguresTest, ::testing::Values(v1::MODE_THRESHOLDED, v1::MODE_NOISED));

TEST_F(GroupFiguresTest, AddsUpWhatIsShown_AcrossRegions) {
  Publish(v1::MODE_THRESHOLDED);
  const v1::Figure figure = TheOne({kCouncils[0], kCouncils[3], kCouncils[5], kCouncils[6]});
  const double x = 20 + 35 + 45 + 50;
  const double n = 105 + 180 + 230 + 255;
  EXPECT_DOUBLE_EQ(figure.value(), 100 * x / n);
  EXPECT_EQ(figure.numerator(), 150);
  EXPECT_EQ(figure.denominator(), 770);
  EXPECT_LT(figure.lower(), figure.sampling_lower());
}

// With the suppressed council the sum is of the others, and the interval reaches further.
TEST_F(GroupFiguresTest, BoundsSuppressedParts) {
  Publish(v1::MODE_THRESHOLDED);
  const v1::Figure without = TheOne({kCouncils[0], kCouncils[1], kCouncils[3]});
  const v1::Figure with = TheOne({kCouncils[0], kCouncils[1], kCouncils[2], kCouncils[3]});
  EXPECT_DOUBLE_EQ(with.value(), without.value());
  EXPECT_EQ(with.suppressed_parts(), 1u);
  EXPECT_GT(with.upper(), without.upper());
  const v1::Figure too_few = TheOne({kCouncils[0], kCouncils[2], kCouncils[3]});
  EXPECT_EQ(too_few.status(), v1::FIGURE_STATUS_SUPPRESSED) << "two shown councils are no figure";
}

TEST_F(GroupFiguresTest, ComesBesideThePlacesThatAreNamed) {
  Publish(v1::MODE_THRESHOLDED);
  request.add_geographies("participants");
  ASSERT_OK_AND_ASSIGN(const v1::QueryResponse response, Ask({kCouncils[0], kCouncils[1], kCouncils[3]}));
  ASSERT_EQ(response.figures_size(), 2);
  EXPECT_EQ(response.figures(0).level(), v1::GEOGRAPHY_LEVEL_GROUP);
  EXPECT_EQ(response.figures(1).level(), v1::GEOGRAPHY_LEVEL_ALL);
}

TEST_F(GroupFiguresTest, Refuses_WhatIsNoGroup) {
  Publish(v1::MODE_THRESHOLDED);
  EXPECT_THAT(Ask({kCouncils[0], kCouncils[1]}).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("fewer than 3")));
  EXPECT_THAT(Ask({kCouncils[0], kCouncils[1], kCouncils[0]}).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("twice")));
  EXPECT_THAT(Ask({kCouncils[0], kCouncils[1], kCouncils[8]}).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("is no council that round r names")));
  EXPECT_THAT(Ask({kCouncils[0], kCouncils[1], "E12000001"}).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("E12000001")));
  const Scope north = {.regions = {{"E12000001"}}, .metrics = std::nullopt};
  EXPECT_OK(Ask({kCouncils[0], kCouncils[1], kCouncils[3]}, north).status());
  EXPECT_THAT(Ask({kCouncils[0], kCouncils[1], kCouncils[5]}, north).status(),
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("group")));
}

}  // namespace
}  // namespace waymark::coordinator
