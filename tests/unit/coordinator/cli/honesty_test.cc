// Zero, suppressed, not applicable, not available, rounds to zero, absent and too few councils never look
// alike, in any form in which a figure leaves.
#include <functional>
#include <map>
#include <set>

#include "absl/strings/str_split.h"
#include "catalogue/library.h"
#include "coordinator/cli/compare.h"
#include "coordinator/cli/curve_text.h"
#include "coordinator/cli/figure_output.h"
#include "coordinator/cli/figure_text.h"
#include "coordinator/cli/journeys_text.h"
#include "coordinator/cli/standing_text.h"
#include "coordinator/cli/trend_text.h"
#include "coordinator/export/figure_table.h"
#include "coordinator/export/journey_table.h"
#include "proto/contract/names.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/cli/made_up_figures.h"

namespace waymark::coordinator {
namespace {

constexpr v1::FigureStatus kStates[] = {
    v1::FIGURE_STATUS_SHOWN,         v1::FIGURE_STATUS_SUPPRESSED, v1::FIGURE_STATUS_NOT_APPLICABLE,
    v1::FIGURE_STATUS_NOT_AVAILABLE, v1::FIGURE_STATUS_LOW,        v1::FIGURE_STATUS_ABSENT,
    v1::FIGURE_STATUS_TOO_FEW};

// One council's figure in that state; shown, it is a true zero.
v1::QueryResponse AnswerIn(v1::FigureStatus status) {
  v1::QueryResponse response;
  v1::Figure* figure =
      testing::AddFigure(response, v1::GEOGRAPHY_LEVEL_COUNCIL, "E06000001", "Hartlepool", status);
  if (status == v1::FIGURE_STATUS_SHOWN) testing::SetNumbers(*figure, 0, 80);
  if (status == v1::FIGURE_STATUS_ABSENT) figure->set_absence(v1::ABSENCE_NOT_RELEASED);
  return response;
}

// The lines that a figure's own place begins, without the notes below, which would differ anyway.
std::string LinesOf(const std::string& text, const std::string& start) {
  std::string lines;
  for (const auto& line : absl::StrSplit(text, '\n')) {
    if (line.substr(0, start.size()) == start) lines += std::string(line) + "\n";
  }
  return lines;
}

using Form = std::function<std::string(const v1::QueryResponse&)>;

// Every form in which a figure leaves. `library` outlives them.
std::map<std::string, Form> Forms(const catalogue::Library& library) {
  const auto trend_of = [](const v1::QueryResponse& response) {
    v1::TrendResponse trend;
    *trend.add_series()->add_figures() = response.figures(0);
    return trend;
  };
  const auto journeys_of = [](const v1::QueryResponse& response) {
    v1::JourneysResponse journeys;
    v1::JourneysResponse::Diagram& diagram = *journeys.add_diagrams();
    for (const char* label : {"No help", "Early help"}) {
      diagram.add_states()->set_id(label);
      diagram.mutable_states()->rbegin()->set_label(label);
    }
    diagram.add_flows()->set_from("No help");
    diagram.mutable_flows(0)->set_to("Early help");
    *diagram.mutable_flows(0)->mutable_figure() = response.figures(0);
    return journeys;
  };
  const auto table_of = [](const v1::QueryResponse& response) {
    return PublishedTable{.figures = {response.figures(0)}, .round_id = "r"};
  };
  return {
      {"a cell", [](const auto& r) { return ValueText(r.figures(0)); }},
      {"benchmark", [](const auto& r) { return LinesOf(FigureTables(r, nullptr), "Hartlepool"); }},
      {"standing", [](const auto& r) { return LinesOf(StandingTables(r, nullptr), "Hartlepool"); }},
      {"compare",
       [](const auto& r) {
         return LinesOf(ComparisonText(r, {.council = "E06000001", .region = ""}, nullptr), "nfa");
       }},
      {"trend", [=](const auto& r) { return LinesOf(TrendText(trend_of(r), nullptr), "2023-24"); }},
      {"curve",
       [](v1::QueryResponse r) {
         r.mutable_figures(0)->set_quantity("survival_7");
         const std::string text = CurveTables(r, nullptr);
         return text.substr(text.find("Hartlepool"), text.find("Each day") - text.find("Hartlepool"));
       }},
      {"journeys", [=](const auto& r) { return LinesOf(JourneysText(journeys_of(r), nullptr), "No help"); }},
      {"journeys' CSV", [=](const auto& r) { return JourneysCsv(journeys_of(r)); }},
      {"journeys' JSON", [=](const auto& r) { return JourneysJson(journeys_of(r)); }},
      {"CSV", [](const auto& r) { return FigureCsv(r); }},
      {"JSON", [](const auto& r) { return FigureJson(r); }},
      {"trend's JSON", [=](const auto& r) { return TrendJson(trend_of(r)); }},
      {"flat CSV", [=, &library](const auto& r) { return FigureTableCsv(table_of(r), library); }},
      {"flat JSON", [=, &library](const auto& r) { return FigureTableJson(table_of(r), library); }}};
}

TEST(Honesty, NoTwoStatesLookAlike_InAnyForm) {
  const catalogue::Library library = catalogue::Library::Load("catalogue").value();
  for (const auto& [name, form] : Forms(library)) {
    std::set<std::string> seen;
    for (const v1::FigureStatus status : kStates) {
      const std::string text = form(AnswerIn(status));
      EXPECT_FALSE(text.empty()) << name;
      EXPECT_TRUE(seen.insert(text).second) << name << ": " << v1::FigureStatus_Name(status) << "\n" << text;
    }
  }
}

// A council that no coordinator heard of, one that gave no answer, one whose policy forbids it: each reason
// is told apart, from each other and from what is in the table, wherever there is more than the bare cell.
// Where the figures of one place stand together, its reason stands with the place.
TEST(Honesty, NoTwoReasonsLookAlike_InAnyForm) {
  const std::set<std::string> of_the_place = {"a cell", "compare", "journeys", "journeys' CSV",
                                              "journeys' JSON"};
  const catalogue::Library library = catalogue::Library::Load("catalogue").value();
  for (const auto& [name, form] : Forms(library)) {
    if (of_the_place.contains(name)) continue;
    std::set<std::string> seen = {form(AnswerIn(v1::FIGURE_STATUS_SHOWN)),
                                  form(AnswerIn(v1::FIGURE_STATUS_SUPPRESSED))};
    ASSERT_EQ(seen.size(), 2u) << name;
    for (int absence = v1::ABSENCE_NO_RESPONSE; absence <= v1::Absence_MAX; ++absence) {
      v1::QueryResponse response = AnswerIn(v1::FIGURE_STATUS_ABSENT);
      response.mutable_figures(0)->set_absence(static_cast<v1::Absence>(absence));
      const std::string text = form(response);
      EXPECT_TRUE(seen.insert(text).second)
          << name << ": " << v1::Absence_Name(static_cast<v1::Absence>(absence));
      if (absence == v1::ABSENCE_NOT_CONNECTED) {
        EXPECT_THAT(text, ::testing::HasSubstr("not connected")) << name;
      }
    }
  }
}

TEST(Honesty, AReasonOfThePlaceStandsWithIt) {
  v1::QueryResponse response = AnswerIn(v1::FIGURE_STATUS_ABSENT);
  v1::JourneysResponse journeys;
  std::set<std::string> compared;
  std::set<std::string> drawn;
  for (int absence = v1::ABSENCE_NO_RESPONSE; absence <= v1::Absence_MAX; ++absence) {
    const auto reason = static_cast<v1::Absence>(absence);
    response.mutable_figures(0)->set_absence(reason);
    const std::string text = ComparisonText(response, {.council = "E06000001", .region = ""}, nullptr);
    EXPECT_THAT(text, ::testing::HasSubstr(std::string(contract::NameOf(reason))));
    EXPECT_TRUE(compared.insert(text).second) << v1::Absence_Name(reason);
    journeys.clear_coverage();
    journeys.add_coverage()->set_absence(reason);
    const std::string json = JourneysJson(journeys);
    EXPECT_THAT(json, ::testing::HasSubstr(std::string(contract::NameOf(reason))));
    EXPECT_TRUE(drawn.insert(json).second) << v1::Absence_Name(reason);
  }
}

// What is not there is never a number.
TEST(Honesty, OnlyAShownFigureHasANumber) {
  for (const v1::FigureStatus status : kStates) {
    const bool has_digit =
        ValueText(AnswerIn(status).figures(0)).find_first_of("0123456789") != std::string::npos;
    EXPECT_EQ(has_digit, status == v1::FIGURE_STATUS_SHOWN) << v1::FigureStatus_Name(status);
  }
}

}  // namespace
}  // namespace waymark::coordinator
