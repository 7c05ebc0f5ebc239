// What `measure` says: the figures of some requests with what stands beside them at home (rates of a
// published population, the council's own standards, commonest paths).
#ifndef WAYMARK_NODE_SITE_MEASUREMENT_H_
#define WAYMARK_NODE_SITE_MEASUREMENT_H_

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "node/journey/journeys.h"
#include "node/measure/measurer.h"
#include "node/measure/survey.h"
#include "node/site/beside_rows.h"
#include "node/site/figure_rows.h"
#include "node/site/published_rows.h"

namespace waymark::node {

bool IsSurvey(const MeasureRequest& request);

// Gives surveys the council's answers. Where nobody named a period, answers stand for that of their own file,
// whatever the records cover, and once. `all` outlives the requests.
void AnswerSurveys(const std::map<std::string, SurveyAnswers>& all, bool period_named,
                   std::vector<MeasureRequest>& requests);

// Thread-safe once made.
class Measurement {
 public:
  // `journeys` and `published` outlive it, as the metrics and answers of the requests. The errors of
  // MeasureAll.
  static absl::StatusOr<std::unique_ptr<Measurement>> Make(const Journeys& journeys,
                                                           std::vector<MeasureRequest> requests,
                                                           const PublishedStatistics& published);

  std::size_t requests() const { return standards_.requests(); }
  const MeasureRequest& request(std::size_t i) const { return requests_[i]; }
  // The tables of request `i` alone.
  const std::vector<Measured>& tables(std::size_t i) const { return measured_[i]; }
  // All rows of request `i`.
  std::vector<FigureRow> RowsOf(std::size_t i) const;

 private:
  Measurement(const Journeys& journeys, std::vector<MeasureRequest> requests,
              const PublishedStatistics& published);

  const Journeys& journeys_;
  const PublishedStatistics& published_;
  std::vector<MeasureRequest> requests_;
  OwnStandards standards_;
  std::vector<std::vector<Measured>> measured_;
};

// The rows of an entry of kind PUBLISHED, of these periods; of the latest where there are none.
// INVALID_ARGUMENT where one is no period.
absl::StatusOr<std::vector<FigureRow>> PublishedRows(const v1::Metric& metric,
                                                     const std::vector<std::string>& periods,
                                                     const PublishedStatistics& published);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_SITE_MEASUREMENT_H_
