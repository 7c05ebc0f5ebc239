// Fields of cohort members: by which entries test and tables are broken down.
#ifndef WAYMARK_NODE_MEASURE_FIELDS_H_
#define WAYMARK_NODE_MEASURE_FIELDS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "base/day.h"
#include "catalogue/vocabulary.h"
#include "node/journey/journeys.h"
#include "node/measure/counting.h"

namespace waymark::node {

enum class Field {
  kArea,
  kTeam,
  kService,
  kAgeBand,
  kSex,
  kEthnicity,
  kDisability,
  kNeed,
  kSource,
  kEndReason,
  kNfa,
  kOutcome,
  kStepDown,
  kQuarter,            // of the member's day
  kEarlierSocialCare,  // before the member's start
};
inline constexpr std::size_t kFields = 15;

struct Candidate;

// "age_band" and so on; nothing for a name that is no field.
std::optional<Field> FieldNamed(absl::string_view name);

// Whether what is counted has the field at all: contacts have no team.
bool HasField(const Counting& counting, Field field);

// Whether any record of that kind carries it. True where there are no records.
bool IsCarried(const Journeys& journeys, const Counting& counting, Field field);

// Where what is counted has its code in a field; nowhere where the field is worked out (age band, step-down,
// quarter, earlier social care) or what is counted has none.
using CodePlace = std::variant<std::monostate, Code Person::*, Code Episode::*, Code Referral::*,
                               Code Contact::*, Code Step::*>;
CodePlace CodePlaceOf(const Counting& counting, Field field);

// The days on which a person comes into another age band.
class AgeBands {
 public:
  // kNoDay: not known.
  explicit AgeBands(Day birth);

  // The place among FixedCategories of "0-4", "5-9", "10-15", "16-17", "18+", "unborn", "not known".
  std::uint32_t On(Day day) const;
  // The first day after `day` on which another band begins; kNoDay where none does.
  Day Until(Day day) const;
  // kNoDay where the birth date is not known.
  Day eighteenth_birthday() const { return birthdays_.back(); }

 private:
  Day birth_;
  std::array<Day, 4> birthdays_;  // the 5th, 10th, 16th, 18th
};

// The categories of kStepDown.
enum StepDown : std::uint32_t { kClaToCin, kClaToCp, kCpToCin, kSocialCareToEarlyHelp, kSocialCareToNone };

// The categories of kEarlierSocialCare.
enum EarlierSocialCare : std::uint32_t { kNoneEarlier, kEarlierNotKnown, kSomeEarlier };

// Every category of a field with a fixed code list, "not known" included, in order of their bytes; empty for
// the local fields (area, team, service) and for quarters, whose categories are QuarterNumberOf.
const std::vector<std::string>& FixedCategories(Field field);
using catalogue::kNotKnown;

// Whether `text` is one of a fixed field's codes. A text that is not counts as blank: node/ingest has
// reported it.
bool IsListed(Field field, absl::string_view text);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_FIELDS_H_
