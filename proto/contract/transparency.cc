#include "proto/contract/transparency.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/canonical.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/merkle_tree.h"
#include "proto/contract/checks.h"
#include "proto/contract/publication.h"
#include "proto/contract/release.h"
#include "proto/contract/revision.h"

namespace waymark::contract {
namespace {

absl::string_view WordOf(v1::LogKind kind) {
  switch (kind) {
    case v1::LOG_KIND_ROSTER:
      return "roster of epoch";
    case v1::LOG_KIND_CATALOGUE:
      return "catalogue of version";
    case v1::LOG_KIND_ROUND:
      return "round";
    case v1::LOG_KIND_PUBLICATION:
      return "publication of round";
    case v1::LOG_KIND_WITHDRAWAL:
      return "withdrawal of round";
    default:
      return "entry";
  }
}

std::string HeadBytes(const LogHead& head) {
  CanonicalWriter out("waymark/v1/log-head");
  out.Unsigned(head.size).Text(head.root).Signed(head.time_unix_s);
  return std::move(out).bytes();
}

std::string WitnessBytes(const WitnessedHead& head) {
  CanonicalWriter out("waymark/v1/log-witness");
  out.Text(head.council).Text(HeadBytes(head.seen.head)).Text(head.seen.signature);
  return std::move(out).bytes();
}

absl::Status Unreadable(v1::LogKind kind) {
  return absl::InvalidArgumentError(absl::StrCat("log entry: its content is no ", WordOf(kind)));
}

}  // namespace

LogEntry EntryOf(const RosterEpoch& roster) {
  return {.kind = v1::LOG_KIND_ROSTER, .subject = absl::StrCat(roster.epoch), .hash = RosterHash(roster)};
}

LogEntry EntryOf(const CatalogueVersion& catalogue) {
  return {.kind = v1::LOG_KIND_CATALOGUE,
          .subject = absl::StrCat(catalogue.number),
          .hash = CatalogueHash(catalogue)};
}

LogEntry EntryOf(const RoundSpec& spec) {
  return {.kind = v1::LOG_KIND_ROUND, .subject = spec.round_id, .hash = crypto::Sha256(CanonicalBytes(spec))};
}

LogEntry EntryOf(const v1::Publication& publication) {
  return {.kind = v1::LOG_KIND_PUBLICATION,
          .subject = publication.round_id(),
          .hash = crypto::Sha256(CanonicalBytes(publication))};
}

LogEntry EntryOf(const v1::Withdrawal& withdrawal) {
  return {.kind = v1::LOG_KIND_WITHDRAWAL,
          .subject = withdrawal.round_id(),
          .hash = crypto::Sha256(CanonicalBytes(withdrawal))};
}

absl::StatusOr<LogEntry> EntryOf(v1::LogKind kind, const std::string& content) {
  switch (kind) {
    case v1::LOG_KIND_ROSTER: {
      v1::SignedRoster message;
      if (!message.ParseFromString(content)) return Unreadable(kind);
      ASSIGN_OR_RETURN(const SignedRoster roster, SignedRosterFromProto(message));
      return EntryOf(roster.roster);
    }
    case v1::LOG_KIND_CATALOGUE: {
      v1::SignedCatalogue message;
      if (!message.ParseFromString(content)) return Unreadable(kind);
      ASSIGN_OR_RETURN(const SignedCatalogue catalogue, SignedCatalogueFromProto(message));
      return EntryOf(catalogue.catalogue);
    }
    case v1::LOG_KIND_ROUND: {
      v1::RoundSpec message;
      if (!message.ParseFromString(content)) return Unreadable(kind);
      ASSIGN_OR_RETURN(const RoundSpec spec, RoundSpecFromProto(message));
      return EntryOf(spec);
    }
    case v1::LOG_KIND_PUBLICATION: {
      v1::Publication message;
      if (!message.ParseFromString(content)) return Unreadable(kind);
      RETURN_IF_ERROR(CheckPublication(message));
      return EntryOf(message);
    }
    case v1::LOG_KIND_WITHDRAWAL: {
      v1::Withdrawal message;
      if (!message.ParseFromString(content)) return Unreadable(kind);
      RETURN_IF_ERROR(CheckWithdrawal(message));
      return EntryOf(message);
    }
    default:
      return absl::InvalidArgumentError("log entry: unknown kind; a newer Waymark may know it");
  }
}

absl::StatusOr<LogEntry> LogEntryFromProto(const v1::LogEntry& message) {
  const auto edition = ParseEditionId(message.subject());
  RETURN_IF_ERROR(CheckIdentifier("entry.subject", edition ? edition->round_id : message.subject()));
  RETURN_IF_ERROR(CheckLength("entry.hash", message.hash().size(), kHashBytes, kHashBytes));
  RETURN_IF_ERROR(CheckLength("entry.content", message.content().size(), 0, kMaxLogContentBytes));
  const LogEntry entry{.kind = message.kind(), .subject = message.subject(), .hash = message.hash()};
  ASSIGN_OR_RETURN(const LogEntry meant, EntryOf(message.kind(), message.content()));
  if (meant == entry) return entry;
  return absl::InvalidArgumentError(
      absl::StrCat("log entry ", NameOf(entry), ": its content is another one's, of ", NameOf(meant)));
}

std::string LogLeafHash(const LogEntry& entry) {
  CanonicalWriter out("waymark/v1/log-entry");
  out.Unsigned(static_cast<std::uint64_t>(entry.kind)).Text(entry.subject).Text(entry.hash);
  return crypto::MerkleLeafHash(out.bytes());
}

std::string NameOf(const LogEntry& entry) {
  return absl::StrCat(WordOf(entry.kind), " ", entry.subject);
}

absl::StatusOr<SignedLogHead> SignedLogHeadFromProto(const v1::SignedLogHead& message) {
  if (message.head().size() > kMaxLogSize) {
    return absl::InvalidArgumentError(absl::StrCat("head.size: at most ", kMaxLogSize));
  }
  RETURN_IF_ERROR(CheckLength("head.root", message.head().root().size(), kHashBytes, kHashBytes));
  RETURN_IF_ERROR(
      CheckLength("head.signature", message.signature().size(), kSignatureBytes, kSignatureBytes));
  return SignedLogHead{.head = {.size = message.head().size(),
                                .root = message.head().root(),
                                .time_unix_s = message.head().time_unix_s()},
                       .signature = message.signature()};
}

void SignedLogHeadToProto(const SignedLogHead& head, v1::SignedLogHead& message) {
  message.mutable_head()->set_size(head.head.size);
  message.mutable_head()->set_root(head.head.root);
  message.mutable_head()->set_time_unix_s(head.head.time_unix_s);
  message.set_signature(head.signature);
}

absl::StatusOr<WitnessedHead> WitnessedHeadFromProto(const v1::WitnessedHead& message) {
  ASSIGN_OR_RETURN(SignedLogHead seen, SignedLogHeadFromProto(message.head()));
  RETURN_IF_ERROR(CheckCouncilCode("head.council", message.council()));
  RETURN_IF_ERROR(CheckLength("head.witness", message.signature().size(), kSignatureBytes, kSignatureBytes));
  return WitnessedHead{
      .seen = std::move(seen), .council = message.council(), .signature = message.signature()};
}

void WitnessedHeadToProto(const WitnessedHead& head, v1::WitnessedHead& message) {
  SignedLogHeadToProto(head.seen, *message.mutable_head());
  message.set_council(head.council);
  message.set_signature(head.signature);
}

absl::StatusOr<std::vector<std::string>> LogProofFromProto(
    const google::protobuf::RepeatedPtrField<std::string>& hashes) {
  RETURN_IF_ERROR(CheckLength("proof", static_cast<std::size_t>(hashes.size()), 0, kMaxLogProof));
  for (const std::string& hash : hashes) {
    RETURN_IF_ERROR(CheckLength("proof.hash", hash.size(), kHashBytes, kHashBytes));
  }
  return std::vector<std::string>(hashes.begin(), hashes.end());
}

absl::StatusOr<SignedLogHead> SignHead(LogHead head, const crypto::SigningKey& coordinator) {
  ASSIGN_OR_RETURN(std::string signature, coordinator.Sign(HeadBytes(head)));
  return SignedLogHead{.head = std::move(head), .signature = std::move(signature)};
}

absl::StatusOr<WitnessedHead> WitnessHead(SignedLogHead head, std::string council,
                                          const crypto::SigningKey& key) {
  WitnessedHead witnessed{.seen = std::move(head), .council = std::move(council), .signature = ""};
  ASSIGN_OR_RETURN(witnessed.signature, key.Sign(WitnessBytes(witnessed)));
  return witnessed;
}

absl::Status VerifyHead(const SignedLogHead& head, absl::string_view coordinator_key) {
  if (crypto::VerifySignature(coordinator_key, HeadBytes(head.head), head.signature).ok()) {
    return absl::OkStatus();
  }
  return absl::UnauthenticatedError(
      absl::StrCat("the log's head (", Describe(head.head),
                   ") is not signed by the coordinator's key that was pinned at enrolment"));
}

absl::Status VerifyWitness(const WitnessedHead& head, absl::string_view council_key) {
  if (crypto::VerifySignature(council_key, WitnessBytes(head), head.signature).ok()) return absl::OkStatus();
  return absl::UnauthenticatedError(absl::StrCat("the log's head (", Describe(head.seen.head),
                                                 ") is not signed by council ", head.council, "'s key"));
}

std::string Describe(const LogHead& head) {
  return absl::StrCat(
      head.size, head.size == 1 ? " entry" : " entries", ", root ", absl::BytesToHexString(head.root),
      ", signed ",
      absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(head.time_unix_s), absl::UTCTimeZone()));
}

}  // namespace waymark::contract
