// Orders by text where codes are equal in everything but their numbers, so that no result depends on which
// text a dictionary met first.
#ifndef WAYMARK_NODE_JOURNEY_TEXT_ORDER_H_
#define WAYMARK_NODE_JOURNEY_TEXT_ORDER_H_

#include <cstdint>
#include <vector>

#include "node/journey/records.h"

namespace waymark::node {

// Negative, zero or positive as a's text is before, the same as or after b's; kNoCode is before every text.
int CompareTexts(const Dictionary& dictionary, Code a, Code b);

// The numbers of `dictionary`, by their texts. Common prefixes ("CHILD-000…") cost nothing: texts are
// compared by the eight bytes after the prefix that all share, and whole only where those are equal.
std::vector<std::uint32_t> NumbersByText(const Dictionary& dictionary);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_JOURNEY_TEXT_ORDER_H_
