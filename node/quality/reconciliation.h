// The council's own figures beside those that are published for it, of the same years.
#ifndef WAYMARK_NODE_QUALITY_RECONCILIATION_H_
#define WAYMARK_NODE_QUALITY_RECONCILIATION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "node/journey/journeys.h"
#include "published/figures.h"

namespace waymark::node {

struct Reconciled {
  std::string metric;
  std::string title;  // the published measure's
  std::string unit;
  std::string measure;  // its id
  std::string year;     // "" where nothing is published
  std::optional<double> ours;
  std::optional<double> published;
  v1::FigureStatus published_status = v1::FIGURE_STATUS_SHOWN;
  std::optional<double> difference;  // ours − published, where both are there
  std::string file;
  std::int64_t line = 0;
  std::vector<std::string> remarks;  // why a figure is not there, or what may explain the difference
};

// For each published measure that the council can make of its own records (`own` in catalogue/published): the
// years published for the area of which ours is whole, and the latest year in any case. A measure that no
// file has is there without a year, saying so.
absl::StatusOr<std::vector<Reconciled>> Reconcile(const Journeys& journeys, const published::Sources& sources,
                                                  absl::string_view area);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_QUALITY_RECONCILIATION_H_
