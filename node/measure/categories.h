// Categories of fields as small numbers, so that a record's texts are looked at once a code and everything
// after that compares and counts by number.
//
// A field with a fixed code list has the places of FixedCategories; a code that is not listed is "not known".
// A local field's categories (area, team, service) are numbered as they are met: a blank is "not known", '|'
// becomes '/', and names are cut to 120 bytes.
#ifndef WAYMARK_NODE_MEASURE_CATEGORIES_H_
#define WAYMARK_NODE_MEASURE_CATEGORIES_H_

#include <array>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/strings/string_view.h"
#include "base/period.h"
#include "node/journey/journeys.h"
#include "node/measure/fields.h"
#include "node/measure/history.h"
#include "node/measure/member.h"
#include "proto/contract/table.h"

namespace waymark::node {

// A member's category in each field.
using FieldCategories = std::array<std::uint32_t, kFields>;

// One bit a category of a fixed field.
using CategoryMask = std::uint64_t;
inline constexpr std::size_t kMaskCategories = 64;

inline bool Holds(CategoryMask mask, std::uint32_t category) {
  return (mask >> category & 1U) != 0;
}

// The categories of those of `texts` that the fixed field lists; "" is "not known".
CategoryMask MaskOf(Field field, const google::protobuf::RepeatedPtrField<std::string>& texts);

// Whether that person was in social care in the year before the day on which early help started.
EarlierSocialCare EarlierSocialCareOf(const History& history, Day start);

// A local text as a category: '|' joins crossed names, so it cannot stand inside one.
std::string LocalCategory(absl::string_view text);

// The names of the local fields' categories, by number. Thread-safe but for Names.
class LocalNames {
 public:
  // No table has more rows; what comes after shares this number and makes a table that is refused.
  static constexpr std::uint32_t kTooMany = contract::kMaxRows;

  std::uint32_t NumberOf(Field field, absl::string_view text);
  // Once no thread numbers any more.
  const std::vector<std::string>& Names(Field field) const { return Of(field).names; }

 private:
  struct Numbered {
    std::vector<std::string> names;
    std::unordered_map<std::string, std::uint32_t> numbers;
  };
  const Numbered& Of(Field field) const { return fields_[static_cast<std::size_t>(field)]; }

  std::mutex mutex_;
  std::array<Numbered, kFields> fields_;
};

// A field of what is counted, and where its codes stand.
struct CountedField {
  CountedField(const Counting& counting, Field of) : field(of), place(CodePlaceOf(counting, of)) {}

  friend bool operator==(const CountedField&, const CountedField&) = default;

  Field field;
  CodePlace place;
};

// One thread's numbers of the codes it has met. Not thread-safe; `names` may be shared.
class Categories {
 public:
  Categories(const Journeys& journeys, LocalNames& names) : journeys_(journeys), names_(names) {}

  // Of a recorded field.
  std::uint32_t Of(Field field, Code code) {
    std::vector<std::uint32_t>& known = fields_[static_cast<std::size_t>(field)];
    const std::size_t place = static_cast<Code>(code + 1);  // kNoCode is the first
    if (place >= known.size() || known[place] == kUnmet) Learn(field, code);
    return known[place];
  }
  // A candidate's, who has that history.
  std::uint32_t Of(const CountedField& counted, const History& history, const Candidate& candidate) {
    switch (counted.field) {
      case Field::kAgeBand:
        return history.age_bands().On(candidate.event);
      case Field::kStepDown:
        return candidate.step_down;
      case Field::kQuarter:
        return static_cast<std::uint32_t>(QuarterNumberOf(candidate.event));
      case Field::kEarlierSocialCare:
        return EarlierSocialCareOf(history, candidate.start);
      default:
        return Of(counted.field, CodeAt(counted.place, journeys_.records(), candidate));
    }
  }

  // The number of "not known" in a recorded field.
  std::uint32_t NotKnown(Field field) { return Of(field, kNoCode); }

 private:
  static constexpr std::uint32_t kUnmet = 0xFFFFFFFF;

  void Learn(Field field, Code code);

  const Journeys& journeys_;
  LocalNames& names_;
  std::array<std::vector<std::uint32_t>, kFields> fields_;  // by code + 1
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_CATEGORIES_H_
