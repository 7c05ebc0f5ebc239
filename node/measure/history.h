// One person's records, looked up once for all that is measured of them.
#ifndef WAYMARK_NODE_MEASURE_HISTORY_H_
#define WAYMARK_NODE_MEASURE_HISTORY_H_

#include <algorithm>
#include <array>
#include <optional>

#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"
#include "base/day.h"
#include "node/journey/journeys.h"
#include "node/measure/fields.h"

namespace waymark::node {

// A person's state from one day to the next stretch's first.
struct Stretch {
  Day from = 0;
  State state = State::kNone;
};

// A view of `journeys`, which must outlive it. Not thread-safe: dates are worked out when first asked for.
class History {
 public:
  History(const Journeys& journeys, PersonIndex person);

  const Journeys& journeys() const { return journeys_; }
  PersonIndex index() const { return index_; }
  const Person& person() const { return journeys_.person(index_); }

  absl::Span<const Episode> episodes(Level level) const { return episodes_[static_cast<std::size_t>(level)]; }
  absl::Span<const SocialCareSpell> social_care() const { return social_care_; }
  absl::Span<const Referral> referrals() const { return journeys_.referrals(index_); }
  absl::Span<const Contact> contacts() const { return journeys_.contacts(index_); }
  absl::Span<const Step> steps(StepKind kind) const { return journeys_.steps(index_, kind); }

  const AgeBands& age_bands() const;
  // kNoDay where the birth date is not known.
  Day Birthday(int years) const;
  Day EighteenthBirthday() const { return age_bands().eighteenth_birthday(); }
  // As Journeys::FirstMove.
  Day FirstMove(Day from) const;
  // The day of the death or the 18th birthday, whichever is first.
  Day FollowedBefore() const { return std::min(person().death, EighteenthBirthday()); }

  // Whose follow-up begins on `end` is followed until this day: the first move out on or after it, the death,
  // or the 18th birthday where that is after it; whichever is first.
  Day FollowUpEnd(Day end) const;

  // What the person was in since early help or social care first started; neighbours differ. The last stretch
  // has no end. Nobody is in none before a closure, so that days in none count here from the first closure.
  absl::Span<const Stretch> timeline() const;

 private:
  const Journeys& journeys_;
  PersonIndex index_;
  std::array<absl::Span<const Episode>, kLevels> episodes_;
  absl::Span<const SocialCareSpell> social_care_;
  mutable std::optional<AgeBands> age_bands_;
  mutable std::optional<Day> first_move_;
  mutable Day follow_up_from_ = kNoDay;  // for whom asks again
  mutable Day follow_up_end_ = kNoDay;
  mutable absl::InlinedVector<Stretch, 16> timeline_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_HISTORY_H_
