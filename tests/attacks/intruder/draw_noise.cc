// waymark-draw-noise NUMERATOR DENOMINATOR SENSITIVITY COUNT: writes COUNT samples of the discrete Laplace
// noise that nodes add, for ε = NUMERATOR/DENOMINATOR, to standard output: 64-bit whole numbers, least byte
// first.
#include <bit>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "crypto/discrete_laplace.h"
#include "crypto/random.h"

static_assert(std::endian::native == std::endian::little);

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "waymark-draw-noise NUMERATOR DENOMINATOR SENSITIVITY COUNT\n");
    return 2;
  }
  const auto number = [&](int i) { return static_cast<std::uint64_t>(std::strtoull(argv[i], nullptr, 10)); };
  const auto noise =
      waymark::crypto::DiscreteLaplace::Create({.numerator = number(1), .denominator = number(2)}, number(3));
  if (!noise.ok()) {
    std::fprintf(stderr, "waymark-draw-noise: %s\n", noise.status().ToString().c_str());
    return 1;
  }
  waymark::crypto::SystemRandom random;
  std::vector<std::int64_t> samples(number(4));
  if (const absl::Status drawn = noise->Sample(random, absl::MakeSpan(samples)); !drawn.ok()) {
    std::fprintf(stderr, "waymark-draw-noise: %s\n", drawn.ToString().c_str());
    return 1;
  }
  return std::fwrite(samples.data(), sizeof(std::int64_t), samples.size(), stdout) == samples.size() ? 0 : 1;
}
