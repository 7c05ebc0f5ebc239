// The people and records of some shards, put in order: people known to several threads joined, duplicates
// dropped. What record_merger.h makes Records of.
#ifndef WAYMARK_NODE_INGEST_MERGED_GROUP_H_
#define WAYMARK_NODE_INGEST_MERGED_GROUP_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "node/ingest/gathered.h"
#include "node/journey/records.h"

namespace waymark::node {

using GatheredParts = std::vector<std::unique_ptr<Gathered>>;  // of each thread

// Codes of the parts as numbers of one dictionary, in which they stand in the order of their texts.
class JoinedCodes {
 public:
  JoinedCodes(const GatheredParts& parts, Dictionary& codes);

  // Of one part's codes.
  class OfPart {
   public:
    explicit OfPart(const std::vector<Code>& numbers) : numbers_(numbers.data()) {}
    Code Of(Code code) const { return numbers_[static_cast<Code>(code + 1)]; }

   private:
    const Code* numbers_;
  };
  OfPart Part(std::size_t part) const { return OfPart(numbers_[part]); }
  // Of two codes of a person the one that tells more: nothing, blank, "not known", something; of two that
  // tell something the first in the alphabet. `conflict` is set where both tell something.
  Code Better(Code held, Code code, bool& conflict) const;

 private:
  int Weight(Code code) const { return code == kNoCode ? 0 : weights_[code]; }

  // Part, its number and one more → the number in the dictionary; kNoCode, the greatest, is the first.
  std::vector<std::vector<Code>> numbers_;
  std::vector<std::uint8_t> weights_;  // how much each tells
};

// About the persons with records.
struct MergedPersons {
  std::int64_t unlisted = 0;           // whom no source lists
  std::int64_t conflicts = 0;          // of whom rows tell different things
  std::int64_t died_before_birth = 0;  // whose death is not used
  std::array<std::int64_t, kLevels> episodes = {};
};

// `records` has people, their rows, ids and quality, with numbers that count from the group's first.
struct MergedGroup {
  struct Duplicate {
    std::uint32_t line;
    std::uint16_t file;
  };

  Records records;
  std::vector<ShortText> families;  // of each person; empty: none told
  std::vector<Duplicate> duplicates;
  MergedPersons counts;

  void Clear();
};

// Merges one group after another; not thread-safe, but several may work on different shards.
class GroupMerger {
 public:
  // `episode_ids`: whether episodes keep theirs. `whole` has the codes, the coverage and what is to be
  // made. All outlive it.
  GroupMerger(const GatheredParts& parts, const JoinedCodes& codes, const Records& whole, bool episode_ids)
      : parts_(parts), codes_(codes), whole_(whole), episode_ids_(episode_ids) {}

  // Of the shards from `first` to before `last`; good until the next call. People stand by id, their rows by
  // type, level or kind, day, id and the rest. People without a row are left out.
  const MergedGroup& Merge(std::size_t first, std::size_t last);

 private:
  struct Met {
    ShortText family = {};
    Person person = {};
    bool used = false;
    bool conflict = false;
  };
  struct Row {
    LoggedRow row = {};
    std::uint32_t person = 0;  // number in met_
  };
  // A row by what its person's rows stand in order of.
  struct Ordered {
    std::uint64_t days;
    std::uint32_t row;  // number in rows_
  };

  struct Visitor;

  void Read(std::size_t part, RowLog& log);
  std::uint32_t PersonNumber(ShortText id);
  void GrowSlots();
  void Take(const PersonFacts& facts, JoinedCodes::OfPart codes, Met& met) const;
  void SortById();
  void AddPersons();
  void AddRows();
  void AddRow(const LoggedRow& row, std::uint32_t person);

  const GatheredParts& parts_;
  const JoinedCodes& codes_;
  const Records& whole_;
  const bool episode_ids_;
  // Of the group at hand.
  std::vector<ShortText> ids_;  // of those met
  std::vector<Met> met_;
  std::vector<std::uint32_t> slots_;  // number in met_ + 1 by hash of id, in open addressing; 0: free
  std::vector<Row> rows_;
  std::vector<std::uint32_t> begins_;  // number in met_ → where the person's rows begin in order_,
  std::vector<Ordered> order_;         // in which persons stand by id
  std::vector<std::pair<ShortText, std::uint32_t>> by_id_;   // persons with rows: id, number in met_
  std::vector<std::pair<ShortText, std::uint32_t>> sorted_;  // while they are put in order
  MergedGroup group_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_MERGED_GROUP_H_
