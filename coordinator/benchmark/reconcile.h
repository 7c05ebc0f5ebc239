// Margins of noised tables that add up: the noised counts of an item's tables are moved to the nearest ones
// (least squares; all have noise of one variance) in which rows of a breakdown add up to their wholes. Each
// count's variance falls by that. It looks at noised values alone, and spends no privacy.
//
// Source: Hay, Rastogi, Miklau, Suciu, "Boosting the accuracy of differentially private histograms through
// consistency" (2010). The nearest counts are found by projecting on one equation after the other (Kaczmarz
// 1937), which from the noised counts ends in the point nearest to them.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_RECONCILE_H_
#define WAYMARK_COORDINATOR_BENCHMARK_RECONCILE_H_

#include <vector>

#include "proto/contract/release.h"
#include "proto/contract/round_spec.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::coordinator {

// Changes the item's tables among `tables`, those of episodes alone: a child or family may be in several
// rows. The counts stay whole, and may be below zero. With two crossed breakdowns of a common field the
// second agrees with the margin of its first field only. Tables of different noise, with a cell that is not
// there, or of which a row has no whole are left as they are.
void ReconcileMargins(const v1::Metric& metric, const contract::RoundItem& item,
                      std::vector<contract::ProtectedTable>& tables);

// Which share of the variance of its noise a cell of `table`, one of `tables`, has kept at most, where they
// were made to agree: of the whole 1/(1 + Σ 1/R) over breakdowns by one field, of R rows each; of a row of
// such a one 1 − 1/R + that/R². Crossed fields lessen it further, which is left out. 1 where nothing was
// changed.
double VarianceLeft(const contract::RoundItem& item, const std::vector<contract::ProtectedTable>& tables,
                    const contract::ProtectedTable& table);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_RECONCILE_H_
