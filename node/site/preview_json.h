// What would leave, and what each rule did, beside the exact figures: as `preview --json` prints it and as
// the council's pages show it. For the council's eyes only. Pure; thread-safe.
#ifndef WAYMARK_NODE_SITE_PREVIEW_JSON_H_
#define WAYMARK_NODE_SITE_PREVIEW_JSON_H_

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "node/disclose/item_answer.h"
#include "node/disclose/threshold.h"
#include "proto/contract/table.h"

namespace waymark::node {

nlohmann::ordered_json PreviewJson(const ItemPreview& item, const ThresholdRule& limits);

// A cell as it would leave: the count, or the shorthand for why there is none.
std::string CellText(const contract::Table& table, std::size_t cell);
// What the council states in this row of itself: the column that holds its answer; "" where it gave none.
std::string StatedIn(const contract::Table& table, std::size_t row);
// What an attacker who has everything that left can work out of a suppressed cell: "0 to 12"; "" of others.
std::string KnownText(const ItemPreview::ThresholdedPreview& preview, std::size_t cell);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_SITE_PREVIEW_JSON_H_
