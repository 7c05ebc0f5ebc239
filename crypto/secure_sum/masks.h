// Internal to the secure sum: keys and masks as both ends derive them, and the blocks of a masked vector.
#ifndef WAYMARK_CRYPTO_SECURE_SUM_MASKS_H_
#define WAYMARK_CRYPTO_SECURE_SUM_MASKS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "crypto/counter_generator.h"
#include "crypto/key_agreement.h"
#include "crypto/secret.h"
#include "crypto/secure_sum/session.h"

namespace waymark::crypto {

// The generator of what `own` and `peer` add and subtract: the lower member adds. `own_key` is own's mask
// key.
absl::StatusOr<SignedGenerator> PairMask(const Session& session, std::uint32_t own,
                                         const AgreementKey& own_key, std::uint32_t peer,
                                         absl::string_view peer_key);

// The generator of `member`'s own mask, which it adds.
absl::StatusOr<SignedGenerator> SelfMask(const Session& session, std::uint32_t member,
                                         const SecretBytes& seed);

// The same generator with the other sign: takes a mask off again.
SignedGenerator Undo(SignedGenerator generator);

// For one message from `from` to `to` in this session; either end gives its own sealing key.
struct SealingEnds {
  std::uint32_t from = 0;
  std::uint32_t to = 0;
  absl::string_view from_key;  // public, 32 bytes
  absl::string_view to_key;
};
absl::StatusOr<SecretBytes> SealingKey(const Session& session, const AgreementKey& own,
                                       const SealingEnds& ends);
// What the sealed message is bound to.
std::string SealingData(const Session& session, const SealingEnds& ends);

// A masked vector is committed to, sent and checked in blocks.
inline constexpr std::size_t kInputBlockBytes = 64 * 1024;
std::size_t InputBytes(const Session& session);
std::size_t InputBlocks(const Session& session);
// Size of block `index`: the last may be shorter.
std::size_t InputBlockBytes(const Session& session, std::size_t index);
// The leaf's hash of one block, in the session of that identifier.
std::string InputBlockHash(absl::string_view session_id, std::uint32_t member, std::size_t index,
                           absl::string_view block);
std::string InputBlockHash(const Session& session, std::uint32_t member, std::size_t index,
                           absl::string_view block);
// Of all blocks of `bytes`.
std::vector<std::string> InputBlockHashes(const Session& session, std::uint32_t member,
                                          absl::string_view bytes);

}  // namespace waymark::crypto

#endif  // WAYMARK_CRYPTO_SECURE_SUM_MASKS_H_
