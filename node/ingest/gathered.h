// What has been gathered of people and records while sources are read: by one thread, for one council.
#ifndef WAYMARK_NODE_INGEST_GATHERED_H_
#define WAYMARK_NODE_INGEST_GATHERED_H_

#include <array>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "node/ingest/row_log.h"
#include "node/ingest/short_text.h"
#include "node/journey/records.h"

namespace waymark::node {

// What rows tell is spread over shards by a hash of the person's id, the same in every run: a shard can be
// put in order by itself, in the processor's cache. No table of all people is kept meanwhile, since looking
// into one costs more than anything else that is done with a row. Not thread-safe.
class Gathered {
 public:
  static constexpr std::size_t kShards = 256;

  // The person's number, given now if there is none.
  std::uint32_t PersonNumber(absl::string_view id);
  // The numbers that PersonNumber has given are not asked for any more.
  void ForgetPersons();

  void Add(std::uint32_t person, const PersonFacts& facts) { LogOf(person).Add(named_[person].id, facts); }
  void Add(std::uint32_t person, const LoggedRow& row) { LogOf(person).Add(named_[person].id, row); }

  RowLog& rows(std::size_t shard) { return rows_[shard]; }
  Dictionary& codes() { return codes_; }
  TextRoom& room() { return room_; }

 private:
  struct Named {
    ShortText id;
    std::uint16_t shard;
  };

  RowLog& LogOf(std::uint32_t person) { return rows_[named_[person].shard]; }
  std::uint32_t Name(absl::string_view id, std::uint64_t hash);
  void Grow();

  std::array<RowLog, kShards> rows_;
  std::vector<Named> named_;  // by number
  // Number + 1 by hash of id, in open addressing; 0: free. Empty until there is a second person.
  std::vector<std::uint32_t> slots_;
  Dictionary codes_;
  TextRoom room_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_GATHERED_H_
