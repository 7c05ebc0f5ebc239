#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/status.h"
#include "base/text_table.h"
#include "node/cli/commands.h"
#include "node/site/asked_rounds.h"
#include "node/site/site.h"

namespace waymark::node {
namespace {

using Json = nlohmann::ordered_json;

}  // namespace

absl::Status RoundsCommand(const CommonOptions& common) {
  ASSIGN_OR_RETURN(const Site site, LoadSite(common.config));
  ASSIGN_OR_RETURN(const std::string text, AskedJson(site.configuration));
  const Json json = Json::parse(text);
  if (common.json) {
    std::printf("%s", text.c_str());
    return absl::OkStatus();
  }
  TextTable table({"round", "deadline (UTC)", "answered", "waits for"});
  for (const Json& round : json["rounds"]) {
    const bool is_late = round.value("late", false);
    const bool is_reminded = round.value("reminded", false);
    const std::string waits = round.value("waits_for", "");
    table.AddRow({round.value("round", ""), round.value("deadline", ""),
                  is_late       ? "no, and is late"
                  : is_reminded ? "no, and the deadline is near"
                                : "no",
                  waits.empty() ? "the next look" : waits});
  }
  std::printf("Looked at %s.\n%s", json.value("looked", "").c_str(),
              table.empty() ? "Every round that asks this council is answered.\n" : table.Render().c_str());
  return absl::OkStatus();
}

}  // namespace waymark::node
