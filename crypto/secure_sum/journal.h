// What a node must have kept, past a crash, before it goes on with a session. Implemented by the node's
// ledger; each function returns only when the fact is durable.
#ifndef WAYMARK_CRYPTO_SECURE_SUM_JOURNAL_H_
#define WAYMARK_CRYPTO_SECURE_SUM_JOURNAL_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace waymark::crypto {

// Sessions are named by their 32-byte identifiers. Errors other than those named are the store's own; the
// node then stops.
class Journal {
 public:
  virtual ~Journal() = default;

  // ALREADY_EXISTS where the session was ever begun here: a node that restarts never goes on with one.
  virtual absl::Status Begin(absl::string_view session) = 0;

  // FAILED_PRECONDITION where no charge stands in the ledger for what this session releases.
  virtual absl::Status ConfirmCharged(absl::string_view session) = 0;

  // The one set of contributors that this node signs. ALREADY_EXISTS where another hash was signed before.
  virtual absl::Status SignContributors(absl::string_view session, absl::string_view contributors_hash) = 0;

  // From here on the sum is as good as released, over these members. ALREADY_EXISTS where it was said before.
  virtual absl::Status Unmask(absl::string_view session, const std::vector<std::string>& contributors) = 0;
};

}  // namespace waymark::crypto

#endif  // WAYMARK_CRYPTO_SECURE_SUM_JOURNAL_H_
