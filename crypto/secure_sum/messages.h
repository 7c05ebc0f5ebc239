// What nodes send in the secure sum: bodies in the canonical encoding (docs/secure-sum.md has their fields),
// each naming its type, the session and the sender, under the sender's Ed25519 signature. Reading checks all
// three and the signature against the session's own list of members; nothing that a peer sends is believed
// before.
#ifndef WAYMARK_CRYPTO_SECURE_SUM_MESSAGES_H_
#define WAYMARK_CRYPTO_SECURE_SUM_MESSAGES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "crypto/secret.h"
#include "crypto/secure_sum/ledger_head.h"
#include "crypto/secure_sum/session.h"
#include "crypto/signature.h"

namespace waymark::crypto {

struct SignedMessage {
  std::string body;
  std::string signature;  // 64 bytes
  friend bool operator==(const SignedMessage&, const SignedMessage&) = default;
};

// Step 1. Both are X25519 public keys, 32 bytes.
struct KeysMessage {
  std::uint32_t sender = 0;
  std::string mask_key;
  std::string sealing_key;
};

// Step 2. To each neighbour that sent keys, in rising order, sealed: two shares, and what is kept of the
// neighbour's own ledger.
struct SealedShares {
  std::uint32_t member = 0;  // of a message: to whom; of a delivery: from whom
  std::string sealed;
};
struct SharesMessage {
  std::uint32_t sender = 0;
  std::vector<SealedShares> shares;
};
inline constexpr std::size_t kSealedSharesBytes = 80 + kLedgerHeadBytes;

// Step 3. The masked vector itself travels beside it, in blocks under `root`.
struct InputMessage {
  std::uint32_t sender = 0;
  std::string root;             // Merkle root of the blocks, 32 bytes
  std::string seed_commitment;  // SeedCommitment of the self-mask seed, 32 bytes
  std::string peers_hash;       // PeersHash of those it is masked against, 32 bytes
  LedgerHead head{};            // the sender's ledger, with the charge for what is summed
  friend bool operator==(const InputMessage&, const InputMessage&) = default;
};

// Step 4.
struct ConsistencyMessage {
  std::uint32_t sender = 0;
  std::string contributors_hash;  // ContributorsHash of U3, 32 bytes
  std::string root;               // InputsRoot over U3, 32 bytes
};

// Step 5. Shares held by the sender: of the seeds of U3, of the mask keys of those who left between steps 2
// and 3.
struct HeldShare {
  std::uint32_t member = 0;  // whose secret it is a share of
  SecretBytes share;         // 32 bytes
};
struct UnmaskMessage {
  std::uint32_t sender = 0;
  std::vector<HeldShare> seed_shares;
  std::vector<HeldShare> mask_key_shares;
};

absl::StatusOr<SignedMessage> Sign(const Session& session, const KeysMessage& message, const SigningKey& key);
absl::StatusOr<SignedMessage> Sign(const Session& session, const SharesMessage& message,
                                   const SigningKey& key);
absl::StatusOr<SignedMessage> Sign(const Session& session, const InputMessage& message,
                                   const SigningKey& key);
absl::StatusOr<SignedMessage> Sign(const Session& session, const ConsistencyMessage& message,
                                   const SigningKey& key);
absl::StatusOr<SignedMessage> Sign(const Session& session, const UnmaskMessage& message,
                                   const SigningKey& key);

// INVALID_ARGUMENT: malformed, another step's, another session's, no such member; UNAUTHENTICATED: not signed
// by the member it names.
absl::StatusOr<KeysMessage> ReadKeys(const Session& session, const SignedMessage& message);
absl::StatusOr<SharesMessage> ReadShares(const Session& session, const SignedMessage& message);
absl::StatusOr<InputMessage> ReadInput(const Session& session, const SignedMessage& message);
absl::StatusOr<ConsistencyMessage> ReadConsistency(const Session& session, const SignedMessage& message);
absl::StatusOr<UnmaskMessage> ReadUnmask(const Session& session, const SignedMessage& message);

// What binds a member to its self-mask seed before anyone can ask for it: 32 bytes.
std::string SeedCommitment(const Session& session, std::uint32_t member, const SecretBytes& seed);

// SHA-256 over the session and the members, rising: of U3; and of those in U2 that a member is masked
// against, itself included. The second keeps the coordinator from choosing afterwards which masks it says
// are in the sum.
std::string ContributorsHash(const Session& session, const std::vector<std::uint32_t>& members);
std::string PeersHash(const Session& session, const std::vector<std::uint32_t>& members);

// Root of the Merkle tree whose leaves are (session, member, root of its blocks), by rising member.
std::string InputsRoot(const Session& session, const std::vector<InputMessage>& inputs);

}  // namespace waymark::crypto

#endif  // WAYMARK_CRYPTO_SECURE_SUM_MESSAGES_H_
