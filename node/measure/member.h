// What a metric counts: one early-help episode, social-care spell, referral, contact, or person.
#ifndef WAYMARK_NODE_MEASURE_MEMBER_H_
#define WAYMARK_NODE_MEASURE_MEMBER_H_

#include <cstdint>
#include <vector>

#include "base/day.h"
#include "base/period.h"
#include "node/journey/journeys.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::node {

struct Member {
  PersonIndex person = 0;
  std::uint32_t first =
      0;  // the record whose fields it has: number in Records::episodes, referrals or contacts
  std::uint32_t last = 0;  // the episode whose end reason it has
  Day start = 0;
  Day end = 0;    // E; a referral or contact: its day
  Day event = 0;  // the day that puts it into the period, and on which age is taken
  // PROPORTION: bit i where outcome i happened. 63 outcomes at most.
  std::uint64_t outcomes = 0;
  // Kinds whose columns are disjoint: the one column that it adds one to.
  std::uint32_t column = 0;
  // DURATION: days from start to end. SURVIVAL: days from end to the event or the end of follow-up.
  Day days = 0;
  // SURVIVAL: number of the outcome that came first; kCensored: none did.
  std::int32_t outcome = -1;
};
inline constexpr std::int32_t kCensored = -1;

// One window of one metric over one period.
struct Question {
  const v1::Metric& metric;
  Period period;
  std::uint32_t window = 0;  // days; 0: none
  Day until = kNoDay;        // x: the records are followed up to this day, included
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_MEMBER_H_
