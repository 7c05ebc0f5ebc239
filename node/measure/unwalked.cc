#include "node/measure/unwalked.h"

#include "absl/strings/str_cat.h"
#include "catalogue/bases.h"
#include "node/measure/quality_table.h"
#include "node/measure/ratio.h"
#include "node/measure/survey.h"
#include "node/measure/template_rows.h"

namespace waymark::node {

bool IsUnwalked(const v1::Metric& metric) {
  return metric.kind() == v1::METRIC_KIND_QUALITY || catalogue::IsMadeAtHomeOnly(metric.cohort().base());
}

absl::StatusOr<std::vector<Measured>> MeasureUnwalked(const Journeys& journeys, const MeasureRequest& request,
                                                      const std::vector<v1::Unit>& units) {
  switch (request.metric->kind()) {
    case v1::METRIC_KIND_QUALITY:
      return MeasureQuality(journeys, request, units);
    case v1::METRIC_KIND_SURVEY:
      return MeasureSurvey(request, units);
    case v1::METRIC_KIND_RATIO:
      return MeasureRatio(journeys, request, units);
    case v1::METRIC_KIND_PROPORTION:
    case v1::METRIC_KIND_SCORE_CHANGE:
      return MeasureTemplateRows(journeys, request, units);
    default:
      return absl::FailedPreconditionError(
          absl::StrCat("metric ", request.metric->id(),
                       ": its kind is not known to this version; install the version that knows it"));
  }
}

}  // namespace waymark::node
