#include "node/measure/measurer.h"

#include <utility>

#include "base/status.h"
#include "base/threads.h"
#include "node/measure/plan.h"
#include "node/measure/tabulate.h"
#include "node/measure/unwalked.h"
#include "node/measure/walk.h"

namespace waymark::node {

namespace {

using Tables = absl::StatusOr<std::vector<Measured>>;

Tables TablesFor(const Counted& counted, const MeasureRequest& request, const Plan::Source& source) {
  if (source.jobs > 0) return TablesOf(counted, request, source);
  ASSIGN_OR_RETURN(const std::vector<v1::Unit> units, UnitsOf(request));
  return MeasureUnwalked(counted.journeys, request, units);
}

}  // namespace

Extras ExtrasOf(absl::Span<const MeasureRequest> requests) {
  Extras extras{.ids = false, .families = false, .quality = false};
  for (const MeasureRequest& request : requests) {
    // What needs no walk asks for what it likes.
    const bool unwalked = request.metric != nullptr && IsUnwalked(*request.metric);
    extras.ids |= unwalked || request.limit.has_value();
    extras.families |= unwalked || (request.metric != nullptr && LooksAtFamilies(request));
    extras.quality |= unwalked;
  }
  return extras;
}

absl::StatusOr<std::vector<std::vector<Measured>>> MeasureAll(const Journeys& journeys,
                                                              absl::Span<const MeasureRequest> requests) {
  const Extras& there = journeys.records().made;
  const Extras asked = ExtrasOf(requests);
  if ((asked.ids && !there.ids) || (asked.families && !there.families) || (asked.quality && !there.quality)) {
    return absl::FailedPreconditionError("measure: these records were made for other requests");
  }
  ASSIGN_OR_RETURN(const Plan plan, PlanOf(journeys, requests));
  LocalNames names;
  ASSIGN_OR_RETURN(const Counts counts, CountAll(journeys, plan, names));
  const Counted counted{.journeys = journeys, .plan = plan, .names = names, .counts = counts};
  std::vector<Tables> made(requests.size());
  ForEachInParallel(made.size(),
                    [&](std::size_t i) { made[i] = TablesFor(counted, requests[i], plan.sources[i]); });
  std::vector<std::vector<Measured>> all;
  for (Tables& one : made) {
    ASSIGN_OR_RETURN(all.emplace_back(), std::move(one));
  }
  return all;
}

absl::string_view NameOf(Completeness completeness) {
  switch (completeness) {
    case Completeness::kComplete:
      return "complete";
    case Completeness::kPartial:
      return "partial";
    case Completeness::kNotYet:
      return "not yet";
    case Completeness::kNotCovered:
      return "not covered";
    case Completeness::kNotAvailable:
      return "not available";
  }
  return "";
}

absl::StatusOr<std::vector<Measured>> Measure(const Journeys& journeys, const MeasureRequest& request) {
  ASSIGN_OR_RETURN(auto all, MeasureAll(journeys, {&request, 1}));
  return std::move(all.front());
}

}  // namespace waymark::node
