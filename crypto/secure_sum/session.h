// One session of the secure sum: who may take part, the bounds that hold, who shares secrets with whom. All
// of it is public, and all of it goes into the session's identifier, so that nodes which were told different
// things do not understand each other's messages.
#ifndef WAYMARK_CRYPTO_SECURE_SUM_SESSION_H_
#define WAYMARK_CRYPTO_SECURE_SUM_SESSION_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace waymark::crypto {

inline constexpr std::size_t kMostSecureSumMembers = 20'000;
inline constexpr std::uint64_t kMostSecureSumCells = 1 << 24;

struct SessionMember {
  std::string id;           // 1 to 64 bytes; the roster's name for it
  std::string signing_key;  // Ed25519, 32 bytes
};

struct SessionParameters {
  std::string roster_hash;               // SHA-256 of the signed roster; 32 bytes
  std::string spec_hash;                 // SHA-256 of what is summed: cells, bounds, noise; 32 bytes
  std::string nonce;                     // 32 bytes, new in each try
  std::vector<SessionMember> members;    // of the released part, rising by id; a member is its index here
  std::uint32_t threshold = 0;           // t: signatures, and shares of a secret, that are needed
  std::uint32_t least_contributors = 0;  // u_min
  std::uint32_t word_bits = 64;          // 32 or 64
  std::uint64_t cells = 0;               // m: length of the vectors
  // 0: everyone shares secrets with everyone. Else each member with so many others (even), on a graph that
  // `beacon` fixes; `share_threshold` of a member and its neighbours then open its secret. A table of safe
  // pairs is in docs/secure-sum.md; it does not cover a server that picks the beacon.
  std::uint32_t degree = 0;
  std::uint32_t share_threshold = 0;
  std::string beacon;  // 32 bytes where `degree` is not 0
};

// The least t for n members: ⌊2n/3⌋ + 1.
std::uint32_t LeastThreshold(std::size_t members);
// The most members that may be corrupt: ⌈n/3⌉ − 1.
std::uint32_t MostCorrupt(std::size_t members);

// Parameters on the complete graph with the least threshold that is safe, and u_min the greater of that and
// `least_contributors`: what all who know the same roster and spec come to. `bound`: of a member's value in
// one cell, noise included; it decides the width of the words.
SessionParameters SafeParameters(std::vector<SessionMember> members, std::uint32_t least_contributors,
                                 std::uint64_t cells, std::uint64_t bound);

// Honest shares of noise that a session surely has: u_min less the members that may be corrupt.
std::uint32_t HonestShares(const SessionParameters& parameters);
// Below this a part is too small for distributed noise.
inline constexpr std::uint32_t kFewestHonestShares = 5;

// Checked parameters. Immutable; thread-safe.
class Session {
 public:
  // INVALID_ARGUMENT naming the parameter and its bounds: at least 3 members, rising ids, no key twice,
  // t ≥ ⌊2n/3⌋ + 1, t ≤ u_min ≤ n, word_bits 32 or 64, cells 1 to 2^24.
  static absl::StatusOr<Session> Create(SessionParameters parameters);

  const SessionParameters& parameters() const { return parameters_; }
  std::size_t size() const { return parameters_.members.size(); }
  // 32 bytes: SHA-256 over all parameters in the canonical encoding.
  const std::string& id() const { return id_; }
  // How many shares open a member's secret.
  std::uint32_t share_threshold() const;

  // Whom `member` shares its secrets and masks with, without itself; rising.
  std::vector<std::uint32_t> NeighboursOf(std::uint32_t member) const;
  bool AreNeighbours(std::uint32_t a, std::uint32_t b) const;

 private:
  explicit Session(SessionParameters parameters);

  SessionParameters parameters_;
  std::string id_;
  std::vector<std::uint32_t> place_;   // on the sparse graph's ring, of each member
  std::vector<std::uint32_t> member_;  // at each place
};

}  // namespace waymark::crypto

#endif  // WAYMARK_CRYPTO_SECURE_SUM_SESSION_H_
