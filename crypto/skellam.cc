#include "crypto/skellam.h"

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/share_thresholds.h"

namespace waymark::crypto {
namespace {

constexpr std::uint64_t kMostPart = 1'000'000'000'000'000'000;
constexpr std::uint64_t kMostShareVariance = 1'000'000;
constexpr std::uint64_t kMostInverseVariance = 100;
constexpr std::uint32_t kMostShares = 10'000;

bool IsPart(std::uint64_t value) {
  return value >= 1 && value <= kMostPart;
}

}  // namespace

absl::StatusOr<SkellamShare> SkellamShare::Create(const SkellamParameters& parameters) {
  const auto& [numerator, denominator, honest_shares] = parameters;
  if (honest_shares < 1 || honest_shares > kMostShares) {
    return absl::InvalidArgumentError(absl::StrCat("the noise must be made of 1 to ", kMostShares,
                                                   " honest shares, not of ", honest_shares));
  }
  const bool parts = IsPart(numerator) && IsPart(denominator);
  const bool too_large = parts && (numerator - 1) / (kMostShareVariance * honest_shares) >= denominator;
  const bool too_small = parts && (denominator - 1) / kMostInverseVariance >= numerator;
  if (!parts || too_large || too_small) {
    return absl::InvalidArgumentError(
        absl::StrCat("the variance must lie from 1/", kMostInverseVariance, " to ", kMostShareVariance,
                     " for each honest share, and its parts from 1 to 10^18, but it is ", numerator, "/",
                     denominator, " for ", honest_shares));
  }
  ASSIGN_OR_RETURN(auto thresholds, internal::PoissonThresholds(numerator, denominator, 2 * honest_shares));
  return SkellamShare(internal::ThresholdTable(std::move(thresholds)));
}

absl::Status SkellamShare::Sample(RandomSource& random, absl::Span<std::int64_t> out) const {
  return internal::SampleDifferences(thresholds_, random, out);
}

std::uint64_t SkellamShare::delta_units_of_2_to_minus_128() const {
  return internal::DistanceOfDifference(thresholds_);
}

}  // namespace waymark::crypto
