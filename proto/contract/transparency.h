// The transparency log's entries and heads. An entry says what was decided; a head, signed by the
// coordinator, commits to all entries (crypto/merkle_tree.h); a council's signature under a head says that it
// was shown it. Ed25519 is over the canonical encodings of docs/protocol.md. Thread-safe.
#ifndef WAYMARK_PROTO_CONTRACT_TRANSPARENCY_H_
#define WAYMARK_PROTO_CONTRACT_TRANSPARENCY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "crypto/signature.h"
#include "proto/contract/catalogue_version.h"
#include "proto/contract/roster.h"
#include "proto/contract/round_spec.h"
#include "waymark/v1/transparency.pb.h"

namespace waymark::contract {

inline constexpr std::uint64_t kMaxLogSize = std::uint64_t{1} << 32;
inline constexpr std::size_t kMaxLogContentBytes = 16 << 20;
inline constexpr std::size_t kMaxLogProof = 64;
// Of one reply of Log.Entries, and of Log.Witness.
inline constexpr std::size_t kMaxLogEntries = 1'000;
inline constexpr std::size_t kMaxWitnesses = 10'000;

struct LogEntry {
  v1::LogKind kind = v1::LOG_KIND_UNSPECIFIED;
  std::string subject;
  std::string hash;  // 32 bytes
  friend bool operator==(const LogEntry&, const LogEntry&) = default;
};

LogEntry EntryOf(const RosterEpoch& roster);
LogEntry EntryOf(const CatalogueVersion& catalogue);
LogEntry EntryOf(const RoundSpec& spec);
LogEntry EntryOf(const v1::Publication& publication);
LogEntry EntryOf(const v1::Withdrawal& withdrawal);

// What these bytes are an entry's content for. INVALID_ARGUMENT where they are no such content.
absl::StatusOr<LogEntry> EntryOf(v1::LogKind kind, const std::string& content);

// INVALID_ARGUMENT with the field's name where a bound of transparency.proto is broken, or where the content
// is another entry's.
absl::StatusOr<LogEntry> LogEntryFromProto(const v1::LogEntry& message);

// The hash of its leaf, under the label "waymark/v1/log-entry".
std::string LogLeafHash(const LogEntry& entry);

// "round autumn-2026": for messages.
std::string NameOf(const LogEntry& entry);

struct LogHead {
  std::uint64_t size = 0;
  std::string root;  // 32 bytes
  std::int64_t time_unix_s = 0;
  friend bool operator==(const LogHead&, const LogHead&) = default;
};

struct SignedLogHead {
  LogHead head;
  std::string signature;  // the coordinator's, 64 bytes
  friend bool operator==(const SignedLogHead&, const SignedLogHead&) = default;
};

struct WitnessedHead {
  SignedLogHead seen;
  std::string council;    // ONS code
  std::string signature;  // the council's, 64 bytes
  friend bool operator==(const WitnessedHead&, const WitnessedHead&) = default;
};

// INVALID_ARGUMENT with the field's name where a bound of transparency.proto is broken.
absl::StatusOr<SignedLogHead> SignedLogHeadFromProto(const v1::SignedLogHead& message);
void SignedLogHeadToProto(const SignedLogHead& head, v1::SignedLogHead& message);
absl::StatusOr<WitnessedHead> WitnessedHeadFromProto(const v1::WitnessedHead& message);
void WitnessedHeadToProto(const WitnessedHead& head, v1::WitnessedHead& message);
absl::StatusOr<std::vector<std::string>> LogProofFromProto(
    const google::protobuf::RepeatedPtrField<std::string>& hashes);

// Under the labels "waymark/v1/log-head" and "waymark/v1/log-witness". INTERNAL where OpenSSL fails.
absl::StatusOr<SignedLogHead> SignHead(LogHead head, const crypto::SigningKey& coordinator);
absl::StatusOr<WitnessedHead> WitnessHead(SignedLogHead head, std::string council,
                                          const crypto::SigningKey& key);
// UNAUTHENTICATED where it is not signed by this key (32 bytes).
absl::Status VerifyHead(const SignedLogHead& head, absl::string_view coordinator_key);
absl::Status VerifyWitness(const WitnessedHead& head, absl::string_view council_key);

// "12 entries, root 5f3a…, signed 2026-11-22T06:00:00Z": for messages, the root in full.
std::string Describe(const LogHead& head);

}  // namespace waymark::contract

#endif  // WAYMARK_PROTO_CONTRACT_TRANSPARENCY_H_
