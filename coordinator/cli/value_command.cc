#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "base/status.h"
#include "coordinator/cli/commands.h"
#include "coordinator/cli/installed_catalogue.h"
#include "coordinator/cli/output.h"
#include "coordinator/cli/value_output.h"

namespace waymark::coordinator {
namespace {

constexpr std::size_t kMostBytes = 1 << 20;

absl::Status SetNumber(absl::string_view flag, const std::string& text, double least, double most,
                       double& to) {
  if (text.empty()) return absl::OkStatus();
  const std::optional<double> number = ValueNumber(text, least, most);
  if (!number) {
    return absl::InvalidArgumentError(
        absl::StrCat(flag, " \"", Printable(text), "\": expected a number from ", least, " to ", most));
  }
  to = *number;
  return absl::OkStatus();
}

// --benefit ID=POUNDS in the place of the file's.
absl::Status SetBenefit(const std::string& text, ValueAssumptions& assumptions) {
  const std::vector<std::string> parts = absl::StrSplit(text, absl::MaxSplits('=', 1));
  std::vector<std::string> known;
  for (ValueAssumptions::Benefit& benefit : assumptions.benefits) {
    if (parts.size() == 2 && benefit.id == parts[0])
      return SetNumber("--benefit", parts[1], -1000, 1000, benefit.pounds);
    known.push_back(benefit.id);
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "--benefit \"", Printable(text), "\": expected ID=POUNDS with one of ", absl::StrJoin(known, ", ")));
}

absl::Status ApplyFlags(const ValueOptions& value, ValueAssumptions& assumptions) {
  if (value.councils != 0) assumptions.councils = value.councils;
  RETURN_IF_ERROR(SetNumber("--spend", value.spend, 0, kMostPounds, assumptions.spend));
  RETURN_IF_ERROR(SetNumber("--cost", value.cost, 0, kMostPounds, assumptions.cost));
  double percent = 100 * assumptions.confidence;
  RETURN_IF_ERROR(SetNumber("--confidence", value.confidence, 0, 100, percent));
  assumptions.confidence = percent / 100;
  for (const std::string& benefit : value.benefits) RETURN_IF_ERROR(SetBenefit(benefit, assumptions));
  if (value.uplift.empty() && value.years == 0) return absl::OkStatus();
  ValueAssumptions::Scenario asked = assumptions.scenarios.front();
  asked.id = "asked";
  asked.title = "As asked";
  asked.reported.reset();
  percent = 100 * asked.uplift;
  RETURN_IF_ERROR(SetNumber("--uplift", value.uplift, 0, 100, percent));
  asked.uplift = percent / 100;
  if (value.years != 0) asked.years = value.years;
  assumptions.scenarios = {std::move(asked)};
  return absl::OkStatus();
}

}  // namespace

absl::Status ValueCommand(const QueryOptions& options, const ValueOptions& value) {
  const std::string path =
      value.assumptions.empty() ? CatalogueFile(options.catalogue, "value.toml") : value.assumptions;
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kMostBytes));
  ASSIGN_OR_RETURN(ValueAssumptions assumptions, ReadValueAssumptions(text, path));
  RETURN_IF_ERROR(ApplyFlags(value, assumptions));
  Print(options.json ? ValueJson(assumptions) : options.csv ? ValueCsv(assumptions) : ValueText(assumptions));
  return absl::OkStatus();
}

}  // namespace waymark::coordinator
