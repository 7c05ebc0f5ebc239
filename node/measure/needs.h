// Which kinds of record an entry reads, and how far around a member's day it looks: before any record is
// looked at.
#ifndef WAYMARK_NODE_MEASURE_NEEDS_H_
#define WAYMARK_NODE_MEASURE_NEEDS_H_

#include <cstdint>
#include <vector>

#include "base/day.h"
#include "node/journey/journeys.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::node {

// How one kind of record is read.
struct Look {
  bool read = false;
  Day before_event = 0;     // days before the member's event
  bool from_start = false;  // also around the member's start, which may lie long before its event
  Day before_start = 0;     // and so many days before it
  bool ever = false;        // and everything before that, as far as the records go
};

struct Needs {
  Look early_help;
  Look social_care;  // referrals and its steps among it
  Look contacts;
  // Whose episodes a source must carry, or a figure would be a false 0. Social care as a whole needs the
  // children in need: whoever is on a plan or looked after is one too.
  Levels levels = 0;
  bool referrals = false;          // there must be some, for the same reason
  std::vector<StepKind> steps;     // of each there must be some
  std::uint32_t working_days = 0;  // the most that are counted; 0: none are
};

Needs NeedsOf(const v1::Metric& metric, std::uint32_t window);

// The levels whose episodes must be carried for one outcome, beside those that its whole entry needs.
Levels LevelsOf(const v1::Outcome& outcome);

// Whether a member's event is its start.
bool StartIsEvent(const v1::Cohort& cohort);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_NEEDS_H_
