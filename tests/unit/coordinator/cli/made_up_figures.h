// An answer with every status that a figure can have, all numbers made up.
#ifndef WAYMARK_TESTS_UNIT_COORDINATOR_CLI_MADE_UP_FIGURES_H_
#define WAYMARK_TESTS_UNIT_COORDINATOR_CLI_MADE_UP_FIGURES_H_

#include <string>

#include "waymark/v1/benchmark.pb.h"

namespace waymark::coordinator::testing {

inline v1::Figure* AddFigure(v1::QueryResponse& response, v1::GeographyLevel level, const std::string& code,
                             const std::string& name, v1::FigureStatus status,
                             const std::string& quantity = "nfa") {
  v1::Figure* figure = response.add_figures();
  figure->set_metric("19");
  figure->set_version(1);
  figure->set_period("2023-24");
  figure->set_unit(v1::UNIT_EPISODES);
  figure->set_level(level);
  figure->set_geography_code(code);
  figure->set_geography_name(name);
  figure->set_quantity(quantity);
  figure->set_status(status);
  figure->set_display_unit("%");
  figure->set_mode(v1::MODE_THRESHOLDED);
  figure->set_round_id("autumn");
  if (level != v1::GEOGRAPHY_LEVEL_COUNCIL) figure->set_contributors(4);
  return figure;
}

inline void SetNumbers(v1::Figure& figure, double numerator, double denominator) {
  figure.set_numerator(numerator);
  figure.set_denominator(denominator);
  figure.set_value(100 * numerator / denominator);
  figure.set_lower(figure.value() / 2);
  figure.set_upper(figure.value() * 1.5);
  figure.set_sampling_lower(figure.value() * 0.75);
  figure.set_sampling_upper(figure.value() * 1.25);
}

inline v1::QueryResponse MadeUpAnswer() {
  v1::QueryResponse response;
  response.set_round_id("autumn");
  response.set_published_unix_s(1'760'000'000);
  const auto council = v1::GEOGRAPHY_LEVEL_COUNCIL;
  SetNumbers(*AddFigure(response, council, "E06000001", "Hartlepool", v1::FIGURE_STATUS_SHOWN), 25, 100);
  SetNumbers(*AddFigure(response, council, "E06000002", "Middlesbrough", v1::FIGURE_STATUS_SHOWN), 0, 80);
  AddFigure(response, council, "E06000003", "Redcar and Cleveland", v1::FIGURE_STATUS_SUPPRESSED);
  AddFigure(response, council, "E06000004", "Stockton-on-Tees", v1::FIGURE_STATUS_ABSENT)
      ->set_absence(v1::ABSENCE_NOT_RELEASED);
  AddFigure(response, council, "E06000005", "Darlington", v1::FIGURE_STATUS_NOT_AVAILABLE);
  v1::Figure* region =
      AddFigure(response, v1::GEOGRAPHY_LEVEL_REGION, "E12000001", "North East", v1::FIGURE_STATUS_SHOWN);
  SetNumbers(*region, 50, 400);
  region->set_suppressed_parts(1);
  region->set_lowest_quartile(10);
  region->set_middle_quartile(12);
  region->set_highest_quartile(25);
  AddFigure(response, v1::GEOGRAPHY_LEVEL_REGION, "E12000007", "London", v1::FIGURE_STATUS_TOO_FEW);
  SetNumbers(*AddFigure(response, v1::GEOGRAPHY_LEVEL_ALL, "participants", "All participants",
                        v1::FIGURE_STATUS_SHOWN),
             60, 500);
  for (const auto& [code, name, absence] :
       {std::tuple("E06000001", "Hartlepool", v1::ABSENCE_UNSPECIFIED),
        std::tuple("E06000004", "Stockton-on-Tees", v1::ABSENCE_NOT_RELEASED)}) {
    auto* contributor = response.add_coverage();
    contributor->set_council(code);
    contributor->set_name(name);
    contributor->set_absence(absence);
  }
  return response;
}

}  // namespace waymark::coordinator::testing

#endif  // WAYMARK_TESTS_UNIT_COORDINATOR_CLI_MADE_UP_FIGURES_H_
