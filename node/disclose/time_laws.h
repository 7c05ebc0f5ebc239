// Laws between tables of one entry over different days. Thresholded tables leave over the same days or over
// days that do not overlap; what others have published (published_figures.h) may be of a year of which a
// quarter leaves here. Pure; thread-safe.
#ifndef WAYMARK_NODE_DISCLOSE_TIME_LAWS_H_
#define WAYMARK_NODE_DISCLOSE_TIME_LAWS_H_

#include <vector>

#include "node/disclose/part_laws.h"
#include "statistics/audit/suppression.h"

namespace waymark::node {

// What happens in a year happens in one of its quarters: where other tables' periods, end to end, are a
// table's whole period, they add up to it; children and families may be in several, so that they cover it and
// each lies within it. A stock is that of its period's last day. Of several ways to divide a period the
// finest is taken. As all laws, those that no count breaks.
void AddLawsOverTime(const std::vector<CountedTable>& tables, statistics::ReleaseTask& task);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_TIME_LAWS_H_
