// waymark-draw-noise epsilon|rho NUMERATOR DENOMINATOR SENSITIVITY COUNT: writes COUNT samples of the noise
// that nodes add to standard output: 64-bit whole numbers, least byte first. Discrete Laplace for that ε, or
// discrete Gaussian of variance SENSITIVITY / 2ρ (there it is the square of L2).
#include <bit>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "crypto/discrete_gaussian.h"
#include "crypto/discrete_laplace.h"
#include "crypto/random.h"

static_assert(std::endian::native == std::endian::little);

namespace {

using waymark::crypto::DiscreteGaussian;
using waymark::crypto::DiscreteLaplace;

// What the command line asks for: the amount as a fraction, the sensitivity, and how many samples.
struct Asked {
  std::uint64_t numerator, denominator, sensitivity, count;
};

template <typename Noise>
int Draw(const absl::StatusOr<Noise>& noise, const Asked& asked) {
  std::vector<std::int64_t> samples(asked.count);
  waymark::crypto::SystemRandom random;
  absl::Status status = noise.status();
  if (status.ok()) status = noise->Sample(random, absl::MakeSpan(samples));
  if (!status.ok()) {
    std::fprintf(stderr, "waymark-draw-noise: %s\n", status.ToString().c_str());
    return 1;
  }
  return std::fwrite(samples.data(), sizeof(std::int64_t), samples.size(), stdout) == samples.size() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view kind = argc == 6 ? argv[1] : "";
  if (kind != "epsilon" && kind != "rho") {
    std::fprintf(stderr, "waymark-draw-noise epsilon|rho NUMERATOR DENOMINATOR SENSITIVITY COUNT\n");
    return 2;
  }
  const auto number = [&](int i) { return static_cast<std::uint64_t>(std::strtoull(argv[i], nullptr, 10)); };
  const Asked asked{
      .numerator = number(2), .denominator = number(3), .sensitivity = number(4), .count = number(5)};
  if (kind == "rho") {
    return Draw(DiscreteGaussian::Create(
                    {.numerator = asked.sensitivity * asked.denominator, .denominator = 2 * asked.numerator}),
                asked);
  }
  return Draw(DiscreteLaplace::Create({.numerator = asked.numerator, .denominator = asked.denominator},
                                      asked.sensitivity),
              asked);
}
