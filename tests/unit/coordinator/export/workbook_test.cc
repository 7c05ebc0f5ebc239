// Workbooks, opened with another reader (openpyxl) and held against the rules of "Releasing statistics in
// spreadsheets" and against the flat table.
#include "coordinator/export/workbook.h"

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "proto/contract/names.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::json;
using testing::kCouncils;
using testing::Scene;

constexpr char kReader[] = "tests/unit/coordinator/export/read_workbook.py";

class WorkbookTest : public ::testing::Test {
 protected:
  // A Python that has openpyxl: Debian's own where another stands before it in the path. "" where there is
  // none.
  static std::string Reader() {
    for (const std::string python : {"/usr/bin/python3", "python3"}) {
      if (std::system(absl::StrCat(python, " -c 'import openpyxl' 2>/dev/null").c_str()) == 0) return python;
    }
    return "";
  }

  v1::Figure Figure(v1::FigureStatus status, const std::string& council,
                    const std::string& category = "") const {
    v1::Figure figure;
    figure.set_metric("19");
    figure.set_version(1);
    figure.set_period("2024-25");
    figure.set_unit(v1::UNIT_EPISODES);
    figure.set_level(v1::GEOGRAPHY_LEVEL_COUNCIL);
    figure.set_geography_code(council);
    figure.set_geography_name(council == kCouncils[0] ? "=HYPERLINK(\"http://elsewhere\")" : "Middlesbrough");
    if (!category.empty()) figure.add_dimensions("sex");
    figure.set_category(category);
    figure.set_quantity("nfa");
    figure.set_status(status);
    figure.set_display_unit("%");
    figure.set_mode(v1::MODE_THRESHOLDED);
    if (status == v1::FIGURE_STATUS_SHOWN) {
      figure.set_value(12.5);
      figure.set_numerator(5);
      figure.set_denominator(40);
      figure.set_lower(4);
      figure.set_upper(26.25);
    }
    return figure;
  }

  Json Read(const std::string& bytes) const {
    const std::string path = scene.folder() + "/book.xlsx";
    std::ofstream(path) << bytes;
    const std::string out = path + ".json";
    EXPECT_EQ(std::system(absl::StrCat(Reader(), " -B ", kReader, " ", path, " > ", out).c_str()), 0);
    return Json::parse(ReadFile(out, 1 << 26).value());
  }

  Scene scene;
};

TEST_F(WorkbookTest, FollowsTheRules_AndHoldsEveryFigure) {
  if (Reader().empty()) GTEST_SKIP() << "skipped: python3 with openpyxl is not installed";
  PublishedTable table{.figures = {}, .round_id = "autumn", .published_unix_s = 1'700'000'000};
  for (int status = v1::FIGURE_STATUS_SHOWN; status <= v1::FigureStatus_MAX; ++status)
    table.figures.push_back(Figure(static_cast<v1::FigureStatus>(status), kCouncils[0]));
  for (const char* sex : {"female", "male"})
    table.figures.push_back(Figure(v1::FIGURE_STATUS_SHOWN, kCouncils[1], sex));
  ASSERT_OK_AND_ASSIGN(const std::string bytes, FigureWorkbookBytes(table, scene.library()));
  const Json book = Read(bytes);
  EXPECT_TRUE(absl::StrContains(book["title"].get<std::string>(), "Metric 19"));
  ASSERT_EQ(book["sheets"].size(), 4u);
  const std::vector<std::string> names = {"Cover", "Notes", "All together", "By sex"};
  std::set<std::string> tables;
  for (std::size_t i = 0; i < 4; ++i) {
    const Json& sheet = book["sheets"][i];
    EXPECT_EQ(sheet["name"], names[i]);
    EXPECT_EQ(sheet["merged"], 0);
    EXPECT_EQ(sheet["formulas"], 0);
    EXPECT_TRUE(sheet["rows"][0][0].is_string()) << "a title in A1";
    EXPECT_EQ(sheet["tables"].size(), i == 0 ? 0u : 1u);
    for (const Json& marked : sheet["tables"]) EXPECT_TRUE(tables.insert(marked["name"]).second);
    // No blank row; within the table no blank cell.
    for (std::size_t row = 0; row < sheet["rows"].size(); ++row) {
      EXPECT_FALSE(sheet["rows"][row][0].is_null()) << names[i] << ", row " << row + 1;
      if (i == 0 || row < 2) continue;
      for (const Json& cell : sheet["rows"][row])
        EXPECT_FALSE(cell.is_null()) << names[i] << ", row " << row + 1;
    }
  }
  EXPECT_EQ(tables,
            (std::set<std::string>{"Notes_shorthand_and_columns", "Figures_all_together", "Figures_by_sex"}));

  const Json& sheet = book["sheets"][2];
  const auto headers = sheet["tables"][0]["headers"].get<std::vector<std::string>>();
  EXPECT_EQ(sheet["rows"][2].get<std::vector<std::string>>(), headers) << "one header row, over the table";
  const auto column = [&](const std::string& name) {
    return static_cast<std::size_t>(std::find(headers.begin(), headers.end(), name) - headers.begin());
  };
  ASSERT_EQ(sheet["rows"].size(), 3 + static_cast<std::size_t>(v1::FigureStatus_MAX));
  std::set<std::string> values;
  for (int status = v1::FIGURE_STATUS_SHOWN; status <= v1::FigureStatus_MAX; ++status) {
    const Json& row = sheet["rows"][static_cast<std::size_t>(2 + status)];
    const Json& value = row[column("Value")];
    EXPECT_TRUE(values.insert(value.dump()).second) << "two states alike: " << value;
    EXPECT_EQ(row[column("Status")], std::string(contract::NameOf(static_cast<v1::FigureStatus>(status))));
    EXPECT_EQ(row[column("La name")], "=HYPERLINK(\"http://elsewhere\")") << "text, and no formula";
    if (status == v1::FIGURE_STATUS_SHOWN) {
      EXPECT_EQ(value, 12.5);
      EXPECT_EQ(row[column("Upper")], 26.25);
      EXPECT_EQ(row[column("Denominator")], 40);
    } else {
      EXPECT_EQ(value, std::string(contract::ShorthandOf(static_cast<v1::FigureStatus>(status))));
      EXPECT_EQ(row[column("Lower")], value);
    }
  }
  EXPECT_EQ(book["sheets"][3]["rows"].size(), 5u);
  EXPECT_EQ(book["sheets"][3]["rows"][4][column("Category")], "male");
  // The shorthand that stands in the tables is explained.
  std::set<std::string> explained;
  for (const Json& row : book["sheets"][1]["rows"]) explained.insert(row[0].get<std::string>());
  for (const std::string& value : values) {
    if (value[0] != '"') continue;
    EXPECT_TRUE(explained.contains(Json::parse(value).get<std::string>())) << value;
  }
}

TEST_F(WorkbookTest, SaysWhatItCannotDo) {
  EXPECT_FALSE(FigureWorkbookBytes({}, scene.library()).ok());
  FigureWorkbook nowhere(scene.folder() + "/no/such/folder.xlsx", scene.library());
  nowhere.Add(
      {.figures = {Figure(v1::FIGURE_STATUS_SHOWN, kCouncils[0])}, .round_id = "r", .published_unix_s = 0});
  EXPECT_EQ(nowhere.Finish().code(), absl::StatusCode::kUnavailable);
}

// Half a breakdown would be taken for the whole: it is there whole, or left out and named.
TEST_F(WorkbookTest, LeavesOutWholeBreakdowns_BeyondTheMostRows) {
  PublishedTable table{.figures = {}, .round_id = "r", .published_unix_s = 0};
  table.figures.assign(kMostWorkbookRows + 5, Figure(v1::FIGURE_STATUS_SHOWN, kCouncils[0]));
  const std::string path = scene.folder() + "/large.xlsx";
  FigureWorkbook book(path, scene.library());
  book.Add(table);
  EXPECT_EQ(book.rows(), kMostWorkbookRows + 5);
  for (int i = 0; i < 3; ++i)
    book.Add({.figures = {Figure(v1::FIGURE_STATUS_SHOWN, kCouncils[1], "male")},
              .round_id = "r",
              .published_unix_s = 0});
  EXPECT_EQ(book.rows(), kMostWorkbookRows + 5);
  EXPECT_EQ(book.left_out(), std::vector<std::string>{"sex"});
}

// The same bytes, so that an ETag holds.
TEST_F(WorkbookTest, IsTheSame_WhenTheFiguresAre) {
  const PublishedTable table{.figures = {Figure(v1::FIGURE_STATUS_SHOWN, kCouncils[0])},
                             .round_id = "r",
                             .published_unix_s = 1'700'000'000};
  EXPECT_EQ(FigureWorkbookBytes(table, scene.library()).value(),
            FigureWorkbookBytes(table, scene.library()).value());
}

}  // namespace
}  // namespace waymark::coordinator
