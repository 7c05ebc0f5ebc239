// Moves between states as a flat table and as the nodes and links of a Sankey diagram. Pure; thread-safe.
#ifndef WAYMARK_COORDINATOR_EXPORT_JOURNEY_TABLE_H_
#define WAYMARK_COORDINATOR_EXPORT_JOURNEY_TABLE_H_

#include <string>

#include "waymark/v1/benchmark.pb.h"

namespace waymark::coordinator {

// One header line, a line a flow. `moves` has the shorthand of a flow without a number ("[c]", …), and empty
// cells beside it. Columns keep their names and order from version to version; new ones come last.
std::string JourneysCsv(const v1::JourneysResponse& journeys);

// {…, "diagrams": [{…, "nodes": [{"id", "label", "side", …}], "links": [{"source", "target", "value", …}]}]},
// as d3-sankey takes it: a node is a state before or after, and `source` and `target` are places in `nodes`.
// A flow without a number has a null value, and its status and shorthand.
std::string JourneysJson(const v1::JourneysResponse& journeys);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_EXPORT_JOURNEY_TABLE_H_
