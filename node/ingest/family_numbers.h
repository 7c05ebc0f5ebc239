// Families by number, in the order in which they come.
#ifndef WAYMARK_NODE_INGEST_FAMILY_NUMBERS_H_
#define WAYMARK_NODE_INGEST_FAMILY_NUMBERS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "node/ingest/short_text.h"
#include "node/journey/records.h"

namespace waymark::node {

// Not thread-safe.
class FamilyNumbers {
 public:
  // Sets each person's family to the number of the id at the same place in `families`; an empty one to
  // kNoFamily. Many at once, since most of the time is spent waiting for memory.
  void Number(absl::Span<const ShortText> families, absl::Span<Person> persons);

  const std::vector<ShortText>& families() const { return families_; }

 private:
  std::uint32_t NumberOf(ShortText family, std::size_t hash);
  void Grow(std::size_t more);

  std::vector<ShortText> families_;
  std::vector<std::uint32_t> slots_;  // number + 1 by hash, in open addressing; 0: free
  std::vector<std::size_t> hashes_;   // of those at hand
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_FAMILY_NUMBERS_H_
