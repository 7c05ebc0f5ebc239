// What has been gathered of people and records while sources are read: by one thread, for one council.
#ifndef WAYMARK_NODE_INGEST_GATHERED_H_
#define WAYMARK_NODE_INGEST_GATHERED_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/strings/string_view.h"
#include "node/ingest/row_log.h"
#include "node/ingest/short_text.h"
#include "node/journey/records.h"

namespace waymark::node {

// What rows have told of a person so far.
struct GatheredPerson {
  ShortText id;
  ShortText family;  // empty: none told
  Day birth = kNoDay;
  Day death = kNoDay;
  Code sex = kNoCode;
  Code ethnicity = kNoCode;
  Code disability = kNoCode;
  bool listed : 1 = false;
  bool used : 1 = false;
  bool conflict : 1 = false;

  void TakeBirth(Day day) { TakeEarliest(birth, day); }
  void TakeDeath(Day day) { TakeEarliest(death, day); }
  // Of two codes the one that tells more: nothing, blank, "not known", something; of two that tell something
  // the first in the alphabet. `codes` has both.
  void TakeCode(Code GatheredPerson::*held, Code code, const Dictionary& codes);
  void TakeFamily(ShortText other) {
    if (family.empty() || (!other.empty() && other < family)) family = other;
  }
  // All that another has been told of the same person.
  void Take(const GatheredPerson& other, const Dictionary& codes);

 private:
  void TakeEarliest(Day& held, Day day) {
    if (day == kNoDay || day == held) return;
    conflict = conflict || held != kNoDay;
    held = std::min(held, day);
  }
};

// People are spread over shards by a hash of their ids, the same in every run, and so are their rows: a shard
// can be put in order by itself, in the processor's cache. Not thread-safe.
class Gathered {
 public:
  static constexpr std::size_t kShards = 256;

  struct Shard {
    std::uint32_t Add(ShortText id);
    // Gives their memory back; the rows stay.
    void ForgetPersons();
    GatheredPerson& person(std::size_t i) { return blocks[i / kBlock][i % kBlock]; }

    static constexpr std::size_t kBlock = 128;
    std::vector<std::unique_ptr<GatheredPerson[]>> blocks;
    std::size_t persons = 0;
    std::vector<std::uint32_t> slots;  // by hash of id, in open addressing; 0: free
    RowLog rows;                       // their `person` is a number in this shard
  };

  // The person's number, given now if there is none. Numbers are not dense.
  std::uint32_t PersonNumber(absl::string_view id);
  GatheredPerson& person(std::uint32_t number) { return ShardOf(number).person(number / kShards); }
  void AddRow(std::uint32_t person, LoggedRow row) {
    row.person = static_cast<std::uint32_t>(person / kShards);
    ShardOf(person).rows.Add(row);
  }

  Shard& shard(std::size_t number) { return shards_[number]; }
  Dictionary& codes() { return codes_; }
  TextRoom& room() { return room_; }

 private:
  Shard& ShardOf(std::uint32_t person) { return shards_[person % kShards]; }
  void Grow(Shard& shard);

  std::array<Shard, kShards> shards_;
  Dictionary codes_;
  TextRoom room_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_GATHERED_H_
