// An older copy of the ledger in place of the newest would let a council spend its budget again, and answer a
// question a second time with other noise, and sum the same records twice. The chain inside the file cannot
// show that; the coordinator can, which counter-signed the ledger's head with every release it took, and so
// can the members of secure sessions, who keep each other's heads.
#ifndef WAYMARK_NODE_DISCLOSE_ROLLBACK_H_
#define WAYMARK_NODE_DISCLOSE_ROLLBACK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

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

// All that the coordinator has seen of this council's ledger.
struct SeenLedger {
  std::vector<Countersigned> releases{};   // none where it has no release of it
  std::optional<crypto::LedgerHead> head;  // from secure sums, in this council's own word, not verified yet
};

// OK where the ledger has that release at that place, or was reconciled with its loss. FAILED_PRECONDITION
// where it has not: then nothing may be released; the message says what to do.
absl::Status CheckNotRolledBack(const Ledger& ledger, const Countersigned& last);

// This node, by the council it is and the public half of its signing key. OK where its ledger has every head
// that it signed and was ever told back (sum_session.h); FAILED_PRECONDITION as above.
absl::Status CheckNotRolledBack(const Ledger& ledger, const crypto::SessionMember& self);
// Both, for all that the coordinator has seen. A head that this node did sign, and that its ledger has not,
// is kept, so that the check above fails from then on whatever the coordinator says.
absl::Status CheckNotRolledBack(Ledger& ledger, const crypto::SessionMember& self, const SeenLedger& seen);

// Writes into the ledger that what stood after its last entry is lost for good. From then on everything is
// taken for released and spent that may have been (ledger.h, rule 8). False where nothing is lost, or was
// reconciled before: then nothing is written.
absl::StatusOr<bool> Reconcile(Ledger& ledger, const Countersigned& last, const Clock& clock);
absl::StatusOr<bool> Reconcile(Ledger& ledger, const crypto::SessionMember& self, const Clock& clock);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_ROLLBACK_H_
