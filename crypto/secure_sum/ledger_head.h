// How far a member's ledger has come, in its own signed word. Peers keep the furthest they saw of each other
// and tell it back in the next session: a member whose ledger does not have it holds an older copy, and is
// told so by a word that only it can have signed. Pure functions; thread-safe.
#ifndef WAYMARK_CRYPTO_SECURE_SUM_LEDGER_HEAD_H_
#define WAYMARK_CRYPTO_SECURE_SUM_LEDGER_HEAD_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "crypto/hash.h"
#include "crypto/secure_sum/session.h"
#include "crypto/signature.h"

namespace waymark::crypto {

// Empty (of sequence 0) where there is no word.
struct LedgerHead {
  std::uint64_t losses = 0;    // how often entries were lost for good and the loss was recorded
  std::uint64_t sequence = 0;  // of the last entry
  std::string hash = std::string(kSha256Bytes, '\0');                 // of that entry
  std::string signature = std::string(kEd25519SignatureBytes, '\0');  // the member's
  friend bool operator==(const LedgerHead&, const LedgerHead&) = default;
};

// Of two words of one member, whether `head` is of a later ledger than `known`.
bool IsFurther(const LedgerHead& head, const LedgerHead& known);

// Fills in the signature, which is over the label "waymark/v1/ledger-head", the member's id, losses, sequence
// and hash in the canonical encoding. INTERNAL where OpenSSL fails.
absl::Status SignHead(absl::string_view member, const SigningKey& key, LedgerHead& head);
bool IsSignedBy(const SessionMember& member, const LedgerHead& head);

// Losses and sequence as eight bytes each, big-endian, then hash and signature. `bytes` has kLedgerHeadBytes.
inline constexpr std::size_t kLedgerHeadBytes = 16 + kSha256Bytes + kEd25519SignatureBytes;
std::string BytesOf(const LedgerHead& head);
LedgerHead LedgerHeadFrom(absl::string_view bytes);

}  // namespace waymark::crypto

#endif  // WAYMARK_CRYPTO_SECURE_SUM_LEDGER_HEAD_H_
