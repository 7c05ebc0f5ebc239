// Journeys: a council's records put in order, person by person, with the pieces of each episode merged. Every
// measure reads from here. The readings are those of docs/metrics.md ("Decided readings"):
//
// - Pieces of one level (early help, CIN, CP, CLA) merge when their dates differ by at most one day. A merged
//   episode has every field of its first piece, and the end reason of the piece that ends last.
// - A social-care spell is the union of CIN, CP and CLA, merged the same way.
// - Open: start ≤ day < end; an episode of one day is open on that day.
// - An end after the extract date is open; a start after it, and an end before the start, are left out.
//
// Ties have one answer whatever the order of the rows: pieces are taken by start, then id, then end, then the
// texts of their other fields; of pieces that end together the last in that order gives the end reason; of
// levels that open or close a spell together the lowest (CIN before CP before CLA) gives the fields, since it
// is the case's own record.
#ifndef WAYMARK_NODE_JOURNEY_JOURNEYS_H_
#define WAYMARK_NODE_JOURNEY_JOURNEYS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "base/day.h"
#include "node/journey/records.h"
#include "node/journey/row_begins.h"

namespace waymark::node {

// A person's place in Records::persons, which is the same whatever the order of rows: that of the ids
// (compared as bytes) where there are few, and by groups of them where there are many.
using PersonIndex = std::uint32_t;

struct SocialCareSpell {
  Day start = 0;
  Day end = kNoDay;         // kNoDay: open
  std::uint32_t first = 0;  // the merged episode that opened it, for Journeys::episode
  std::uint32_t last = 0;   // the merged episode that ends last
  std::uint8_t levels = 0;  // bit (1 << Level) for each level it held
};

// What a person is in on a day: the highest that is open.
enum class State : std::uint8_t { kNone = 0, kEarlyHelp = 1, kSocialCare = 2 };
inline constexpr int kStates = 3;

inline bool IsOpen(Day start, Day end, Day on) {
  return start <= on && (on < end || on == start);
}

// Immutable once built; thread-safe. Memory: the records themselves, merged in place, and 20 bytes a spell.
class Journeys {
 public:
  Journeys(Journeys&&) = default;
  Journeys& operator=(Journeys&&) = default;
  ~Journeys();

  PersonIndex persons() const { return static_cast<PersonIndex>(records_.persons.size()); }
  absl::string_view person_id(PersonIndex person) const { return records_.person_ids.Text(person); }
  // `death`: the date on record, or the end of the first episode that closed with the reason "died".
  const Person& person(PersonIndex person) const { return records_.persons[person]; }

  // Families have numbers below families(); a person without one is a family alone, under the person's own
  // id.
  std::uint32_t families() const { return families_; }
  std::uint32_t family(PersonIndex person) const;
  absl::string_view family_id(PersonIndex person) const;
  bool has_families() const { return records_.has_families; }

  // Merged episodes of one level, by start; they never touch.
  absl::Span<const Episode> episodes(PersonIndex person, Level level) const;
  // Of all levels, one after the other.
  absl::Span<const Episode> episodes(PersonIndex person) const;
  absl::Span<const SocialCareSpell> social_care(PersonIndex person) const;
  // By day, then id.
  absl::Span<const Referral> referrals(PersonIndex person) const;
  absl::Span<const Contact> contacts(PersonIndex person) const;
  // Of one kind; by start, then id.
  absl::Span<const Step> steps(PersonIndex person, StepKind kind) const;
  const Episode& episode(std::uint32_t number) const { return records_.episodes[number]; }

  State StateOn(PersonIndex person, Day day) const;
  // The first end of an early-help episode or a social-care spell; kNoDay if none has ended.
  Day FirstClosure(PersonIndex person) const;
  // The first day, `from` or later, on which an early-help episode or a social-care spell ended because the
  // child moved away; kNoDay if none. A move that merged with its next piece is none.
  Day FirstMove(PersonIndex person, Day from) const;

  // "" for kNoCode.
  const std::string& Text(Code code) const;
  // "" for kNoRecordId.
  absl::string_view IdText(RecordId id) const {
    return id == kNoRecordId ? absl::string_view() : records_.record_ids.Text(id);
  }
  const Records& records() const { return records_; }

 private:
  friend absl::StatusOr<Journeys> BuildJourneys(Records records);
  struct Part;

  Journeys() = default;
  void Build(Code died);
  std::vector<Part> Parts() const;
  void BuildPart(Code died, Part& part);
  void JoinParts(std::vector<Part>& parts);

  Records records_;  // persons by id; episodes by person, level, start, merged; events by person, day
  std::vector<SocialCareSpell> spells_;  // by person, start
  // Empty where there are no rows.
  RowBegins episode_begins_;
  RowBegins spell_begins_;
  RowBegins referral_begins_;
  RowBegins contact_begins_;
  RowBegins step_begins_;
  std::uint32_t families_ = 0;
  Code moved_ = kNoCode;
};

// Takes the records over. The result does not depend on the order of rows or of dictionary numbers.
// INVALID_ARGUMENT where the records contradict themselves: a number beyond its table, or rows of a kind that
// has no extract date.
absl::StatusOr<Journeys> BuildJourneys(Records records);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_JOURNEY_JOURNEYS_H_
