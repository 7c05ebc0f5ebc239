#include "coordinator/web/table_request.h"

#include <optional>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "coordinator/benchmark/combine.h"
#include "proto/contract/names.h"

namespace waymark::coordinator {

std::string ValueOf(const http::Words& words, const std::string& name) {
  const auto found = words.find(name);
  return found == words.end() ? "" : found->second;
}

absl::StatusOr<v1::QueryRequest> QueryRequestOf(const std::string& metric, const http::Words& words) {
  v1::QueryRequest query;
  query.set_metric(metric);
  query.set_period(ValueOf(words, "period"));
  query.set_round_id(ValueOf(words, "round"));
  if (const std::string version = ValueOf(words, "version"); !version.empty()) {
    std::uint32_t number = 0;
    if (!absl::SimpleAtoi(version, &number) || number == 0)
      return absl::InvalidArgumentError("version: expected a number from 1");
    query.set_version(number);
  }
  if (const std::string window = ValueOf(words, "window"); !window.empty()) {
    std::uint32_t days = 0;
    if (!absl::SimpleAtoi(window, &days))
      return absl::InvalidArgumentError("window: expected a number of days");
    query.set_window_days(days);
  }
  if (const std::string unit = ValueOf(words, "unit"); !unit.empty()) {
    const std::optional<v1::Unit> named = contract::UnitNamed(unit);
    if (!named) return absl::InvalidArgumentError("unit: expected episodes, children or families");
    query.set_unit(*named);
  }
  if (const std::string curve = ValueOf(words, "curve"); !curve.empty()) {
    if (curve != "yes") return absl::InvalidArgumentError("curve: expected yes");
    query.set_curve(true);
  }
  query.set_standardise(ValueOf(words, "standardise"));
  for (const absl::string_view code : absl::StrSplit(ValueOf(words, "geography"), ',', absl::SkipEmpty()))
    query.add_geographies(std::string(code));
  return query;
}

absl::StatusOr<PublishedTable> PublishedTableOf(BenchmarkQuery& benchmarks, const std::string& metric,
                                                const http::Words& words, const Scope& scope) {
  ASSIGN_OR_RETURN(v1::QueryRequest query, QueryRequestOf(metric, words));
  const std::string breakdown = ValueOf(words, "breakdown");
  if (!breakdown.empty() && breakdown != "none") query.set_breakdown(breakdown);
  // Both are of all members, unless a breakdown is named.
  const bool by_itself = query.curve() || !query.standardise().empty();
  if (query.curve() && query.geographies().empty()) query.add_geographies(std::string(kParticipantsCode));
  ASSIGN_OR_RETURN(const v1::QueryResponse first, benchmarks.Answer(query, scope));
  PublishedTable table{.figures = {},
                       .round_id = first.round_id(),
                       .published_unix_s = first.published_unix_s(),
                       .editions = first.editions()};
  // What one round published stays as it is for ever.
  if (query.round_id().empty()) {
    ASSIGN_OR_RETURN(table.successions, benchmarks.Successions());
  }
  // The rest of what this very round published, whatever is published meanwhile.
  query.set_round_id(first.round_id());
  query.set_version(first.version());
  query.set_period(first.period());
  std::vector<std::string> breakdowns = {query.breakdown()};
  if (breakdown.empty() && !by_itself)
    breakdowns.insert(breakdowns.end(), first.breakdowns().begin(), first.breakdowns().end());
  std::vector<v1::QueryRequest> places = {query};
  if (query.geographies().empty() && !first.coverage().empty()) {
    places.push_back(query);
    for (const auto& council : first.coverage()) places.back().add_geographies(council.council());
  }
  for (const std::string& by : breakdowns) {
    for (v1::QueryRequest& each : places) {
      each.set_breakdown(by);
      ASSIGN_OR_RETURN(const v1::QueryResponse response, benchmarks.Answer(each, scope));
      table.figures.insert(table.figures.end(), response.figures().begin(), response.figures().end());
    }
  }
  return table;
}

}  // namespace waymark::coordinator
