// Seeded chance for made-up data: the same seed gives the same councils. Not for secrets or noise, which come
// from crypto::RandomSource alone. Not thread-safe.
#ifndef WAYMARK_DEPLOY_DEMO_COUNCILS_DICE_H_
#define WAYMARK_DEPLOY_DEMO_COUNCILS_DICE_H_

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>

#include "absl/types/span.h"

namespace waymark::demo {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}

  // SplitMix64 (Steele, Lea, Flood 2014).
  std::uint64_t Next() {
    std::uint64_t z = state_ += 0x9E3779B97F4A7C15;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }
  // In [0, 1).
  double Real() { return std::ldexp(static_cast<double>(Next() >> 11), -53); }
  bool Chance(double probability) { return Real() < probability; }
  // least to most, both included.
  int Between(int least, int most) { return least + static_cast<int>(Real() * (most - least + 1)); }
  // Log-normal with the given median, at least `least`: most last a while, few last very long.
  int Days(double median, double sigma, int least) {
    const double normal = std::sqrt(-2 * std::log(1 - Real())) * std::cos(2 * std::numbers::pi * Real());
    const int days = static_cast<int>(median * std::exp(sigma * normal));
    return days < least ? least : days;
  }
  // A number of days from `least` to `most`, the early ones likelier.
  int SoonWithin(int least, int most) {
    return least + static_cast<int>((most - least + 1) * std::pow(Real(), 1.7));
  }
  // An index, each with its weight.
  std::size_t Pick(absl::Span<const double> weights) {
    double total = 0;
    for (const double weight : weights) total += weight;
    double left = Real() * total;
    for (std::size_t i = 0; i + 1 < weights.size(); ++i) {
      left -= weights[i];
      if (left < 0) return i;
    }
    return weights.size() - 1;
  }

 private:
  std::uint64_t state_;
};

}  // namespace waymark::demo

#endif  // WAYMARK_DEPLOY_DEMO_COUNCILS_DICE_H_
