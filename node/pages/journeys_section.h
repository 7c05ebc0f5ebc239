// A council's own moves between states as diagrams, each beside its table: the same template and chart as the
// national pages'. Pure; thread-safe.
#ifndef WAYMARK_NODE_PAGES_JOURNEYS_SECTION_H_
#define WAYMARK_NODE_PAGES_JOURNEYS_SECTION_H_

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "node/site/figure_rows.h"

namespace waymark::node {

// One a unit and window, of the rows without a breakdown; none where no row is a move.
nlohmann::ordered_json JourneyDiagrams(const std::vector<FigureRow>& rows);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_PAGES_JOURNEYS_SECTION_H_
