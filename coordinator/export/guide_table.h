// What councils answered to a questionnaire (coordinator/benchmark/guide.h) as flat tables and JSON. Pure;
// thread-safe.
//
// A number that is not there says why by its shorthand: "[c]" it would tell what a council without a name
// answered, "[few]" too few councils, "[x]" it was not asked. A zero is a zero; councils that left a question
// out and councils that handed in nothing have columns of their own.
#ifndef WAYMARK_COORDINATOR_EXPORT_GUIDE_TABLE_H_
#define WAYMARK_COORDINATOR_EXPORT_GUIDE_TABLE_H_

#include <string>

#include "coordinator/benchmark/guide.h"

namespace waymark::coordinator {

// "shown", "hidden", "too few councils", "not asked".
std::string GuideStatusText(v1::FigureStatus status);

// A line a place, question and answer; what changed since the year before stands beside all participants'
// alone. Columns keep their names and order from version to version; new ones come last.
std::string GuideCsv(const Guide& guide);

// A line a theme and region.
std::string GuideAlikeCsv(const Guide& guide);

std::string GuideJson(const Guide& guide);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_EXPORT_GUIDE_TABLE_H_
