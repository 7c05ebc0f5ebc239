// What can be said of a catalogue entry before any record is looked at.
#ifndef WAYMARK_NODE_MEASURE_ENTRY_H_
#define WAYMARK_NODE_MEASURE_ENTRY_H_

#include <cstdint>

#include "absl/status/status.h"
#include "base/day.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::node {

// FAILED_PRECONDITION where the entry is of a kind, or asks something, that this version does not know.
absl::Status CheckEntry(const v1::Metric& metric);

// How many days after a member's event the entry looks: follow-up windows, and the far ends of what must not
// be open. A member counts only when its event + this ≤ the last day that its records are followed to.
Day ReachOf(const v1::Metric& metric, std::uint32_t window);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_ENTRY_H_
