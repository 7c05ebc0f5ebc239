#include "node/ingest/gathered.h"

#include <algorithm>

namespace waymark::node {
namespace {

constexpr std::size_t kFirstSlots = 16;

// How much a code tells.
int Weight(const Dictionary& codes, Code code) {
  if (code == kNoCode) return 0;
  const std::string& text = codes.Text(code);
  if (text.empty()) return 1;
  return text == "not known" ? 2 : 3;
}

// The shard is told by the highest byte of the hash, the slot by the lowest bits. A slot holds person + 1
// and, so that others' ids need not be looked at, eight more bits of the hash.
constexpr unsigned kShardShift = 56;
constexpr unsigned kNumberBits = 24;
constexpr std::uint32_t kNumberMask = (1U << kNumberBits) - 1;

std::uint32_t TagOf(std::uint64_t hash) {
  return static_cast<std::uint32_t>(hash >> 16U) & ~kNumberMask;
}

}  // namespace

void GatheredPerson::TakeCode(Code GatheredPerson::*held, Code code, const Dictionary& codes) {
  Code& mine = this->*held;
  if (mine == code) return;
  const int held_weight = Weight(codes, mine);
  const int weight = Weight(codes, code);
  if (held_weight == 3 && weight == 3) conflict = true;
  if (weight < held_weight || (weight == held_weight && weight < 3)) return;
  if (weight > held_weight || codes.Text(code) < codes.Text(mine)) mine = code;
}

void GatheredPerson::Take(const GatheredPerson& other, const Dictionary& codes) {
  TakeBirth(other.birth);
  TakeDeath(other.death);
  for (Code GatheredPerson::*code :
       {&GatheredPerson::sex, &GatheredPerson::ethnicity, &GatheredPerson::disability}) {
    TakeCode(code, other.*code, codes);
  }
  TakeFamily(other.family);
  listed = listed || other.listed;
  used = used || other.used;
  conflict = conflict || other.conflict;
}

std::uint32_t Gathered::PersonNumber(absl::string_view id) {
  const std::uint64_t hash = HashOf(id);
  const auto shard_number = static_cast<std::size_t>(hash >> kShardShift);
  Shard& shard = shards_[shard_number];
  if (shard.slots.size() * 3 / 4 <= shard.persons) Grow(shard);
  const std::size_t mask = shard.slots.size() - 1;
  const std::uint32_t tag = TagOf(hash);
  std::size_t at = static_cast<std::size_t>(hash) & mask;
  std::uint32_t number = 0;
  for (;; at = (at + 1) & mask) {
    const std::uint32_t slot = shard.slots[at];
    if (slot == 0) {
      number = shard.Add(ShortText(id, room_));
      shard.slots[at] = tag | (number + 1);
      break;
    }
    number = (slot & kNumberMask) - 1;
    if ((slot & ~kNumberMask) == tag && shard.person(number).id.Is(id)) break;
  }
  return number * static_cast<std::uint32_t>(kShards) + static_cast<std::uint32_t>(shard_number);
}

std::uint32_t Gathered::Shard::Add(ShortText id) {
  if (persons % kBlock == 0) blocks.push_back(std::make_unique<GatheredPerson[]>(kBlock));
  person(persons).id = id;
  return static_cast<std::uint32_t>(persons++);
}

void Gathered::Shard::ForgetPersons() {
  persons = 0;
  decltype(blocks)().swap(blocks);
  decltype(slots)().swap(slots);
}

void Gathered::Grow(Shard& shard) {
  shard.slots.assign(std::max(kFirstSlots, 2 * shard.slots.size()), 0);
  const std::size_t mask = shard.slots.size() - 1;
  for (std::size_t i = 0; i < shard.persons; ++i) {
    char bytes[8];
    const std::uint64_t hash = HashOf(shard.person(i).id.Unpack(bytes));
    std::size_t at = static_cast<std::size_t>(hash) & mask;
    while (shard.slots[at] != 0) at = (at + 1) & mask;
    shard.slots[at] = TagOf(hash) | static_cast<std::uint32_t>(i + 1);
  }
}

}  // namespace waymark::node
