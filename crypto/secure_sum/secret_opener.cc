#include "crypto/secure_sum/secret_opener.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "base/status.h"

namespace waymark::crypto {

absl::StatusOr<SecretBytes> SecretOpener::Open(const Shares& shares, Fits fits) {
  ASSIGN_OR_RETURN(std::optional<SecretBytes> secret, TryWithout(left_out_, shares, fits));
  if (secret) return *std::move(secret);
  for (std::size_t liars = 0; liars <= kMostLiars; ++liars) {
    if (shares.size() < threshold_ + liars) break;
    ASSIGN_OR_RETURN(secret, Search(liars, shares, fits));
    if (secret) return *std::move(secret);
  }
  return absl::DataLossError("the shares give no secret that was committed to: members sent wrong ones");
}

absl::StatusOr<std::optional<SecretBytes>> SecretOpener::Search(std::size_t liars, const Shares& shares,
                                                                Fits fits) {
  if (liars == 0) return TryWithout({}, shares, fits);
  std::vector<std::uint32_t> holders;
  for (const auto& [holder, share] : shares) holders.push_back(holder);
  const std::size_t group = (holders.size() - threshold_) / liars;
  const std::size_t groups = (holders.size() + group - 1) / group;
  // Which groups are left out: all ways to choose so many, from the first groups on.
  std::string is_out = std::string(liars, 1) + std::string(groups - liars, 0);
  do {
    if (tries_left_-- <= 0) return std::nullopt;
    Holders left_out;
    for (std::size_t i = 0; i < holders.size(); ++i) {
      if (is_out[i / group] != 0) left_out.insert(holders[i]);
    }
    ASSIGN_OR_RETURN(std::optional<SecretBytes> secret, TryWithout(left_out, shares, fits));
    if (secret) {
      left_out_ = std::move(left_out);
      return secret;
    }
  } while (std::prev_permutation(is_out.begin(), is_out.end()));
  return std::nullopt;
}

absl::StatusOr<std::optional<SecretBytes>> SecretOpener::TryWithout(const Holders& left_out,
                                                                    const Shares& shares, Fits fits) {
  std::vector<std::uint32_t> points;
  std::vector<const SecretBytes*> values;
  for (const auto& [holder, share] : shares) {
    if (points.size() == threshold_) break;
    if (left_out.contains(holder)) continue;
    points.push_back(holder + 1);
    values.push_back(&share);
  }
  if (points.size() < threshold_) return std::nullopt;
  if (!joiner_ || points != points_) {
    ASSIGN_OR_RETURN(joiner_, ShareJoiner::Create(points));
    points_ = std::move(points);
  }
  absl::StatusOr<SecretBytes> secret = joiner_->Join(values);
  if (!secret.ok() || !fits(*secret))
    return std::nullopt;  // a share that is no number of the field is wrong too
  return *std::move(secret);
}

}  // namespace waymark::crypto
