// Signing what would leave for a round: by `approve` with a key file, and on the pages with a key that its
// passphrase opens.
#ifndef WAYMARK_NODE_SITE_SIGNING_H_
#define WAYMARK_NODE_SITE_SIGNING_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "crypto/signature.h"
#include "node/disclose/item_tables.h"
#include "node/site/workplace.h"
#include "proto/contract/round_spec.h"

namespace waymark::node {

struct Signed {
  std::string approver;  // as the policy names the key's holder
  std::size_t given = 0;
  std::uint32_t needed = 0;
};

// Signs the proposal of that name, and keeps the signature in the ledger; the same again changes nothing.
// PERMISSION_DENIED where the policy names no approver with this key, or an approver refused the round;
// FAILED_PRECONDITION where what would leave now is another proposal than the one that was looked at: nothing
// is signed then.
absl::StatusOr<Signed> SignProposal(const Configuration& configuration, Workplace& workplace,
                                    const contract::RoundSpec& spec, ItemTables& tables,
                                    const std::string& proposal, const crypto::SigningKey& key);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_SITE_SIGNING_H_
