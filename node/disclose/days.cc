#include "node/disclose/days.h"

#include "base/period.h"

namespace waymark::node {

bool HaveSameDays(absl::string_view a, absl::string_view b) {
  const auto first = ParsePeriod(a);
  const auto second = ParsePeriod(b);
  return first.ok() && second.ok() && first->first == second->first && first->last == second->last;
}

bool MayOverlap(absl::string_view a, absl::string_view b) {
  const auto first = ParsePeriod(a);
  const auto second = ParsePeriod(b);
  return !first.ok() || !second.ok() || first->Overlaps(*second);
}

}  // namespace waymark::node
