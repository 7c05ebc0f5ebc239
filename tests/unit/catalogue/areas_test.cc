// The table of local authorities, and the same in the Department for Education's published files where they
// are at hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "catalogue/library.h"
#include "tests/testing/status_matchers.h"

namespace waymark::catalogue {
namespace {

using ::testing::Pair;
using ::testing::UnorderedElementsAre;

// A line of comma-separated values; quoted ones may hold commas.
std::vector<std::string> Cells(const std::string& line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      cells.emplace_back();
    } else if (c != '\r') {
      cells.back() += c;
    }
  }
  return cells;
}

// The local authorities of the file's newest year, by the Department's number: column name → cell.
using Rows = std::map<std::string, std::map<std::string, std::string>>;
Rows NewestAuthorities(const std::string& text) {
  std::istringstream lines(text);
  std::string line;
  std::getline(lines, line);
  if (line.rfind("\xEF\xBB\xBF", 0) == 0) line.erase(0, 3);
  const std::vector<std::string> header = Cells(line);
  std::map<std::string, Rows> by_year;
  while (std::getline(lines, line)) {
    const std::vector<std::string> cells = Cells(line);
    std::map<std::string, std::string> row;
    for (std::size_t i = 0; i < std::min(header.size(), cells.size()); ++i) row[header[i]] = cells[i];
    if (row["geographic_level"] == "Local authority") by_year[row["time_period"]][row["old_la_code"]] = row;
  }
  return by_year.empty() ? Rows() : by_year.rbegin()->second;
}

TEST(AreasTest, AreTheAuthoritiesOfTheNineRegions) {
  ASSERT_OK_AND_ASSIGN(const Library library, Library::Load("catalogue"));
  std::map<std::string, int> regions;
  std::set<std::string> codes;
  for (const v1::Area& area : library.areas()) {
    ++regions[area.region_code() + " " + area.region_name()];
    codes.insert(area.code());
  }
  EXPECT_THAT(regions,
              UnorderedElementsAre(Pair("E12000001 North East", 12), Pair("E12000002 North West", 24),
                                   Pair("E12000003 Yorkshire and The Humber", 15),
                                   Pair("E12000004 East Midlands", 10), Pair("E12000005 West Midlands", 14),
                                   Pair("E12000006 East of England", 11), Pair("E12000007 London", 33),
                                   Pair("E12000008 South East", 19), Pair("E12000009 South West", 15)));
  EXPECT_EQ(codes.size(), 153u);
}

TEST(AreasTest, HaveTheCodesSinceApril2023) {
  ASSERT_OK_AND_ASSIGN(const Library library, Library::Load("catalogue"));
  const std::map<std::string, std::string> names = {
      {"E06000063", "Cumberland"},      {"E06000064", "Westmorland and Furness"},
      {"E06000065", "North Yorkshire"}, {"E06000066", "Somerset"},
      {"E08000038", "Barnsley"},        {"E08000039", "Sheffield"}};
  for (const auto& [code, name] : names) {
    ASSERT_NE(library.FindArea(code), nullptr) << code;
    EXPECT_EQ(library.FindArea(code)->name(), name);
  }
  for (const std::string gone :
       {"E10000006", "E10000023", "E10000027", "E08000016", "E08000019", "E10000002", "E06000029"}) {
    EXPECT_EQ(library.FindArea(gone), nullptr) << gone;
  }
}

TEST(AreasTest, AgreeWithThePublishedFiles_WhenTheyAreAtHand) {
  const std::string file =
      "../shared/data/dfe/c1_children_in_need_referrals_and_rereferrals_2013_to_2025.csv";
  const absl::StatusOr<std::string> text = ReadFile(file, 64 << 20);
  if (!text.ok()) GTEST_SKIP() << "skipped: no published file " << file;
  const Rows published = NewestAuthorities(*text);
  ASSERT_OK_AND_ASSIGN(const Library library, Library::Load("catalogue"));
  EXPECT_EQ(published.size(), library.areas().size());
  // The Department still uses the codes of before the boundary change of April 2025 for these two.
  const std::map<std::string, std::string> renamed = {{"E08000016", "E08000038"}, {"E08000019", "E08000039"}};
  for (const v1::Area& area : library.areas()) {
    const auto found = published.find(absl::StrCat(area.old_code()));
    ASSERT_NE(found, published.end()) << area.name();
    std::map<std::string, std::string> row = found->second;
    EXPECT_EQ(row["la_name"], area.name());
    const auto code = renamed.find(row["new_la_code"]);
    EXPECT_EQ(code == renamed.end() ? row["new_la_code"] : code->second, area.code()) << area.name();
    // The Department splits London in two.
    if (area.region_name() == "London") {
      EXPECT_THAT(row["region_name"], ::testing::HasSubstr("London")) << area.name();
    } else {
      EXPECT_EQ(row["region_name"], area.region_name()) << area.name();
      EXPECT_EQ(row["region_code"], area.region_code()) << area.name();
    }
  }
}

}  // namespace
}  // namespace waymark::catalogue
