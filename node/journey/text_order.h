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

// The same of ids; kNoRecordId is before every id.
int CompareIds(const Ids& ids, RecordId a, RecordId b);

// The numbers of `ids`, by their texts.
std::vector<std::uint32_t> NumbersByText(const Ids& ids);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_JOURNEY_TEXT_ORDER_H_
