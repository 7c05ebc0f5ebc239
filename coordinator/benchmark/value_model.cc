#include "coordinator/benchmark/value_model.h"

#include <cmath>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/configuration.h"
#include "base/status.h"

namespace waymark::coordinator {
namespace {

constexpr std::int64_t kMostCouncils = 1000;
constexpr std::int64_t kMostYears = 50;

double ReadNumber(ConfigTable& table, absl::string_view key, double least, double most) {
  const std::string text =
      table.String(key, absl::StrCat(key, " = \"0.6\", a number in quotes, ", least, " to ", most));
  const std::optional<double> number = ValueNumber(text, least, most);
  if (!number && !text.empty()) {
    table.Fail(key, absl::StrCat("expected a number in quotes from ", least, " to ", most));
  }
  return number.value_or(0);
}

}  // namespace

std::optional<double> ValueNumber(absl::string_view text, double least, double most) {
  double number = 0;
  if (!absl::SimpleAtod(text, &number) || !(least <= number && number <= most)) return std::nullopt;
  return number;
}

absl::StatusOr<ValueAssumptions> ReadValueAssumptions(const std::string& text, const std::string& file) {
  ASSIGN_OR_RETURN(ConfigTable root, ConfigTable::Parse(text, file));
  ValueAssumptions assumptions;
  assumptions.source = root.String("source", "source = \"where the assumptions come from\"");
  assumptions.councils = root.IntOr("councils", 1, 1, kMostCouncils);
  assumptions.spend = ReadNumber(root, "spend", 0, kMostPounds);
  assumptions.cost = ReadNumber(root, "cost", 0, kMostPounds);
  assumptions.confidence = ReadNumber(root, "confidence", 0, 1);
  for (ConfigTable& table : root.Tables("benefit")) {
    ValueAssumptions::Benefit& benefit = assumptions.benefits.emplace_back();
    benefit.id = table.String("id", "id = \"looked_after\"");
    benefit.title = table.String("title", "title = \"Children looked after\"");
    benefit.pounds = ReadNumber(table, "pounds", -1000, 1000);
  }
  for (ConfigTable& table : root.Tables("scenario")) {
    ValueAssumptions::Scenario& scenario = assumptions.scenarios.emplace_back();
    scenario.id = table.String("id", "id = \"report\"");
    scenario.title = table.String("title", "title = \"The report's case\"");
    scenario.uplift = ReadNumber(table, "uplift", 0, 1);
    scenario.years = table.IntOr("years", 1, 1, kMostYears);
    if (table.Has("reported")) scenario.reported = ReadNumber(table, "reported", -kMostPounds, kMostPounds);
  }
  if (assumptions.benefits.empty()) root.Fail("benefit", "expected one [[benefit]] or more");
  if (assumptions.scenarios.empty()) root.Fail("scenario", "expected one [[scenario]] or more");
  RETURN_IF_ERROR(root.Finish());
  return assumptions;
}

Value ValueOf(const ValueAssumptions& assumptions, const ValueAssumptions::Scenario& scenario) {
  const double councils = static_cast<double>(assumptions.councils);
  const double raised = councils * assumptions.spend * assumptions.confidence * scenario.uplift *
                        static_cast<double>(scenario.years);
  Value value;
  value.costs = councils * assumptions.cost;
  for (const ValueAssumptions::Benefit& benefit : assumptions.benefits) {
    value.by_benefit.push_back(raised * benefit.pounds);
    value.benefits += value.by_benefit.back();
  }
  return value;
}

}  // namespace waymark::coordinator
