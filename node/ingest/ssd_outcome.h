// Outcome columns of the Standard Safeguarding Dataset. Systems write a code, a word, or JSON with flags, as
// {"OUTCOME_NFA_FLAG": "Y", …}.
#ifndef WAYMARK_NODE_INGEST_SSD_OUTCOME_H_
#define WAYMARK_NODE_INGEST_SSD_OUTCOME_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "node/ingest/row_fields.h"

namespace waymark::node {

// The JSON is often put together by hand and not valid, so flags are looked for and nothing else in it is
// read. The first flag whose name ends in `suffix`: whether any of that name is set; nothing if there is none
// or all are blank.
std::optional<bool> JsonFlag(absl::string_view json, absl::string_view suffix);

// What a contact led to: a code of CodeField::kOutcome; "" where nothing tells.
absl::string_view SsdContactOutcome(RowFields& fields, Column outcome);

// Whether something ended in no further action: "yes", "no", "" where nothing tells. From the flag's column;
// where that is blank, from the outcome's.
absl::string_view SsdNfa(RowFields& fields, Column flag, Column outcome);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_SSD_OUTCOME_H_
