#include "node/measure/home_table.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "catalogue/columns.h"

namespace waymark::node {

Measured EmptyTable(const MeasureRequest& request, v1::Unit unit, const std::vector<std::string>& dimensions,
                    const Availability& availability) {
  const v1::Metric& metric = *request.metric;
  Measured measured;
  measured.table.metric = metric.id();
  measured.table.version = metric.version();
  measured.table.period = request.period.label;
  measured.table.unit = unit;
  measured.table.dimensions = dimensions;
  measured.table.columns = catalogue::ColumnsOf(metric);
  measured.completeness = availability.completeness;
  measured.reason = availability.reason;
  return measured;
}

absl::StatusOr<std::vector<std::vector<std::string>>> DimensionsOf(const MeasureRequest& request) {
  std::vector<std::vector<std::string>> all(1);
  const auto& listed = request.metric->breakdowns();
  for (const std::string& breakdown : request.breakdowns) {
    if (std::find(listed.begin(), listed.end(), breakdown) == listed.end()) {
      return absl::InvalidArgumentError(
          absl::StrCat("metric ", request.metric->id(), " has no breakdown \"", breakdown,
                       "\"; it has: ", listed.empty() ? "none" : absl::StrJoin(listed, ", ")));
    }
    all.push_back(absl::StrSplit(breakdown, '|'));
  }
  return all;
}

Availability Reach(const std::string& what, Day from, Day extract, Day first, Day last) {
  Availability reach{.completeness = Completeness::kComplete, .reason = "", .until = extract};
  if (extract == kNoDay) {
    reach.completeness = Completeness::kNotAvailable;
    reach.reason = absl::StrCat("no source carries ", what);
  } else if (from > first) {
    reach.completeness = Completeness::kNotCovered;
    reach.reason = absl::StrCat(what, " is covered from ", FormatDay(from), " only; this needs it from ",
                                FormatDay(first));
  } else if (extract < last) {
    reach.completeness = extract < first ? Completeness::kNotYet : Completeness::kPartial;
    reach.reason = absl::StrCat(what, " shows the state of ", FormatDay(extract), "; this needs it up to ",
                                FormatDay(last));
  }
  return reach;
}

void Narrow(const Availability& other, Availability& availability) {
  availability.until = std::min(availability.until, other.until);
  if (other.completeness <= availability.completeness) return;  // in order of how little is left
  availability.completeness = other.completeness;
  availability.reason = other.reason;
}

}  // namespace waymark::node
