// What an entry counts, and in which records it lies.
#ifndef WAYMARK_NODE_MEASURE_COUNTING_H_
#define WAYMARK_NODE_MEASURE_COUNTING_H_

#include <cstdint>

#include "node/journey/journeys.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::node {

// A cohort's base with the level or step that tells its records. Entries of equal counting share candidates.
struct Counting {
  v1::Cohort::Base base = v1::Cohort::BASE_UNSPECIFIED;
  v1::Level level = v1::LEVEL_UNSPECIFIED;  // of episodes, whether or not the entry names it
  v1::Step step = v1::STEP_UNSPECIFIED;     // of steps
  friend bool operator==(const Counting&, const Counting&) = default;
};

Counting CountingOf(const v1::Cohort& cohort);
// The same of records that a metric reads without counting them: any base that needs neither level nor step.
Counting CountingOf(v1::Cohort::Base base);

enum class RecordKind { kEpisode, kReferral, kContact, kStep, kNone };
RecordKind RecordKindOf(const Counting& counting);

// Whether an episode of `level` is one of those counted, or part of one.
inline bool IsOfLevel(v1::Level counted, Level level) {
  switch (counted) {
    case v1::LEVEL_EARLY_HELP:
      return level == Level::kEarlyHelp;
    case v1::LEVEL_CIN:
      return level == Level::kCin;
    case v1::LEVEL_CP:
      return level == Level::kCp;
    case v1::LEVEL_CLA:
      return level == Level::kCla;
    default:
      return level != Level::kEarlyHelp;
  }
}

StepKind StepKindOf(v1::Step step);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_COUNTING_H_
