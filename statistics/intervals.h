// 95% intervals of a proportion and of a rate that express sampling alone: how far chance could have moved
// the figure, had the same process run again. Counts are doubles, since what is known of them may have passed
// through noise. Pure functions: thread-safe.
//
// Sources: Wilson, "Probable Inference, the Law of Succession, and Statistical Inference" (1927); Byar's
// method as in Breslow and Day, "Statistical Methods in Cancer Research" II (1987), p. 69, and Public Health
// England's technical guide on confidence intervals.
#ifndef WAYMARK_STATISTICS_INTERVALS_H_
#define WAYMARK_STATISTICS_INTERVALS_H_

#include "absl/status/statusor.h"

namespace waymark::statistics {

// The 97.5% point of the standard normal distribution: two-sided 95%.
inline constexpr double kZ95 = 1.959963984540054;

// What chance does to a count: members with an outcome among those counted (binomial), or events over an
// exposure (Poisson).
enum class CountLaw { kShare, kRate };

struct Interval {
  double lower = 0;
  double upper = 0;
  friend bool operator==(const Interval&, const Interval&) = default;
};

// Wilson's score interval of a proportion of `successes` among `trials`, within [0, 1]:
// (x + z²/2 ± z √(x(n − x)/n + z²/4)) / (n + z²). INVALID_ARGUMENT unless 0 ≤ successes ≤ trials, trials > 0,
// and z > 0, all finite.
absl::StatusOr<Interval> WilsonInterval(double successes, double trials, double z = kZ95);

// Byar's interval of a rate of `events` over `exposure` (the rate's own scale: per 1 of exposure):
// x (1 − 1/(9x) − z/(3√x))³ below (0 for x = 0) and the same of x + 1 with + above. Good from about ten
// events, and conservative below. INVALID_ARGUMENT unless events ≥ 0, exposure > 0 and z > 0, all finite.
absl::StatusOr<Interval> ByarInterval(double events, double exposure, double z = kZ95);

}  // namespace waymark::statistics

#endif  // WAYMARK_STATISTICS_INTERVALS_H_
