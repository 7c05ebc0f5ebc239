// What a node must have kept, past a crash, before it goes on with a session, and what it keeps of its peers.
// Implemented by the node's ledger; each function returns only when the fact is durable.
#ifndef WAYMARK_CRYPTO_SECURE_SUM_JOURNAL_H_
#define WAYMARK_CRYPTO_SECURE_SUM_JOURNAL_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "crypto/secure_sum/ledger_head.h"
#include "crypto/secure_sum/session.h"

namespace waymark::crypto {

struct MemberHead {
  const SessionMember* member = nullptr;
  LedgerHead head;
};

// Sessions are named by their 32-byte identifiers. Errors other than those named are the store's own; the
// node then stops.
class Journal {
 public:
  virtual ~Journal() = default;

  // ALREADY_EXISTS where the session was ever begun here: a node that restarts never goes on with one.
  virtual absl::Status Begin(absl::string_view session) = 0;

  // FAILED_PRECONDITION where no charge stands in the ledger for what this session releases.
  virtual absl::Status ConfirmCharged(absl::string_view session) = 0;

  // This node's ledger as it stands; not signed.
  virtual absl::StatusOr<LedgerHead> Head() = 0;
  // The furthest words that are kept of members' ledgers, in their order; empty where there is none.
  virtual absl::StatusOr<std::vector<LedgerHead>> HeadsOf(absl::Span<const SessionMember* const> members) = 0;
  // Whether this ledger has that entry, or the loss of it on record.
  virtual absl::StatusOr<bool> Has(const LedgerHead& own) = 0;
  // This node signed `own` once, and its ledger has it not: it is an older copy, and nothing leaves from it.
  virtual absl::Status KeepMissing(const LedgerHead& own) = 0;

  // The one set of contributors that this node signs, and what they say of their ledgers, which is kept where
  // it is further than what was known. ALREADY_EXISTS where another hash was signed before;
  // FAILED_PRECONDITION, naming the member, where one's ledger went back behind what was known.
  virtual absl::Status SignContributors(absl::string_view session, absl::string_view contributors_hash,
                                        const std::vector<MemberHead>& heads) = 0;

  // From here on the sum is as good as released, over these members. ALREADY_EXISTS where it was said before.
  virtual absl::Status Unmask(absl::string_view session, const std::vector<std::string>& contributors) = 0;
};

}  // namespace waymark::crypto

#endif  // WAYMARK_CRYPTO_SECURE_SUM_JOURNAL_H_
