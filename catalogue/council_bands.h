// The distribution of councils over bands of a rate, for a secure sum: each council counts 1 in the one band
// that its own rate lies in, so the sum is a histogram that names nobody. The coordinator sees it before any
// threshold could act, so its noise is sized for the council as the unit: a council that had other records
// altogether leaves one band and enters another (Δ₁ = 2). Made from public facts but for MarkBands. Pure;
// thread-safe.
#ifndef WAYMARK_CATALOGUE_COUNCIL_BANDS_H_
#define WAYMARK_CATALOGUE_COUNCIL_BANDS_H_

#include <cstddef>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalogue/item_tables.h"
#include "proto/contract/round_spec.h"
#include "proto/contract/table.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::catalogue {

// Of equal width, from 0 to 100%; the last has its upper end too. After them one of councils without members.
inline constexpr std::size_t kRateBands = 20;
inline constexpr double kRateBandWidth = 100.0 / kRateBands;

// A table for each window and unit of the item, of all members: a row an outcome (sorted), a column a band,
// all cells zero. FAILED_PRECONDITION where the entry is no PROPORTION.
absl::StatusOr<NoisePlan> PlanCouncilBands(const v1::Metric& metric, const contract::RoundItem& item);

// Puts the council's ones into `bands`, from its exact table of all members with the same window and unit.
// INTERNAL where that table is not the definition's.
absl::Status MarkBands(const v1::Metric& metric, const contract::Table& exact, contract::Table& bands);

}  // namespace waymark::catalogue

#endif  // WAYMARK_CATALOGUE_COUNCIL_BANDS_H_
