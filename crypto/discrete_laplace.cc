#include "crypto/discrete_laplace.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/borrow.h"
#include "crypto/laplace_thresholds.h"

namespace waymark::crypto {
namespace {

using internal::Borrow;

constexpr std::uint64_t kMostPart = 1'000'000'000;
constexpr std::uint64_t kMostRatio = 100;
constexpr std::uint64_t kMostInverseRatio = 1'000'000'000;

constexpr std::size_t kUniformBytes = 16;
// Random bytes are drawn for many samples at once; also what one call leaves on the stack to cleanse.
constexpr std::size_t kBatchBytes = 32768;

absl::Status CheckPart(absl::string_view name, std::uint64_t value) {
  if (value >= 1 && value <= kMostPart) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(name, " must be a whole number from 1 to ", kMostPart, ", but is ", value));
}

}  // namespace

absl::StatusOr<DiscreteLaplace> DiscreteLaplace::Create(Epsilon epsilon, std::uint64_t sensitivity) {
  RETURN_IF_ERROR(CheckPart("epsilon's numerator", epsilon.numerator));
  RETURN_IF_ERROR(CheckPart("epsilon's denominator", epsilon.denominator));
  RETURN_IF_ERROR(CheckPart("the sensitivity", sensitivity));
  // ε/Δ as one fraction; neither product can overflow, each part being at most 10^9.
  const std::uint64_t numerator = epsilon.numerator;
  const std::uint64_t denominator = epsilon.denominator * sensitivity;
  const bool too_large = numerator / kMostRatio > denominator ||
                         (numerator / kMostRatio == denominator && numerator % kMostRatio != 0);
  const bool too_small = numerator * kMostInverseRatio < denominator;
  if (too_large || too_small) {
    return absl::InvalidArgumentError(
        absl::StrCat("epsilon over sensitivity must lie from 1/", kMostInverseRatio, " to ", kMostRatio,
                     ", but is ", epsilon.numerator, "/", epsilon.denominator, " over ", sensitivity));
  }
  std::vector<Threshold> thresholds;
  for (const internal::Uint128Parts& parts : internal::LaplaceThresholds(numerator, denominator)) {
    thresholds.push_back({parts.high, parts.low});
  }
  return DiscreteLaplace(std::move(thresholds));
}

absl::Status DiscreteLaplace::Sample(RandomSource& random, absl::Span<std::int64_t> out) const {
  const std::size_t bits = thresholds_.size();
  const std::size_t bytes_each = 2 * bits * kUniformBytes;
  if (bytes_each == 0) {  // public: ε/Δ is so large that no bit has a probability of 2^−128
    std::fill(out.begin(), out.end(), 0);
    return absl::OkStatus();
  }
  const std::size_t per_batch = kBatchBytes / bytes_each;
  std::uint8_t batch[kBatchBytes];
  const std::size_t batch_bytes = std::min(per_batch, out.size()) * bytes_each;
  const absl::Span<std::int64_t> whole = out;
  absl::Status status;
  while (!out.empty()) {
    const std::size_t count = std::min(per_batch, out.size());
    status = random.Fill(absl::MakeSpan(batch, count * bytes_each));
    if (!status.ok()) break;
    const std::uint8_t* next = batch;
    for (std::int64_t& sample : out.first(count)) {
      sample = Geometric(next) - Geometric(next + bits * kUniformBytes);
      next += bytes_each;
    }
    out.remove_prefix(count);
  }
  OPENSSL_cleanse(batch, batch_bytes);
  // No half of the samples is left to be taken for the whole, nor zeros for noise that was drawn: the caller
  // must look at the status.
  if (!status.ok() && !whole.empty()) OPENSSL_cleanse(whole.data(), whole.size() * sizeof(std::int64_t));
  return status;
}

// One geometric variable from 16 bytes a bit. The same operations whatever the bytes.
std::int64_t DiscreteLaplace::Geometric(const std::uint8_t* uniform) const {
  std::uint64_t value = 0;
  for (std::size_t bit = 0; bit < thresholds_.size(); ++bit) {
    std::uint64_t high;
    std::uint64_t low;
    std::memcpy(&high, uniform + bit * kUniformBytes, sizeof high);
    std::memcpy(&low, uniform + bit * kUniformBytes + sizeof high, sizeof low);
    const std::uint64_t below = Borrow(high, thresholds_[bit].high, Borrow(low, thresholds_[bit].low, 0));
    value |= below << bit;
  }
  return static_cast<std::int64_t>(value);
}

// A bit's threshold is rounded down, so its probability is too low by less than 2^−128. The bits left out
// have together less than 2 · 2^−128: the first has less than 2^−128 (its threshold is 0), and each further
// one at most the square of p/(1 − p) of the one before. The distance of independent variables is at most the
// sum of their distances, for the two geometric variables and for their difference, which is a function of
// them: 2 · (bits + 2).
std::uint64_t DiscreteLaplace::delta_units_of_2_to_minus_128() const {
  return 2 * (static_cast<std::uint64_t>(thresholds_.size()) + 2);
}

}  // namespace waymark::crypto
