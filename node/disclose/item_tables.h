// The door's view of the measures: exact tables of one item, on demand. The node implements it with
// node/measure over the council's journeys.
#ifndef WAYMARK_NODE_DISCLOSE_ITEM_TABLES_H_
#define WAYMARK_NODE_DISCLOSE_ITEM_TABLES_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "node/measure/measurer.h"
#include "proto/contract/round_spec.h"

namespace waymark::node {

class ItemTables {
 public:
  virtual ~ItemTables() = default;

  // Measure() for the item's metric, period, breakdowns, windows and units, with `limit` where there is one.
  // INVALID_ARGUMENT where the definition does not have what the item asks for.
  virtual absl::StatusOr<std::vector<Measured>> Exact(const contract::RoundItem& item,
                                                      const std::optional<ContributionLimit>& limit) = 0;

  // Whether the sources know families; without, a noised release protects children.
  virtual bool HasFamilies() const = 0;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_ITEM_TABLES_H_
