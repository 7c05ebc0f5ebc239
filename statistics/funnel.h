// Control limits of a funnel plot: between which a share or a rate lies with a stated probability where a
// council of this size is like the others. Source: Spiegelhalter, "Funnel plots for comparing institutional
// performance", Statistics in Medicine 24 (2005). Pure; thread-safe.
//
// Limits of chance alone are exact (A.1.1: binomial or Poisson, made continuous by interpolation). Councils
// differ for reasons that no definition takes in (over-dispersion, A.3), so limits of chance alone would call
// most large councils unusual. Of his two remedies the additive one is taken: councils' true values are
// spread about the target with variance τ², whatever their size, and limits never close on the target. The
// multiplicative one (limits times √φ) would have large councils differ less than small ones for no reason.
// On the scale on which chance has variance s² = 1/(4 size) (arcsin √p of a share, √r of a rate), with
// z-scores winsorised at 10% (type 7 deciles), of I councils: φ = Σ z²/I, w = 1/s², and τ² = max(0, (I φ − (I
// − 1)) / (Σ w − Σ w²/Σ w)). The exact limits' distance from the target is stretched, on that scale, by √((s²
// + τ²)/s²): exact where τ² = 0, normal for large sizes.
#ifndef WAYMARK_STATISTICS_FUNNEL_H_
#define WAYMARK_STATISTICS_FUNNEL_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "statistics/intervals.h"

namespace waymark::statistics {

// Two-sided: 95% and 99.8% are the customary two ("2 and 3 standard deviations").
inline constexpr double kFunnelWarning = 0.95;
inline constexpr double kFunnelAlarm = 0.998;

// Of a share whose expected value is `target`, of `members`; within [0, 1]. INVALID_ARGUMENT unless the
// target and the level lie within (0, 1) and there are 1 to 10^9 members.
absl::StatusOr<Interval> FunnelLimits(double target, std::int64_t members, double level);

// Of events over an exposure, whose expected number is target × exposure, per 1 of exposure. INVALID_ARGUMENT
// unless the target and the exposure are above 0, the level lies within (0, 1), and at most 10^9 events are
// expected.
absl::StatusOr<Interval> RateFunnelLimits(double target, double exposure, double level);

// "above 99.8% limits", "within 95% limits", …
absl::string_view PlaceInFunnel(double value, Interval warning, Interval alarm);

struct FunnelPoint {
  double value = 0;      // a share within [0, 1], or a rate per 1 of exposure, from 0
  double size = 0;       // members, or exposure; above 0
  double inflation = 1;  // variance of the value over that of chance alone: above 1 where noise is in it
};

struct Dispersion {
  double phi = 1;          // near 1 or below where councils differ by chance alone
  double tau_squared = 0;  // variance between councils, on the scale above
};

// Immutable.
class FunnelPlot {
 public:
  // The target is the points' pooled value. INVALID_ARGUMENT on fewer than two points, a point out of range,
  // or where all values are 0, or all shares 1.
  static absl::StatusOr<FunnelPlot> Create(CountLaw law, absl::Span<const FunnelPoint> points);

  double target() const { return target_; }
  const Dispersion& dispersion() const { return dispersion_; }
  // For a council of this size, whose value has `inflation` times the variance of chance. INVALID_ARGUMENT as
  // FunnelLimits and RateFunnelLimits; a size of a share is taken to the nearest whole number.
  absl::StatusOr<Interval> LimitsAt(double size, double inflation, double level) const;

 private:
  FunnelPlot(CountLaw law, double target, Dispersion dispersion)
      : law_(law), target_(target), dispersion_(dispersion) {}

  CountLaw law_;
  double target_;
  Dispersion dispersion_;
};

}  // namespace waymark::statistics

#endif  // WAYMARK_STATISTICS_FUNNEL_H_
