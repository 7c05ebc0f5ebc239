// Records with their texts in place of numbers, so that they can be kept, compared and read again.
#ifndef WAYMARK_NODE_INGEST_FLAT_RECORD_H_
#define WAYMARK_NODE_INGEST_FLAT_RECORD_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/day.h"
#include "node/ingest/record_builder.h"
#include "node/journey/records.h"

namespace waymark::node {

// A person, or one record of a person.
struct FlatRecord {
  enum class Kind : std::uint8_t { kPerson = 0, kEpisode = 1, kReferral = 2, kContact = 3, kStep = 4 };
  static constexpr std::size_t kDays = 3;
  static constexpr std::size_t kTexts = 9;

  Kind kind = Kind::kPerson;
  std::string person;  // the source's id
  int sub = 0;         // level of an episode, kind of a step; of a person 1 where it is in the source's list
  // Birth and death; start, end, referral; day.
  std::array<Day, kDays> days = {kNoDay, kNoDay, kNoDay};
  // The record's codes, its id first; nothing where the source does not carry the field.
  std::array<std::optional<std::string>, kTexts> texts = {};

  Day start() const { return days[0]; }
  Day end() const { return days[1]; }
  const std::optional<std::string>& id() const { return texts[0]; }
  // Whether it lasts: from start to end, and not on one day.
  bool IsSpell() const { return kind == Kind::kEpisode || kind == Kind::kStep; }

  friend bool operator==(const FlatRecord& a, const FlatRecord& b) {
    return a.kind == b.kind && a.person == b.person && a.sub == b.sub && a.days == b.days &&
           a.texts == b.texts;
  }
};

// Everything in `records` but the templates; persons first, then in the records' order.
std::vector<FlatRecord> Flatten(const Records& records);

// Adds a record to `builder`, as a row at `place`.
void Add(const FlatRecord& record, const RowPlace& place, RecordBuilder& builder);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_FLAT_RECORD_H_
