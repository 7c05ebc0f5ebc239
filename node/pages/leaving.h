// What leaves the building: each round that waits for approval, the exact tables beside what would leave,
// what each rule did, and what noise would cost. By the same door as `preview`, `approve` and `run`.
#ifndef WAYMARK_NODE_PAGES_LEAVING_H_
#define WAYMARK_NODE_PAGES_LEAVING_H_

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "node/disclose/item_answer.h"
#include "node/pages/snapshot.h"
#include "node/site/site.h"

namespace waymark::node {

// The rounds that wait: {rounds: [{id, title, deadline, items, given, needed, refused_by, href}], closed}.
// `closed` is why nothing leaves at all; "" where something may.
absl::StatusOr<nlohmann::ordered_json> LeavingContext(const Site& site, const Clock& clock);

// One of them: {round, round_title, deadline, proposal, given, needed, refused_by, refused_at, sections}.
// NOT_FOUND where it waits no longer; the errors of Door::Preview.
absl::StatusOr<nlohmann::ordered_json> RoundContext(const Site& site, const Snapshot& snapshot,
                                                    const Clock& clock, const std::string& round);

// An item's sections, from the figures of `preview --json`.
nlohmann::ordered_json ItemSection(const ItemPreview& item, std::size_t number,
                                   const catalogue::Library& library, const ThresholdRule& limits);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_PAGES_LEAVING_H_
