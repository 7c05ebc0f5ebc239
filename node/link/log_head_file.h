// A head of the transparency log with a council's word that it was shown it, as JSON that people can read and
// send to each other: so the node keeps it, and so it travels by file. Pure; thread-safe.
#ifndef WAYMARK_NODE_LINK_LOG_HEAD_FILE_H_
#define WAYMARK_NODE_LINK_LOG_HEAD_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "proto/contract/transparency.h"

namespace waymark::node {

inline constexpr std::size_t kMaxLogHeadFileBytes = 64 << 10;

// {"council": …, "size": …, "root": …, "signed": "2027-11-22T00:00:00Z", "coordinator_signature": …,
// "council_signature": …}, bytes in hexadecimal.
std::string LogHeadText(const contract::WitnessedHead& head);

// INVALID_ARGUMENT where it is no such text; `file` is used in messages only. Signatures are not looked at.
absl::StatusOr<contract::WitnessedHead> ParseLogHead(const std::string& text, absl::string_view file);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_LINK_LOG_HEAD_FILE_H_
