#include "node/measure/measurer.h"

#include <utility>

#include "base/status.h"
#include "node/measure/plan.h"
#include "node/measure/tabulate.h"
#include "node/measure/unwalked.h"
#include "node/measure/walk.h"

namespace waymark::node {

absl::StatusOr<std::vector<std::vector<Measured>>> MeasureAll(const Journeys& journeys,
                                                              absl::Span<const MeasureRequest> requests) {
  ASSIGN_OR_RETURN(const Plan plan, PlanOf(journeys, requests));
  LocalNames names;
  ASSIGN_OR_RETURN(const Counts counts, CountAll(journeys, plan, names));
  const Counted counted{.journeys = journeys, .plan = plan, .names = names, .counts = counts};
  std::vector<std::vector<Measured>> all;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (plan.sources[i].jobs == 0) {
      ASSIGN_OR_RETURN(const std::vector<v1::Unit> units, UnitsOf(requests[i]));
      ASSIGN_OR_RETURN(all.emplace_back(), MeasureUnwalked(journeys, requests[i], units));
    } else {
      ASSIGN_OR_RETURN(all.emplace_back(), TablesOf(counted, requests[i], plan.sources[i]));
    }
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
