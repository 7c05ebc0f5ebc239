// Sums weighted by how deprived councils' areas are, from which the line of expected rates follows: least
// squares of a rate on deprivation, each council weighted by its members. Every weight is a council's public
// points on the signed roster less the middle, so between −20 and 20. Made from public facts but for
// FillMoments. Pure; thread-safe.
//
// With w a council's weight, n its members and y those with an outcome, the sums of wn, w²n and, for each
// outcome, wy; with those of n and y, which the counts give, they are all that the line takes. Their noise is
// sized for a family: its m members alter them by at most m(X + X² + JX), in squares m²(X² + X⁴ + JX²), X =
// 20, J outcomes. That one council cannot be worked out of several weighted sums is the session's matter
// (proto/contract/secure_session.h).
#ifndef WAYMARK_CATALOGUE_DEPRIVATION_MOMENTS_H_
#define WAYMARK_CATALOGUE_DEPRIVATION_MOMENTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "catalogue/item_tables.h"
#include "proto/contract/round_spec.h"
#include "proto/contract/table.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::catalogue {

// The greatest weight, X.
inline constexpr std::int64_t kMostWeight = 20;

// The weight of so many points.
std::int64_t WeightOf(std::uint32_t deprivation);

// A table for each window and unit of the item, of all members: one row; columns "x_denominator",
// "x2_denominator", then "x_" and each outcome. FAILED_PRECONDITION where the entry is no PROPORTION.
absl::StatusOr<NoisePlan> PlanMoments(const v1::Metric& metric, const contract::RoundItem& item);

// The council's moments into `moments`, from its exact table of all members with the same window and unit.
// INTERNAL where that table is not the definition's or a count is impossible.
absl::Status FillMoments(const v1::Metric& metric, const contract::Table& exact, std::uint32_t deprivation,
                         contract::Table& moments);

}  // namespace waymark::catalogue

#endif  // WAYMARK_CATALOGUE_DEPRIVATION_MOMENTS_H_
