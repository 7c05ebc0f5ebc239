// What ingest hands on: a council's records in one shape, whatever system they came from. These never leave
// the node.
#ifndef WAYMARK_NODE_JOURNEY_RECORDS_H_
#define WAYMARK_NODE_JOURNEY_RECORDS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "base/day.h"
#include "node/journey/ids.h"
#include "node/journey/templates.h"

namespace waymark::node {

// A code in Records::codes. kNoCode: the source does not carry the field. The text "" : carried, and blank
// here.
using Code = std::uint16_t;
inline constexpr Code kNoCode = 0xFFFF;

// Codes and names by number, in order of first use. Not thread-safe.
class Dictionary {
 public:
  // The number of `text`, given to it now if it has none; kNoCode for a new text once there are as many as
  // there can be, which is_full() tells.
  Code Intern(absl::string_view text);
  const std::string& Text(Code number) const { return texts_[number]; }
  std::size_t size() const { return texts_.size(); }
  bool is_full() const { return texts_.size() == kNoCode; }

 private:
  std::vector<std::string> texts_;
  absl::flat_hash_map<std::string, Code> numbers_;
};

// The source's own id of a record: a number in Records::record_ids. kNoRecordId: it has none, or nothing
// depends on it any more.
using RecordId = std::uint32_t;
inline constexpr RecordId kNoRecordId = 0xFFFFFFFF;

inline constexpr std::uint32_t kNoFamily = 0xFFFFFFFF;

enum class Level : std::uint8_t { kEarlyHelp = 0, kCin = 1, kCp = 2, kCla = 3 };
inline constexpr int kLevels = 4;

// Some of the levels.
using Levels = std::uint8_t;
constexpr Levels Only(Level level) {
  return static_cast<Levels>(1U << static_cast<unsigned>(level));
}
inline constexpr Levels kAllLevels = (1U << kLevels) - 1;

struct Person {
  Day birth = kNoDay;                // kNoDay: not known
  Day death = kNoDay;                // kNoDay: none known
  std::uint32_t family = kNoFamily;  // number in Records::families; the smallest id where a child is in two
  Code sex = kNoCode;                // "female", "male", "other", "not known"
  Code ethnicity = kNoCode;          // "white", "mixed", "asian", "black", "other", "not known"
  Code disability = kNoCode;         // "yes", "no", "not known"
  bool listed = false;               // stands in a source's list of persons
};

// A spell at one level as the source has it; node/journey merges neighbouring ones.
struct Episode {
  std::uint32_t person = 0;  // index in Records::persons
  Day start = 0;
  Day end = kNoDay;  // kNoDay: open at the extract date
  Level level = Level::kEarlyHelp;
  Code source = kNoCode;      // referral source: "1A" … "10"
  Code end_reason = kNoCode;  // "outcomes_met", "step_up", "declined", "disengaged", "nfa", "moved",
                              // "aged_out", "died", "unknown"; of social care also "other"
  Code need = kNoCode;        // primary need: "N0" … "N9"
  Code area = kNoCode;
  Code team = kNoCode;
  Code service = kNoCode;
  Code worker = kNoCode;  // who holds the case; never leaves the council, not even as a breakdown
  RecordId id = kNoRecordId;
};

struct Referral {
  std::uint32_t person = 0;
  Day day = 0;
  Code source = kNoCode;
  Code nfa = kNoCode;      // "yes", "no"; kNoCode where no field tells
  Code outcome = kNoCode;  // "nfa", "not_in_need" (after an assessment), "in_need"
  Code area = kNoCode;
  Code team = kNoCode;
  RecordId id = kNoRecordId;
};

struct Contact {
  std::uint32_t person = 0;
  Day day = 0;
  Code source = kNoCode;
  Code outcome = kNoCode;  // "early_help", "social_care", "nfa", "other"
  Code area = kNoCode;
  RecordId id = kNoRecordId;
};

// A step of the work with a child that starts on one day and is done on another.
enum class StepKind : std::uint8_t {
  kEarlyHelpAssessment = 0,  // start → completion
  kAssessment = 1,           // of social care: start → authorisation; outcome "in_need", "not_in_need"
  kEnquiry = 2,  // section 47: start → initial conference; outcome "plan", "no_plan", "not_required"
  kPlan = 3,  // child protection plan: start → end; outcome "first", "repeat" by the number of earlier plans
};
inline constexpr int kStepKinds = 4;

struct Step {
  std::uint32_t person = 0;
  StepKind kind = StepKind::kEarlyHelpAssessment;
  Day start = 0;
  Day end = kNoDay;        // kNoDay: not done by the extract date
  Day referral = kNoDay;   // the day of the referral that it belongs to, where the source tells
  Code outcome = kNoCode;  // "" where the source carries it and it is blank here
  Code area = kNoCode;
  Code team = kNoCode;
  RecordId id = kNoRecordId;
};

// One source's reach.
struct Coverage {
  Day from = kNoDay;     // its records are whole from this day
  Day extract = kNoDay;  // and show the state of this day
};

// Completeness of one required field: metric 43.
struct FieldQuality {
  std::string field;  // "early_help.end_reason"
  std::int64_t records = 0;
  std::int64_t complete = 0;  // filled in and understood
};

// What takes time and memory, and is made only where somebody looks at it.
struct Extras {
  bool ids = true;       // of persons and of records
  bool families = true;  // who is of one family, and their ids
  bool quality = true;   // how complete fields are; of families only where they are made
};

struct Records {
  Extras made;     // what is not is empty: nobody's family, no ids
  Ids person_ids;  // persons[i] has the id person_ids.Text(i)
  Ids family_ids;
  Ids record_ids;
  Dictionary codes;
  std::vector<Person> persons;
  std::vector<Episode> episodes;
  std::vector<Referral> referrals;
  std::vector<Contact> contacts;
  std::vector<Step> steps;
  // Of the sources that carry each kind of record, the least reach of all. Early-help assessments are reached
  // as early help is unless a source carries them alone; all other steps as social care.
  Coverage early_help;
  Coverage social_care;
  Coverage contact;
  Coverage early_help_assessment;  // without episodes: Annex A
  // Those of which a source is the account, or has an episode. Of the others, that there is no episode tells
  // nothing: a source of referrals alone carries social care, and no level of it.
  Levels levels = 0;
  bool has_families = false;
  // Persons and rows stand in an order that depends on nothing but themselves, and codes in that of their
  // texts, as ingest leaves them; rows by person, level or kind, day, then id. BuildJourneys sorts otherwise.
  bool in_order = false;
  std::vector<FieldQuality> quality;  // sorted by field
  Templates templates;
};

inline const Coverage& CoverageOf(const Records& records, StepKind kind) {
  if (kind != StepKind::kEarlyHelpAssessment) return records.social_care;
  return records.early_help_assessment.from == kNoDay ? records.early_help : records.early_help_assessment;
}

}  // namespace waymark::node

#endif  // WAYMARK_NODE_JOURNEY_RECORDS_H_
