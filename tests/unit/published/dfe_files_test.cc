// The Department for Education's files as they are, where they are at hand: every cell is accounted for, and
// what is wrong in them is found.
#include <cmath>
#include <filesystem>
#include <set>

#include "absl/strings/match.h"
#include "published/collection.h"
#include "tests/unit/published/files.h"

namespace waymark::published {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::SizeIs;

class DfeFilesTest : public PublishedTest {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(kDfeFolder)) GTEST_SKIP() << "skipped: the published files are not at hand";
    PublishedTest::SetUp();
    ASSERT_OK_AND_ASSIGN(read_, Collection::Read({kDfeFolder}, mapping_));
  }

  // Over the authorities of today and those that were.
  struct Sum {
    double value = 0;
    int not_available = 0;  // suppressed ones are small
  };
  Sum SumOf(const std::string& measure, Day last) const {
    std::vector<std::string> codes = {"E10000006", "E10000021", "E10000009", "E06000029", "E06000028"};
    for (const v1::Area& area : library_.areas()) codes.push_back(area.code());
    Sum sum;
    for (const std::string& code : codes) {
      const Observation* at = read_.EndingOn(measure, code, last);
      if (at == nullptr) continue;
      sum.value += at->value;
      sum.not_available += at->status == v1::CELL_STATUS_NOT_AVAILABLE ? 1 : 0;
    }
    return sum;
  }

  Collection read_;
};

TEST_F(DfeFilesTest, EveryCellIsAccountedFor) {
  std::size_t known = 0;
  for (const FileRead& file : read_.files()) {
    std::int64_t counted = file.values;
    for (const auto& [meaning, cells] : file.without_value) counted += cells;
    for (const auto& [reason, cells] : file.left_out) counted += cells.count;
    EXPECT_EQ(file.cells, counted) << file.path;
    known += file.layout.empty() ? 0 : 1;
    for (const auto& [reason, cells] : file.left_out)
      EXPECT_FALSE(absl::StrContains(reason, "neither")) << reason;
    for (const auto& [reason, rows] : file.rows_left_out) {
      EXPECT_TRUE(absl::StrContains(reason, " / "))
          << file.path << ": " << reason;  // two authorities in one row
    }
  }
  EXPECT_EQ(known, 9u);
  EXPECT_EQ(read_.files().size(), 10u);  // and the dictionary, which holds no figures
}

TEST_F(DfeFilesTest, EnglandsFirstTimeEntrantsAreRejected_AndNothingElse) {
  EXPECT_THAT(read_.rejections(), SizeIs(9));  // 2016 to 2024
  EXPECT_THAT(read_.rejections(), Each(AllOf(HasSubstr("first_time_entrants_rate of England"),
                                             HasSubstr("outside the range of the authorities' own"))));
}

TEST_F(DfeFilesTest, NationalTotalsAreTheSumsOverAuthorities) {
  // England is rounded, and estimated where an authority gave nothing: the sum is then smaller.
  int whole_years = 0;
  for (const char* measure : {"population_0_17", "referrals", "plans_started", "looked_after_started",
                              "plans_open", "need_episodes_open", "need_episodes_started"}) {
    for (const Observation& at : read_.Of(measure, kEngland)) {
      if (at.status != v1::CELL_STATUS_SHOWN) continue;
      const Sum sum = SumOf(measure, at.year.last);
      EXPECT_LT(sum.value, 1.002 * at.value) << measure << " " << at.year.label;
      if (sum.not_available > 0) continue;
      EXPECT_GT(sum.value, 0.998 * at.value) << measure << " " << at.year.label;
      ++whole_years;
    }
  }
  EXPECT_GE(whole_years, 25);
}

TEST_F(DfeFilesTest, EveryAuthorityHasTenNeighbours_AllOfThemAuthorities) {
  for (const v1::Area& area : library_.areas()) {
    const std::vector<Neighbour>& neighbours = read_.NeighboursOf(area.code());
    std::set<std::string> distinct;
    for (const Neighbour& neighbour : neighbours) {
      ASSERT_NE(mapping_.FindArea(neighbour.area), nullptr) << neighbour.area;
      EXPECT_EQ(mapping_.FindArea(neighbour.area)->level, AreaLevel::kAuthority) << neighbour.area;
      EXPECT_NE(neighbour.closeness, "");
      distinct.insert(neighbour.area);
    }
    EXPECT_EQ(distinct.size(), 10u) << area.name();
  }
  EXPECT_EQ(read_.NeighboursOf(kBarnet)[0].area, mapping_.FindArea("320")->code);
  EXPECT_EQ(read_.NeighboursOf(kBarnet)[0].closeness, "Close");
}

TEST_F(DfeFilesTest, WhatTheMetricsNeedAndTheFilesLackIsNotThere) {
  for (const char* measure :
       {"population_0_19", "population_10_17", "first_time_entrants", "permanent_exclusions", "school_roll",
        "idaci", "spend_targeted_family_support", "spend_universal_family_support",
        "assessment_45_days_percent", "conference_15_days_percent"}) {
    for (const v1::Area& area : library_.areas())
      EXPECT_TRUE(read_.Of(measure, area.code()).empty()) << measure;
  }
}

}  // namespace
}  // namespace waymark::published
