// Time until the first of several competing kinds of event, where some members are only followed so far: the
// share without an event (Kaplan-Meier), its variance (Greenwood) and 95% interval (log-log), and by kind of
// event the share with it (Aalen-Johansen).
//
// At each time t with n at risk and d events: S(t) = Π (1 − d/n), Var S = S² Σ d / (n (n − d)), interval
// S^exp(±z √(Σ d / (n (n − d))) / ln S), and for a kind k: F_k(t) = Σ S(t−) d_k / n, Var F_k(t) = Σ (F_k(t) −
// F_k(t_i))² d / (n (n − d)) + Σ S(t−)² d_k (n − d_k) / n³ − 2 Σ (F_k(t) − F_k(t_i)) S(t−) d_k / n² (delta
// method), with a log-log interval of its own. From exact days, n counts the members whose time is at least
// t. From bins (lo, hi], n counts those whose time is above lo less half of those censored in the bin (the
// actuarial correction: they were at risk for half of it on average), and t is the bin's upper edge. Sources:
// Kaplan and Meier (1958); Greenwood (1926); Kalbfleisch and Prentice, "The Statistical Analysis of Failure
// Time Data" (2002), 1.4 and 8.2; Aalen and Johansen (1978); Marubini and Valsecchi, "Analysing Survival Data
// from Clinical Trials" (1995), 10.2.2, for Var F_k; Cutler and Ederer (1958) for the correction.
#ifndef WAYMARK_STATISTICS_SURVIVAL_H_
#define WAYMARK_STATISTICS_SURVIVAL_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "statistics/intervals.h"

namespace waymark::statistics {

// The follow-up of one member, or of several with the same: its days, and the kind of event that ended it
// (kCensoredFollowUp: none did).
inline constexpr std::int32_t kCensoredFollowUp = -1;
struct FollowUp {
  std::int32_t days = 0;  // from 0; a member with 0 is never at risk
  std::int32_t kind = kCensoredFollowUp;
  std::int64_t members = 1;  // from 0
};

// The curve on one day.
struct SurvivalEstimate {
  double survival = 1;  // within [0, 1]
  double variance = 0;  // Greenwood's, of `survival`
  std::optional<Interval>
      interval;                   // 95%, log-log; nothing where S is 0 or 1, whose logarithms it cannot use
  std::vector<double> incidence;  // by kind; with `survival` they add up to 1
  std::vector<double> incidence_variance;
  std::vector<std::optional<Interval>> incidence_interval;  // 95%, log-log; nothing where F is 0 or 1
  double at_risk_after = 0;                                 // members whose time is above the day
  std::vector<double> events;                               // by kind, up to the day
};

// Immutable; thread-safe.
class SurvivalCurve {
 public:
  // From exact days. INVALID_ARGUMENT on days or members below 0 or a kind outside −1 … kinds − 1.
  static absl::StatusOr<SurvivalCurve> FromDays(absl::Span<const FollowUp> members, std::size_t kinds);

  // From counts in bins: bin i is (upper_edges[i − 1] (0 for the first), upper_edges[i]], and one last, open
  // bin follows. events[k] and censored have one element a bin, the open one included. Counts may be below
  // zero, as noise makes them: they enter as they are, since clamping each would bias the sums, and only the
  // results are brought into [0, 1]; the curve ends where nobody is left at risk. INVALID_ARGUMENT on edges
  // that do not rise from above 0 or other lengths.
  static absl::StatusOr<SurvivalCurve> FromBins(absl::Span<const std::uint32_t> upper_edges,
                                                absl::Span<const std::vector<std::int64_t>> events,
                                                absl::Span<const std::int64_t> censored);

  // Nothing beyond the last follow-up. From bins the curve is known at edges only: another day gives that of
  // the edge before it, and the last edge that somebody was followed beyond is the last follow-up.
  std::optional<SurvivalEstimate> At(std::uint32_t day) const;

  // The first day on which S is at most one half; nothing where it is never. From bins: inside the bin in
  // which that happens, S falling linearly from edge to edge over its days.
  std::optional<std::uint32_t> Median() const;

  // Members at risk after day 0.
  double members() const { return members_; }

 private:
  // What is known at one time.
  struct Step {
    std::uint32_t day = 0;
    double survival = 1;
    double greenwood = 0;  // Σ d / (n (n − d))
    double at_risk_after = 0;
  };

  // Of one kind up to a step; at_risk n, d events of all kinds, d_k of this, S before, g = d / (n (n − d)).
  // With these, the variance at any later time takes no sum.
  struct KindSums {
    double incidence = 0;  // F
    double events = 0;
    double g_f = 0;      // Σ g F
    double g_ff = 0;     // Σ g F²
    double own = 0;      // Σ S² d_k (n − d_k) / n³
    double cross = 0;    // Σ S d_k / n²
    double cross_f = 0;  // Σ S d_k / n² F

    double Variance(double greenwood) const;
  };

  SurvivalCurve() = default;
  // From exact days that are valid and rise.
  static SurvivalCurve FromSorted(absl::Span<const FollowUp> members, std::size_t kinds);
  void Add(std::uint32_t day, double at_risk, const std::vector<double>& events, double at_risk_after);

  bool binned_ = false;
  std::size_t kinds_ = 0;
  double members_ = 0;
  std::uint32_t last_follow_up_ = 0;
  std::vector<Step> steps_;           // by day
  std::vector<KindSums> kinds_sums_;  // by step and kind
};

}  // namespace waymark::statistics

#endif  // WAYMARK_STATISTICS_SURVIVAL_H_
