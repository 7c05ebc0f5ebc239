// Figures of this council that others have published from the same records (the Department for Education's
// statistics): releases that the ledger does not hold. Everybody is taken to know the counts behind them
// exactly, which is more than a rounded figure tells, and so errs on the side of suppressing. Pure;
// thread-safe.
#ifndef WAYMARK_NODE_DISCLOSE_PUBLISHED_FIGURES_H_
#define WAYMARK_NODE_DISCLOSE_PUBLISHED_FIGURES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catalogue/library.h"
#include "node/disclose/linked_cells.h"
#include "node/disclose/request.h"
#include "proto/contract/round_spec.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::node {

// Of all members, without a breakdown.
struct PublishedFigure {
  std::string metric;    // an entry's id
  std::string quantity;  // of its figures: "nfa"
  v1::Unit unit = v1::UNIT_UNSPECIFIED;
  std::uint32_t window_days = 0;
  std::string period;
  double value = 0;
  double half_unit = 0;  // of its last place: how far the value may be from what was counted
  std::string source;    // "file.csv, line 12"
};

// An exact figure voids the guarantee of noise on the same counts or linked ones, over days that overlap:
// those may leave thresholded only. It hangs on no count.
std::optional<ItemRefusal> RefusedByPublished(const std::vector<PublishedFigure>& published,
                                              const contract::RoundItem& item, const v1::Metric& metric,
                                              const catalogue::Library& library);

// Whether the figure is of these days and of the item's entry or one linked with it.
bool IsLinkedWith(const PublishedFigure& figure, const v1::Metric& metric, const std::string& period,
                  const catalogue::Library& library);

// Marks what the figures tell of the tables. A figure that the counts do not give, to its last place, was
// made of other records (later corrections, another reading) and tells nothing exact of these.
void MarkKnown(const std::vector<PublishedFigure>& published, std::vector<LinkedTable>& tables);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_PUBLISHED_FIGURES_H_
