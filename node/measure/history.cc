#include "node/measure/history.h"

#include <algorithm>
#include <limits>

namespace waymark::node {
namespace {

constexpr int kAdultYears = 18;

// Spells of one kind, in order, asked of rising days.
template <typename Spell>
class Rising {
 public:
  explicit Rising(absl::Span<const Spell> spells) : spells_(spells) {}

  // Whether one is open on `day`; `next` becomes at most the day on which that changes.
  bool IsOpenOn(Day day, Day& next) {
    // A spell of one day is open on it.
    while (at_ < spells_.size() && std::max(spells_[at_].end, spells_[at_].start + 1) <= day) ++at_;
    if (at_ == spells_.size()) return false;
    const Spell& spell = spells_[at_];
    const bool open = spell.start <= day;
    next = std::min(next, open ? std::max(spell.end, spell.start + 1) : spell.start);
    return open;
  }

 private:
  absl::Span<const Spell> spells_;
  std::size_t at_ = 0;
};

}  // namespace

History::History(const Journeys& journeys, PersonIndex person)
    : journeys_(journeys), index_(person), social_care_(journeys.social_care(person)) {
  absl::Span<const Episode> rest = journeys.episodes(person);
  for (std::size_t level = 0; level < episodes_.size(); ++level) {
    std::size_t count = 0;
    while (count < rest.size() && rest[count].level == static_cast<Level>(level)) ++count;
    episodes_[level] = rest.first(count);
    rest.remove_prefix(count);
  }
}

const AgeBands& History::age_bands() const {
  if (!age_bands_.has_value()) age_bands_.emplace(person().birth);
  return *age_bands_;
}

Day History::Birthday(int years) const {
  if (years == kAdultYears) return EighteenthBirthday();
  const Day birth = person().birth;
  return birth == kNoDay ? kNoDay : waymark::Birthday(birth, years);
}

Day History::FirstMove(Day from) const {
  if (!first_move_.has_value()) first_move_ = journeys_.FirstMove(index_, std::numeric_limits<Day>::min());
  return *first_move_ == kNoDay || *first_move_ >= from ? *first_move_ : journeys_.FirstMove(index_, from);
}

Day History::FollowUpEnd(Day end) const {
  if (follow_up_from_ != end) {
    const Day adult = EighteenthBirthday();
    follow_up_from_ = end;
    follow_up_end_ = std::min({person().death, FirstMove(end), adult > end ? adult : kNoDay});
  }
  return follow_up_end_;
}

absl::Span<const Stretch> History::timeline() const {
  const absl::Span<const Episode> early_help = episodes(Level::kEarlyHelp);
  if (!timeline_.empty() || (early_help.empty() && social_care_.empty())) return timeline_;
  Rising<Episode> in_early_help(early_help);
  Rising<SocialCareSpell> in_social_care(social_care_);
  Day day = std::min(early_help.empty() ? kNoDay : early_help.front().start,
                     social_care_.empty() ? kNoDay : social_care_.front().start);
  while (day != kNoDay) {
    Day next = kNoDay;
    const bool helped = in_early_help.IsOpenOn(day, next);
    const bool cared = in_social_care.IsOpenOn(day, next);
    const State state = cared ? State::kSocialCare : helped ? State::kEarlyHelp : State::kNone;
    if (timeline_.empty() || timeline_.back().state != state) {
      Stretch& stretch = timeline_.emplace_back();
      stretch.from = day;
      stretch.state = state;
    }
    day = next;
  }
  return timeline_;
}

}  // namespace waymark::node
