// Metric kind QUALITY: how complete each required field was when the sources were last read, as node/ingest
// counted it.
#ifndef WAYMARK_NODE_MEASURE_QUALITY_TABLE_H_
#define WAYMARK_NODE_MEASURE_QUALITY_TABLE_H_

#include <vector>

#include "absl/status/statusor.h"
#include "node/journey/journeys.h"
#include "node/measure/measurer.h"

namespace waymark::node {

// As Measure: a table over all fields together, then, where asked, one with a row for each field. The period
// is only a label: the figures are those of the last reading. Not available where nothing was read.
absl::StatusOr<std::vector<Measured>> MeasureQuality(const Journeys& journeys, const MeasureRequest& request,
                                                     const std::vector<v1::Unit>& units);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_QUALITY_TABLE_H_
