// Everything that a council's sources say, read once: its journeys, and the report on the data. For
// `check-data` and for the pages.
#ifndef WAYMARK_NODE_SITE_COUNCIL_DATA_H_
#define WAYMARK_NODE_SITE_COUNCIL_DATA_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/period.h"
#include "base/progress.h"
#include "node/journey/journeys.h"
#include "node/measure/survey.h"
#include "node/quality/data_report.h"
#include "node/site/published_rows.h"
#include "node/site/site.h"

namespace waymark::node {

struct CouncilData {
  DataReport report;
  Journeys journeys;                             // of no records where there is no [[source]]
  std::map<std::string, SurveyAnswers> answers;  // by questionnaire; none where they cannot be read
  std::vector<Period> periods;                   // those that figures are made for; maybe none
};

// `progress` may be null. What is wrong with rows stands in the report; what cannot be read at all is the
// error.
absl::StatusOr<CouncilData> ReadCouncilData(const Site& site, const PublishedStatistics& published,
                                            Progress* progress);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_SITE_COUNCIL_DATA_H_
