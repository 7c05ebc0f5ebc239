// Completeness of the fields that no metric requires: beside those of metric 43, which node/ingest counts.
#ifndef WAYMARK_NODE_QUALITY_FURTHER_FIELDS_H_
#define WAYMARK_NODE_QUALITY_FURTHER_FIELDS_H_

#include <vector>

#include "node/journey/records.h"

namespace waymark::node {

// Every field of the records that there are and that is not in records.quality, sorted by name. Complete is
// what is filled in and understood. A field that no source carries has 0 complete.
std::vector<FieldQuality> FurtherFields(const Records& records);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_QUALITY_FURTHER_FIELDS_H_
