// Records as rows told them, written down in about 25 bytes each until every row has been read.
#ifndef WAYMARK_NODE_INGEST_ROW_LOG_H_
#define WAYMARK_NODE_INGEST_ROW_LOG_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/strings/string_view.h"
#include "node/journey/records.h"

namespace waymark::node {

enum class RowType : std::uint8_t { kEpisode = 0, kReferral = 1, kContact = 2, kStep = 3 };

inline constexpr int kRowCodes = 7;

// A record of any kind. What a kind does not have stays as it is here.
struct LoggedRow {
  std::uint32_t person = 0;
  RowType type = RowType::kEpisode;
  std::uint8_t part = 0;  // the Level of an episode, the StepKind of a step
  Day start = 0;
  Day end = kNoDay;
  Day referral = kNoDay;
  // As logged_record.h has them in order; the rest kNoCode.
  std::array<Code, kRowCodes> codes = {kNoCode, kNoCode, kNoCode, kNoCode, kNoCode, kNoCode, kNoCode};
  absl::string_view id = {};  // "": none
  std::uint64_t hash = 0;     // of the whole row, where there is no id
  // Where it stands.
  std::uint32_t line = 0;
  std::uint16_t file = 0;
  bool counts = true;
};

// Rows are read back in the order in which they were added. Not thread-safe.
class RowLog {
 public:
  void Add(const LoggedRow& row);

  std::size_t count(RowType type) const { return counts_[static_cast<std::size_t>(type)]; }

  // Calls `visit` with each row, whose id stays valid as long as the log.
  template <typename Visit>
  void ForEach(const Visit& visit) const {
    Place last;
    for (const Block& block : blocks_) {
      const char* at = block.bytes.get();
      const char* const end = at + block.used;
      while (at < end) {
        LoggedRow row;
        at = Read(at, last, row);
        visit(row);
      }
    }
  }

 private:
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t used = 0;
    std::size_t size = 0;
  };
  struct Place {
    std::uint32_t line = 0;
    std::uint16_t file = 0;
  };

  static const char* Read(const char* at, Place& last, LoggedRow& row);

  std::vector<Block> blocks_;
  std::array<std::size_t, 4> counts_ = {};
  Place last_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_ROW_LOG_H_
