// The known word that a mistyped one was probably meant to be, for messages.
#ifndef WAYMARK_BASE_NEAREST_H_
#define WAYMARK_BASE_NEAREST_H_

#include <string>

#include "absl/strings/string_view.h"

namespace waymark {

// The least number of inserted, deleted or changed bytes that turns `a` into `b` (Levenshtein).
std::size_t EditDistance(absl::string_view a, absl::string_view b);

// Of `known` (any range of texts) the first of those nearest to `word`, at most half of its letters away; ""
// if none is.
template <typename Range>
std::string Nearest(absl::string_view word, const Range& known) {
  std::string best;
  std::size_t best_distance = word.size() / 2 + 1;
  for (const auto& candidate : known) {
    const std::size_t distance = EditDistance(word, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = std::string(candidate);
    }
  }
  return best;
}

}  // namespace waymark

#endif  // WAYMARK_BASE_NEAREST_H_
