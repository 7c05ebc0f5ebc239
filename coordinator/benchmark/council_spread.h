// How councils' own rates spread, where nobody knows a single one: from noised histograms of councils over
// bands (catalogue/council_bands.h), added up over the parts of a secure round. README.md of this folder has
// the arithmetic.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_COUNCIL_SPREAD_H_
#define WAYMARK_COORDINATOR_BENCHMARK_COUNCIL_SPREAD_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "coordinator/benchmark/sum_noise.h"
#include "proto/contract/release.h"
#include "waymark/v1/benchmark.pb.h"

namespace waymark::coordinator {

// Not thread-safe.
class CouncilSpread {
 public:
  explicit CouncilSpread(NoiseRadii& radii) : noise_(radii) {}

  // One part's histogram: `row` of a table of PlanCouncilBands.
  void Add(const contract::ProtectedTable& bands, std::size_t row);

  // Sets the figure's bands and quartiles, and how far noise may have moved each quartile (95%). Nothing
  // where nothing was added, and no quartiles where hardly a council has a rate.
  void Fill(v1::Figure& figure) const;

 private:
  struct Quartile {
    double value = 0;
    double from = 0;
    double to = 0;
  };
  Quartile QuartileAt(double share, const std::vector<double>& possible) const;
  // Of the sum of the first `bands` bands, and how far its noise reaches.
  double SumOfFirst(std::size_t bands) const;
  double RadiusOfFirst(std::size_t bands) const;

  std::vector<std::int64_t> councils_;  // by band, noise in them
  std::int64_t contributors_ = 0;       // known: in every histogram they add up to this
  SumNoise noise_;
};

// The point nearest to `values` (by least squares) whose parts are not below zero and add up to `sum`, which
// is above zero. Source: Held, Wolfe, Crowder, "Validation of subgradient optimization" (1974).
std::vector<double> NearestParts(const std::vector<std::int64_t>& values, double sum);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_COUNCIL_SPREAD_H_
