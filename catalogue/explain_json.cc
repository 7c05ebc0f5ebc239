#include <nlohmann/json.hpp>

#include "catalogue/columns.h"
#include "catalogue/explain.h"
#include "catalogue/wording.h"
#include "proto/contract/names.h"

namespace waymark::catalogue {
namespace {

using Json = nlohmann::ordered_json;

std::string Text(absl::string_view text) {
  return std::string(text);
}

template <typename Values>
Json Array(const Values& values) {
  Json array = Json::array();
  for (const auto& value : values) array.push_back(value);
  return array;
}

Json Short(const v1::Metric& metric) {
  return Json{{"id", metric.id()},
              {"number", metric.number()},
              {"version", metric.version()},
              {"title", metric.title()},
              {"kind", Text(contract::NameOf(metric.kind()))},
              {"display_unit", metric.display_unit()},
              {"direction", Text(contract::NameOf(metric.direction()))},
              {"window_days", Array(metric.window_days())},
              {"units", Array(UnitNamesOf(metric))},
              {"modes", Array(ModeNamesOf(metric))},
              {"headline", metric.headline()}};
}

// Texts come from UTF-8 files; a byte that is not UTF-8 is replaced, never thrown about.
std::string Dumped(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string ListJson(const Library& library) {
  Json list = Json::array();
  for (const v1::Metric& metric : library.metrics()) list.push_back(Short(metric));
  return Dumped(list);
}

std::string ExplainJson(const v1::Metric& metric) {
  Json json = Short(metric);
  json["definition"] = metric.definition();
  json["denominator"] = DenominatorInWords(metric);
  json["outcomes"] = Json::array();
  for (const v1::Outcome& outcome : metric.outcomes()) {
    json["outcomes"].push_back(
        {{"id", outcome.id()}, {"title", outcome.title()}, {"rule", OutcomeInWords(metric, outcome)}});
  }
  json["bins"] = Array(metric.bins());
  json["columns"] = Array(ColumnsOf(metric));
  json["breakdowns"] = Array(metric.breakdowns());
  json["fields_needed"] = Array(metric.fields_needed());
  json["contribution_bound"] = metric.contribution_bound();
  if (metric.most_moves() > 0) json["most_moves"] = metric.most_moves();
  json["linkage_group"] = metric.linkage_group();
  json["questions"] = Array(metric.questions());
  json["source"] = metric.source();
  json["caveats"] = Array(metric.caveats());
  return Dumped(json);
}

}  // namespace waymark::catalogue
