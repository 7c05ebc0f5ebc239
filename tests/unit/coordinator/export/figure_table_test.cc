#include "coordinator/export/figure_table.h"

#include <nlohmann/json.hpp>
#include <set>

#include "absl/strings/str_split.h"
#include "base/csv.h"
#include "proto/contract/names.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::ordered_json;
using testing::kCouncils;
using testing::Scene;

class FigureTableTest : public ::testing::Test {
 protected:
  v1::Figure Figure(v1::FigureStatus status) const {
    v1::Figure figure;
    figure.set_metric("19");
    figure.set_version(1);
    figure.set_period("2024-25");
    figure.set_unit(v1::UNIT_EPISODES);
    figure.set_level(v1::GEOGRAPHY_LEVEL_COUNCIL);
    figure.set_geography_code(kCouncils[0]);
    figure.set_geography_name("Hartlepool");
    figure.set_quantity("nfa");
    figure.set_status(status);
    figure.set_display_unit("%");
    figure.set_mode(v1::MODE_THRESHOLDED);
    if (status == v1::FIGURE_STATUS_SHOWN) figure.set_value(0);
    return figure;
  }
  CsvTable Csv(const std::vector<v1::Figure>& figures) const {
    return ParseCsv(FigureTableCsv({.figures = figures, .round_id = "r", .published_unix_s = 1'700'000'000},
                                   scene.library()),
                    "table.csv")
        .value();
  }
  static std::string Cell(const CsvTable& table, std::size_t row, const std::string& column) {
    return table.rows.at(row).fields.at(table.Column(column));
  }

  Scene scene;
};

TEST_F(FigureTableTest, ZeroSuppressedMissingAbsentAndRoundedToZero_AreNeverAlike) {
  std::vector<v1::Figure> figures;
  for (int status = v1::FIGURE_STATUS_SHOWN; status <= v1::FigureStatus_MAX; ++status)
    figures.push_back(Figure(static_cast<v1::FigureStatus>(status)));
  const CsvTable table = Csv(figures);
  const Json json = Json::parse(FigureTableJson({.figures = figures, .round_id = "r"}, scene.library()));
  std::set<std::string> values, statuses, words;
  for (std::size_t i = 0; i < figures.size(); ++i) {
    values.insert(Cell(table, i, "value"));
    statuses.insert(Cell(table, i, "status"));
    words.insert(json["figures"][i]["shorthand"].get<std::string>());
    EXPECT_EQ(json["figures"][i]["value"].is_null(), i > 0);
  }
  EXPECT_EQ(Cell(table, 0, "value"), "0");
  EXPECT_EQ(values.size(), figures.size());
  EXPECT_EQ(statuses.size(), figures.size());
  EXPECT_EQ(words.size(), figures.size());
}

TEST_F(FigureTableTest, NamesTimeAndPlaceAsTheDepartmentDoes) {
  v1::Figure quarter = Figure(v1::FIGURE_STATUS_SHOWN);
  quarter.set_period("2024-25-Q3");
  v1::Figure calendar = Figure(v1::FIGURE_STATUS_SHOWN);
  calendar.set_period("2024");
  calendar.set_level(v1::GEOGRAPHY_LEVEL_REGION);
  calendar.set_geography_code("E12000001");
  calendar.set_geography_name("North East");
  v1::Figure span = Figure(v1::FIGURE_STATUS_SHOWN);
  span.set_period("2024-01-01..2024-06-30");
  span.set_level(v1::GEOGRAPHY_LEVEL_ALL);
  span.set_geography_code("participants");
  const CsvTable table = Csv({Figure(v1::FIGURE_STATUS_SHOWN), quarter, calendar, span});
  EXPECT_EQ(Cell(table, 0, "time_period"), "202425");
  EXPECT_EQ(Cell(table, 0, "time_identifier"), "Financial year");
  EXPECT_EQ(Cell(table, 0, "geographic_level"), "Local authority");
  EXPECT_EQ(Cell(table, 0, "new_la_code"), kCouncils[0]);
  EXPECT_EQ(Cell(table, 0, "old_la_code"), "805");
  EXPECT_EQ(Cell(table, 0, "region_name"), "North East");
  EXPECT_EQ(Cell(table, 0, "category"), "Total");
  EXPECT_EQ(Cell(table, 0, "metric_title"), scene.library().Find("19")->title());
  EXPECT_EQ(Cell(table, 0, "published"), "2023-11-14T22:13:20Z");
  EXPECT_EQ(Cell(table, 1, "time_period"), "202425");
  EXPECT_EQ(Cell(table, 1, "time_identifier"), "Financial year Q3");
  EXPECT_EQ(Cell(table, 2, "time_period"), "2024");
  EXPECT_EQ(Cell(table, 2, "time_identifier"), "Calendar year");
  EXPECT_EQ(Cell(table, 2, "region_code"), "E12000001");
  EXPECT_EQ(Cell(table, 2, "new_la_code"), "");
  EXPECT_EQ(Cell(table, 3, "time_period"), "2024-01-01..2024-06-30");
  EXPECT_EQ(Cell(table, 3, "time_identifier"), "Reporting period");
  EXPECT_EQ(Cell(table, 3, "region_code"), "");
}

TEST_F(FigureTableTest, AreaNamedAsAFormula_IsNoneInASpreadsheet) {
  v1::Figure figure = Figure(v1::FIGURE_STATUS_SHOWN);
  figure.add_dimensions("area");
  figure.set_category("=HYPERLINK(\"http://x\",\"y\"),\n2");
  figure.set_value(-1.5);
  const CsvTable table = Csv({figure});
  EXPECT_EQ(Cell(table, 0, "category"), "'=HYPERLINK(\"http://x\",\"y\"),\n2");
  EXPECT_EQ(Cell(table, 0, "value"), "-1.5");  // a number is one
}

TEST_F(FigureTableTest, NoTitleOfAnotherVersion_IsPutBesideAFigure) {
  v1::Figure figure = Figure(v1::FIGURE_STATUS_SHOWN);
  figure.set_version(99);
  EXPECT_EQ(Cell(Csv({figure}), 0, "metric_title"), "");
}

TEST_F(FigureTableTest, MetadataNamesEveryColumn_AndWhatStandsForNoValue) {
  const Json json = Json::parse(FigureTableMetadata("19.csv", "a title"));
  EXPECT_EQ(json["url"], "19.csv");
  const std::string header = FigureTableCsv({}, scene.library());
  std::vector<std::string> names;
  for (const Json& column : json["tableSchema"]["columns"]) names.push_back(column["name"]);
  EXPECT_EQ(names, std::vector<std::string>(absl::StrSplit(header.substr(0, header.size() - 1), ',')));
  for (const Json& column : json["tableSchema"]["columns"]) {
    if (column["name"] != "value") continue;
    for (int status = v1::FIGURE_STATUS_SUPPRESSED; status <= v1::FigureStatus_MAX; ++status) {
      const std::string word(contract::ShorthandOf(static_cast<v1::FigureStatus>(status)));
      EXPECT_EQ(std::count(column["null"].begin(), column["null"].end(), word), 1) << word;
    }
  }
}

}  // namespace
}  // namespace waymark::coordinator
