// Quantiles of durations in whole days, of which only counts in fixed bins are known. Pure functions:
// thread-safe.
//
// A quantile p is the smallest duration that at least the share p of the members did not exceed. Bins say
// only in which bin it lies; inside, the members are taken to be spread evenly over the bin's days (the
// cumulative share rises linearly), so that the answer is one of the bin's own days, and bins one day wide
// give the exact quantile.
#ifndef WAYMARK_STATISTICS_BINNED_H_
#define WAYMARK_STATISTICS_BINNED_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "statistics/intervals.h"

namespace waymark::statistics {

// `upper_edges` rise; bin i holds the durations from upper_edges[i − 1] (0 for the first) to upper_edges[i] −
// 1 days, and one last, open bin those from the last edge on: counts has one element more. Counts below zero,
// which noise makes, count as zero. Nothing where there are no members or the quantile lies in the open bin.
// INVALID_ARGUMENT on edges that do not rise from above 0, other lengths, or p outside (0, 1].
absl::StatusOr<std::optional<double>> QuantileOfBins(absl::Span<const std::uint32_t> upper_edges,
                                                     absl::Span<const std::int64_t> counts, double p);

// A duration, and how many members have it or a shorter one.
struct UpTo {
  std::int64_t days = 0;
  std::int64_t members = 0;
};

// The smallest duration that at least the share p of the members did not exceed: exact. Both durations and
// members rise; the last has all members. Nothing where there are none or p is outside (0, 1].
std::optional<std::int64_t> QuantileOfDays(absl::Span<const UpTo> rising, double p);

// The shares between which the share p of `members` lies at 95% (Wilson); their quantiles bound that of p
// (Woodruff, "Confidence Intervals for Medians and Other Position Measures", 1952). Members > 0, p in [0, 1];
// else an error.
absl::StatusOr<Interval> QuantileShares(double p, double members);

}  // namespace waymark::statistics

#endif  // WAYMARK_STATISTICS_BINNED_H_
