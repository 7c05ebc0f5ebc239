// A whole transparency log with its head, checked by whoever holds the coordinator's key and the officers':
// nothing of it is believed. Pure; thread-safe.
#ifndef WAYMARK_COORDINATOR_CLI_LOG_BUNDLE_H_
#define WAYMARK_COORDINATOR_CLI_LOG_BUNDLE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/contract/governance.h"
#include "proto/contract/transparency.h"
#include "waymark/v1/transparency.pb.h"

namespace waymark::coordinator {

inline constexpr std::size_t kMostBundleBytes = 512 << 20;

// What must come from elsewhere than the log: as it stands in client.toml or a join file.
struct Pinned {
  std::string coordinator_key;  // Ed25519, 32 bytes
  contract::Governance governance;
};
// INVALID_ARGUMENT where the file has no coordinator_key, naming what is wrong.
absl::StatusOr<Pinned> ReadPinned(const std::string& path);

struct CheckedLog {
  contract::LogHead head;
  std::vector<contract::LogEntry> entries;
  std::vector<v1::Publication> publications;  // in the order of the log, without those that were withdrawn
  std::size_t rosters = 0;
  std::size_t catalogues = 0;
  std::size_t rounds = 0;
  std::size_t rounds_before_catalogue = 0;  // of those, where officers sign the catalogue
  std::size_t withdrawn = 0;                // of those
};

// Recomputes the root from what the entries hold and holds it against the head and that against the pinned
// key; then that each thing stands there once, that rosters and catalogues are each a chain signed by the
// pinned officers (where there are any), that rounds ask for what those had signed (where they
// sign that, from the first that they signed on), and
// that what was published answers the round that was asked before and not withdrawn. UNAUTHENTICATED where a
// signature is wrong or missing; DATA_LOSS where the log contradicts itself; INVALID_ARGUMENT where an entry
// breaks the contract: each names the entry.
absl::StatusOr<CheckedLog> CheckLog(const v1::LogBundle& bundle, const Pinned& pinned);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_CLI_LOG_BUNDLE_H_
