// What rows tell of persons and of their records, written down in about 40 bytes a row until every row has
// been read.
#ifndef WAYMARK_NODE_INGEST_ROW_LOG_H_
#define WAYMARK_NODE_INGEST_ROW_LOG_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "node/ingest/short_text.h"
#include "node/journey/records.h"

namespace waymark::node {

enum class RowType : std::uint8_t { kEpisode = 0, kReferral = 1, kContact = 2, kStep = 3 };

inline constexpr std::size_t kRowCodes = 7;

// A record of any kind. What a kind does not have stays as it is here.
struct LoggedRow {
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

// What a row tells of its person.
struct PersonFacts {
  ShortText family = {};  // empty: none told
  Day birth = kNoDay;
  Day death = kNoDay;
  Code sex = kNoCode;
  Code ethnicity = kNoCode;
  Code disability = kNoCode;
  bool listed = false;
  friend bool operator==(const PersonFacts&, const PersonFacts&) = default;
};

// Entries are read back in the order in which they were added. Not thread-safe.
class RowLog {
 public:
  // `person` is who it is about: the id.
  void Add(ShortText person, const LoggedRow& row);
  // Nothing is written where the entries before were of the same person and told the same.
  void Add(ShortText person, const PersonFacts& facts);

  std::size_t count(RowType type) const { return counts_[static_cast<std::size_t>(type)]; }

  // Calls `visit(person, facts)` for each entry with PersonFacts; for each row fills in what `visit.Room()`
  // returns, a LoggedRow as it is by default, and calls `visit(person)`. Its id is good as long as the log.
  template <typename Visit>
  void ForEach(Visit& visit) {
    EndBlock();
    Place last;
    for (const Block& block : blocks_) {
      const char* at = block.bytes.get();
      while (at < block.end) {
        if (IsFacts(*at)) {
          PersonFacts facts;
          at = Read(at, last, facts);
          visit(last.person, facts);
        } else {
          at = Read(at, last, visit.Room());
          visit(last.person);
        }
      }
    }
  }

 private:
  struct Block {
    explicit Block(std::unique_ptr<char[]> given) : bytes(std::move(given)) {}
    std::unique_ptr<char[]> bytes;
    const char* end = nullptr;  // of its entries; not yet known of the last block
  };
  struct Place {
    ShortText person;
    std::uint32_t line = 0;
    std::uint16_t file = 0;
  };

  static bool IsFacts(char head);
  static const char* Read(const char* at, Place& last, LoggedRow& row);
  static const char* Read(const char* at, Place& last, PersonFacts& facts);
  // Room for an entry with so many bytes beside what every entry may take.
  char* Room(std::size_t more);
  void EndBlock();
  // Writes who it is about; true if nothing had to be written, as it is the same as of the entry before.
  bool WritePerson(ShortText person, char*& at);

  char* next_ = nullptr;  // in the last block
  char* end_ = nullptr;
  std::vector<Block> blocks_;
  std::array<std::size_t, 4> counts_ = {};
  Place last_;
  std::optional<PersonFacts> told_;  // of last_.person, by the last entry with facts
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_ROW_LOG_H_
