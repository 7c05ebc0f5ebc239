// What came after (or during) an episode: the first of some events.
#ifndef WAYMARK_NODE_MEASURE_FOLLOW_UP_H_
#define WAYMARK_NODE_MEASURE_FOLLOW_UP_H_

#include <cstdint>
#include <vector>

#include "base/day.h"
#include "node/measure/categories.h"
#include "node/measure/history.h"
#include "node/measure/member.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::node {

// An outcome's follow-up, ready to be asked of many.
struct FollowUp {
  bool SameFirst(const FollowUp& other) const {
    return events == other.events && from_start == other.from_start && after == other.after;
  }

  std::vector<v1::Outcome::FollowUp::Event> events;
  bool from_start = false;  // else from the end
  Day after = 0;            // an event counts when its day is greater than from + after
  bool to_start = false;
  Day far = 0;  // and at most to + far
  CategoryMask sources = 0;
  bool any_source = true;
  std::uint32_t contact_days = 0;
};

FollowUp CompileFollowUp(const v1::Outcome::FollowUp& follow_up, std::uint32_t window);

// The first day after `after` on which one of the follow-up's events happened to the person; kNoDay if there
// is none. Sources are not looked at.
Day FirstEvent(const History& history, const FollowUp& follow_up, Day after);

// The same after the follow-up's own `from`.
Day FirstEvent(const History& history, const FollowUp& follow_up, const Candidate& candidate);

// Whether `day`, that first event's, is at most `to`, and it has one of the sources asked for. Where several
// of the events fall on that day, one with such a source is enough. An event without a recognised source has
// that of the person's own latest contact with one, 0 to `contact_days` days before (on one day: the greatest
// id).
bool Happened(const History& history, const Candidate& candidate, const FollowUp& follow_up, Day day,
              Categories& categories);

// Whether `level` is open on any day from `first` to `last`.
bool AnyOpen(const History& history, v1::Level level, Day first, Day last);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_FOLLOW_UP_H_
