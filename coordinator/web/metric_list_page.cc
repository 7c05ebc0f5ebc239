// What is published, with the comparisons first that the library features.
#include <map>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "catalogue/wording.h"
#include "coordinator/benchmark/combine.h"
#include "coordinator/web/figure_section.h"
#include "coordinator/web/page.h"
#include "http/routes.h"
#include "proto/contract/names.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::ordered_json;

// Its first figure of all participants, or of the first place that the caller sees.
absl::StatusOr<Json> Featured(const PageParts& parts, const Asked& asked, const v1::Metric& metric) {
  v1::QueryRequest query;
  query.set_metric(metric.id());
  ASSIGN_OR_RETURN(const v1::QueryResponse response, parts.query.Answer(query, asked.caller.scope));
  const v1::Figure* shown = nullptr;
  for (const v1::Figure& figure : response.figures()) {
    const bool is_all = figure.geography_code() == kParticipantsCode;
    if (shown == nullptr || (is_all && shown->geography_code() != kParticipantsCode)) shown = &figure;
  }
  Json row = {{"metric", metric.id()},
              {"metric_title", metric.title()},
              {"period", response.period()},
              {"value_text", ""},
              {"interval", ""},
              {"quantity", ""},
              {"place", ""}};
  if (shown == nullptr) return row;
  row.update(FigureCells(*shown));
  row["place"] = shown->geography_name();
  row["quantity"] = shown->version() == metric.version() ? catalogue::QuantityTitle(metric, shown->quantity())
                                                         : shown->quantity();
  if (shown->window_days() > 0)
    row["quantity"] =
        absl::StrCat(row["quantity"].get<std::string>(), ", within ", shown->window_days(), " days");
  return row;
}

}  // namespace

absl::StatusOr<Json> MetricListPage(const PageParts& parts, const Asked& asked) {
  RETURN_IF_ERROR(http::CheckWords(asked.request.query, {}));
  ASSIGN_OR_RETURN(const v1::ListPublishedResponse published, parts.query.ListPublished(asked.caller.scope));
  std::map<std::string, std::string> newest;  // period, by metric
  for (const auto& entry : published.entries()) {
    std::string& period = newest[entry.metric()];
    period = std::max(period, entry.period());
  }
  Json featured = Json::array(), others = Json::array(), unpublished = Json::array();
  for (const v1::Metric& metric : parts.library.metrics()) {
    if (!asked.caller.scope.SeesMetric(metric.id())) continue;
    const auto found = newest.find(metric.id());
    if (found == newest.end()) {
      unpublished.push_back({{"metric", metric.id()}, {"metric_title", metric.title()}});
    } else if (metric.headline()) {
      ASSIGN_OR_RETURN(Json row, Featured(parts, asked, metric));
      featured.push_back(std::move(row));
    } else {
      others.push_back({{"metric", metric.id()},
                        {"metric_title", metric.title()},
                        {"period", found->second},
                        {"unit", metric.display_unit()},
                        {"direction", catalogue::DirectionInWords(metric.direction())}});
    }
  }
  return Json{{"template", "national/metrics"},       {"title", "Compare councils"},
              {"is_empty", newest.empty()},           {"has_featured", !featured.empty()},
              {"featured", std::move(featured)},      {"has_others", !others.empty()},
              {"others", std::move(others)},          {"has_unpublished", !unpublished.empty()},
              {"unpublished", std::move(unpublished)}};
}

}  // namespace waymark::coordinator
