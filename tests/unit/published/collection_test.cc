// What becomes of every cell of made-up files.
#include "published/collection.h"

#include <numeric>

#include "absl/strings/str_cat.h"
#include "tests/unit/published/files.h"

namespace waymark::published {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using testing::StatusIs;
using ::testing::UnorderedElementsAre;

constexpr char kPlansHeader[] =
    "time_period,geographic_level,country_code,region_code,old_la_code,new_la_code,CPP_start,CPP_subsequent,"
    "CPP_subsequent_percent\n";

class CollectionTest : public PublishedTest {
 protected:
  static std::string Authority(const std::string& year, const std::string& code, const std::string& values) {
    return absl::StrCat(year, ",Local authority,E92000001,E12000001,,", code, ",", values, "\n");
  }
  Collection Read(const std::vector<std::string>& paths) {
    auto read = Collection::Read(paths, mapping_);
    EXPECT_OK(read.status());
    return read.ok() ? *std::move(read) : Collection();
  }
  static void ExpectEveryCellCounted(const FileRead& file) {
    std::int64_t counted = file.values;
    for (const auto& [meaning, cells] : file.without_value) counted += cells;
    for (const auto& [reason, cells] : file.left_out) counted += cells.count;
    EXPECT_EQ(file.cells, counted) << file.path;
  }
};

TEST_F(CollectionTest, KeepsZeroSuppressedAndMissingApart) {
  const Collection read = Read(
      {Write("p.csv", absl::StrCat("\xEF\xBB\xBF", kPlansHeader, Authority("2025", kHartlepool, "0,c,low"),
                                   Authority("202324", kHartlepool, "\"1,204\",z,x")))});
  const auto& started = read.Of("plans_started", kHartlepool);
  ASSERT_EQ(started.size(), 2u);
  EXPECT_EQ(started[0].year.label, "2023-24");
  EXPECT_EQ(started[0].value, 1204);
  EXPECT_EQ(started[1].status, v1::CELL_STATUS_SHOWN);
  EXPECT_EQ(started[1].value, 0);
  EXPECT_EQ(started[1].line, 2);
  EXPECT_EQ(read.Of("plans_repeat", kHartlepool)[1].status, v1::CELL_STATUS_SUPPRESSED);
  EXPECT_EQ(read.Of("plans_repeat", kHartlepool)[0].status, v1::CELL_STATUS_NOT_APPLICABLE);
  EXPECT_EQ(read.Of("plans_repeat_percent", kHartlepool)[1].status, v1::CELL_STATUS_LOW);
  EXPECT_EQ(read.Of("plans_repeat_percent", kHartlepool)[0].status, v1::CELL_STATUS_NOT_AVAILABLE);
  ExpectEveryCellCounted(read.files()[0]);
}

TEST_F(CollectionTest, FindsTheLatestOnOrBeforeADay) {
  const Collection read =
      Read({Write("p.csv", absl::StrCat(kPlansHeader, Authority("2024", kHartlepool, "10,1,10"),
                                        Authority("2025", kHartlepool, "20,1,5")))});
  EXPECT_EQ(read.Latest("plans_started", kHartlepool, *ParseIsoDay("2024-03-30")), nullptr);
  EXPECT_EQ(read.Latest("plans_started", kHartlepool, *ParseIsoDay("2024-03-31"))->value, 10);
  EXPECT_EQ(read.Latest("plans_started", kHartlepool, *ParseIsoDay("2030-01-01"))->value, 20);
  EXPECT_EQ(read.EndingOn("plans_started", kHartlepool, *ParseIsoDay("2025-03-31"))->value, 20);
  EXPECT_EQ(read.EndingOn("plans_started", kHartlepool, *ParseIsoDay("2025-04-01")), nullptr);
}

TEST_F(CollectionTest, CountsAndNamesRowsThatAreNotRead) {
  const Collection read = Read(
      {Write("p.csv",
             absl::StrCat(kPlansHeader, Authority("2025", "E06999999", "1,1,1"),
                          Authority("2025", "E06000061 / E06000062", "1,1,1"),
                          "2025,School,E92000001,E12000001,,,1,1,1\n", Authority("soon", kBarnet, "1,1,1"),
                          Authority("2025", kBarnet, "many,1,1"), Authority("2025", "E10000006", "1,1,1")))});
  const FileRead& file = read.files()[0];
  EXPECT_THAT(file.rows_left_out,
              UnorderedElementsAre(Pair("of an area that is not known: E06999999", 1),
                                   Pair("of an area that is not known: E06000061 / E06000062", 1),
                                   Pair("of the level \"School\"", 1)));
  EXPECT_EQ(file.left_out.at("the year was not understood").count, 3);
  EXPECT_EQ(file.left_out.at("neither a number nor a known sign: \"many\"").count, 1);
  EXPECT_THAT(file.left_out.at("neither a number nor a known sign: \"many\"").lines, ElementsAre(6));
  EXPECT_THAT(read.Of("plans_started", "E12000001"), IsEmpty());  // an unknown authority is not its region
  EXPECT_EQ(read.Of("plans_started", "E10000006").size(), 1u);    // Cumbria that was
  ExpectEveryCellCounted(file);
}

TEST_F(CollectionTest, RejectsImpossibleValues_AndKeepsTheReason) {
  const Collection read =
      Read({Write("p.csv", absl::StrCat(kPlansHeader, Authority("2025", kBarnet, "-4,3,101")))});
  EXPECT_EQ(read.Of("plans_started", kBarnet)[0].status, v1::CELL_STATUS_NOT_AVAILABLE);
  EXPECT_EQ(read.Of("plans_started", kBarnet)[0].rejected, "below 0");
  EXPECT_EQ(read.Of("plans_repeat_percent", kBarnet)[0].rejected, "above 100");
  EXPECT_THAT(read.rejections(),
              UnorderedElementsAre(HasSubstr("p.csv:2: plans_started of Barnet, 2024-25, -4: below 0"),
                                   HasSubstr("101: above 100")));
  ExpectEveryCellCounted(read.files()[0]);
}

TEST_F(CollectionTest, TakesARepeatedCellOnce_AndNeither_WhenTheyDiffer) {
  const Collection read = Read({Write(
      "p.csv", absl::StrCat(kPlansHeader, Authority("2025", kBarnet, "4,3,75"),
                            Authority("2025", kBarnet, "4,2,75"), Authority("2025", kBarnet, "4,3,75")))});
  EXPECT_EQ(read.Of("plans_started", kBarnet)[0].value, 4);
  EXPECT_THAT(read.Of("plans_repeat", kBarnet)[0].rejected, HasSubstr("line 3 says something else"));
  EXPECT_EQ(read.files()[0].left_out.at("the same cell a second time").count, 4);
  ExpectEveryCellCounted(read.files()[0]);
}

TEST_F(CollectionTest, RejectsANationsRateOutsideThoseOfItsAuthorities) {
  std::string rows = "2025,National,E92000001,,,,900,90,50\n2024,National,E92000001,,,,900,90,20\n";
  for (const char* code : {kBarnet, kHartlepool, kBarnsley}) {
    rows += Authority("2025", code, "300,30,10") + Authority("2024", code, "300,30,20");
  }
  const Collection read = Read({Write("p.csv", kPlansHeader + rows)});
  const auto& rates = read.Of("plans_repeat_percent", kEngland);
  ASSERT_EQ(rates.size(), 2u);
  EXPECT_EQ(rates[0].value, 20);
  EXPECT_THAT(rates[1].rejected, HasSubstr("outside the range of the authorities' own (10 to 10)"));
  EXPECT_EQ(read.Of("plans_started", kEngland)[1].value, 900);  // a total has no such range
  ExpectEveryCellCounted(read.files()[0]);
}

TEST_F(CollectionTest, PrefersTheFirstLayout_AndWhatSaysSomething) {
  const std::string tool = Write("tool.csv",
                                 "measure,description,period,area,la_number,region,value\n"
                                 "PrevRegCPR,,2025,Barnet,302,Outer London,33.3\n"
                                 "PrevRegCPR,,2024,Barnet,302,Outer London,20.000000000000001\n"
                                 "PrevRegCPR,,2023,Barnet,302,Outer London,18\n"
                                 "Other,,2023,Barnet,302,Outer London,18\n");
  const std::string plans = Write("plans.csv", absl::StrCat(kPlansHeader, Authority("2025", kBarnet, "3,1,x"),
                                                            Authority("2024", kBarnet, "10,2,20"),
                                                            Authority("2023", kBarnet, "10,2,20")));
  const Collection read = Read({tool, plans});
  const auto& percent = read.Of("plans_repeat_percent", kBarnet);
  ASSERT_EQ(percent.size(), 3u);
  EXPECT_EQ(percent[0].value, 20);
  EXPECT_EQ(FileName(read, percent[0]), "plans.csv");
  EXPECT_EQ(percent[2].value, 33.3);  // the preferred file has [x]
  EXPECT_EQ(read.files()[0].left_out.at("stands in plans.csv, which is used").count, 1);
  EXPECT_EQ(read.files()[0].left_out.at("differs from that in plans.csv, which is used").count, 1);
  for (const FileRead& file : read.files()) ExpectEveryCellCounted(file);
}

TEST_F(CollectionTest, PrefersTheEditionThatReachesFurther) {
  const std::string old =
      Write("a2024.csv", absl::StrCat(kPlansHeader, Authority("2024", kBarnet, "10,2,20")));
  const std::string revised =
      Write("b2025.csv", absl::StrCat(kPlansHeader, Authority("2024", kBarnet, "11,2,18.2"),
                                      Authority("2025", kBarnet, "9,1,11.1")));
  const Collection read = Read({old, revised});
  EXPECT_EQ(read.Of("plans_started", kBarnet)[0].value, 11);
}

TEST_F(CollectionTest, FindsRenamedColumns) {
  const Collection read =
      Read({Write("c.csv",
                  "time_period,geographic_level,new_la_code,referral_count,rereferral_count,"
                  "Rereferral_Percentage\n2025,Local authority,E09000003,100,20,20\n")});
  EXPECT_EQ(read.Of("rereferral_percent", kBarnet)[0].value, 20);
}

TEST_F(CollectionTest, ReadsNeighbours_AndCountsThoseThatCannotBe) {
  std::string header = "old_la_code", row = "302", twice = "302";
  for (int i = 1; i <= 10; ++i) {
    absl::StrAppend(&header, ",SN_", i, ",SN_", i, "P");
    // The third is not known, the fourth itself, the sixth the fifth again by its code, the ninth a region.
    absl::StrAppend(&row, ",",
                    i == 3   ? "999"
                    : i == 4 ? "302"
                    : i == 6 ? mapping_.FindArea("307")->code
                    : i == 9 ? "E12000007"
                             : absl::StrCat(302 + i),
                    ",Close ");
    absl::StrAppend(&twice, ",", 320 - i, ",Close ");
  }
  const Collection read = Read({Write("sn.csv", absl::StrCat(header, "\n", row, "\n", twice, "\n"))});
  const std::vector<Neighbour>& neighbours = read.NeighboursOf(kBarnet);
  ASSERT_EQ(neighbours.size(), 6u);
  EXPECT_EQ(neighbours[0].area, mapping_.FindArea("303")->code);
  EXPECT_EQ(neighbours[0].closeness, "Close");
  EXPECT_EQ(neighbours[2].area, mapping_.FindArea("307")->code);
  const FileRead& file = read.files()[0];
  EXPECT_EQ(file.layout, "statistical neighbours");
  EXPECT_EQ(file.cells, 20);
  EXPECT_EQ(file.values, 6);
  EXPECT_EQ(file.left_out.at("a neighbour that stands there twice").count, 1);
  EXPECT_EQ(file.left_out.at("a neighbour that is no authority of today").count, 1);
  EXPECT_EQ(file.left_out.at("a neighbour that is not known").count, 1);
  EXPECT_EQ(file.left_out.at("an area that is its own neighbour").count, 1);
  EXPECT_EQ(file.left_out.at("the area's neighbours stand before").count, 10);
  EXPECT_TRUE(read.NeighboursOf(kHartlepool).empty());
}

TEST_F(CollectionTest, SaysWhichFileIsUnknownOrBroken) {
  const std::string other = Write("other.csv", "a,b\n1,2\n");
  EXPECT_THAT(Collection::Read({other}, mapping_),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("other.csv: this file does not have")));
  EXPECT_THAT(Collection::Read({folder_}, mapping_),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("no file in this folder has")));
  EXPECT_THAT(Collection::Read({folder_ + "/none.csv"}, mapping_),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("none")));
  EXPECT_THAT(Collection::Read({Write("bad.csv", "a,b\n1\n")}, mapping_),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("bad.csv:2")));
}

}  // namespace
}  // namespace waymark::published
