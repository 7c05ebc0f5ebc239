#include "node/measure/history.h"

#include <limits>

namespace waymark::node {
namespace {

constexpr int kAdultYears = 18;

}  // namespace

History::History(const Journeys& journeys, PersonIndex person)
    : journeys_(journeys), index_(person), social_care_(journeys.social_care(person)) {
  for (int level = 0; level < kLevels; ++level) {
    episodes_[static_cast<std::size_t>(level)] = journeys.episodes(person, static_cast<Level>(level));
  }
}

Day History::Birthday(int years) const {
  if (years == kAdultYears) return EighteenthBirthday();
  const Day birth = person().birth;
  return birth == kNoDay ? kNoDay : waymark::Birthday(birth, years);
}

Day History::EighteenthBirthday() const {
  if (!eighteenth_birthday_.has_value()) {
    const Day birth = person().birth;
    eighteenth_birthday_ = birth == kNoDay ? kNoDay : waymark::Birthday(birth, kAdultYears);
  }
  return *eighteenth_birthday_;
}

Day History::FirstMove(Day from) const {
  if (!first_move_.has_value()) first_move_ = journeys_.FirstMove(index_, std::numeric_limits<Day>::min());
  return *first_move_ == kNoDay || *first_move_ >= from ? *first_move_ : journeys_.FirstMove(index_, from);
}

}  // namespace waymark::node
