#include "crypto/discrete_gaussian.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/borrow.h"
#include "crypto/gaussian_thresholds.h"

namespace waymark::crypto {
namespace {

constexpr std::uint64_t kMostPart = 1'000'000'000'000'000'000;
constexpr std::uint64_t kMostVariance = 1'000'000;
constexpr std::uint64_t kMostInverseVariance = 100;

// Samples are made in blocks of eight, whose comparisons the compiler lays side by side in vector registers.
// A block's random bytes: the high halves, the low halves, and one byte of signs.
constexpr std::size_t kLanes = 8;
constexpr std::size_t kBlockBytes = 2 * kLanes * sizeof(std::uint64_t) + 1;
// Drawn for many samples at once; also what one call leaves on the stack to cleanse.
constexpr std::size_t kBlocksInBatch = 128;

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
  ASSIGN_OR_RETURN(const auto found, internal::GaussianThresholds(numerator, denominator));
  std::vector<Threshold> thresholds;
  for (const internal::Uint128Parts& each : found) thresholds.push_back({each.high, each.low});
  return DiscreteGaussian(std::move(thresholds));
}

absl::Status DiscreteGaussian::Sample(RandomSource& random, absl::Span<std::int64_t> out) const {
  std::uint8_t batch[kBlocksInBatch * kBlockBytes];
  std::int64_t block[kLanes];
  std::size_t most_blocks = 0;
  const absl::Span<std::int64_t> whole = out;
  absl::Status status;
  while (!out.empty()) {
    const std::size_t blocks = std::min(kBlocksInBatch, (out.size() + kLanes - 1) / kLanes);
    most_blocks = std::max(most_blocks, blocks);
    status = random.Fill(absl::MakeSpan(batch, blocks * kBlockBytes));
    if (!status.ok()) break;
    for (std::size_t i = 0; i < blocks; ++i) {
      SampleBlock(batch + i * kBlockBytes, block);
      const std::size_t count = std::min(kLanes, out.size());
      std::copy_n(block, count, out.begin());
      out.remove_prefix(count);
    }
  }
  OPENSSL_cleanse(batch, most_blocks * kBlockBytes);
  OPENSSL_cleanse(block, sizeof block);
  // No half of the samples is left to be taken for the whole: the caller must look at the status.
  if (!status.ok() && !whole.empty()) OPENSSL_cleanse(whole.data(), whole.size() * sizeof(std::int64_t));
  return status;
}

// The same operations whatever the bytes.
void DiscreteGaussian::SampleBlock(const std::uint8_t* uniform, std::int64_t* out) const {
  std::uint64_t high[kLanes];
  std::uint64_t low[kLanes];
  std::memcpy(high, uniform, sizeof high);
  std::memcpy(low, uniform + sizeof high, sizeof low);
  const std::uint64_t signs = uniform[kBlockBytes - 1];
  std::uint64_t size[kLanes] = {};
  for (const Threshold& threshold : thresholds_) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      size[lane] +=
          1 - internal::Borrow(high[lane], threshold.high, internal::Borrow(low[lane], threshold.low, 0));
    }
  }
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
