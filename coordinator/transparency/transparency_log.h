// The federation's transparency log as it is shown to others: heads, proofs, entries, and who was shown what.
#ifndef WAYMARK_COORDINATOR_TRANSPARENCY_TRANSPARENCY_LOG_H_
#define WAYMARK_COORDINATOR_TRANSPARENCY_TRANSPARENCY_LOG_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "base/clock.h"
#include "coordinator/store/store.h"
#include "crypto/signature.h"
#include "proto/contract/transparency.h"

namespace waymark::coordinator {

// Entries that were appended since are read at each call; 32 bytes of each are held. Every call is DATA_LOSS,
// and the program's log says why, while the store lacks the last entry that was read: then it went back.
// Thread-safe. The references must outlive this.
class TransparencyLog {
 public:
  TransparencyLog(Store& store, const crypto::SigningKey& key, const Clock& clock)
      : store_(store), key_(key), clock_(clock) {}

  absl::StatusOr<contract::SignedLogHead> Head();

  // INVALID_ARGUMENT where the sizes are not in order, or the log has fewer entries.
  absl::StatusOr<std::vector<std::string>> Consistency(std::uint64_t from, std::uint64_t to);

  struct Inclusion {
    std::uint64_t index = 0;
    std::vector<std::string> proof;
  };
  // NOT_FOUND where the tree of that size has no such leaf; INVALID_ARGUMENT where the log has fewer entries.
  absl::StatusOr<Inclusion> Prove(std::uint64_t size, absl::string_view leaf_hash);

  // From the index on, at most `most` and some megabytes. INVALID_ARGUMENT where `most` is none or too many.
  absl::StatusOr<std::vector<StoredLogEntry>> Entries(std::uint64_t from, std::uint32_t most);

  // Keeps the head that a council (who called) says it was shown, and gives the furthest of each other one.
  // One that this log does not continue is kept and passed on too, and logged: it shows that the store went
  // back, or that somebody else has the key. PERMISSION_DENIED where it is another council's word;
  // UNAUTHENTICATED where it is not signed by the council's key and, before, by the coordinator's.
  absl::StatusOr<std::vector<contract::WitnessedHead>> Witness(absl::string_view council,
                                                               const contract::WitnessedHead& head);

 private:
  absl::Status ReadOn() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status WentBack() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status CheckSize(std::uint64_t size) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Store& store_;
  const crypto::SigningKey& key_;
  const Clock& clock_;
  absl::Mutex mutex_;
  std::vector<std::string> leaves_ ABSL_GUARDED_BY(mutex_);  // hashes
  std::map<std::string, std::uint64_t, std::less<>> places_
      ABSL_GUARDED_BY(mutex_);  // by leaf hash: its first
  bool said_that_it_went_back_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_TRANSPARENCY_TRANSPARENCY_LOG_H_
