#include "node/ingest/gathered.h"

#include <algorithm>

namespace waymark::node {
namespace {

constexpr std::size_t kFirstSlots = 16;
// The shard is told by the highest bits of the hash, the slot by the lowest.
constexpr unsigned kShardShift = 56;
static_assert(Gathered::kShards == std::size_t{1} << (64 - kShardShift));

}  // namespace

std::uint32_t Gathered::PersonNumber(absl::string_view id) {
  if (named_.empty()) return Name(id, HashOf(id));
  if (4 * (named_.size() + 1) > 3 * slots_.size()) Grow();
  const std::uint64_t hash = HashOf(id);
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = static_cast<std::size_t>(hash) & mask;
  while (slots_[at] != 0 && !named_[slots_[at] - 1].id.Is(id)) at = (at + 1) & mask;
  if (slots_[at] == 0) slots_[at] = Name(id, hash) + 1;
  return slots_[at] - 1;
}

inline std::uint32_t Gathered::Name(absl::string_view id, std::uint64_t hash) {
  // Of what is now read of the person, the log will be told a little later.
  const auto* const log = reinterpret_cast<const char*>(&rows_[hash >> kShardShift]);
  for (std::size_t at = 0; at < sizeof(RowLog); at += 64) __builtin_prefetch(log + at, 1);
  named_.push_back({ShortText(id, room_), static_cast<std::uint16_t>(hash >> kShardShift)});
  return static_cast<std::uint32_t>(named_.size() - 1);
}

void Gathered::ForgetPersons() {
  named_.clear();
  slots_.clear();
}

void Gathered::Grow() {
  slots_.assign(std::max(kFirstSlots, 2 * slots_.size()), 0);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = 0; i < named_.size(); ++i) {
    std::size_t at = static_cast<std::size_t>(named_[i].id.Hash()) & mask;
    while (slots_[at] != 0) at = (at + 1) & mask;
    slots_[at] = static_cast<std::uint32_t>(i + 1);
  }
}

}  // namespace waymark::node
