// Direct standardisation: what a council's share or rate would be had its families the ages (or other strata)
// of a standard population. Pure functions; thread-safe.
//
// Of strata with events O_i, exposure or members n_i and standard population w_i: value = Σ w_i O_i/n_i / Σ
// w_i, variance = Σ w_i² V_i / (Σ w_i)², V_i = O_i/n_i² of a rate and p(1 − p)/n_i of a share, and what noise
// adds. A rate's 95% interval is Dobson's, by Byar's of all events O: value + √(variance/O) (Byar − O);
// source: Dobson, Kuulasmaa, Eberle, Scherer, "Confidence intervals for weighted sums of Poisson parameters"
// (1991), and Public Health England, "Technical Guide: Confidence Intervals" (2018), which gives none below
// ten events. A share's is Wilson's at the effective size p(1 − p)/variance (Kish, "Survey Sampling",
// 1965, 8.2), which a rate's interval would let pass 100%.
#ifndef WAYMARK_STATISTICS_STANDARDISED_H_
#define WAYMARK_STATISTICS_STANDARDISED_H_

#include <optional>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "statistics/intervals.h"

namespace waymark::statistics {

struct Stratum {
  double events = 0;          // from 0; of a share at most `exposure`
  double exposure = 0;        // person-time, or members; above 0
  double standard = 0;        // from 0, not all 0
  double noise_variance = 0;  // that noise adds to events/exposure
};

struct Standardised {
  double value = 0;  // per 1 of exposure
  std::optional<Interval> interval;
};

inline constexpr double kLeastEventsForInterval = 10;

// INVALID_ARGUMENT on no strata or a number out of its range.
absl::StatusOr<Standardised> DirectlyStandardised(CountLaw law, absl::Span<const Stratum> strata);

}  // namespace waymark::statistics

#endif  // WAYMARK_STATISTICS_STANDARDISED_H_
