#include "coordinator/benchmark/query_checks.h"

#include <algorithm>
#include <set>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/nearest.h"
#include "coordinator/benchmark/combine.h"
#include "proto/contract/names.h"

namespace waymark::coordinator {
namespace {

constexpr int kMostGeographies = 1000;

}  // namespace

std::string Meant(absl::string_view word, const std::vector<std::string>& known) {
  const std::string nearest = Nearest(word, known);
  return nearest.empty() ? "" : absl::StrCat(" did you mean ", nearest, "?");
}

absl::Status CheckCombination(const v1::QueryRequest& asked) {
  if (asked.curve() && (asked.standing() || !asked.standardise().empty())) {
    return absl::InvalidArgumentError(
        "curve: without standing or standardise; both are of figures, and not of curves");
  }
  if (asked.curve() && asked.geographies_size() > kMostCurves)
    return absl::InvalidArgumentError(absl::StrCat("geographies: at most ", kMostCurves, " with curve"));
  if (!asked.standardise().empty() && !asked.breakdown().empty()) {
    return absl::InvalidArgumentError(
        "standardise: figures of all members are standardised; leave out breakdown");
  }
  return absl::OkStatus();
}

absl::Status CheckIsCurve(const v1::Metric& metric, const catalogue::Library& library) {
  if (metric.kind() == v1::METRIC_KIND_SURVIVAL) return absl::OkStatus();
  std::vector<std::string> curves;
  for (const v1::Metric& one : library.metrics()) {
    if (one.kind() == v1::METRIC_KIND_SURVIVAL) curves.push_back(one.id());
  }
  return absl::InvalidArgumentError(absl::StrCat("curve: metric ", metric.id(), " is no time to an event; ",
                                                 absl::StrJoin(curves, ", "), " are"));
}

absl::Status CheckBreakdown(absl::string_view field, const std::string& breakdown,
                            const PublishedItem& item) {
  v1::ListPublishedResponse::Entry entry;
  if (!entry.ParseFromString(item.entry))
    return absl::DataLossError("stored figures are damaged; restore a backup");
  const std::vector<std::string> known(entry.breakdowns().begin(), entry.breakdowns().end());
  if (breakdown.empty() || std::find(known.begin(), known.end(), breakdown) != known.end())
    return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      field, ": metric ", item.metric, " for ", item.period, " is not published by \"", breakdown, "\"; ",
      known.empty() ? "it is published without breakdowns"
                    : absl::StrCat("it is by ", absl::StrJoin(known, ", "))));
}

absl::Status CheckGeographies(const v1::QueryRequest& request, const v1::QueryResponse& response,
                              const catalogue::Library& library) {
  if (request.geographies_size() > kMostGeographies || request.group_size() > kMostGeographies) {
    return absl::InvalidArgumentError(absl::StrCat("geographies, group: at most ", kMostGeographies));
  }
  std::set<std::string> known = {std::string(kParticipantsCode)};
  for (const auto& council : response.coverage()) {
    known.insert(council.council());
    if (const v1::Area* area = library.FindAreaEver(council.council())) known.insert(area->region_code());
  }
  std::set<std::string> asked;
  for (const std::string& code : request.geographies()) {
    if (!asked.insert(code).second)
      return absl::InvalidArgumentError(absl::StrCat("geographies: ", code, " stands there twice"));
    if (known.contains(code)) continue;
    if (const v1::Area* area = library.FindAreaEver(code)) {
      return absl::NotFoundError(
          absl::StrCat(area->name(), " (", code, ") took no part in round ", response.round_id(),
                       ", or not under its name; those that did: ", absl::StrJoin(known, ", ")));
    }
    return absl::InvalidArgumentError(absl::StrCat("geographies: \"", code, "\" is not known;",
                                                   Meant(code, {known.begin(), known.end()}), " there are ",
                                                   absl::StrJoin(known, ", ")));
  }
  return absl::OkStatus();
}

absl::Status Narrow(const v1::QueryRequest& request, v1::QueryResponse& response) {
  std::set<std::uint32_t> windows;
  std::set<std::string> units;
  auto* figures = response.mutable_figures();
  for (const v1::Figure& figure : *figures) {
    windows.insert(figure.window_days());
    units.insert(std::string(contract::NameOf(figure.unit())));
  }
  const bool had = !figures->empty();
  figures->erase(
      std::remove_if(figures->begin(), figures->end(),
                     [&](const v1::Figure& figure) {
                       return (request.has_window_days() && !MatchesWindow(figure, request.window_days())) ||
                              (request.unit() != v1::UNIT_UNSPECIFIED && figure.unit() != request.unit());
                     }),
      figures->end());
  if (!had || !figures->empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("window, unit: nothing is published under these; there are windows of ",
                   absl::StrJoin(windows, ", "), " days and units ", absl::StrJoin(units, ", ")));
}

bool MatchesWindow(const v1::Figure& figure, std::uint32_t window_days) {
  // A survival curve has one table; the window is where it is read.
  return figure.window_days() == window_days ||
         absl::EndsWith(figure.quantity(), absl::StrCat("_", window_days));
}

}  // namespace waymark::coordinator
