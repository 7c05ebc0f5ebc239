// One session of a secure sum at the coordinator: the protocol's steps (crypto/secure_sum) with their
// deadlines. It lives in memory. Of a coordinator that dies before members may open the sum no session is
// left, and a new one begins with fresh keys; from then on what was kept of it (Opening) finishes that very
// sum.
#ifndef WAYMARK_COORDINATOR_ROUNDS_SECURE_SESSION_H_
#define WAYMARK_COORDINATOR_ROUNDS_SECURE_SESSION_H_

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "crypto/secure_sum/coordinator_steps.h"
#include "crypto/secure_sum/input_store.h"
#include "crypto/secure_sum/session.h"

namespace waymark::coordinator {

// In the protocol's order.
enum class SumStep : std::size_t { kKeys = 0, kShares, kInput, kConsistency, kUnmask };
inline constexpr std::size_t kSumSteps = 5;
absl::string_view NameOf(SumStep step);  // "keys", "shares", …

// What a node needs for its next step.
struct StepAnswer {
  bool ready = false;
  std::vector<crypto::SignedMessage> messages{};
  std::vector<crypto::SealedShares> shares{};
};

struct StepLimits {
  absl::Time keys_until;        // the first step ends by then, or when all members have joined
  absl::Duration each_further;  // the others, each
};

// Not thread-safe.
class SecureSession {
 public:
  SecureSession(crypto::Session session, std::shared_ptr<crypto::InputStore> store, const StepLimits& limits);

  const crypto::Session& session() const { return session_; }

  // Goes on from what another process kept, at step 5, which ends by `until`. Before anything was taken.
  absl::Status Resume(const crypto::OpeningSum& kept, absl::Time until);
  // Shares that were kept too; in step 5.
  absl::Status TakeKept(const crypto::SignedMessage& shares);
  // From step 5 on, until the sum is made: what is to be kept before members hear of step 4's end.
  std::optional<crypto::OpeningSum> Opening() const;

  // Takes a step's message, unless it is there already, and says what the next step needs. ABORTED where the
  // session is over, or has gone on without this member; UNAVAILABLE for an input whose blocks are not on
  // disk; the errors of crypto's Add.
  absl::StatusOr<StepAnswer> Take(std::uint32_t member, SumStep step, const crypto::SignedMessage& message,
                                  absl::Time now);
  absl::Status PutBlock(std::uint32_t member, std::size_t block, absl::string_view bytes);
  // How many blocks of the member were put so far, and that so many are on disk: who calls, syncs the store,
  // which takes long, beside other members' calls.
  std::size_t BlocksPut(std::uint32_t member) const;
  bool IsOnDisk(std::uint32_t member) const;
  void OnDisk(std::uint32_t member, std::size_t blocks_put);

  // Ends what is due. Called now and then.
  void Tick(absl::Time now);

  // Lets the masked inputs go: there is no sum that they could show to be right.
  void Forget();

  SumStep step() const { return static_cast<SumStep>(at()); }
  // Set where the session is over without a sum. Masked inputs are gone then, unless members were let open
  // the sum before.
  const absl::Status& failure() const { return failure_; }
  // The sum, once it is made.
  const std::optional<crypto::SecureSum>& sum() const { return sum_; }
  const std::shared_ptr<crypto::InputStore>& store() const { return store_; }

 private:
  using State =
      std::variant<crypto::CoordinatorKeysStep, crypto::CoordinatorSharesStep, crypto::CoordinatorInputStep,
                   crypto::CoordinatorConsistencyStep, crypto::CoordinatorUnmaskStep>;
  std::size_t at() const { return state_.index(); }
  absl::Status Add(const crypto::SignedMessage& message);
  bool AllAnswered() const;
  void GoOn(absl::Time now);
  absl::Status Next();
  void DropLate();
  StepAnswer AnswerFor(std::uint32_t member, SumStep step) const;

  struct Blocks {
    std::size_t put = 0;
    std::size_t on_disk = 0;
  };
  const crypto::Session session_;
  const std::shared_ptr<crypto::InputStore> store_;
  const absl::Duration each_further_;
  absl::Time step_ends_;
  State state_;
  std::array<std::set<std::uint32_t>, kSumSteps> answered_;
  std::map<std::uint32_t, Blocks> blocks_;  // by member
  // What each finished step has for the members: for all of them, or for each.
  std::map<std::uint32_t, std::vector<crypto::SignedMessage>> keys_;
  std::map<std::uint32_t, std::vector<crypto::SealedShares>> shares_;
  std::vector<crypto::SignedMessage> inputs_;
  std::vector<crypto::SignedMessage> signatures_;
  absl::Status failure_;
  std::optional<crypto::SecureSum> sum_;
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_ROUNDS_SECURE_SESSION_H_
