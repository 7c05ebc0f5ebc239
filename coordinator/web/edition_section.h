// Why published figures changed: what two editions of a round say of the same place, side by side. Pure;
// thread-safe.
#ifndef WAYMARK_COORDINATOR_WEB_EDITION_SECTION_H_
#define WAYMARK_COORDINATOR_WEB_EDITION_SECTION_H_

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "waymark/v1/benchmark.pb.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::coordinator {

// A row a quantity, window, unit and category: the earlier figure, the later one, and how they differ.
// `metric`: null where its version is not in the library any more.
nlohmann::ordered_json EditionRows(const std::vector<v1::Figure>& earlier,
                                   const std::vector<v1::Figure>& later, const v1::Metric* metric);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_WEB_EDITION_SECTION_H_
