// Secure rounds: for each part of the roster one session at a time, begun anew with fresh keys where it
// ended without a sum, until the sum is made or the round's deadline is near. What a session gives is stored
// before anybody is told.
#ifndef WAYMARK_COORDINATOR_ROUNDS_SECURE_ROUNDS_H_
#define WAYMARK_COORDINATOR_ROUNDS_SECURE_ROUNDS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "base/clock.h"
#include "coordinator/rounds/secure_round.h"
#include "coordinator/rounds/secure_session.h"
#include "coordinator/store/store.h"
#include "crypto/random.h"
#include "proto/contract/roster.h"
#include "proto/contract/round_spec.h"
#include "waymark/v1/secure_sum.pb.h"

namespace waymark::coordinator {

// That a session's step is given, but for the first.
inline constexpr absl::Duration kLongestStep = absl::Minutes(5);

// Thread-safe. The references outlive this.
class SecureRounds {
 public:
  // Masked inputs are kept under `directory`; in the store where it is "". `random` is used under a lock.
  SecureRounds(Store& store, const Clock& clock, crypto::RandomSource& random, std::string directory)
      : store_(store), clock_(clock), random_(random), directory_(std::move(directory)) {}

  // Goes on with sums that members were let open before an earlier process ended, or another one led. Before
  // anything else.
  // One that cannot be gone on with is logged, and its part has no figure.
  absl::Status Restore();
  // Lets every session go: another coordinator leads them now, and members join there.
  void Abandon();

  // The calling council's session. FAILED_PRECONDITION: the round asks for no secure sum, is not open, or its
  // sum is made; there is no roster, the council is in no part of it, or the part is too small.
  absl::StatusOr<v1::JoinSessionResponse> Join(absl::string_view council, absl::string_view round_id);
  // The errors of SecureSession::Take; ABORTED where the session is another by now.
  absl::StatusOr<StepAnswer> Take(absl::string_view council, absl::string_view round_id,
                                  absl::string_view session, SumStep step,
                                  const crypto::SignedMessage& message);
  absl::Status PutBlock(absl::string_view council, absl::string_view round_id, absl::string_view session,
                        std::size_t block, absl::string_view bytes);

  // Ends the sessions of a round that was withdrawn.
  void Drop(absl::string_view round_id);

  // Ends the steps that are due.
  void Tick();

  // NOT_FOUND until the part's sum is made.
  absl::StatusOr<v1::TranscriptResponse> TranscriptOf(absl::string_view round_id, absl::string_view part);
  absl::StatusOr<v1::BlockResponse> Block(absl::string_view round_id, absl::string_view part,
                                          std::size_t block);

 private:
  using Key = std::pair<std::string, std::string>;  // round and part
  struct Running {
    std::string round_id;
    contract::RosterEpoch roster;
    const contract::RosterPart* part = nullptr;
    absl::Time ends;                // the round's deadline
    int attempts = 0;               // with this session
    bool counted = false;           // this session, in the store
    SumStep told = SumStep::kKeys;  // in the log
    bool stored = false;
    bool kept = false;                 // what opens the sum, in the store
    std::set<std::uint32_t> shares{};  // members whose shares are, too
    std::unique_ptr<SecureSession> session;
  };
  void Erase(absl::FunctionRef<bool(const Key&, const Running&)> is_over)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void DropWithdrawn() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<contract::RosterEpoch> RosterNow();
  absl::StatusOr<Running*> Find(absl::string_view council, absl::string_view round_id,
                                absl::string_view session) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status SyncInput(absl::string_view council, absl::string_view round_id, absl::string_view session)
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status ReadTries(absl::string_view round_id, const contract::RosterEpoch& newest,
                         absl::string_view council, absl::string_view part, Running& running)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CountTry(Running& running) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Begin(const SecureRound& round, Running& running) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckHead(const Running& running, const crypto::SignedMessage& input)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void TellStep(Running& running) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Forget(Running& running) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status ForgetAbandoned() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status KeepOpening(Running& running) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status GoOnWith(const StoredOpening& opening) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<crypto::Session> SessionOf(const SecureRound& round, const Running& running,
                                            std::string nonce) const;
  absl::Status StoreSum(Running& running) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<v1::SummedPart> Summed(absl::string_view round_id, absl::string_view part);
  std::unique_ptr<crypto::InputStore> InputsOf(const std::string& session);

  Store& store_;
  const Clock& clock_;
  crypto::RandomSource& random_ ABSL_GUARDED_BY(mutex_);
  const std::string directory_;
  absl::Mutex mutex_;
  std::map<Key, Running> running_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_ROUNDS_SECURE_ROUNDS_H_
