// What the tests of drawn noise share: chi-squared against an exact law, the event whose probability ratio is
// e^ε, and the correlation of a sample's size with the time it took.
#ifndef WAYMARK_TESTS_STATISTICAL_LAWS_H_
#define WAYMARK_TESTS_STATISTICAL_LAWS_H_

#include <cstdint>
#include <functional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "crypto/random.h"

namespace waymark::testing {

// A symmetric law on the whole numbers.
struct ExactLaw {
  std::function<double(std::int64_t)> mass;        // P(X = x)
  std::function<double(std::int64_t)> upper_tail;  // P(X ≥ x) for x ≥ 1
};
// P(X = x) proportional to q^|x|.
ExactLaw DiscreteLaplaceLaw(double q);
// Of a difference of two independent Poisson variables that has this variance.
ExactLaw SkellamLaw(double variance);
// Of X − Y, where X and Y are independent and P(X = k) = masses[k], in floating point by the definition.
ExactLaw LawOfDifference(const std::vector<double>& masses);

// One bin a value as far as 25 samples are expected there, and one for each tail. `limit` is exceeded once in
// 10^6 (Wilson and Hilferty, 1931; from 10 degrees on it is right to a percent).
struct Fit {
  double statistic = 0;
  int degrees = 0;  // the bins less one
  double limit = 0;
};
Fit ChiSquared(const ExactLaw& law, const std::vector<std::int64_t>& samples);

// The correlation of neighbours in the sequence: 0 but for 1/√n where samples are independent.
double NeighbourCorrelation(const std::vector<std::int64_t>& samples);

// A sampler: fills what it is given.
using Draw = std::function<absl::Status(crypto::RandomSource&, absl::Span<std::int64_t>)>;

// For the neighbouring counts 0 and 1 (Δ = 1) under discrete Laplace noise the event {out ≥ 1} has
// probabilities P(X ≥ 1) and P(X ≥ 0), whose ratio is exactly e^ε: the worst case of the guarantee, met and
// not passed. `log_ratio` is measured from `draws` samples of each; `deviation` is its standard deviation.
struct EventRatio {
  double log_ratio = 0;
  double deviation = 0;
};
absl::StatusOr<EventRatio> MeasureEventRatio(const Draw& draw, std::size_t draws);

// Draws `calls` single samples whose random bytes cost nothing to give, and correlates |x| with the time of
// the call. Interruptions are cut off at the 95th centile, so that a few of them do not drown the rest.
struct Timing {
  double correlation = 0;
  double median_ns = 0;
};
absl::StatusOr<Timing> MeasureTiming(const Draw& draw, std::size_t calls);

}  // namespace waymark::testing

#endif  // WAYMARK_TESTS_STATISTICAL_LAWS_H_
