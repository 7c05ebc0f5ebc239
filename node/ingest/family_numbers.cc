#include "node/ingest/family_numbers.h"

#include <algorithm>

namespace waymark::node {
namespace {

constexpr std::size_t kFirstSlots = 1024;
// How many families ahead memory is asked for.
constexpr std::size_t kSlotAhead = 32;
constexpr std::size_t kFamilyAhead = 16;

}  // namespace

void FamilyNumbers::Number(absl::Span<const ShortText> families, absl::Span<Person> persons) {
  Grow(families.size());
  hashes_.clear();
  for (const ShortText& family : families) hashes_.push_back(static_cast<std::size_t>(family.Hash()));
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = 0; i < families.size(); ++i) {
    if (i + kSlotAhead < families.size()) __builtin_prefetch(&slots_[hashes_[i + kSlotAhead] & mask]);
    if (i + kFamilyAhead < families.size()) {
      const std::uint32_t slot = slots_[hashes_[i + kFamilyAhead] & mask];
      if (slot != 0) __builtin_prefetch(&families_[slot - 1]);
    }
    persons[i].family = families[i].empty() ? kNoFamily : NumberOf(families[i], hashes_[i]);
  }
}

std::uint32_t FamilyNumbers::NumberOf(ShortText family, std::size_t hash) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  while (slots_[at] != 0 && !(families_[slots_[at] - 1] == family)) at = (at + 1) & mask;
  if (slots_[at] == 0) {
    families_.push_back(family);
    slots_[at] = static_cast<std::uint32_t>(families_.size());
  }
  return slots_[at] - 1;
}

// For so many more families than there are.
void FamilyNumbers::Grow(std::size_t more) {
  std::size_t size = std::max(kFirstSlots, slots_.size());
  while (4 * (families_.size() + more) > 3 * size) size *= 2;
  if (size == slots_.size()) return;
  slots_.assign(size, 0);
  for (std::size_t i = 0; i < families_.size(); ++i) {
    std::size_t at = static_cast<std::size_t>(families_[i].Hash()) & (size - 1);
    while (slots_[at] != 0) at = (at + 1) & (size - 1);
    slots_[at] = static_cast<std::uint32_t>(i + 1);
  }
}

}  // namespace waymark::node
