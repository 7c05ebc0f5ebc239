// Figures beside what they would be had every place the mix of all participants: shares and rates directly
// standardised by the strata of a published breakdown (statistics/standardised.h). Made of published figures,
// so it tells nothing that they do not. Pure; thread-safe.
//
// The standard is how many members of each stratum all participants have together, as published. Chance is
// that of the strata's counts. What protection hides is joined to it: noise by squaring and adding, since the
// strata's noise is independent; rounding and suppression in full, since they bound the truth for certain. A
// suppressed stratum may hold anything: of a share 0% to 100% of its part of the standard, of a rate no upper
// end. A stratum without members has no rate that anybody knows: it goes out of the standard, and how much of
// the standard that is, is said.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_STANDARDISE_H_
#define WAYMARK_COORDINATOR_BENCHMARK_STANDARDISE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "waymark/v1/benchmark.pb.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::coordinator {

// Of the standard population in strata that are suppressed, or without members: beyond, there is no value.
inline constexpr double kMostPercentUnknown = 50;

// INVALID_ARGUMENT where the metric has neither shares nor rates.
absl::Status CheckStandardises(const v1::Metric& metric);

// Sets `standardised` of each of `figures`, which are of all members. `strata`: the same places' figures by
// `by`; `standard`: those of all participants, who are described by `described`.
void SetStandardised(const v1::Metric& metric, const std::string& by, const std::string& described,
                     const std::vector<v1::Figure>& strata, const std::vector<v1::Figure>& standard,
                     std::vector<v1::Figure>& figures);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_STANDARDISE_H_
