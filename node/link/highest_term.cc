#include "node/link/highest_term.h"

#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "base/status.h"

namespace waymark::node {
namespace {

constexpr std::size_t kMostFileBytes = 1024;

}  // namespace

absl::StatusOr<std::unique_ptr<HighestTerm>> HighestTerm::Open(const std::string& identity_directory,
                                                               absl::string_view coordinator_key) {
  std::unique_ptr<HighestTerm> term(
      new HighestTerm(PathUnder(identity_directory, "leader-term"), absl::BytesToHexString(coordinator_key)));
  if (!FileExists(term->path_)) return term;
  ASSIGN_OR_RETURN(const std::string text, ReadFile(term->path_, kMostFileBytes));
  const std::vector<std::string> words = absl::StrSplit(absl::StripAsciiWhitespace(text), ' ');
  std::uint64_t highest = 0;
  if (words.size() != 2 || !absl::SimpleAtoi(words[1], &highest)) {
    return absl::DataLossError(absl::StrCat(
        term->path_,
        ": expected the coordinator's key and the highest term that it led in; remove the file"));
  }
  const absl::MutexLock lock(&term->mutex_);
  if (words[0] == term->coordinator_key_) term->highest_ = highest;
  return term;
}

absl::Status HighestTerm::Take(std::uint64_t term) {
  const absl::MutexLock lock(&mutex_);
  if (term < highest_) {
    return absl::UnavailableError(absl::StrCat(
        "who answered led in term ", term, ", and term ", highest_,
        " was heard of. If the coordinator's store was brought back from a backup, remove ", path_));
  }
  if (term == highest_) return absl::OkStatus();
  RETURN_IF_ERROR(WriteFileAtomically(path_, absl::StrCat(coordinator_key_, " ", term, "\n"), 0600));
  highest_ = term;
  return absl::OkStatus();
}

}  // namespace waymark::node
