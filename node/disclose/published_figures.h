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

// Those of the entry or one linked with it, over days that overlap `days`, a period's label.
std::vector<PublishedFigure> LinkedFigures(const std::vector<PublishedFigure>& published,
                                           const v1::Metric& metric, const std::string& days,
                                           const catalogue::Library& library);

// From labels of periods. From the first day of either to the last. The stretches of `whole` that begin and
// end with it or with one of `periods`, with none between, and are not themselves of them: a year without
// three of its quarters is the fourth.
std::string SpanOf(const std::string& days, const std::string& more);
std::vector<std::string> GapsIn(const std::string& whole, const std::vector<std::string>& periods);

// Marks what the figures tell of the tables. A figure that the counts do not give, to its last place, was
// made of other records (later corrections, another reading) and tells nothing exact of these.
void MarkKnown(const std::vector<PublishedFigure>& published, std::vector<LinkedTable>& tables);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_PUBLISHED_FIGURES_H_
