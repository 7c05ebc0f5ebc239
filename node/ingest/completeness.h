// How complete a council's records are, field by field: metric 43.
#ifndef WAYMARK_NODE_INGEST_COMPLETENESS_H_
#define WAYMARK_NODE_INGEST_COMPLETENESS_H_

#include <vector>

#include "node/journey/records.h"

namespace waymark::node {

// Every required field of the kinds of record that the sources carry, sorted by name. A record counts as
// complete in a field if the field is filled in and was understood: neither blank nor "unknown" nor "not
// known", nor without a column for it. early_help.end_reason is asked of ended episodes only.
// `persons_listed`: how many of the persons stand in the source's own list of persons; negative where no
// source has one.
std::vector<FieldQuality> Completeness(const Records& records, std::int64_t persons_listed);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_COMPLETENESS_H_
