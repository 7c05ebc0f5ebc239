// The transparency log as this node is shown it (docs/protocol.md). The coordinator is not trusted: nothing
// of its is acted on that is not under a head which extends the last one that this node kept, and which
// agrees with what other councils were shown.
#ifndef WAYMARK_NODE_LINK_LOG_WATCH_H_
#define WAYMARK_NODE_LINK_LOG_WATCH_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "crypto/signature.h"
#include "proto/contract/transparency.h"

namespace waymark::node {

// The coordinator's answers, with the bounds of the contract checked and nothing else. Errors are the calls'.
class LogSource {
 public:
  virtual ~LogSource() = default;
  virtual absl::StatusOr<contract::SignedLogHead> LogHead() = 0;
  virtual absl::StatusOr<std::vector<std::string>> LogConsistency(std::uint64_t from, std::uint64_t to) = 0;
  struct Inclusion {
    std::uint64_t index = 0;
    std::vector<std::string> proof;
  };
  virtual absl::StatusOr<Inclusion> LogInclusion(std::uint64_t size, absl::string_view leaf_hash) = 0;
  // Hands this council's head over, and gets those of others.
  virtual absl::StatusOr<std::vector<contract::WitnessedHead>> LogWitness(
      const contract::WitnessedHead& own) = 0;
};

// Who this node is, and how it knows the others.
struct LogReader {
  std::string directory;        // where the head is kept
  std::string coordinator_key;  // pinned at enrolment, 32 bytes
  std::string council;
  const crypto::SigningKey& key;
  // A council's key by the roster that the officers signed; "" where it is in none.
  std::function<std::string(const std::string& council)> key_of;
};

// Where a node keeps the head that it was shown last, and the two that show a fork.
std::string LogHeadPath(absl::string_view directory);
std::string LogForkPath(absl::string_view directory);

// The head kept last, if any. DATA_LOSS where it cannot be read.
absl::StatusOr<std::optional<contract::WitnessedHead>> KeptLogHead(absl::string_view directory);

// Not thread-safe; one process at a time writes the files. `source` and the reader's key outlive this.
class LogWatch {
 public:
  LogWatch(LogSource& source, LogReader reader) : source_(source), reader_(std::move(reader)) {}

  // Asks for the log's head, keeps it (on disk, before it counts) where it extends the one kept before, tells
  // the others which it was, and holds theirs against it. FAILED_PRECONDITION naming both heads where the log
  // went back (it is smaller), or is another one than this node or another council was shown: a fork. A fork
  // is written down, and holds until a person removes the file, whatever is shown after. UNAUTHENTICATED
  // where the head is not signed by the pinned key. Other errors are the source's: nothing is known then, and
  // nothing of the coordinator's is to be acted on.
  absl::Status Refresh();

  // OK where the entry is in the log under the head that is kept; asks for a new head where it is not.
  // NOT_FOUND where it is in neither; errors of Refresh. What was found is not asked for again.
  absl::Status Require(const contract::LogEntry& entry);

  // The entries under the head that is kept; 0 before one is.
  std::uint64_t size() const { return kept_ ? kept_->seen.head.size : 0; }

  // Holds another council's head against the one kept last. Errors as of Refresh; UNAUTHENTICATED too where
  // it is not signed by that council's key by the roster.
  absl::Status Compare(const contract::WitnessedHead& other);

 private:
  absl::StatusOr<contract::SignedLogHead> ShownHead();
  absl::Status Take(const contract::SignedLogHead& shown);
  absl::Status CheckExtends(const contract::WitnessedHead& earlier, const contract::WitnessedHead& later);
  absl::Status Forked(const contract::WitnessedHead& one, const contract::WitnessedHead& other);
  absl::Status Load();
  absl::StatusOr<bool> Includes(const contract::LogEntry& entry);

  LogSource& source_;
  const LogReader reader_;
  std::optional<contract::WitnessedHead> kept_;
  std::set<std::string> found_;                               // leaf hashes
  std::set<std::pair<std::uint64_t, std::string>> compared_;  // size and root of others' heads
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_LINK_LOG_WATCH_H_
