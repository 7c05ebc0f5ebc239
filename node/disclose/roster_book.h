// Who this node's peers are: the roster epochs that the federation's officers signed, kept in the ledger for
// ever. The coordinator, who hands them over, is not trusted: it cannot sign one, go back to an earlier one,
// or show a second one of the same epoch (secure sums need all three).
#ifndef WAYMARK_NODE_DISCLOSE_ROSTER_BOOK_H_
#define WAYMARK_NODE_DISCLOSE_ROSTER_BOOK_H_

#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "node/disclose/ledger.h"
#include "proto/contract/roster.h"

namespace waymark::node {

// The newest roster that the ledger holds, if any. DATA_LOSS where it cannot be read.
absl::StatusOr<std::optional<contract::RosterEpoch>> HeldRoster(const Ledger& ledger);

// Thread-safe; several processes may have one ledger. `ledger` outlives it.
class RosterBook {
 public:
  // Of that federation, the one that this node has joined. The council that it is, with the public half of
  // its signing key (32 bytes).
  RosterBook(Ledger& ledger, contract::Governance governance, std::string federation,
             contract::RosterMember self);

  // Holds `roster` from now on, in place of the one held, and returns true; false where it is the held one.
  // UNAUTHENTICATED where too few officers signed it; FAILED_PRECONDITION where it is of another
  // federation, or not the next epoch of the chain, or no officers are pinned: then what is held stays. A
  // roster that has expired, or that leaves this council out, is held all the same, since there must be no
  // way back behind it: Current refuses it.
  absl::StatusOr<bool> Accept(const contract::SignedRoster& roster);

  // The hash of the one that is held; 32 zero bytes where there is none.
  absl::StatusOr<std::string> HeldHash() const;

  // The roster to work by. FAILED_PRECONDITION, saying which, where no officers are pinned, none is held, it
  // expired by `now`, or this council is not in it with this node's own key.
  absl::StatusOr<contract::RosterEpoch> Current(absl::Time now) const;

 private:
  // As HeldRoster; reads it anew where it is another than the last time.
  absl::StatusOr<std::optional<contract::RosterEpoch>> Held() const;

  Ledger& ledger_;
  const contract::Governance governance_;
  const std::string federation_;
  const contract::RosterMember self_;
  mutable absl::Mutex mutex_;
  mutable std::string held_bytes_ ABSL_GUARDED_BY(mutex_);
  mutable std::optional<contract::RosterEpoch> held_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_ROSTER_BOOK_H_
