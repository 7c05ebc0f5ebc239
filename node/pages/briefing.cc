#include "node/pages/briefing.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/file.h"
#include "base/status.h"
#include "crypto/hash.h"

namespace waymark::node {
namespace {

std::string PathOf(const Configuration& configuration) {
  return PathUnder(configuration.state_directory, "briefing.txt");
}

// Browsers send new lines as two characters.
std::string LinesOf(const std::string& text) {
  return absl::StrReplaceAll(text, {{"\r\n", "\n"}, {"\r", "\n"}});
}

}  // namespace

absl::StatusOr<std::string> Commentary(const Configuration& configuration) {
  const std::string path = PathOf(configuration);
  if (!FileExists(path)) return std::string();
  return ReadFile(path, 2 * kMostCommentaryBytes);
}

std::string CommentaryTag(const std::string& commentary) {
  return absl::BytesToHexString(crypto::Sha256(commentary));
}

absl::Status KeepCommentary(const Configuration& configuration, const std::string& before,
                            const std::string& text) {
  const std::string lines = LinesOf(text);
  if (lines.size() > kMostCommentaryBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("A commentary has at most ", kMostCommentaryBytes, " characters."));
  }
  ASSIGN_OR_RETURN(const std::string now, Commentary(configuration));
  if (now == lines) return absl::OkStatus();  // sent twice
  if (CommentaryTag(now) != before) {
    return absl::AbortedError(
        "Somebody else changed the commentary after this form was opened. Nothing was saved: open the page "
        "again, and write what you meant to.");
  }
  RETURN_IF_ERROR(MakeDirectories(configuration.state_directory, 0700));
  return WriteFileAtomically(PathOf(configuration), lines, 0600);
}

}  // namespace waymark::node
