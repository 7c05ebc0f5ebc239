// Control limits of a funnel plot: between which a share lies with a stated probability where a council of
// this size is like the others. Source: Spiegelhalter, "Funnel plots for comparing institutional performance"
// (2005), appendix A.1.1: exact binomial limits, made continuous by interpolation. Pure; thread-safe.
#ifndef WAYMARK_STATISTICS_FUNNEL_H_
#define WAYMARK_STATISTICS_FUNNEL_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "statistics/intervals.h"

namespace waymark::statistics {

// Two-sided: 95% and 99.8% are the customary two ("2 and 3 standard deviations").
inline constexpr double kFunnelWarning = 0.95;
inline constexpr double kFunnelAlarm = 0.998;

// Of a share whose expected value is `target`, of `members`; within [0, 1]. INVALID_ARGUMENT unless the
// target and the level lie within (0, 1) and there are 1 to 10^9 members.
absl::StatusOr<Interval> FunnelLimits(double target, std::int64_t members, double level);

}  // namespace waymark::statistics

#endif  // WAYMARK_STATISTICS_FUNNEL_H_
