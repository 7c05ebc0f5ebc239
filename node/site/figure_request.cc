#include "node/site/figure_request.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "proto/contract/names.h"

namespace waymark::node {
namespace {

// The values of `asked` that are among `known`, in the order asked; those that were kept are added to `met`.
template <typename Value, typename Known>
std::vector<Value> Kept(const std::vector<Value>& asked, const Known& known, std::set<Value>& met) {
  std::vector<Value> kept;
  for (const Value& value : asked) {
    if (std::find(known.begin(), known.end(), value) == known.end()) continue;
    kept.push_back(value);
    met.insert(value);
  }
  return kept;
}

template <typename Value, typename Known>
absl::Status Unknown(absl::string_view what, const Value& value, const Known& known) {
  return absl::InvalidArgumentError(absl::StrCat(what, " ", value, ": none of the metrics has it; they have ",
                                                 known.empty() ? "none" : absl::StrJoin(known, ", ")));
}

absl::StatusOr<std::vector<v1::Unit>> ParseUnits(const std::vector<std::string>& names) {
  std::vector<v1::Unit> units;
  for (const std::string& name : names) {
    const auto unit = contract::UnitNamed(name);
    if (!unit) {
      return absl::InvalidArgumentError(
          absl::StrCat("--unit ", name, ": expected episodes, children or families"));
    }
    units.push_back(*unit);
  }
  return units;
}

}  // namespace

absl::StatusOr<std::vector<MeasureRequest>> FigureRequests(const Site& site, const FigureOptions& options) {
  ASSIGN_OR_RETURN(const auto metrics, site.library.Select(options.metric));
  ASSIGN_OR_RETURN(const std::vector<v1::Unit> units, ParseUnits(options.units));
  std::vector<Period> periods;
  for (const std::string& text : options.periods) {
    ASSIGN_OR_RETURN(periods.emplace_back(), ParsePeriod(text));
  }
  if (periods.empty()) {
    ASSIGN_OR_RETURN(periods, DefaultPeriods(site.configuration));
  }
  std::vector<MeasureRequest> requests;
  std::set<std::string> known_breakdowns, met_breakdowns;
  std::set<std::uint32_t> known_windows, met_windows;
  std::set<v1::Unit> met_units;
  for (const v1::Metric* metric : metrics) {
    if (metric->kind() == v1::METRIC_KIND_PUBLISHED) continue;  // it counts no records
    known_breakdowns.insert(metric->breakdowns().begin(), metric->breakdowns().end());
    known_windows.insert(metric->window_days().begin(), metric->window_days().end());
    MeasureRequest request{.metric = metric,
                           .period = {},
                           .breakdowns = Kept(options.breakdowns, metric->breakdowns(), met_breakdowns),
                           .window_days = Kept(options.window_days, metric->window_days(), met_windows),
                           .units = Kept(units, metric->units(), met_units),
                           .limit = std::nullopt,
                           .calendar = &site.library.working_days()};
    if (!units.empty() && request.units.empty()) continue;
    if (!options.window_days.empty() && request.window_days.empty() && !metric->window_days().empty())
      continue;
    for (const Period& period : periods) {
      request.period = period;
      requests.push_back(request);
    }
  }
  for (const std::string& name : options.breakdowns) {
    if (!met_breakdowns.contains(name)) return Unknown("--breakdown", name, known_breakdowns);
  }
  for (std::uint32_t days : options.window_days) {
    if (!met_windows.contains(days)) return Unknown("--window", days, known_windows);
  }
  if (requests.empty())
    return absl::InvalidArgumentError("none of the metrics is counted in that unit or window");
  return requests;
}

}  // namespace waymark::node
