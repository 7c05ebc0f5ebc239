#include "node/site/asked_rounds.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/file.h"
#include "base/status.h"

namespace waymark::node {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostBytes = 1 << 20;

std::string PathOf(const Configuration& configuration) {
  return PathUnder(configuration.state_directory, "asked.json");
}

std::string TimeText(std::int64_t unix_s) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(unix_s), absl::UTCTimeZone());
}

}  // namespace

absl::Status KeepAsked(const Configuration& configuration, std::int64_t now_unix_s,
                       const std::vector<AskedRound>& rounds) {
  Json json = {{"looked", TimeText(now_unix_s)}, {"rounds", Json::array()}};
  for (const AskedRound& round : rounds) {
    json["rounds"].push_back({{"round", round.round_id},
                              {"deadline", TimeText(round.deadline_unix_s)},
                              {"late", round.is_late},
                              {"reminded", round.is_reminded},
                              {"waits_for", round.waits_for}});
  }
  return WriteFileAtomically(PathOf(configuration), json.dump(1) + "\n", 0600);
}

absl::StatusOr<std::string> AskedJson(const Configuration& configuration) {
  const std::string path = PathOf(configuration);
  if (!FileExists(path)) {
    return absl::FailedPreconditionError(
        "no look at the coordinator's rounds is known: `waymark-node run` makes them");
  }
  ASSIGN_OR_RETURN(std::string text, ReadFile(path, kMostBytes));
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("rounds") || !json["rounds"].is_array()) {
    return absl::DataLossError(absl::StrCat(path, ": is damaged; `waymark-node run` writes it anew"));
  }
  return text;
}

}  // namespace waymark::node
