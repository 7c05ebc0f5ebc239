// waymark-bench-noise: samples a second of both samplers' vector interface on one core, for noise_bench.py. A
// line each: law, scale (Laplace's Δ/ε, the Gaussian's σ²), samples a second.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "crypto/discrete_gaussian.h"
#include "crypto/discrete_laplace.h"

namespace {

using waymark::crypto::DiscreteGaussian;
using waymark::crypto::DiscreteLaplace;

constexpr std::size_t kSamples = 200'000;

template <typename Noise>
int Time(const char* law, std::uint64_t scale, const absl::StatusOr<Noise>& noise) {
  if (!noise.ok()) return 1;
  waymark::crypto::SystemRandom random;
  std::vector<std::int64_t> samples(kSamples);
  double best = 1e9;
  for (int run = 0; run < 5; ++run) {
    const auto begin = std::chrono::steady_clock::now();
    if (!noise->Sample(random, absl::MakeSpan(samples)).ok()) return 1;
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    best = std::min(best, took.count());
  }
  std::printf("%s %ju %.0f\n", law, static_cast<std::uintmax_t>(scale), kSamples / best);
  return 0;
}

}  // namespace

int main() {
  int failed = 0;
  for (const std::uint64_t scale : {1, 2, 10, 100}) {
    failed += Time("laplace", scale, DiscreteLaplace::Create({1, 1}, scale));
  }
  for (const std::uint64_t variance : {4, 50, 200, 10'000, 1'000'000}) {
    failed += Time("gaussian", variance, DiscreteGaussian::Create({variance, 1}));
  }
  return failed == 0 ? 0 : 1;
}
