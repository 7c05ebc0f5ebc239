// What the coordinator publishes to the members after a session, and how one of them holds it to the sum:
// signed keys and inputs, the opened seeds, and any block of the sum recomputed from the masked inputs. A
// member looks at random blocks; vectors of few blocks are recomputed whole. Pure functions; thread-safe.
#ifndef WAYMARK_CRYPTO_SECURE_SUM_TRANSCRIPT_H_
#define WAYMARK_CRYPTO_SECURE_SUM_TRANSCRIPT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "crypto/secure_sum/messages.h"
#include "crypto/secure_sum/ring_vector.h"
#include "crypto/secure_sum/session.h"

namespace waymark::crypto {

// A secret that the session opened: no longer one.
struct OpenedSecret {
  std::uint32_t member = 0;
  std::string secret;  // 32 bytes
};

struct Transcript {
  std::vector<SignedMessage> keys;      // of all that sent keys (U1), rising
  std::vector<SignedMessage> inputs;    // of the contributors (U3), rising
  std::vector<OpenedSecret> seeds;      // of the contributors, in the same order
  std::vector<OpenedSecret> mask_keys;  // of those that sent shares and no input (U2 \ U3), rising
};

// Its messages, read.
struct TranscriptMessages {
  std::vector<KeysMessage> keys;     // by member; those of members without keys are empty
  std::vector<InputMessage> inputs;  // rising
};
// INVALID_ARGUMENT, UNAUTHENTICATED: not messages of this session, or not in their order;
// FAILED_PRECONDITION: too few contributors.
absl::StatusOr<TranscriptMessages> ReadTranscriptMessages(const Session& session,
                                                          const Transcript& transcript);

// Whether a secret is the one that a member committed to.
bool IsSeedOf(const Session& session, const InputMessage& input, const SecretBytes& secret);
bool IsMaskKeyOf(const KeysMessage& keys, const SecretBytes& secret);

// A transcript whose signatures, commitments and keys were found right.
class CheckedTranscript {
 public:
  // As ReadTranscriptMessages. DATA_LOSS: a seed that does not open its commitment, a mask key that was not
  // the advertised one, or masks of others than it names.
  static absl::StatusOr<CheckedTranscript> Check(const Session& session, const Transcript& transcript);
  // The same, with its messages read before.
  static absl::StatusOr<CheckedTranscript> Check(const Session& session, TranscriptMessages messages,
                                                 const Transcript& transcript);

  const std::vector<InputMessage>& inputs() const { return inputs_; }
  std::vector<std::uint32_t> contributors() const;
  // Over the contributors' roots: what nodes signed in step 4.
  std::string inputs_root(const Session& session) const { return InputsRoot(session, inputs_); }

  // Takes the masks off `words`, which begin at byte `from` (a multiple of 16) of the sum of masked inputs.
  // In as many threads as are worth having, each with a vector of that length.
  absl::Status Unmask(const Session& session, std::uint64_t from, RingVector& words) const;

 private:
  // The self-masks of some contributors from the `first` on, to be taken off.
  absl::StatusOr<std::vector<SignedGenerator>> SeedMasks(const Session& session, std::size_t first) const;
  // What neighbours' inputs hold of masks shared with one that left.
  absl::StatusOr<std::vector<SignedGenerator>> MissingMasks(const Session& session,
                                                            const OpenedSecret& left) const;
  std::vector<KeysMessage> keys_;  // by member; those of members without keys are empty
  std::vector<InputMessage> inputs_;
  std::vector<OpenedSecret> seeds_;
  std::vector<OpenedSecret> mask_keys_;
};

// One block of a contributor's masked input with its way to the root that it signed.
struct ProvenBlock {
  std::string bytes;
  std::vector<std::string> proof;
};

// Recomputes block `index` of the sum. `blocks`: of all contributors, in order; `sum`: the published block's
// bytes. DATA_LOSS where a block is not under its root or the sum is another.
absl::Status CheckSumBlock(const Session& session, const CheckedTranscript& transcript, std::size_t index,
                           absl::Span<const ProvenBlock> blocks, absl::string_view sum);

}  // namespace waymark::crypto

#endif  // WAYMARK_CRYPTO_SECURE_SUM_TRANSCRIPT_H_
