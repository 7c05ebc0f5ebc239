#include "coordinator/export/journey_table.h"

#include <nlohmann/json.hpp>

#include "base/csv.h"
#include "tests/testing/status_matchers.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::json;

v1::JourneysResponse Journeys() {
  v1::JourneysResponse journeys;
  journeys.set_metric("31");
  journeys.set_version(1);
  journeys.set_period("2023-24");
  journeys.set_round_id("autumn");
  journeys.set_geography("participants");
  auto& diagram = *journeys.add_diagrams();
  diagram.set_unit(v1::UNIT_EPISODES);
  for (const auto& [id, label] : {std::pair("none", "No help"), {"early_help", "Early help"}}) {
    auto& state = *diagram.add_states();
    state.set_id(id);
    state.set_label(label);
  }
  diagram.mutable_states(0)->set_average_people(250);
  const auto add = [&](const char* from, const char* to, v1::FigureStatus status) {
    auto& flow = *diagram.add_flows();
    flow.set_from(from);
    flow.set_to(to);
    flow.mutable_figure()->set_status(status);
    flow.mutable_figure()->set_geography_code("participants");
    if (status != v1::FIGURE_STATUS_SHOWN) return;
    flow.mutable_figure()->set_numerator(120);
    flow.mutable_figure()->set_value(4.5);
  };
  add("none", "early_help", v1::FIGURE_STATUS_SHOWN);
  add("early_help", "none", v1::FIGURE_STATUS_SUPPRESSED);
  diagram.set_shown(120);
  diagram.set_not_shown(1);
  return journeys;
}

// What d3-sankey takes: links between places in the list of nodes, from the left to the right.
TEST(JourneyTable, IsASankeyDiagram) {
  const Json json = Json::parse(JourneysJson(Journeys()));
  const Json& diagram = json["diagrams"][0];
  ASSERT_EQ(diagram["nodes"].size(), 4u);
  ASSERT_EQ(diagram["links"].size(), 2u);
  for (const Json& link : diagram["links"]) {
    EXPECT_EQ(diagram["nodes"][link["source"].get<std::size_t>()]["side"], "before");
    EXPECT_EQ(diagram["nodes"][link["target"].get<std::size_t>()]["side"], "after");
  }
  EXPECT_EQ(diagram["nodes"][diagram["links"][0]["source"].get<std::size_t>()]["state"], "none");
  EXPECT_EQ(diagram["nodes"][diagram["links"][0]["target"].get<std::size_t>()]["state"], "early_help");
  EXPECT_EQ(diagram["links"][0]["value"], 120);
  EXPECT_TRUE(diagram["links"][1]["value"].is_null());
  EXPECT_EQ(diagram["links"][1]["shorthand"], "[c]");
  EXPECT_EQ(diagram["flows_not_shown"], 1);
}

TEST(JourneyTable, HasALineAFlow) {
  ASSERT_OK_AND_ASSIGN(const CsvTable table, ParseCsv(JourneysCsv(Journeys()), "journeys.csv"));
  ASSERT_EQ(table.rows.size(), 2u);
  const auto cell = [&](std::size_t row, const char* column) {
    return table.rows[row].fields.at(table.Column(column));
  };
  EXPECT_EQ(cell(0, "from_label"), "No help");
  EXPECT_EQ(cell(0, "to"), "early_help");
  EXPECT_EQ(cell(0, "moves"), "120");
  EXPECT_EQ(cell(0, "average_people_in_from"), "250");
  EXPECT_EQ(cell(1, "moves"), "[c]");
  EXPECT_EQ(cell(1, "rate"), "");
  EXPECT_EQ(cell(1, "status"), "suppressed");
}

}  // namespace
}  // namespace waymark::coordinator
