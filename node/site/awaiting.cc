#include "node/site/awaiting.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "base/status.h"

namespace waymark::node {
namespace {

constexpr std::size_t kMostSpecBytes = 8 << 20;
constexpr std::size_t kMostRefusalBytes = 1024;
constexpr absl::string_view kSuffix = ".round";

std::string AwaitingFolder(const Configuration& configuration) {
  return PathUnder(configuration.state_directory, "awaiting");
}

std::string CorrectionsFolder(const Configuration& configuration) {
  return PathUnder(configuration.state_directory, "corrections");
}

// A round's name is letters, digits and hyphens once a spec was checked, a correction's has a dot; what a
// person types may be anything.
bool IsRoundName(absl::string_view name) {
  return !name.empty() && name.size() <= 64 && name[0] != '.' &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
         });
}

std::string PathIn(const std::string& folder, absl::string_view round_id) {
  return PathUnder(folder, absl::StrCat(round_id, kSuffix));
}

std::string RefusalPath(const Configuration& configuration, absl::string_view round_id) {
  return PathUnder(AwaitingFolder(configuration), absl::StrCat(round_id, ".refused"));
}

absl::StatusOr<contract::RoundSpec> ReadSpec(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string bytes, ReadFile(path, kMostSpecBytes));
  v1::RoundSpec message;
  if (!message.ParseFromString(bytes)) {
    return absl::DataLossError(
        absl::StrCat(path, ": is not a round's spec; remove it, and `run` fetches it again"));
  }
  return contract::RoundSpecFromProto(message);
}

std::vector<std::string> NamesIn(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (absl::EndsWith(name, kSuffix)) names.push_back(name.substr(0, name.size() - kSuffix.size()));
  }
  std::sort(names.begin(), names.end());
  return names;
}

absl::Status WriteSpec(const std::string& folder, const contract::RoundSpec& spec) {
  RETURN_IF_ERROR(MakeDirectories(folder, 0700));
  v1::RoundSpec message;
  contract::RoundSpecToProto(spec, message);
  return WriteFileAtomically(PathIn(folder, spec.round_id), message.SerializeAsString(), 0600);
}

absl::StatusOr<std::vector<contract::RoundSpec>> SpecsIn(const std::string& folder) {
  std::vector<contract::RoundSpec> specs;
  for (const std::string& name : NamesIn(folder)) {
    ASSIGN_OR_RETURN(contract::RoundSpec spec, ReadSpec(PathIn(folder, name)));
    specs.push_back(std::move(spec));
  }
  return specs;
}

void Forget(const std::string& folder, absl::string_view round_id) {
  std::error_code ignored;
  std::filesystem::remove(PathIn(folder, round_id), ignored);
}

}  // namespace

absl::Status KeepAwaiting(const Configuration& configuration, const contract::RoundSpec& spec) {
  const std::string path = PathIn(AwaitingFolder(configuration), spec.round_id);
  if (FileExists(path)) {
    ASSIGN_OR_RETURN(const contract::RoundSpec kept, ReadSpec(path));
    if (kept == spec) return absl::OkStatus();
    return absl::AlreadyExistsError(absl::StrCat(
        "round ", spec.round_id, ": the coordinator asks something else now than what waits for approval in ",
        path, "; remove that file to look at the new question, and ask the coordinator why"));
  }
  return WriteSpec(AwaitingFolder(configuration), spec);
}

absl::StatusOr<contract::RoundSpec> LoadAwaiting(const Configuration& configuration,
                                                 absl::string_view round_id) {
  const std::string folder = AwaitingFolder(configuration);
  if (IsRoundName(round_id) && FileExists(PathIn(folder, round_id)))
    return ReadSpec(PathIn(folder, round_id));
  const std::vector<std::string> names = NamesIn(folder);
  return absl::NotFoundError(absl::StrCat("no round called \"", round_id, "\" waits for approval here; ",
                                          names.empty()
                                              ? "none does: `waymark-node run` fetches them"
                                              : absl::StrCat("there are: ", absl::StrJoin(names, ", "))));
}

absl::StatusOr<std::vector<contract::RoundSpec>> ListAwaiting(const Configuration& configuration) {
  return SpecsIn(AwaitingFolder(configuration));
}

void ForgetAwaiting(const Configuration& configuration, absl::string_view round_id) {
  std::error_code ignored;
  if (IsRoundName(round_id)) std::filesystem::remove(RefusalPath(configuration, round_id), ignored);
  Forget(AwaitingFolder(configuration), round_id);
}

absl::Status KeepRefusal(const Configuration& configuration, absl::string_view round_id,
                         const RoundRefusal& refusal) {
  RETURN_IF_ERROR(LoadAwaiting(configuration, round_id).status());
  return WriteFileAtomically(RefusalPath(configuration, round_id),
                             absl::StrCat(refusal.unix_s, " ", refusal.by, "\n"), 0600);
}

absl::Status TakeBackRefusal(const Configuration& configuration, absl::string_view round_id) {
  RETURN_IF_ERROR(LoadAwaiting(configuration, round_id).status());
  std::error_code error;
  std::filesystem::remove(RefusalPath(configuration, round_id), error);
  if (!error) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(RefusalPath(configuration, round_id), ": ", error.message()));
}

absl::StatusOr<std::optional<RoundRefusal>> RefusalOf(const Configuration& configuration,
                                                      absl::string_view round_id) {
  const std::string path = RefusalPath(configuration, round_id);
  if (!IsRoundName(round_id) || !FileExists(path)) return std::nullopt;
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kMostRefusalBytes));
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(absl::StripAsciiWhitespace(text), absl::MaxSplits(' ', 1));
  RoundRefusal refusal{.by = std::string(parts.second)};
  if (absl::SimpleAtoi(parts.first, &refusal.unix_s) && !refusal.by.empty()) return refusal;
  return absl::DataLossError(
      absl::StrCat(path, ": is no refusal; nothing of the round leaves until it is removed"));
}

absl::Status KeepCorrection(const Configuration& configuration, const contract::RoundSpec& spec) {
  return WriteSpec(CorrectionsFolder(configuration), spec);
}

absl::StatusOr<std::vector<contract::RoundSpec>> ListCorrections(const Configuration& configuration) {
  return SpecsIn(CorrectionsFolder(configuration));
}

void ForgetCorrection(const Configuration& configuration, absl::string_view id) {
  Forget(CorrectionsFolder(configuration), id);
}

}  // namespace waymark::node
