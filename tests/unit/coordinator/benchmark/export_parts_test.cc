#include "coordinator/benchmark/export_parts.h"

#include <map>
#include <set>
#include <tuple>

#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/benchmark/published_scene.h"

namespace waymark::coordinator {
namespace {

using ::testing::HasSubstr;
using testing::kCouncils;
using waymark::testing::StatusIs;

class ExportPartsTest : public ::testing::Test, protected testing::PublishedScene {
 protected:
  ExportPartsTest() : PublishedScene(7) {}

  void Publish(const std::string& metric, const std::string& period) {
    contract::RoundItem item = scene.Item(metric, v1::MODE_THRESHOLDED);
    item.period = period;
    PublishTables(absl::StrCat("r", ++rounds), item, [&](std::size_t) {
      return scene.Table(item, 0, {20, 100});
    });
  }

  absl::StatusOr<std::vector<v1::ExportPart>> Parts(const Scope& scope = Scope::Everything()) {
    std::vector<v1::ExportPart> parts;
    const absl::Status status = ExportParts(request, scope, query, [&](v1::ExportPart part) {
      parts.push_back(std::move(part));
      return absl::OkStatus();
    });
    if (!status.ok()) return status;
    return parts;
  }

  v1::ExportRequest request;
  int rounds = 0;
};

// Every figure that queries give, each once, and no other.
TEST_F(ExportPartsTest, HoldEveryFigureOnce) {
  for (const char* period : {"2022-23", "2023-24"}) {
    Publish("19", period);
    Publish("16", period);
  }
  ASSERT_OK_AND_ASSIGN(const std::vector<v1::ExportPart> parts, Parts());
  std::multiset<std::string> exported;
  for (const v1::ExportPart& part : parts) {
    for (const v1::Figure& figure : part.figures()) {
      EXPECT_EQ(figure.metric(), part.metric());
      EXPECT_EQ(figure.period(), part.period());
      EXPECT_EQ(figure.round_id(), part.round_id());
      exported.insert(figure.SerializeAsString());
    }
  }
  std::multiset<std::string> asked;
  for (const char* metric : {"16", "19"}) {
    for (const char* period : {"2022-23", "2023-24"}) {
      v1::QueryRequest all;
      all.set_metric(metric);
      all.set_period(period);
      ASSERT_OK_AND_ASSIGN(const v1::QueryResponse above, query.Answer(all, Scope::Everything()));
      for (std::size_t i = 0; i < 7; ++i) all.add_geographies(kCouncils[i]);
      ASSERT_OK_AND_ASSIGN(const v1::QueryResponse councils, query.Answer(all, Scope::Everything()));
      for (const v1::QueryResponse* answer : {&above, &councils}) {
        for (const v1::Figure& figure : answer->figures()) asked.insert(figure.SerializeAsString());
      }
    }
  }
  EXPECT_EQ(exported, asked);
  EXPECT_FALSE(exported.empty());
}

TEST_F(ExportPartsTest, HoldTheMetricsThatAreNamed_AndRefuseOthers) {
  Publish("19", "2023-24");
  Publish("16", "2023-24");
  request.add_metrics("16");
  ASSERT_OK_AND_ASSIGN(const std::vector<v1::ExportPart> parts, Parts());
  for (const v1::ExportPart& part : parts) EXPECT_EQ(part.metric(), "16");
  EXPECT_FALSE(parts.empty());
  request.add_metrics("18");
  EXPECT_THAT(Parts(), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("16, 19")));
  Scope one = Scope::Everything();
  one.metrics = {"16"};
  request.set_metrics(1, "19");
  EXPECT_THAT(Parts(one), StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("metrics")));
}

// A regional lead's export has nobody else's councils or region.
TEST_F(ExportPartsTest, HoldWhatTheScopeSees) {
  Publish("19", "2023-24");
  Scope london = Scope::Everything();
  london.regions = {"E12000007"};
  ASSERT_OK_AND_ASSIGN(const std::vector<v1::ExportPart> parts, Parts(london));
  std::set<std::string> places;
  for (const v1::ExportPart& part : parts) {
    for (const v1::Figure& figure : part.figures()) places.insert(figure.geography_code());
  }
  EXPECT_EQ(places, (std::set<std::string>{"E12000007", "participants", kCouncils[5], kCouncils[6]}));
}

TEST_F(ExportPartsTest, SayThatNothingIsPublished_AndEndWithTheSink) {
  EXPECT_THAT(Parts(), StatusIs(absl::StatusCode::kNotFound, HasSubstr("nothing")));
  Publish("19", "2023-24");
  int parts = 0;
  EXPECT_THAT(ExportParts(request, Scope::Everything(), query,
                          [&](const v1::ExportPart&) {
                            ++parts;
                            return absl::CancelledError("gone");
                          }),
              StatusIs(absl::StatusCode::kCancelled, HasSubstr("gone")));
  EXPECT_EQ(parts, 1);
}

}  // namespace
}  // namespace waymark::coordinator
