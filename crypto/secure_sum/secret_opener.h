// Internal to the coordinator's steps: opens shared secrets where some holders may have sent wrong shares. A
// secret says by itself whether it was opened right, so other holders' shares are tried before it is given
// up.
#ifndef WAYMARK_CRYPTO_SECURE_SUM_SECRET_OPENER_H_
#define WAYMARK_CRYPTO_SECURE_SUM_SECRET_OPENER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "crypto/secret.h"
#include "crypto/secret_sharing.h"

namespace waymark::crypto {

// For one session. Bears up to kMostLiars senders of wrong shares among the holders of a secret, where there
// are as many shares more than needed and kMostTries suffice: with s shares to spare among h, and f liars,
// about (h·f/s)^f / f! tries (152 holders, 102 needed: 4, 25 and 145 for one to three). Holders that a search
// left out are left out of the next secrets from the first. Not thread-safe.
class SecretOpener {
 public:
  static constexpr std::size_t kMostLiars = 3;
  static constexpr int kMostTries =
      1'000;  // in the whole session; one takes less than a millisecond at 102 shares

  explicit SecretOpener(std::size_t threshold) : threshold_(threshold) {}

  using Shares = std::map<std::uint32_t, SecretBytes>;  // by holder, whose point is its index + 1
  using Fits = absl::FunctionRef<bool(const SecretBytes&)>;
  // DATA_LOSS where no tried set of shares gives a secret that fits.
  absl::StatusOr<SecretBytes> Open(const Shares& shares, Fits fits);

 private:
  using Holders = std::set<std::uint32_t>;
  // Nothing where the shares of the first others give no secret that fits.
  absl::StatusOr<std::optional<SecretBytes>> TryWithout(const Holders& left_out, const Shares& shares,
                                                        Fits fits);
  // Supposes so many liars: they stand in as many groups of holders, which are left out together.
  absl::StatusOr<std::optional<SecretBytes>> Search(std::size_t liars, const Shares& shares, Fits fits);

  std::size_t threshold_;
  Holders left_out_;
  int tries_left_ = kMostTries;
  std::vector<std::uint32_t> points_;  // of the joiner: most secrets have the same holders
  std::optional<ShareJoiner> joiner_;
};

}  // namespace waymark::crypto

#endif  // WAYMARK_CRYPTO_SECURE_SUM_SECRET_OPENER_H_
