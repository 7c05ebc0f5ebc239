#include "crypto/polya.h"

#include <initializer_list>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/share_thresholds.h"

namespace waymark::crypto {
namespace {

constexpr std::uint64_t kMostPart = 1'000'000'000;
constexpr std::uint64_t kMostRatio = 100;
constexpr std::uint64_t kMostInverseRatio = 225;
constexpr std::uint32_t kMostShares = 10'000;

}  // namespace

absl::StatusOr<PolyaShare> PolyaShare::Create(const PolyaParameters& parameters) {
  const auto& [numerator, denominator, sensitivity, honest_shares] = parameters;
  for (const std::uint64_t part : {numerator, denominator, sensitivity}) {
    if (part >= 1 && part <= kMostPart) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("epsilon's two parts and the sensitivity must be whole numbers from 1 to ", kMostPart,
                     ", but are ", numerator, ", ", denominator, " and ", sensitivity));
  }
  if (honest_shares < 1 || honest_shares > kMostShares) {
    return absl::InvalidArgumentError(absl::StrCat("the noise must be made of 1 to ", kMostShares,
                                                   " honest shares, not of ", honest_shares));
  }
  // ε/Δ as one fraction; no product overflows, each part being at most 10^9.
  const std::uint64_t below = denominator * sensitivity;
  if ((numerator - 1) / kMostRatio >= below || numerator * kMostInverseRatio < below) {
    return absl::InvalidArgumentError(absl::StrCat(
        "epsilon over sensitivity must lie from 1/", kMostInverseRatio, " to ", kMostRatio, ", but is ",
        numerator, "/", denominator, " over ", sensitivity, "; where more noise is wanted, take Skellam's"));
  }
  ASSIGN_OR_RETURN(auto thresholds, internal::PolyaThresholds(numerator, below, honest_shares));
  return PolyaShare(internal::ThresholdTable(std::move(thresholds)));
}

absl::Status PolyaShare::Sample(RandomSource& random, absl::Span<std::int64_t> out) const {
  return internal::SampleDifferences(thresholds_, random, out);
}

std::uint64_t PolyaShare::delta_units_of_2_to_minus_128() const {
  return internal::DistanceOfDifference(thresholds_);
}

}  // namespace waymark::crypto
