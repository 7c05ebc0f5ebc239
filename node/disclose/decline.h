// Why this council gives nothing to a round, in one word that others may hear: an error of the door carries
// it, beside the message that is for the council alone. No word depends on a count. Thread-safe.
#ifndef WAYMARK_NODE_DISCLOSE_DECLINE_H_
#define WAYMARK_NODE_DISCLOSE_DECLINE_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "waymark/v1/release.pb.h"

namespace waymark::node {

// The same error, with the word.
absl::Status Declined(v1::Absence reason, absl::Status error);

// The word of an error, if it has one: errors that may pass have none.
std::optional<v1::Absence> DeclineOf(const absl::Status& error);

// That of a rule that said no (request.h, ledger_rules.h), where what it gives for the item says no more than
// "not released".
v1::Absence ReasonOfRule(absl::string_view rule, v1::Absence absence);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_DECLINE_H_
