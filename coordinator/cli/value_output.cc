#include "coordinator/cli/value_output.h"

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "base/csv.h"
#include "base/text_table.h"
#include "coordinator/cli/figure_text.h"
#include "coordinator/cli/output.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::ordered_json;

std::string Decimals(double number, int decimals) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%.*f", decimals, number);
  return buffer;
}

// "£7.08m", "-£0.25".
std::string Pounds(double pounds) {
  const bool millions = std::fabs(pounds) >= 10'000;
  return absl::StrCat(pounds < 0 ? "-" : "", "£", Decimals(std::fabs(pounds) / (millions ? 1e6 : 1), 2),
                      millions ? "m" : "");
}

std::string Percent(double share) {
  return absl::StrCat(Decimals(100 * share, 1), "%");
}

double BenefitAPound(const ValueAssumptions& assumptions) {
  double sum = 0;
  for (const ValueAssumptions::Benefit& benefit : assumptions.benefits) sum += benefit.pounds;
  return sum;
}

// Without costs there is no such figure.
std::string ReturnText(const Value& value) {
  return value.costs > 0 ? Decimals(value.benefits / value.costs, 1) : "";
}

// To the penny: what lies below is rounding of the arithmetic.
double Pennies(double pounds) {
  return std::round(100 * pounds) / 100;
}

}  // namespace

std::string ValueText(const ValueAssumptions& assumptions) {
  std::string text = "Value for money: what follows from these assumptions, and no finding\n";
  absl::StrAppend(
      &text, Wrap(absl::StrCat("Source: ", Printable(assumptions.source))), "\n",
      Wrap(absl::StrCat("Benefits = ", assumptions.councils, " councils × ", Pounds(assumptions.spend),
                        " spend a year × ", Pounds(BenefitAPound(assumptions)), " benefit a pound × ",
                        Percent(assumptions.confidence), " confidence × uplift × years")),
      Wrap(
          absl::StrCat("Costs = ", assumptions.councils, " councils × ", Pounds(assumptions.cost), ", once")),
      "\n");
  const Value first = ValueOf(assumptions, assumptions.scenarios.front());
  TextTable benefits(
      {"Benefit", ">A pound", absl::StrCat(">", Printable(assumptions.scenarios.front().title))});
  for (std::size_t i = 0; i < assumptions.benefits.size(); ++i) {
    const ValueAssumptions::Benefit& benefit = assumptions.benefits[i];
    benefits.AddRow({Printable(benefit.title), Pounds(benefit.pounds), Pounds(first.by_benefit[i])});
  }
  benefits.AddRow({"All", Pounds(BenefitAPound(assumptions)), Pounds(first.benefits)});
  TextTable scenarios(
      {"Scenario", ">Uplift", ">Years", ">Benefits", ">Costs", ">Net", ">Benefits a £ of cost", ">Reported"});
  for (const ValueAssumptions::Scenario& scenario : assumptions.scenarios) {
    const Value value = ValueOf(assumptions, scenario);
    scenarios.AddRow({Shorten(Printable(scenario.title), 32), Percent(scenario.uplift),
                      absl::StrCat(scenario.years), Pounds(value.benefits), Pounds(value.costs),
                      Pounds(value.net()), ReturnText(value),
                      scenario.reported ? Pounds(*scenario.reported) : ""});
  }
  return absl::StrCat(text, benefits.Render(), "\n", scenarios.Render());
}

std::string ValueCsv(const ValueAssumptions& assumptions) {
  std::string csv =
      "scenario,title,councils,spend,benefit_a_pound,confidence,uplift,years,benefits,costs,net,reported\n";
  for (const ValueAssumptions::Scenario& scenario : assumptions.scenarios) {
    const Value value = ValueOf(assumptions, scenario);
    absl::StrAppend(&csv, CsvField(scenario.id), ",", CsvField(scenario.title), ",", assumptions.councils,
                    ",", Decimals(assumptions.spend, 2), ",", Decimals(BenefitAPound(assumptions), 4), ",",
                    assumptions.confidence, ",", scenario.uplift, ",", scenario.years, ",",
                    Decimals(value.benefits, 2), ",", Decimals(value.costs, 2), ",", Decimals(value.net(), 2),
                    ",", scenario.reported ? Decimals(*scenario.reported, 2) : "", "\n");
  }
  return csv;
}

std::string ValueJson(const ValueAssumptions& assumptions) {
  Json json = {{"source", assumptions.source},
               {"councils", assumptions.councils},
               {"spend", assumptions.spend},
               {"cost", assumptions.cost},
               {"confidence", assumptions.confidence},
               {"benefits_a_pound", Json::array()},
               {"scenarios", Json::array()}};
  for (const ValueAssumptions::Benefit& benefit : assumptions.benefits) {
    json["benefits_a_pound"].push_back(
        {{"id", benefit.id}, {"title", benefit.title}, {"pounds", benefit.pounds}});
  }
  for (const ValueAssumptions::Scenario& scenario : assumptions.scenarios) {
    const Value value = ValueOf(assumptions, scenario);
    Json by_benefit = Json::object();
    for (std::size_t i = 0; i < assumptions.benefits.size(); ++i)
      by_benefit[assumptions.benefits[i].id] = Pennies(value.by_benefit[i]);
    json["scenarios"].push_back({{"id", scenario.id},
                                 {"title", scenario.title},
                                 {"uplift", scenario.uplift},
                                 {"years", scenario.years},
                                 {"benefits", Pennies(value.benefits)},
                                 {"by_benefit", by_benefit},
                                 {"costs", Pennies(value.costs)},
                                 {"net", Pennies(value.net())},
                                 {"reported", scenario.reported ? Json(*scenario.reported) : Json(nullptr)}});
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace waymark::coordinator
