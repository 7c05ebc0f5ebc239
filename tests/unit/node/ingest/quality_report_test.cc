#include "node/ingest/quality_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "folder.h"
#include "tests/testing/status_matchers.h"

namespace waymark::node {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Tally, KeepsTheFirstLines_WhateverTheirOrder) {
  Tally tally;
  for (int line = 100; line > 0; --line) tally.Add(line);
  EXPECT_EQ(tally.count(), 100);
  ASSERT_EQ(tally.lines().size(), Tally::kExampleLines);
  EXPECT_EQ(tally.lines().front(), 1);
  EXPECT_EQ(tally.lines().back(), 20);
}

QualityReport Example() {
  QualityReport report;
  report.issues.push_back({Severity::kWarning, "b.csv", 3, "odd"});
  report.files.push_back({.file = "a.csv", .rows_read = 12, .rows_used = 10});
  for (int line = 2; line < 30; ++line) report.files[0].LeaveOut("no date", line);
  report.files[0].Note("ends late", 7);
  report.files[0].UnknownCode("need", "Tier 4");
  report.fields.push_back({"person.birth", 4, 3});
  report.early_help = {.from = 0, .extract = 100};
  report.persons = 4;
  return report;
}

TEST(QualityReport, TellsAll_InText) {
  const std::string text = Example().Text();
  EXPECT_THAT(text, HasSubstr("warning: b.csv:3: odd"));
  EXPECT_THAT(text, HasSubstr("a.csv: 10 of 12 rows used"));
  EXPECT_THAT(text, HasSubstr("20 21 …"));
  EXPECT_THAT(text, HasSubstr("ends late"));
  EXPECT_THAT(text, HasSubstr("Tier 4"));
  EXPECT_THAT(text, HasSubstr("Early help: whole from 1970-01-01, as at 1970-04-11"));
  EXPECT_THAT(text, HasSubstr("Social care: not carried by any source"));
  EXPECT_THAT(text, HasSubstr("75.0"));
}

TEST(QualityReport, TellsTheSame_InJson) {
  const auto json = nlohmann::json::parse(Example().Json());
  EXPECT_EQ(json["files"][0]["rows_used"], 10);
  EXPECT_EQ(json["files"][0]["left_out"][0]["rows"], 28);
  EXPECT_EQ(json["files"][0]["left_out"][0]["lines"].size(), 20U);
  EXPECT_EQ(json["files"][0]["unknown_codes"][0]["value"], "Tier 4");
  EXPECT_EQ(json["issues"][0]["line"], 3);
  EXPECT_EQ(json["totals"]["persons"], 4);
  EXPECT_EQ(json["fields"][0]["complete"], 3);
  EXPECT_EQ(json["coverage"]["early_help"]["extract"], "1970-04-11");
  EXPECT_TRUE(json["coverage"]["social_care"].is_null());
}

TEST(QualityReport, ShowsNoValues_WhenAColumnHoldsNoCodes) {
  QualityReport report;
  report.files.push_back({.file = "a.csv"});
  for (int i = 0; i < 1000; ++i) report.files[0].UnknownCode("need", absl::StrCat("Somebody ", i));
  EXPECT_THAT(report.Text(), Not(HasSubstr("Somebody")));
  EXPECT_THAT(report.Text(), HasSubstr("200 different values or more, not shown"));
  EXPECT_THAT(report.Json(), Not(HasSubstr("Somebody")));
  EXPECT_LE(report.files[0].unknown_codes.size(), 200U);
}

TEST(QualityReport, CutsLongValues_BetweenCharacters) {
  QualityReport report;
  report.files.push_back({.file = "a.csv"});
  std::string value = "x";
  for (int i = 0; i < 100; ++i) value += "é";
  report.files[0].UnknownCode("need", value + "\nsecond line");
  const auto json = nlohmann::json::parse(report.Json());
  const std::string shown = json["files"][0]["unknown_codes"][0]["value"];
  EXPECT_THAT(shown, ::testing::EndsWith("é…"));
  EXPECT_LT(shown.size(), 70U);
}

// No value of a field that may tell who a child is comes into the report, whatever is wrong with the row.
TEST(QualityReport, NamesNobody) {
  testing::Folder folder;
  folder.Write("a.csv",
               "kid,from,to,dob,fam\n"
               "SECRET1,2024-01-01,2023-01-01,2011-11-11,SECRET2\n"
               "SECRET3,1999-99-99,,11/11/2011 SECRET4,SECRET5\n"
               "SECRET6,2024-01-01,,,SECRET7\n"
               "SECRET6,2024-01-01,,,SECRET7\n"
               "SECRET8,2024-01-01\n"
               "\"SECRET9\"x,2024-01-01,,,\n");
  ASSERT_OK_AND_ASSIGN(const IngestResult read, folder.Read(R"([[source]]
format = "event-log"
path = "a.csv"
covered_from = 2020-01-01
extract_date = 2025-01-01
[source.mapping]
shape = "episodes"
person = "kid"
start = "from"
end = "to"
level = "early_help"
birth = "dob"
family = "fam"
)"));
  EXPECT_EQ(read.report.files[0].rows_read, 6);
  EXPECT_EQ(read.report.files[0].rows_used, 1);
  for (const std::string& text : {read.report.Text(), read.report.Json()}) {
    EXPECT_THAT(text, Not(HasSubstr("SECRET")));
    EXPECT_THAT(text, Not(HasSubstr("2011")));
  }
}

}  // namespace
}  // namespace waymark::node
