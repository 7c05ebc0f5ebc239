// The merging of pieces into episodes, and of levels into social-care spells.
#ifndef WAYMARK_NODE_JOURNEY_MERGE_H_
#define WAYMARK_NODE_JOURNEY_MERGE_H_

#include <cstddef>
#include <vector>

#include "absl/types/span.h"
#include "node/journey/journeys.h"
#include "node/journey/records.h"

namespace waymark::node {

// Largest difference of an end and the next start at which two pieces are one.
inline constexpr Day kMergeDays = 1;

// Whether a piece that starts on `start` continues one that ends on `end`.
inline bool Continues(Day end, Day start) {
  return end == kNoDay || start <= end + kMergeDays;
}

// Sorts the episodes of `records` by person, level, start, id and then the rest.
void SortEpisodes(Records& records);
// Merges one person's episodes, which are sorted so, and writes them to where `merged` points: to the first
// of them or before it. Returns how many they are now.
std::size_t MergeEpisodes(absl::Span<const Episode> pieces, Episode* merged);

// Appends one person's spells to `spells`; `numbers` are the person's merged CIN, CP and CLA episodes
// (indices in `episodes`, reordered by the call).
void AppendSpells(absl::Span<const Episode> episodes, absl::Span<std::uint32_t> numbers,
                  std::vector<SocialCareSpell>& spells);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_JOURNEY_MERGE_H_
