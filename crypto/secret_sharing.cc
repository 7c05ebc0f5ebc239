#include "crypto/secret_sharing.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/prime_field.h"

namespace waymark::crypto {
namespace {

using internal::FieldElement;

constexpr std::uint32_t kMostPoint = std::numeric_limits<std::int32_t>::max();

// Elements that are or would give away secrets: cleansed on leaving the scope.
class SecretElements {
 public:
  explicit SecretElements(std::size_t count) : elements_(count) {}
  SecretElements(const SecretElements&) = delete;
  SecretElements& operator=(const SecretElements&) = delete;
  ~SecretElements() { OPENSSL_cleanse(elements_.data(), elements_.size() * sizeof(FieldElement)); }
  FieldElement& operator[](std::size_t i) { return elements_[i]; }

 private:
  std::vector<FieldElement> elements_;
};

absl::Status CheckPoints(absl::Span<const std::uint32_t> points) {
  std::vector<std::uint32_t> sorted(points.begin(), points.end());
  std::sort(sorted.begin(), sorted.end());
  if (sorted.empty() || sorted.front() == 0 || sorted.back() > kMostPoint) {
    return absl::InvalidArgumentError(
        absl::StrCat("secret sharing needs points from 1 to ", kMostPoint,
                     sorted.empty() ? ", and there is none" : ", and one lies outside"));
  }
  if (const auto twice = std::adjacent_find(sorted.begin(), sorted.end()); twice != sorted.end()) {
    return absl::InvalidArgumentError(absl::StrCat("secret sharing: the point ", *twice, " is there twice"));
  }
  return absl::OkStatus();
}

absl::Status CheckSecret(const SecretBytes& secret, absl::string_view what) {
  if (secret.size() != kSharedSecretBytes) {
    return absl::InvalidArgumentError(absl::StrCat("secret sharing: ", what, " has ", kSharedSecretBytes,
                                                   " bytes, this has ", secret.size()));
  }
  if (internal::IsFieldElement(secret.RevealSecret()) != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("secret sharing: ", what, " is a number below 2^255 - 19"));
  }
  return absl::OkStatus();
}

SecretBytes ToSecret(const FieldElement& element) {
  SecretBytes bytes(kSharedSecretBytes);
  internal::FieldToBytes(element, bytes.MutableSecret());
  return bytes;
}

// Π over the other points x_j of x_j, and of x_j − x_i: Lagrange's weight at 0 is their quotient.
struct Quotient {
  FieldElement above = internal::FieldFromNumber(1);
  FieldElement below = internal::FieldFromNumber(1);
};

Quotient WeightOf(std::size_t i, const std::vector<std::uint32_t>& points) {
  Quotient weight;
  bool negative = false;
  for (std::size_t j = 0; j < points.size(); ++j) {
    if (j == i) continue;
    weight.above = internal::FieldMultiplySmall(weight.above, points[j]);
    weight.below = internal::FieldMultiplySmall(
        weight.below, std::max(points[j], points[i]) - std::min(points[j], points[i]));
    negative ^= points[j] < points[i];
  }
  if (negative) weight.below = internal::FieldNegate(weight.below);
  return weight;
}

}  // namespace

// The 255 random bits of a coefficient are p or more once in 2^250 draws and then taken modulo p, which
// leaves it that near to uniform.
absl::StatusOr<std::vector<SecretBytes>> SplitSecret(const SecretBytes& secret, std::uint32_t threshold,
                                                     absl::Span<const std::uint32_t> points,
                                                     RandomSource& random) {
  RETURN_IF_ERROR(CheckSecret(secret, "the secret"));
  RETURN_IF_ERROR(CheckPoints(points));
  if (threshold < 1 || threshold > points.size()) {
    return absl::InvalidArgumentError(absl::StrCat("secret sharing: the threshold must be from 1 to the ",
                                                   points.size(), " points, but is ", threshold));
  }
  ASSIGN_OR_RETURN(const SecretBytes coefficients,
                   SecretBytes::Random((threshold - 1) * kSharedSecretBytes, random));
  // Horner's rule at all points at once, from the highest coefficient down to the secret.
  SecretElements values(points.size());
  for (std::uint32_t degree = threshold; degree-- > 0;) {
    SecretElements coefficient(1);
    coefficient[0] =
        internal::FieldFromBytes(degree == 0 ? secret.RevealSecret()
                                             : coefficients.RevealSecret().subspan(
                                                   (degree - 1) * kSharedSecretBytes, kSharedSecretBytes));
    for (std::size_t i = 0; i < points.size(); ++i) {
      values[i] = internal::FieldAdd(internal::FieldMultiplySmall(values[i], points[i]), coefficient[0]);
    }
  }
  std::vector<SecretBytes> shares;
  for (std::size_t i = 0; i < points.size(); ++i) shares.push_back(ToSecret(values[i]));
  return shares;
}

absl::StatusOr<ShareJoiner> ShareJoiner::Create(std::vector<std::uint32_t> points) {
  RETURN_IF_ERROR(CheckPoints(points));
  // One inversion for all (Montgomery's trick): of the product of all that is below; from the last on, the
  // product of those before gives one's own inverse.
  std::vector<Quotient> quotients;
  std::vector<FieldElement> before;
  FieldElement product = internal::FieldFromNumber(1);
  for (std::size_t i = 0; i < points.size(); ++i) {
    quotients.push_back(WeightOf(i, points));
    before.push_back(product);
    product = internal::FieldMultiply(product, quotients.back().below);
  }
  FieldElement inverse = internal::FieldInvert(product);
  std::vector<Weight> weights(points.size());
  for (std::size_t i = points.size(); i-- > 0;) {
    const auto& [above, below] = quotients[i];
    weights[i] = internal::FieldMultiply(above, internal::FieldMultiply(inverse, before[i])).digits;
    inverse = internal::FieldMultiply(inverse, below);
  }
  return ShareJoiner(std::move(weights));
}

absl::StatusOr<SecretBytes> ShareJoiner::Join(absl::Span<const SecretBytes* const> shares) const {
  if (shares.size() != weights_.size()) {
    return absl::InvalidArgumentError(absl::StrCat("secret sharing: there are ", weights_.size(),
                                                   " points, and shares for ", shares.size()));
  }
  SecretElements sum(1);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    RETURN_IF_ERROR(CheckSecret(*shares[i], "a share"));
    const FieldElement share = internal::FieldFromBytes(shares[i]->RevealSecret());
    sum[0] = internal::FieldAdd(sum[0], internal::FieldMultiply(share, {weights_[i]}));
  }
  return ToSecret(sum[0]);
}

}  // namespace waymark::crypto
