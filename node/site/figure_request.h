// From what somebody typed to what is measured.
#ifndef WAYMARK_NODE_SITE_FIGURE_REQUEST_H_
#define WAYMARK_NODE_SITE_FIGURE_REQUEST_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "node/measure/measurer.h"
#include "node/site/site.h"

namespace waymark::node {

// What a measure, a preview or a position is asked for.
struct FigureOptions {
  std::string metric = "all";  // selector: ids or numbers joined by commas, or "all"
  std::vector<std::string> periods;
  std::vector<std::string> breakdowns;
  std::vector<std::uint32_t> window_days;
  std::vector<std::string> units;
  bool csv = false;
};

// One request a metric and period. A breakdown, window or unit that some selected entries lack is left out
// for those, so that one command can ask several metrics; INVALID_ARGUMENT where none of them has it. The
// requests point into `site`.
absl::StatusOr<std::vector<MeasureRequest>> FigureRequests(const Site& site, const FigureOptions& options);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_SITE_FIGURE_REQUEST_H_
