#include "catalogue/columns.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "catalogue/library.h"
#include "proto/contract/table.h"
#include "tests/testing/status_matchers.h"

namespace waymark::catalogue {
namespace {

using ::testing::ElementsAre;

v1::Metric Metric(const std::string& text) {
  v1::Metric metric;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &metric));
  return metric;
}

TEST(ColumnsTest, AreTheOutcomesAndTheDenominator_OfAProportion) {
  const v1::Metric metric =
      Metric("kind: METRIC_KIND_PROPORTION outcomes { id: 'any' } outcomes { id: '1C' }");
  EXPECT_THAT(ColumnsOf(metric), ElementsAre("any", "1C", "denominator"));
  EXPECT_EQ(CellsTouchedByOneMember(metric), 2u);
}

TEST(ColumnsTest, AreTheClasses_OfAMix) {
  const v1::Metric metric = Metric("kind: METRIC_KIND_MIX outcomes { id: 'a' } outcomes { id: 'b' }");
  EXPECT_THAT(ColumnsOf(metric), ElementsAre("a", "b"));
  EXPECT_EQ(CellsTouchedByOneMember(metric), 1u);
}

TEST(ColumnsTest, AreTheBins_OfADuration) {
  const v1::Metric metric = Metric("kind: METRIC_KIND_DURATION bins: [7, 28]");
  EXPECT_THAT(ColumnsOf(metric), ElementsAre("<7", "<28", "+"));
  EXPECT_EQ(CellsTouchedByOneMember(metric), 1u);
}

TEST(ColumnsTest, AreTheEndingsInEachBin_OfASurvival) {
  const v1::Metric metric =
      Metric("kind: METRIC_KIND_SURVIVAL bins: [7, 14] outcomes { id: 'social_care' } outcomes { id: 'eh' }");
  EXPECT_THAT(ColumnsOf(metric),
              ElementsAre("social_care:<=7", "eh:<=7", "censored:<=7", "social_care:<=14", "eh:<=14",
                          "censored:<=14", "social_care:+", "eh:+", "censored:+"));
  EXPECT_EQ(CellsTouchedByOneMember(metric), 1u);
}

TEST(ColumnsTest, AreMovesAndDays_OfATransition) {
  EXPECT_THAT(ColumnsOf(Metric("kind: METRIC_KIND_TRANSITION")),
              ElementsAre("none>early_help", "none>social_care", "early_help>none", "early_help>social_care",
                          "social_care>none", "social_care>early_help", "days:none", "days:early_help",
                          "days:social_care"));
}

TEST(ColumnsTest, AreTwo_OfQuality) {
  EXPECT_THAT(ColumnsOf(Metric("kind: METRIC_KIND_QUALITY")), ElementsAre("complete", "records"));
}

TEST(ColumnsTest, AreNone_OfKindsOfLaterEditions) {
  EXPECT_TRUE(ColumnsOf(Metric("kind: METRIC_KIND_SURVEY")).empty());
  EXPECT_TRUE(ColumnsOf(v1::Metric()).empty());
}

TEST(ColumnsTest, KeepToTheContract_ForEveryEntry) {
  ASSERT_OK_AND_ASSIGN(const Library library, Library::Load("catalogue"));
  for (const v1::Metric& metric : library.metrics()) {
    const std::vector<std::string> columns = ColumnsOf(metric);
    EXPECT_GE(columns.size(), metric.kind() == v1::METRIC_KIND_COUNT ? 1u : 2u) << metric.id();
    EXPECT_LE(columns.size(), contract::kMaxColumns) << metric.id();
    EXPECT_EQ(std::set<std::string>(columns.begin(), columns.end()).size(), columns.size()) << metric.id();
    for (const std::string& column : columns) EXPECT_LE(column.size(), 64u) << column;
  }
}

}  // namespace
}  // namespace waymark::catalogue
