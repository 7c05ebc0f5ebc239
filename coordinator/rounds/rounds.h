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
#include "absl/time/time.h"
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

std::string BytesOf(const contract::Release& release);

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
  bool late = false;      // an answer makes another edition
  bool reminder = false;  // the deadline is near, and there is no answer
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

  // Open rounds whose time has begun and whose deadline has not passed, and those that take late releases;
  // oldest first, at most 100. Notes that the council was heard of.
  absl::StatusOr<std::vector<WatchedRound>> Watch(absl::string_view council);

  // `council` is who called. PERMISSION_DENIED: it is no member, or the release is another's.
  // UNAUTHENTICATED: the signature is not the one of its enrolment key. NOT_FOUND: no such round.
  // ALREADY_EXISTS: it has answered otherwise. FAILED_PRECONDITION: before the opening, after the deadline,
  // published, or made for another spec; of a secure round, always. INVALID_ARGUMENT: errors of CheckRelease.
  // A release that comes late, and one of a correction (contract/revision.h), waits for the next edition,
  // where the round takes them: FAILED_PRECONDITION otherwise, where there is nothing to correct, and where
  // the council is not named and would be by this. UNAVAILABLE: what is to be corrected is not published yet.
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

  // Publishes another edition of each round of which late and corrected releases wait: all of them in one, at
  // the first look after a whole multiple of `every` since 1970 has passed since the first of them came.
  // Errors and what it returns as CloseDue.
  absl::StatusOr<int> ReviseDue(absl::Duration every);

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
    void Add(Seen seen);
  };
  absl::StatusOr<Round> Find(absl::string_view round_id);
  absl::StatusOr<Receipt> MakeReceipt(const StoredRelease& stored, std::uint64_t ledger_sequence);
  absl::StatusOr<bool> IsDue(const Round& round);
  // Why councils gave nothing, where it is known: what they said, or that nothing was heard of them.
  absl::StatusOr<std::map<std::string, v1::Absence>> DeclinesOf(const Round& round);
  absl::StatusOr<std::map<std::string, v1::Absence>> AddNotConnected(
      const Round& round, std::map<std::string, v1::Absence> declines);
  absl::StatusOr<bool> PublishOnce(const Round& round);
  absl::Status AddWatched(absl::string_view council, const std::vector<Round>& rounds,
                          std::vector<WatchedRound>& watched);
  absl::Status NoteContact(absl::string_view council, const std::vector<WatchedRound>& watched);
  // Checks a release that is in time, or else a revision, and stores it as `taken`, whose bytes they set.
  // Errors of Submit.
  absl::Status Take(const Round& round, const contract::Release& release, StoredRelease& taken);
  absl::Status TakeRevision(const Round& round, const contract::RoundSpec& spec,
                            const contract::Release& release, StoredRelease& taken);
  // The question that the correction answers.
  absl::StatusOr<contract::RoundSpec> CorrectedSpec(const contract::RoundSpec& spec,
                                                    const contract::Release& release);
  absl::StatusOr<bool> Revise(const Round& round);
  // By council: why it gave nothing to what was published first.
  absl::StatusOr<std::map<std::string, v1::Absence>> PublishedAbsences(const Round& round);
  // Editions, waiting revisions and last contacts into a status.
  absl::Status AddRevisions(const Round& round, const std::vector<StoredEdition>& editions,
                            v1::RoundStatus& status,
                            std::map<std::string, v1::RoundStatus::Council>& councils);
  absl::StatusOr<v1::RoundStatus> StatusOf(const Round& round);

  Store& store_;
  const catalogue::Library& library_;
  const crypto::SigningKey& key_;
  const Clock& clock_;

  absl::Mutex publishing_;

  // By council, once somebody asked: reading all of its releases again at each look would take long.
  absl::Mutex mutex_;
  std::map<std::string, LastSeen, std::less<>> last_seen_ ABSL_GUARDED_BY(mutex_);
  // By council: when that it was heard of was written down last.
  std::map<std::string, std::int64_t, std::less<>> noted_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_ROUNDS_ROUNDS_H_
