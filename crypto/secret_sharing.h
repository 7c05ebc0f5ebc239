// Shamir's secret sharing ("How to share a secret", 1979) over the numbers modulo p = 2^255 − 19. The secret
// is the value at 0 of a polynomial whose other coefficients are random, and a share is its value at a point:
// any `threshold` shares give the secret, fewer say nothing of it. The arithmetic takes the same time
// whatever the secrets. Shares carry no authentication: a wrong share gives a wrong secret, so what must be
// right is compared with a commitment.
#ifndef WAYMARK_CRYPTO_SECRET_SHARING_H_
#define WAYMARK_CRYPTO_SECRET_SHARING_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "crypto/random.h"
#include "crypto/secret.h"

namespace waymark::crypto {

// Of a secret and of a share: a number below p, little-endian.
inline constexpr std::size_t kSharedSecretBytes = 32;

// A share for each of `points`, in their order. INVALID_ARGUMENT where the secret is of another length or not
// below p, where `threshold` is 0 or above the number of points, and where a point is 0, above 2^31 − 1, or
// there twice. INTERNAL where `random` failed. Thread-safe. Time grows with points times threshold.
absl::StatusOr<std::vector<SecretBytes>> SplitSecret(const SecretBytes& secret, std::uint32_t threshold,
                                                     absl::Span<const std::uint32_t> points,
                                                     RandomSource& random);

// Joins the shares of many secrets that were shared at the same points. Thread-safe once made.
class ShareJoiner {
 public:
  // `points`: as many as the threshold of the sharing. INVALID_ARGUMENT where there is none, and as above.
  static absl::StatusOr<ShareJoiner> Create(std::vector<std::uint32_t> points);

  // The secret whose share at points[i] is *shares[i]. INVALID_ARGUMENT on another number of shares than of
  // points, a share of another length, or one not below p.
  absl::StatusOr<SecretBytes> Join(absl::Span<const SecretBytes* const> shares) const;

 private:
  using Weight = std::array<std::uint64_t, 5>;  // an element of the field
  explicit ShareJoiner(std::vector<Weight> weights) : weights_(std::move(weights)) {}
  std::vector<Weight> weights_;  // what each share counts for in the value at 0
};

}  // namespace waymark::crypto

#endif  // WAYMARK_CRYPTO_SECRET_SHARING_H_
