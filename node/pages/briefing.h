// One page for a scrutiny committee: our figures beside others', and room for the council's own words, which
// are kept under the state directory.
#ifndef WAYMARK_NODE_PAGES_BRIEFING_H_
#define WAYMARK_NODE_PAGES_BRIEFING_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "node/site/configuration.h"

namespace waymark::node {

inline constexpr std::size_t kMostCommentaryBytes = 10'000;

// "" where nobody wrote any.
absl::StatusOr<std::string> Commentary(const Configuration& configuration);
// Of a commentary as a form shows it.
std::string CommentaryTag(const std::string& commentary);
// In place of the one with the tag `before`; ABORTED, and nothing is kept, where somebody else changed it
// since. INVALID_ARGUMENT where it is too long.
absl::Status KeepCommentary(const Configuration& configuration, const std::string& before,
                            const std::string& text);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_PAGES_BRIEFING_H_
