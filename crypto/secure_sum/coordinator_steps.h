// The coordinator's side of the secure sum: five steps, each collecting one kind of message and made from the
// one before it. It learns masked inputs and, at the end, their sum. What a node sends is checked before it
// is kept; a wrong message is its sender's fault alone and changes nothing. Closing a step leaves out whoever
// has not answered; FAILED_PRECONDITION where too few are left, and the session is then over. Not
// thread-safe.
//
// Adding: OK where the message is good, and where it is the same again; ALREADY_EXISTS where its sender sent
// another before; INVALID_ARGUMENT and UNAUTHENTICATED as ReadKeys and its like; FAILED_PRECONDITION from a
// member that the session has left behind.
#ifndef WAYMARK_CRYPTO_SECURE_SUM_COORDINATOR_STEPS_H_
#define WAYMARK_CRYPTO_SECURE_SUM_COORDINATOR_STEPS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "crypto/secure_sum/input_store.h"
#include "crypto/secure_sum/messages.h"
#include "crypto/secure_sum/ring_vector.h"
#include "crypto/secure_sum/session.h"
#include "crypto/secure_sum/transcript.h"

namespace waymark::crypto {

// One step's messages, by sender.
using MessagesByMember = std::map<std::uint32_t, SignedMessage>;

// Step 1: keys (U1).
class CoordinatorKeysStep {
 public:
  // `session` outlives all steps.
  explicit CoordinatorKeysStep(const Session& session) : session_(&session) {}
  // INVALID_ARGUMENT too where a key is of small order or there already: nodes would refuse all keys for it.
  absl::Status Add(const SignedMessage& message);
  std::size_t answered() const { return messages_.size(); }
  std::size_t expected() const { return session_->size(); }

 private:
  friend class CoordinatorSharesStep;
  const Session* session_;
  MessagesByMember messages_;
  std::set<std::string> public_keys_;
};

// Step 2: sealed shares (U2).
class CoordinatorSharesStep {
 public:
  static absl::StatusOr<CoordinatorSharesStep> From(CoordinatorKeysStep step);
  // What `member` needs for its step 2: keys of itself and its neighbours.
  std::vector<SignedMessage> KeysFor(std::uint32_t member) const;
  absl::Status Add(const SignedMessage& message);
  std::size_t answered() const { return messages_.size(); }
  std::size_t expected() const { return keys_.size(); }

 private:
  friend class CoordinatorInputStep;
  explicit CoordinatorSharesStep(CoordinatorKeysStep step);
  const Session* session_;
  MessagesByMember keys_;
  MessagesByMember messages_;
  std::map<std::uint32_t, std::vector<SealedShares>> deliveries_;  // by receiver; each names whom it is from
};

// Step 3: masked inputs (U3).
class CoordinatorInputStep {
 public:
  // `store` outlives all later steps.
  static absl::StatusOr<CoordinatorInputStep> From(CoordinatorSharesStep step, InputStore& store);
  // What `member` needs for its step 3. Empty for a member that sent no shares.
  const std::vector<SealedShares>& SharesFor(std::uint32_t member) const;
  // Blocks come first, in any order and any number of times, until the message.
  absl::Status PutBlock(std::uint32_t member, std::size_t index, absl::string_view bytes);
  // FAILED_PRECONDITION where blocks are missing, INVALID_ARGUMENT where they are not what the message
  // commits to.
  absl::Status Add(const SignedMessage& message);
  std::size_t answered() const { return messages_.size(); }
  std::size_t expected() const { return sharers_.size(); }

 private:
  friend class CoordinatorConsistencyStep;
  CoordinatorInputStep(CoordinatorSharesStep step, InputStore& store);
  const Session* session_;
  InputStore* store_;
  MessagesByMember keys_;
  std::vector<std::uint32_t> sharers_;  // U2, rising
  std::map<std::uint32_t, std::vector<SealedShares>> deliveries_;
  std::map<std::uint32_t, std::vector<std::string>> block_hashes_;
  MessagesByMember messages_;
  RingVector sum_;
};

// Step 4: signatures over the contributors.
class CoordinatorConsistencyStep {
 public:
  static absl::StatusOr<CoordinatorConsistencyStep> From(CoordinatorInputStep step);
  // What every contributor needs for its step 4.
  std::vector<SignedMessage> Inputs() const;
  absl::Status Add(const SignedMessage& message);
  std::size_t answered() const { return messages_.size(); }
  std::size_t expected() const { return inputs_.size(); }

 private:
  friend class CoordinatorUnmaskStep;
  explicit CoordinatorConsistencyStep(CoordinatorInputStep step);
  const Session* session_;
  MessagesByMember keys_;
  std::vector<std::uint32_t> sharers_;
  MessagesByMember inputs_;
  RingVector sum_;
  std::string contributors_hash_;
  std::string root_;
  MessagesByMember messages_;
};

// All that finishing a sum takes from step 5 on, beside the masked inputs and the shares that come: what a
// coordinator keeps before it lets anybody open it, so that whoever takes its place finishes that very sum.
struct OpeningSum {
  std::vector<SignedMessage> keys;        // U1
  std::vector<std::uint32_t> sharers;     // U2, rising
  std::vector<SignedMessage> inputs;      // U3
  std::vector<SignedMessage> signatures;  // over U3
};

struct SecureSum {
  RingVector sum;
  Transcript transcript;
};

// Step 5: the shares that open the sum.
class CoordinatorUnmaskStep {
 public:
  static absl::StatusOr<CoordinatorUnmaskStep> From(CoordinatorConsistencyStep step);
  OpeningSum Kept() const;
  // Goes on with what was kept; the masked inputs are added up again from `store`. INVALID_ARGUMENT,
  // UNAUTHENTICATED: what was kept is of another session or damaged; DATA_LOSS, NOT_FOUND: an input is not
  // what it was; FAILED_PRECONDITION: too few of something.
  static absl::StatusOr<CoordinatorUnmaskStep> Resume(const Session& session, const OpeningSum& kept,
                                                      const InputStore& store);
  // What every contributor needs for its step 5.
  std::vector<SignedMessage> Signatures() const;
  absl::Status Add(const SignedMessage& message);
  std::size_t answered() const { return messages_.size(); }
  std::size_t expected() const { return inputs_.size(); }
  // Whether there are enough shares of every secret that is needed.
  bool CanFinish() const;

  // FAILED_PRECONDITION where shares are missing; DATA_LOSS where a secret cannot be opened, since more
  // members sent wrong shares than SecretOpener bears: it may be called again when other members' have come.
  // Once it has given the sum, this step is over.
  absl::StatusOr<SecureSum> Finish();

 private:
  explicit CoordinatorUnmaskStep(CoordinatorConsistencyStep step);
  explicit CoordinatorUnmaskStep(const Session& session)
      : session_(&session), sum_(session.parameters().word_bits, session.parameters().cells) {}
  void ExpectShares();
  using Shares =
      std::map<std::uint32_t, std::map<std::uint32_t, SecretBytes>>;  // secret's member, then holder
  absl::Status OpenInto(const TranscriptMessages& messages, Transcript& transcript) const;
  bool IsContributor(std::uint32_t member) const { return inputs_.contains(member); }
  const Session* session_;
  MessagesByMember keys_;
  std::vector<std::uint32_t> sharers_;
  MessagesByMember inputs_;
  RingVector sum_;
  MessagesByMember signatures_;
  MessagesByMember messages_;
  Shares seed_shares_;      // an entry for every contributor
  Shares mask_key_shares_;  // and for everyone who left
};

}  // namespace waymark::crypto

#endif  // WAYMARK_CRYPTO_SECURE_SUM_COORDINATOR_STEPS_H_
