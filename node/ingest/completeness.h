// How complete a council's records are, field by field: metric 43.
#ifndef WAYMARK_NODE_INGEST_COMPLETENESS_H_
#define WAYMARK_NODE_INGEST_COMPLETENESS_H_

#include <cstdint>
#include <vector>

#include "node/journey/records.h"

namespace waymark::node {

// Every required field of the kinds of record that the sources carry, of the records in `part`, which is all
// or some of those whose codes and coverage are in `whole`; always in the same order. A record counts as
// complete in a field if the field is filled in and was understood: neither blank nor "unknown" nor "not
// known", nor without a column for it. early_help.end_reason is asked of ended episodes only.
std::vector<FieldQuality> Completeness(const Records& part, const Records& whole);

// Adds what Completeness has counted of another part.
void AddFields(const std::vector<FieldQuality>& more, std::vector<FieldQuality>& fields);

// The whole, sorted by name. `persons_listed`: how many of the persons stand in the source's own list of
// persons, which is person.linked; negative where no source has one.
std::vector<FieldQuality> FinishFields(std::vector<FieldQuality> fields, std::int64_t persons,
                                       std::int64_t persons_listed);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_COMPLETENESS_H_
