// Coverage: who is in what was published, who is not and why; and of rounds under way, who has answered, for
// those who may know.
#include <map>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "coordinator/serve/narrow.h"
#include "coordinator/web/calls.h"
#include "coordinator/web/page.h"
#include "http/routes.h"
#include "proto/contract/names.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::ordered_json;

absl::StatusOr<Json> PublishedOf(const PageParts& parts, const Asked& asked) {
  ASSIGN_OR_RETURN(const v1::ListPublishedResponse published, parts.query.ListPublished(asked.caller.scope));
  Json rows = Json::array();
  for (const auto& entry : published.entries()) {
    ASSIGN_OR_RETURN(const v1::QueryResponse response,
                     parts.query.Answer(QueryOf(entry), asked.caller.scope));
    const v1::Metric* metric = parts.library.Find(entry.metric());
    Json row = CoverageWords(response);
    row["metric"] = entry.metric();
    row["metric_title"] = metric == nullptr ? entry.metric() : metric->title();
    row["period"] = entry.period();
    row["round"] = entry.round_id();
    row["mode"] = std::string(contract::NameOf(entry.mode()));
    row["published_on"] = DayText(response.published_unix_s());
    row["href"] = absl::StrCat("/metrics/", entry.metric(),
                               AddressWords({{"period", entry.period()}, {"round", entry.round_id()}}));
    rows.push_back(std::move(row));
  }
  return rows;
}

absl::StatusOr<Json> RoundsOf(const PageParts& parts, const Asked& asked) {
  ASSIGN_OR_RETURN(std::vector<v1::RoundStatus> rounds, parts.rounds.List());
  NarrowRounds(asked.caller, parts.library, rounds);
  Json rows = Json::array();
  for (const v1::RoundStatus& round : rounds) {
    int answered = 0;
    for (const auto& council : round.councils()) answered += council.answered() ? 1 : 0;
    rows.push_back({{"round", round.spec().round_id()},
                    {"round_title", round.spec().title()},
                    {"round_state", std::string(contract::NameOf(round.state()))},
                    {"answered", absl::StrCat(answered, " of ", round.councils_size())},
                    {"deadline", DayText(round.spec().deadline_unix_s())}});
  }
  return rows;
}

}  // namespace

absl::StatusOr<Json> RoundsPage(const PageParts& parts, const Asked& asked) {
  RETURN_IF_ERROR(http::CheckWords(asked.request.query, {}));
  Json page = {{"template", "national/rounds"}, {"title", "Coverage and rounds"}, {"has_rounds", false}};
  ASSIGN_OR_RETURN(Json published, PublishedOf(parts, asked));
  page["is_empty"] = published.empty();
  page["published"] = std::move(published);
  if (CheckAccess(kListRounds, asked.caller).ok()) {
    ASSIGN_OR_RETURN(Json rounds, RoundsOf(parts, asked));
    page["has_rounds"] = !rounds.empty();
    page["rounds"] = std::move(rounds);
  }
  return page;
}

}  // namespace waymark::coordinator
