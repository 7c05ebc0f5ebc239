// An older copy of the ledger in place of the newest would let a council spend its budget again, and answer a
// question a second time with other noise. The chain inside the file cannot show that; the coordinator can,
// which counter-signed the ledger's head with every release it took.
#ifndef WAYMARK_NODE_DISCLOSE_ROLLBACK_H_
#define WAYMARK_NODE_DISCLOSE_ROLLBACK_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/clock.h"
#include "node/disclose/ledger.h"

namespace waymark::node {

// The coordinator's signed word that it has a release which stands at that place of this council's ledger.
// Its signature was verified.
struct Countersigned {
  std::string round_id;
  std::uint64_t ledger_sequence = 0;
  std::int64_t received_unix_s = 0;
  std::string release_hash;  // 32 bytes
  std::string receipt;       // the serialised v1::SubmitResponse, for the ledger
};

// OK where the ledger has that release at that place, or was reconciled with its loss. FAILED_PRECONDITION
// where it has not: then nothing may be released; the message says what to do.
absl::Status CheckNotRolledBack(const Ledger& ledger, const Countersigned& last);

// Writes into the ledger that what stood after its last entry is lost for good. From then on everything is
// taken for released and spent that may have been (ledger.h, rule 8). False where nothing is lost, or was
// reconciled before: then nothing is written.
absl::StatusOr<bool> Reconcile(Ledger& ledger, const Countersigned& last, const Clock& clock);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_ROLLBACK_H_
