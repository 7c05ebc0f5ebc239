// What most commands need: the configuration, the metric library, and the council's journeys.
#ifndef WAYMARK_NODE_SITE_SITE_H_
#define WAYMARK_NODE_SITE_SITE_H_

#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/period.h"
#include "base/progress.h"
#include "catalogue/library.h"
#include "node/journey/journeys.h"
#include "node/measure/survey.h"
#include "node/site/configuration.h"

namespace waymark::node {

struct Site {
  Configuration configuration;
  catalogue::Library library;
};

// INVALID_ARGUMENT also where [questionnaires] names one that the library has not.
absl::StatusOr<Site> LoadSite(const std::string& configuration_path);

// The council's answers to the questionnaires under [questionnaires], by id. Errors of all files together.
absl::StatusOr<std::map<std::string, SurveyAnswers>> LoadAnswers(const Site& site);

// Reads all sources. Whatever the report calls an error is the error; the rest stands in check-data's report.
// `progress`, which may be null, is shown how far reading is.
absl::StatusOr<Journeys> LoadJourneys(const Configuration& configuration, Progress* progress = nullptr,
                                      const Extras& make = {});

// Where a Progress is to be shown: standard error where that is a terminal, else null.
std::FILE* TerminalForProgress();

// The periods that figures are made for where nobody names one: the financial years that lie wholly between
// the day from which all sources (but the CSV templates, where there are others) are whole and the extract
// date; where there is none, the quarters that do. FAILED_PRECONDITION where there is none of these either.
absl::StatusOr<std::vector<Period>> DefaultPeriods(const Configuration& configuration);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_SITE_SITE_H_
