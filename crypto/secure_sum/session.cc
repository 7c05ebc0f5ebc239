#include "crypto/secure_sum/session.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/canonical.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/secure_sum/ring_vector.h"
#include "crypto/signature.h"

namespace waymark::crypto {
namespace {

constexpr std::size_t kFewestMembers = 3;
constexpr std::size_t kMostIdBytes = 64;

absl::Status CheckMembers(const std::vector<SessionMember>& members) {
  if (members.size() < kFewestMembers || members.size() > kMostSecureSumMembers) {
    return absl::InvalidArgumentError(absl::StrCat("members: ", members.size(), ", expected ", kFewestMembers,
                                                   " to ", kMostSecureSumMembers));
  }
  std::set<std::string> keys;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const SessionMember& member = members[i];
    if (member.id.empty() || member.id.size() > kMostIdBytes || (i > 0 && member.id <= members[i - 1].id)) {
      return absl::InvalidArgumentError(
          absl::StrCat("members: ids of 1 to ", kMostIdBytes, " bytes, rising, none twice; see number ", i));
    }
    if (member.signing_key.size() != kEd25519PublicKeyBytes || !keys.insert(member.signing_key).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("members: signing keys of 32 bytes, none twice; see number ", i));
    }
  }
  return absl::OkStatus();
}

absl::Status CheckGraph(const SessionParameters& p) {
  const std::size_t n = p.members.size();
  if (p.degree == 0) {
    if (p.share_threshold == 0 && p.beacon.empty()) return absl::OkStatus();
    return absl::InvalidArgumentError("share_threshold and beacon belong to a sparse graph: degree is 0");
  }
  if (p.degree % 2 != 0 || p.degree >= n || p.share_threshold > p.degree ||
      2 * p.share_threshold <= p.degree + 1 || p.beacon.size() != kSha256Bytes) {
    return absl::InvalidArgumentError(
        "sparse graph: degree even and below the number of members, share_threshold above half of degree + 1 "
        "and at most degree, beacon 32 bytes");
  }
  return absl::OkStatus();
}

absl::Status Check(const SessionParameters& p) {
  RETURN_IF_ERROR(CheckMembers(p.members));
  const auto n = static_cast<std::uint32_t>(p.members.size());
  if (p.roster_hash.size() != kSha256Bytes || p.spec_hash.size() != kSha256Bytes ||
      p.nonce.size() != kSha256Bytes) {
    return absl::InvalidArgumentError("roster_hash, spec_hash and nonce: expected 32 bytes each");
  }
  if (p.threshold < LeastThreshold(n) || p.threshold > n) {
    return absl::InvalidArgumentError(absl::StrCat("threshold: ", p.threshold, ", expected ",
                                                   LeastThreshold(n), " to ", n, " of ", n, " members"));
  }
  if (p.least_contributors < p.threshold || p.least_contributors > n) {
    return absl::InvalidArgumentError(absl::StrCat("least_contributors: ", p.least_contributors,
                                                   ", expected the threshold ", p.threshold, " to ", n));
  }
  if (p.word_bits != 32 && p.word_bits != 64) {
    return absl::InvalidArgumentError(absl::StrCat("word_bits: ", p.word_bits, ", expected 32 or 64"));
  }
  if (p.cells < 1 || p.cells > kMostSecureSumCells) {
    return absl::InvalidArgumentError(
        absl::StrCat("cells: ", p.cells, ", expected 1 to ", kMostSecureSumCells));
  }
  return CheckGraph(p);
}

std::string IdOf(const SessionParameters& p) {
  CanonicalWriter out("waymark/v1/secure-sum-session");
  out.Text(p.roster_hash).Text(p.spec_hash).Text(p.nonce).Count(p.members.size());
  for (const SessionMember& member : p.members) out.Text(member.id).Text(member.signing_key);
  out.Unsigned(p.threshold).Unsigned(p.least_contributors).Unsigned(p.word_bits).Unsigned(p.cells);
  out.Unsigned(p.degree).Unsigned(p.share_threshold).Text(p.beacon);
  return Sha256(out.bytes());
}

// Numbers that all members draw alike from the beacon.
class BeaconNumbers {
 public:
  explicit BeaconNumbers(const std::string& beacon) : beacon_(beacon) {}

  // Uniform below `bound`: numbers in the last, incomplete run of `bound` are passed over.
  std::uint64_t Below(std::uint64_t bound) {
    const std::uint64_t incomplete = (0 - bound) % bound;
    std::uint64_t number = 0;
    do {
      number = Next();
    } while (number < incomplete);
    return number % bound;
  }

 private:
  std::uint64_t Next() {
    const std::string hash =
        Sha256(CanonicalWriter("waymark/v1/secure-sum-graph").Text(beacon_).Unsigned(drawn_++).bytes());
    std::uint64_t number = 0;
    for (int i = 0; i < 8; ++i)
      number = number << 8 | static_cast<std::uint8_t>(hash[static_cast<std::size_t>(i)]);
    return number;
  }

  const std::string& beacon_;
  std::uint64_t drawn_ = 0;
};

}  // namespace

std::uint32_t LeastThreshold(std::size_t members) {
  return static_cast<std::uint32_t>(2 * members / 3 + 1);
}

std::uint32_t MostCorrupt(std::size_t members) {
  return members == 0 ? 0 : static_cast<std::uint32_t>((members + 2) / 3 - 1);
}

SessionParameters SafeParameters(std::vector<SessionMember> members, std::uint32_t least_contributors,
                                 std::uint64_t cells, std::uint64_t bound) {
  SessionParameters parameters;
  parameters.threshold = LeastThreshold(members.size());
  parameters.least_contributors = std::max(least_contributors, parameters.threshold);
  parameters.cells = cells;
  parameters.word_bits = WordBitsFor(members.size(), bound).value_or(64);
  parameters.members = std::move(members);
  return parameters;
}

std::uint32_t HonestShares(const SessionParameters& parameters) {
  const std::uint32_t corrupt = MostCorrupt(parameters.members.size());
  return parameters.least_contributors > corrupt ? parameters.least_contributors - corrupt : 0;
}

absl::StatusOr<Session> Session::Create(SessionParameters parameters) {
  RETURN_IF_ERROR(Check(parameters));
  return Session(std::move(parameters));
}

Session::Session(SessionParameters parameters) : parameters_(std::move(parameters)), id_(IdOf(parameters_)) {
  if (parameters_.degree == 0) return;
  // A random order of the members around a ring (Fisher and Yates); neighbours are near each other there.
  member_.resize(size());
  std::iota(member_.begin(), member_.end(), 0u);
  BeaconNumbers numbers(parameters_.beacon);
  for (std::size_t i = size() - 1; i > 0; --i) std::swap(member_[i], member_[numbers.Below(i + 1)]);
  place_.resize(size());
  for (std::size_t i = 0; i < size(); ++i) place_[member_[i]] = static_cast<std::uint32_t>(i);
}

std::uint32_t Session::share_threshold() const {
  return parameters_.degree == 0 ? parameters_.threshold : parameters_.share_threshold;
}

std::vector<std::uint32_t> Session::NeighboursOf(std::uint32_t member) const {
  std::vector<std::uint32_t> neighbours;
  if (parameters_.degree == 0) {
    for (std::uint32_t i = 0; i < size(); ++i) {
      if (i != member) neighbours.push_back(i);
    }
    return neighbours;
  }
  for (std::size_t step = 1; step <= parameters_.degree / 2; ++step) {
    neighbours.push_back(member_[(place_[member] + step) % size()]);
    neighbours.push_back(member_[(place_[member] + size() - step) % size()]);
  }
  std::sort(neighbours.begin(), neighbours.end());
  return neighbours;
}

bool Session::AreNeighbours(std::uint32_t a, std::uint32_t b) const {
  if (a == b) return false;
  if (parameters_.degree == 0) return true;
  const std::size_t apart = (place_[a] + size() - place_[b]) % size();
  return std::min(apart, size() - apart) <= parameters_.degree / 2;
}

}  // namespace waymark::crypto
