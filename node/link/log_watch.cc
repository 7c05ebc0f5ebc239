#include "node/link/log_watch.h"

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/log.h"
#include "base/status.h"
#include "crypto/merkle_tree.h"
#include "node/link/log_head_file.h"

namespace waymark::node {
namespace {

constexpr absl::string_view kMend =
    "put a copy back, or remove it once the log was compared with another council's";

// What an answer other than OK says about the log, and not about the line or the machine.
bool IsAnswer(const absl::Status& status) {
  return absl::IsInvalidArgument(status) || absl::IsNotFound(status) || absl::IsFailedPrecondition(status);
}

std::string Named(const contract::WitnessedHead& head, absl::string_view self) {
  return absl::StrCat(head.council == self ? "this council" : absl::StrCat("council ", head.council), " (",
                      contract::Describe(head.seen.head), ")");
}

}  // namespace

std::string LogHeadPath(absl::string_view directory) {
  return PathUnder(directory, "log-head.json");
}
std::string LogForkPath(absl::string_view directory) {
  return PathUnder(directory, "log-fork.json");
}

absl::StatusOr<std::optional<contract::WitnessedHead>> KeptLogHead(absl::string_view directory) {
  const std::string path = LogHeadPath(directory);
  const auto text = ReadFile(path, kMaxLogHeadFileBytes);
  if (absl::IsNotFound(text.status())) return std::nullopt;
  RETURN_IF_ERROR(text.status());
  absl::StatusOr<contract::WitnessedHead> head = ParseLogHead(*text, path);
  if (head.ok()) return *std::move(head);
  return absl::DataLossError(absl::StrCat(head.status().message(),
                                          "; put a copy back, or remove it once somebody has compared "
                                          "the log with another council's"));
}

absl::Status LogWatch::Refresh() {
  RETURN_IF_ERROR(Load());
  ASSIGN_OR_RETURN(const contract::SignedLogHead shown, ShownHead());
  RETURN_IF_ERROR(Take(shown));
  ASSIGN_OR_RETURN(const auto others, source_.LogWitness(*kept_));
  for (const contract::WitnessedHead& other : others) {
    const absl::Status compared = Compare(other);
    if (absl::IsUnauthenticated(compared)) {  // nobody's word: it shows nothing
      Log(LogLevel::kWarning, "another council's head was not signed as it should be",
          {{"council", other.council}, {"error", std::string(compared.message())}});
      continue;
    }
    RETURN_IF_ERROR(compared);
  }
  return absl::OkStatus();
}

absl::StatusOr<contract::SignedLogHead> LogWatch::ShownHead() {
  absl::StatusOr<contract::SignedLogHead> shown = source_.LogHead();
  if (absl::IsUnimplemented(shown.status())) {
    return absl::FailedPreconditionError(
        "the coordinator has no transparency log, so nothing shows what it asks of others; it must be "
        "brought up to date before its nodes are");
  }
  RETURN_IF_ERROR(shown.status());
  RETURN_IF_ERROR(contract::VerifyHead(*shown, reader_.coordinator_key));
  return shown;
}

absl::Status LogWatch::Take(const contract::SignedLogHead& shown) {
  // A council that was renamed says it anew, in its name of today.
  const bool is_own = kept_ && kept_->council == reader_.council;
  if (is_own && shown.head.size == kept_->seen.head.size && shown.head.root == kept_->seen.head.root) {
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(contract::WitnessedHead own, contract::WitnessHead(shown, reader_.council, reader_.key));
  if (kept_ && shown.head.size < kept_->seen.head.size) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the coordinator's log went back: this council was shown ", contract::Describe(kept_->seen.head),
        ", and now ", contract::Describe(shown.head),
        "; an older copy was put back, or what was decided since is to be forgotten. Nothing is answered"));
  }
  if (kept_) RETURN_IF_ERROR(CheckExtends(*kept_, own));
  RETURN_IF_ERROR(WriteFileAtomically(LogHeadPath(reader_.directory), LogHeadText(own), 0600));
  kept_ = std::move(own);
  return absl::OkStatus();
}

absl::Status LogWatch::CheckExtends(const contract::WitnessedHead& earlier,
                                    const contract::WitnessedHead& later) {
  const contract::LogHead& from = earlier.seen.head;
  const contract::LogHead& to = later.seen.head;
  std::vector<std::string> proof;
  if (from.size != to.size && from.size != 0) {
    absl::StatusOr<std::vector<std::string>> shown = source_.LogConsistency(from.size, to.size);
    if (!shown.ok() && !IsAnswer(shown.status())) return shown.status();
    if (shown.ok()) proof = *std::move(shown);
  }
  if (crypto::IsMerkleExtension(from.root, from.size, to.root, to.size, proof)) return absl::OkStatus();
  return Forked(earlier, later);
}

absl::Status LogWatch::Compare(const contract::WitnessedHead& other) {
  RETURN_IF_ERROR(Load());
  const contract::LogHead& head = other.seen.head;
  if (compared_.contains({head.size, head.root})) return absl::OkStatus();
  RETURN_IF_ERROR(contract::VerifyHead(other.seen, reader_.coordinator_key));
  // Whose word it is matters for the message alone: two heads that the coordinator signed are its own doing.
  const std::string key = reader_.key_of(other.council);
  if (!key.empty()) RETURN_IF_ERROR(contract::VerifyWitness(other, key));
  if (!kept_ || head.size > kept_->seen.head.size) {  // it was shown later than this node's, or to it alone
    ASSIGN_OR_RETURN(const contract::SignedLogHead shown, ShownHead());
    RETURN_IF_ERROR(Take(shown));
  }
  if (head.size > kept_->seen.head.size) return Forked(*kept_, other);
  RETURN_IF_ERROR(CheckExtends(other, *kept_));
  compared_.emplace(head.size, head.root);
  return absl::OkStatus();
}

absl::Status LogWatch::Forked(const contract::WitnessedHead& one, const contract::WitnessedHead& other) {
  const std::string path = LogForkPath(reader_.directory);
  RETURN_IF_ERROR(WriteFileAtomically(
      path, absl::StrCat("[\n", LogHeadText(one), ",\n", LogHeadText(other), "]\n"), 0600));
  const absl::Status forked = absl::FailedPreconditionError(
      absl::StrCat("the coordinator shows two logs: to ", Named(one, reader_.council), " and to ",
                   Named(other, reader_.council),
                   ", both signed with its key, and it cannot show that the one continues the other. Nothing "
                   "is answered; tell "
                   "the officers and the other councils. Both heads stand in ",
                   path));
  Log(LogLevel::kError, "the coordinator's log is forked", {{"error", std::string(forked.message())}});
  return forked;
}

absl::Status LogWatch::Load() {
  const std::string path = LogForkPath(reader_.directory);
  if (FileExists(path)) {
    return absl::FailedPreconditionError(
        absl::StrCat("the coordinator has shown two logs, which stand in ", path,
                     "; nothing is answered until people have found out why and removed that file"));
  }
  if (kept_) return absl::OkStatus();
  ASSIGN_OR_RETURN(kept_, KeptLogHead(reader_.directory));
  if (!kept_ || contract::VerifyHead(kept_->seen, reader_.coordinator_key).ok()) return absl::OkStatus();
  kept_.reset();
  return absl::DataLossError(absl::StrCat(
      LogHeadPath(reader_.directory), ": is not signed by the coordinator's key of client.toml; ", kMend));
}

absl::StatusOr<bool> LogWatch::Includes(const contract::LogEntry& entry) {
  if (!kept_) return false;
  const contract::LogHead& head = kept_->seen.head;
  const std::string leaf = contract::LogLeafHash(entry);
  const absl::StatusOr<LogSource::Inclusion> shown = source_.LogInclusion(head.size, leaf);
  if (!shown.ok()) return IsAnswer(shown.status()) ? absl::StatusOr<bool>(false) : shown.status();
  return crypto::IsInMerkleTree(head.root, leaf, shown->index, head.size, shown->proof);
}

absl::Status LogWatch::Require(const contract::LogEntry& entry) {
  const std::string leaf = contract::LogLeafHash(entry);
  RETURN_IF_ERROR(Load());
  if (found_.contains(leaf)) return absl::OkStatus();
  ASSIGN_OR_RETURN(bool found, Includes(entry));
  if (!found) {
    RETURN_IF_ERROR(Refresh());
    ASSIGN_OR_RETURN(found, Includes(entry));
  }
  if (!found) {
    return absl::NotFoundError(
        absl::StrCat("the ", contract::NameOf(entry), " is not in the coordinator's log (",
                     contract::Describe(kept_->seen.head), "), so it is not acted on"));
  }
  found_.insert(leaf);
  return absl::OkStatus();
}

}  // namespace waymark::node
