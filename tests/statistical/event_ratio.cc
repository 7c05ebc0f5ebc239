// waymark-event-ratio DRAWS: the event whose probability ratio is exactly e^ε, from DRAWS draws for each of
// four ε. Prints a line each, and ends with status 1 where one is more than four standard deviations off:
// false failures once in 4,000 runs. At 10^7 draws an ε wrong by 1.8, .38, .22, .17% shows.
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "crypto/discrete_laplace.h"
#include "tests/statistical/laws.h"

int main(int argc, char** argv) {
  std::size_t draws = 0;
  if (argc == 2) std::from_chars(argv[1], argv[1] + std::strlen(argv[1]), draws);
  if (draws < 2) {
    std::fputs("expected one argument: how many draws, such as 10000000\n", stderr);
    return 2;
  }
  bool good = true;
  for (const waymark::crypto::Epsilon epsilon : {waymark::crypto::Epsilon{1, 10}, {1, 2}, {1, 1}, {2, 1}}) {
    const auto noise = waymark::crypto::DiscreteLaplace::Create(epsilon, 1);
    if (!noise.ok()) {
      std::fprintf(stderr, "%s\n", noise.status().ToString().c_str());
      return 2;
    }
    const auto measured = waymark::testing::MeasureEventRatio(
        [&](waymark::crypto::RandomSource& random, absl::Span<std::int64_t> out) {
          return noise->Sample(random, out);
        },
        draws / 2);
    if (!measured.ok()) {
      std::fprintf(stderr, "%s\n", measured.status().ToString().c_str());
      return 2;
    }
    const double expected = static_cast<double>(epsilon.numerator) / static_cast<double>(epsilon.denominator);
    const double deviations = (measured->log_ratio - expected) / measured->deviation;
    std::printf("epsilon %g: log ratio %.6f, off by %+.2f standard deviations of %.6f\n", expected,
                measured->log_ratio, deviations, measured->deviation);
    good = good && std::abs(deviations) <= 4;
  }
  return good ? 0 : 1;
}
