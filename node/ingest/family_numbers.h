// Families by number.
#ifndef WAYMARK_NODE_INGEST_FAMILY_NUMBERS_H_
#define WAYMARK_NODE_INGEST_FAMILY_NUMBERS_H_

#include <vector>

#include "absl/types/span.h"
#include "node/ingest/short_text.h"
#include "node/journey/records.h"

namespace waymark::node {

// Sets each person's family to the number of the id at the same place in `families`, where that is not
// empty. Returns the ids by number. A few thousand are numbered as they come; many group by group of a
// hash of their ids, in several threads, and as they come in each. The numbers do not depend on the threads.
std::vector<ShortText> NumberFamilies(absl::Span<const ShortText> families, absl::Span<Person> persons);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_FAMILY_NUMBERS_H_
