// How the days of two period labels stand to one another. Pure; thread-safe.
#ifndef WAYMARK_NODE_DISCLOSE_DAYS_H_
#define WAYMARK_NODE_DISCLOSE_DAYS_H_

#include "absl/strings/string_view.h"

namespace waymark::node {

// A label that cannot be read is of days that nobody knows: never the same as others, and overlapping with
// whatever there is, for whoever has to refuse when in doubt.
bool HaveSameDays(absl::string_view a, absl::string_view b);
bool MayOverlap(absl::string_view a, absl::string_view b);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_DAYS_H_
