// What came after (or during) an episode: the first of some events.
#ifndef WAYMARK_NODE_MEASURE_FOLLOW_UP_H_
#define WAYMARK_NODE_MEASURE_FOLLOW_UP_H_

#include "base/day.h"
#include "node/journey/journeys.h"
#include "node/measure/member.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::node {

// The first day after `after` on which one of the follow-up's events happened to the person; kNoDay if there
// is none. Sources are not looked at.
Day FirstEvent(const Journeys& journeys, PersonIndex person, const v1::Outcome::FollowUp& follow_up,
               Day after);

// Whether the first event in (from, to] is there and has one of the sources asked for. Where several of the
// events fall on that day, one with such a source is enough.
bool Happened(const Journeys& journeys, const Member& member, const v1::Outcome::FollowUp& follow_up,
              std::uint32_t window);

// The source of an event on `day`: `source` where it is recognised; else that of the person's own latest
// contact with a recognised source 0 to `contact_days` days before (on one day: the greatest id); "" if there
// is none. 0 days: no look-up.
const std::string& SourceOrContact(const Journeys& journeys, PersonIndex person, Day day, Code source,
                                   std::uint32_t contact_days);

// Whether `level` is open on any day from `first` to `last`.
bool AnyOpen(const Journeys& journeys, PersonIndex person, v1::Level level, Day first, Day last);

// The 18th birthday; kNoDay where the birth date is not known.
Day EighteenthBirthday(const Person& person);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_FOLLOW_UP_H_
