// Whether a metric can be measured from what a council's sources carry, and how far its follow-up reaches.
#ifndef WAYMARK_NODE_MEASURE_AVAILABILITY_H_
#define WAYMARK_NODE_MEASURE_AVAILABILITY_H_

#include <string>
#include <vector>

#include "base/day.h"
#include "base/period.h"
#include "node/journey/journeys.h"
#include "node/measure/measurer.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::node {

struct Availability {
  Completeness completeness = Completeness::kComplete;
  std::string reason;  // in words; empty where complete
  // The last day that every kind of record which the metric needs is followed to.
  Day until = kNoDay;

  bool can_be_measured() const {
    return completeness == Completeness::kComplete || completeness == Completeness::kPartial;
  }
};

// In this order: not available (a kind of record or a field that no source carries), not covered (a kind of
// record is whole only from a day after the period's first, less the days that the entry looks back), not yet
// (no member's follow-up has ended), partial (that of some has not), complete: last day of the period +
// window ≤ extract date.
//
// A look-back needs its records from that many days before: before the period, or, where it is counted from
// the starts of episodes that end in the period, before the earliest of these. A stock is of the period's
// last day: it needs records from that day, and is never partial. Working days need a calendar that knows the
// period and enough days before it.
Availability Assess(const Journeys& journeys, const MeasureRequest& request, std::uint32_t window);

// For each outcome, whether the sources carry the field that it tests and the levels whose starts it looks
// for. Where they do not, its column is not available and the others stand.
std::vector<bool> CarriedOutcomes(const Journeys& journeys, const v1::Metric& metric);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_AVAILABILITY_H_
