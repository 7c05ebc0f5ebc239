#include "coordinator/transparency/transparency_log.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "base/log.h"
#include "base/status.h"
#include "crypto/merkle_tree.h"

namespace waymark::coordinator {
namespace {

constexpr std::size_t kReadAtOnce = 200;
// Of one reply's contents; a single entry may be larger.
constexpr std::size_t kMostReplyBytes = 8 << 20;

std::string LeafOf(const StoredLogEntry& entry) {
  return contract::LogLeafHash(
      {.kind = static_cast<v1::LogKind>(entry.kind), .subject = entry.subject, .hash = entry.hash});
}

}  // namespace

absl::Status TransparencyLog::ReadOn() {
  while (true) {
    // From the last one that is held: a database that took over without what was acknowledged before has not
    // got it, and from there on whatever this log told would be another one's.
    const std::size_t from = leaves_.empty() ? 0 : leaves_.size() - 1;
    ASSIGN_OR_RETURN(const std::vector<StoredLogEntry> entries, store_.LogEntries(from, kReadAtOnce));
    if (!leaves_.empty() && (entries.empty() || LeafOf(entries.front()) != leaves_.back())) return WentBack();
    if (entries.size() <= leaves_.size() - from) return absl::OkStatus();
    for (std::size_t i = leaves_.size() - from; i < entries.size(); ++i) {
      std::string leaf = LeafOf(entries[i]);
      places_.emplace(leaf, leaves_.size());
      leaves_.push_back(std::move(leaf));
    }
  }
}

absl::Status TransparencyLog::WentBack() {
  const std::string message = absl::StrCat("the store went back: it lacks the log's entry ", leaves_.size(),
                                           ", which this coordinator has told others of. Bring back the "
                                           "database that has it; where there is none, "
                                           "see docs/operations.md, \"The log of what was decided\"");
  if (!said_that_it_went_back_) Log(LogLevel::kError, message);
  said_that_it_went_back_ = true;
  return absl::DataLossError(message);
}

absl::Status TransparencyLog::CheckSize(std::uint64_t size) const {
  if (size <= leaves_.size()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("size: the log has ", leaves_.size(), " entries, not ", size));
}

absl::StatusOr<contract::SignedLogHead> TransparencyLog::Head() {
  contract::LogHead head{.size = 0, .root = "", .time_unix_s = absl::ToUnixSeconds(clock_.Now())};
  {
    absl::MutexLock lock(&mutex_);
    RETURN_IF_ERROR(ReadOn());
    head.size = leaves_.size();
    head.root = crypto::MerkleRoot(leaves_);
  }
  return contract::SignHead(std::move(head), key_);
}

absl::StatusOr<std::vector<std::string>> TransparencyLog::Consistency(std::uint64_t from, std::uint64_t to) {
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(ReadOn());
  RETURN_IF_ERROR(CheckSize(to));
  if (from > to) return absl::InvalidArgumentError("from_size: expected at most to_size");
  return crypto::MerkleConsistency(absl::MakeSpan(leaves_).first(to), from);
}

absl::StatusOr<TransparencyLog::Inclusion> TransparencyLog::Prove(std::uint64_t size,
                                                                  absl::string_view leaf_hash) {
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(ReadOn());
  RETURN_IF_ERROR(CheckSize(size));
  const auto place = places_.find(leaf_hash);
  if (place == places_.end() || place->second >= size) {
    return absl::NotFoundError(absl::StrCat("the log's first ", size, " entries have no such leaf"));
  }
  return Inclusion{.index = place->second,
                   .proof = crypto::MerkleProof(absl::MakeSpan(leaves_).first(size), place->second)};
}

absl::StatusOr<std::vector<StoredLogEntry>> TransparencyLog::Entries(std::uint64_t from, std::uint32_t most) {
  if (most == 0 || most > contract::kMaxLogEntries) {
    return absl::InvalidArgumentError(absl::StrCat("most: expected 1 to ", contract::kMaxLogEntries));
  }
  if (from > contract::kMaxLogSize) {
    return absl::InvalidArgumentError(absl::StrCat("from: at most ", contract::kMaxLogSize));
  }
  std::vector<StoredLogEntry> entries;
  std::size_t bytes = 0;
  while (entries.size() < most && bytes < kMostReplyBytes) {
    ASSIGN_OR_RETURN(std::vector<StoredLogEntry> page, store_.LogEntries(from + entries.size(), 1));
    if (page.empty()) break;
    bytes += page[0].content.size();
    entries.push_back(std::move(page[0]));
  }
  return entries;
}

absl::StatusOr<std::vector<contract::WitnessedHead>> TransparencyLog::Witness(
    absl::string_view council, const contract::WitnessedHead& head) {
  if (head.council != council) {
    return absl::PermissionDeniedError(
        absl::StrCat("the head names council ", head.council, ", but the caller is ", council));
  }
  ASSIGN_OR_RETURN(const std::optional<Member> member, store_.FindMember(council));
  if (!member) return absl::PermissionDeniedError(absl::StrCat(council, " is no member; enrol first"));
  RETURN_IF_ERROR(contract::VerifyHead(head.seen, key_.public_key()));
  RETURN_IF_ERROR(contract::VerifyWitness(head, member->signing_key));
  const contract::LogHead& seen = head.seen.head;
  bool is_ours = false;
  {
    absl::MutexLock lock(&mutex_);
    RETURN_IF_ERROR(ReadOn());
    is_ours = seen.size <= leaves_.size() &&
              crypto::MerkleRoot(absl::MakeSpan(leaves_).first(seen.size)) == seen.root;
  }
  if (!is_ours) {
    Log(LogLevel::kError, "a council was shown another log than this one",
        {{"council", head.council}, {"head", contract::Describe(seen)}});
  }
  v1::WitnessedHead message;
  contract::WitnessedHeadToProto(head, message);
  const std::string bytes = message.SerializeAsString();
  ASSIGN_OR_RETURN(const std::vector<StoredWitness> stored, store_.Witnesses());
  const bool is_known = std::any_of(stored.begin(), stored.end(), [&](const StoredWitness& one) {
    return one.council == council && one.bytes == bytes;
  });
  // Councils look often, and show the same head for as long as nothing is decided.
  if (!is_known) {
    RETURN_IF_ERROR(store_.PutWitness({.council = head.council, .size = seen.size, .bytes = bytes}));
  }
  std::vector<contract::WitnessedHead> others;
  for (const StoredWitness& one : stored) {
    if (one.council == council || others.size() == contract::kMaxWitnesses) continue;
    if (!message.ParseFromString(one.bytes)) {
      return absl::DataLossError(absl::StrCat("the head that ", one.council, " was shown cannot be read"));
    }
    ASSIGN_OR_RETURN(contract::WitnessedHead other, contract::WitnessedHeadFromProto(message));
    others.push_back(std::move(other));
  }
  return others;
}

}  // namespace waymark::coordinator
