#include "crypto/discrete_gaussian.h"

#include <cstddef>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/gaussian_thresholds.h"

namespace waymark::crypto {
namespace {

constexpr std::uint64_t kMostPart = 1'000'000'000'000'000'000;
constexpr std::uint64_t kMostVariance = 1'000'000;
constexpr std::uint64_t kMostInverseVariance = 100;

// A block's random bytes: those of the table, and one byte of signs.
constexpr std::size_t kLanes = internal::ThresholdTable::kLanes;
constexpr std::size_t kSignsAt = internal::ThresholdTable::kBlockBytes;

bool IsPart(std::uint64_t value) {
  return value >= 1 && value <= kMostPart;
}

}  // namespace

absl::StatusOr<DiscreteGaussian> DiscreteGaussian::Create(Variance variance) {
  const auto [numerator, denominator] = variance;
  const bool parts = IsPart(numerator) && IsPart(denominator);
  const bool too_large = parts && (numerator - 1) / kMostVariance >= denominator;
  const bool too_small = parts && (denominator - 1) / kMostInverseVariance >= numerator;
  if (!parts || too_large || too_small) {
    return absl::InvalidArgumentError(
        absl::StrCat("the variance must lie from 1/", kMostInverseVariance, " to ", kMostVariance,
                     " and its parts from 1 to 10^18, but is ", numerator, "/", denominator));
  }
  ASSIGN_OR_RETURN(auto thresholds, internal::GaussianThresholds(numerator, denominator));
  return DiscreteGaussian(internal::ThresholdTable(std::move(thresholds)));
}

absl::Status DiscreteGaussian::Sample(RandomSource& random, absl::Span<std::int64_t> out) const {
  return internal::SampleBlocks(
      random, kSignsAt + 1,
      [this](const std::uint8_t* uniform, std::int64_t* block) { SampleBlock(uniform, block); }, out);
}

// The same operations whatever the bytes.
void DiscreteGaussian::SampleBlock(const std::uint8_t* uniform, std::int64_t* out) const {
  std::uint64_t size[kLanes];
  thresholds_.CountReached(uniform, size);
  const std::uint64_t signs = uniform[kSignsAt];
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const std::uint64_t minus = -(signs >> lane & 1);
    out[lane] = static_cast<std::int64_t>((size[lane] ^ minus) - minus);
  }
}

// Threshold k falls short of the exact one by e_k < 2^−128, so |X| = k is e_(k−1) − e_k too likely; |X| = K,
// the last, takes besides what is beyond it, at most 2^−128. The distance is the sum of these where they are
// positive: the rises from the e's of one K-long sequence of numbers in [0, 1) · 2^−128 that starts at 0, of
// which at most every second step falls, and 2^−128. The sign adds nothing.
std::uint64_t DiscreteGaussian::delta_units_of_2_to_minus_128() const {
  return static_cast<std::uint64_t>(thresholds_.size()) / 2 + 2;
}

}  // namespace waymark::crypto
