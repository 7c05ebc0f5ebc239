// What can be said of a catalogue entry before any record is looked at.
#ifndef WAYMARK_NODE_MEASURE_ENTRY_H_
#define WAYMARK_NODE_MEASURE_ENTRY_H_

#include "absl/status/status.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::node {

// FAILED_PRECONDITION where the entry is of a kind, or asks something, that this version does not know.
absl::Status CheckEntry(const v1::Metric& metric);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_ENTRY_H_
