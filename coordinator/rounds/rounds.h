// Rounds: opened by an operator, answered by councils, closed and published once.
#ifndef WAYMARK_COORDINATOR_ROUNDS_ROUNDS_H_
#define WAYMARK_COORDINATOR_ROUNDS_ROUNDS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "base/clock.h"
#include "catalogue/library.h"
#include "coordinator/benchmark/combine.h"
#include "coordinator/store/store.h"
#include "crypto/signature.h"
#include "proto/contract/decline.h"
#include "proto/contract/release.h"
#include "proto/contract/round_spec.h"
#include "waymark/v1/round.pb.h"

namespace waymark::coordinator {

// The coordinator's signed word that it has a release. Always the same for the same release.
struct Receipt {
  std::int64_t received_unix_s = 0;
  std::string release_hash;  // SHA-256 of contract::CanonicalBytes(release), 32 bytes
  std::string signature;     // over ReceiptBytes, 64 bytes
};
// What a receipt's signature is over; docs/protocol.md, "Canonical encoding".
std::string ReceiptBytes(absl::string_view council, std::uint64_t ledger_sequence,
                         absl::string_view release_hash, std::int64_t received_unix_s);

// A release that a council handed in, and where it stands in that council's ledger.
struct Countersigned {
  std::string round_id;
  std::uint64_t ledger_sequence = 0;
  Receipt receipt;
};

struct WatchedRound {
  contract::RoundSpec spec;
  bool answered = false;
};

// Every call may be repeated. What the store acknowledged outlives a crash, and publishing is one
// transaction, so a coordinator that is killed anywhere goes on where it stood. Thread-safe. The references
// must outlive this.
class Rounds {
 public:
  Rounds(Store& store, const catalogue::Library& library, const crypto::SigningKey& key, const Clock& clock)
      : store_(store), library_(library), key_(key), clock_(clock) {}

  // The spec's hash. ALREADY_EXISTS where another spec has the id; errors of CheckSpec.
  absl::StatusOr<std::string> Open(const contract::RoundSpec& spec);

  // Open rounds whose time has begun and whose deadline has not passed, oldest first, at most 100.
  absl::StatusOr<std::vector<WatchedRound>> Watch(absl::string_view council);

  // `council` is who called. PERMISSION_DENIED: it is no member, or the release is another's.
  // UNAUTHENTICATED: the signature is not the one of its enrolment key. NOT_FOUND: no such round.
  // ALREADY_EXISTS: it has answered otherwise. FAILED_PRECONDITION: before the opening, after the deadline,
  // published, or made for another spec. INVALID_ARGUMENT: errors of CheckRelease.
  absl::StatusOr<Receipt> Submit(absl::string_view council, const contract::Release& release);

  // Keeps why a council (who called) gives nothing, in place of what it said before. OK too where it has
  // answered, and nothing is kept. PERMISSION_DENIED, UNAUTHENTICATED, NOT_FOUND and FAILED_PRECONDITION as
  // Submit.
  absl::Status Decline(const contract::Decline& decline);

  // What has been seen of the council's ledger: of its releases the one with the highest ledger sequence, and
  // the one that came last where that is another (after a loss a council goes on at lower sequences).
  absl::StatusOr<std::vector<Countersigned>> LastOf(absl::string_view council);

  // What it said of its ledger in the secure session where it was furthest, under its present key; "" where
  // it was in none.
  absl::StatusOr<std::string> LedgerHeadOf(absl::string_view council);

  absl::StatusOr<std::vector<v1::RoundStatus>> List();

  // Combines and publishes now. A round that is published stays as it is. NOT_FOUND names the known rounds.
  absl::StatusOr<v1::RoundStatus> Close(absl::string_view round_id);

  // For ever, an open round or a published one: nobody answers it any more, and its figures are given to
  // nobody. One that is withdrawn stays as it was. NOT_FOUND as Close; INVALID_ARGUMENT: a reason of another
  // length than 1 to 500 bytes.
  absl::StatusOr<v1::RoundStatus> Withdraw(absl::string_view round_id, absl::string_view reason);

  // Closes every round that is due: past its deadline, or answered by every member, or by as
  // many as its spec says. One that fails is logged
  // and does not keep the others waiting. Returns how many were published now.
  absl::StatusOr<int> CloseDue();

  // What the members of a secure round summed, part by part; nothing of another round.
  absl::StatusOr<std::vector<SummedPart>> SumsOf(const Round& round);

 private:
  struct Seen {
    StoredRelease stored;  // without its bytes
    std::uint64_t ledger_sequence = 0;
  };
  struct LastSeen {
    std::set<std::string> rounds;  // whose releases were looked at
    std::optional<Seen> furthest;
    std::optional<Seen> latest;
    void Add(const StoredRelease& stored, std::uint64_t ledger_sequence);
  };
  absl::StatusOr<Round> Find(absl::string_view round_id);
  absl::StatusOr<Receipt> MakeReceipt(const StoredRelease& stored, std::uint64_t ledger_sequence);
  absl::StatusOr<bool> IsDue(const Round& round);
  absl::StatusOr<std::map<std::string, v1::Absence>> DeclinesOf(const Round& round);
  absl::StatusOr<bool> PublishOnce(const Round& round);
  absl::StatusOr<v1::RoundStatus> StatusOf(const Round& round);

  Store& store_;
  const catalogue::Library& library_;
  const crypto::SigningKey& key_;
  const Clock& clock_;

  absl::Mutex publishing_;

  // By council, once somebody asked: reading all of its releases again at each look would take long.
  absl::Mutex mutex_;
  std::map<std::string, LastSeen, std::less<>> last_seen_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_ROUNDS_ROUNDS_H_
