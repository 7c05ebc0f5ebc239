// The noise in sums over councils: how far it can have moved them.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_SUM_NOISE_H_
#define WAYMARK_COORDINATOR_BENCHMARK_SUM_NOISE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>

#include "proto/contract/release.h"
#include "statistics/noise_interval.h"

namespace waymark::coordinator {

// Radii that were worked out before, by the law of the sum; many rows share one. Not thread-safe.
struct NoiseLaw {
  double q = 0;         // discrete Laplace
  double variance = 0;  // discrete Gaussian or Skellam: q is 0
  bool skellam = false;
  friend auto operator<=>(const NoiseLaw&, const NoiseLaw&) = default;
};
using NoiseLaws = std::map<NoiseLaw, double>;                             // → how many cells, or shape
using NoiseRadii = std::map<std::pair<NoiseLaws, double>, std::int64_t>;  // and by probability

// Independent noise, discrete Laplace or discrete Gaussian, of one cell of each council added; of a secure
// sum the difference of two negative binomials of shape contributors/honest_shares, or that multiple of the
// Skellam variance: as many discrete Laplaces or Skellams as the quotient says, which need not be whole. Not
// thread-safe.
class SumNoise {
 public:
  // `radii` must outlive this.
  explicit SumNoise(NoiseRadii& radii) : radii_(&radii) {}

  // `left`: which share of the variance of its noise the cell keeps (reconcile.h).
  void Add(const contract::Protection& protection, double left = 1);

  // The noise in the sum of `cells` cells of every council exceeds this with probability at most 0.025: two
  // sums moved against each other then both hold at 95% (Bonferroni). 0 where there is no noise.
  std::int64_t Radius(std::size_t cells) const;
  // Of one cell of every council: exceeded with probability at most 0.05. kUnbounded where there is too much
  // to reckon with.
  std::int64_t RadiusOfOne() const;
  // Of one cell of every council, as it was drawn; infinite where there is too much to reckon with.
  double Variance() const { return CumulantsOf(false).variance; }
  // The same of what is left of it.
  statistics::NoiseCumulants Cumulants() const { return CumulantsOf(true); }

 private:
  // Sums over the cells that have one law: of their counts, and of these with what is left of each.
  struct Cells {
    double count = 0;
    double left = 0;
    double left_squared = 0;
    double rounded = 0;  // of how many something is left out
  };

  std::int64_t RadiusAt(std::size_t cells, double alpha) const;
  statistics::NoiseCumulants CumulantsOf(bool left) const;

  NoiseRadii* radii_;
  std::map<NoiseLaw, Cells> councils_;
  bool boundless_ = false;  // some noise is too great to reckon with
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_SUM_NOISE_H_
