#include "coordinator/web/page.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "base/nearest.h"
#include "catalogue/moves.h"
#include "coordinator/benchmark/combine.h"
#include "coordinator/web/table_request.h"
#include "http/target.h"
#include "proto/contract/names.h"

namespace waymark::coordinator {

using Json = nlohmann::ordered_json;

std::string AddressWords(const std::vector<std::pair<std::string, std::string>>& words) {
  std::string text;
  for (const auto& [name, value] : words) {
    if (!value.empty())
      absl::StrAppend(&text, text.empty() ? "?" : "&", name, "=", http::EncodeForAddress(value));
  }
  return text;
}

std::string DayText(std::int64_t unix_s) {
  return absl::FormatTime("%-d %B %Y", absl::FromUnixSeconds(unix_s), absl::UTCTimeZone());
}

absl::StatusOr<const v1::Metric*> MetricNamed(const PageParts& parts, const Asked& asked) {
  const v1::Metric* metric = parts.library.Find(asked.variable);
  if (metric != nullptr) return metric;
  std::vector<std::string> known;
  for (const v1::Metric& each : parts.library.metrics()) known.push_back(each.id());
  const std::string nearest = Nearest(asked.variable, known);
  return absl::NotFoundError(
      absl::StrCat("metric: \"", asked.variable, "\" is not in the library",
                   nearest.empty() ? "" : absl::StrCat("; did you mean ", nearest, "?")));
}

std::string KeptWords(const http::Words& words) {
  return AddressWords({{"geography", ValueOf(words, "geography")},
                       {"window", ValueOf(words, "window")},
                       {"unit", ValueOf(words, "unit")}});
}

Json MetricViews(const v1::Metric& metric, absl::string_view view, const http::Words& words) {
  const std::string kept = KeptWords(words);
  Json views = Json::array();
  const auto add = [&](absl::string_view name, const char* label) {
    views.push_back({{"href", absl::StrCat("/metrics/", metric.id(), name.empty() ? "" : "/", name, kept)},
                     {"label", label},
                     {"current", name == view}});
  };
  add("", "Figures");
  add("trend", "Over time");
  add("councils", "Between councils");
  if (metric.kind() == v1::METRIC_KIND_SURVIVAL) add("curve", "Day by day");
  if (catalogue::IsOfMoves(metric)) add("journeys", "Journeys");
  return views;
}

Json NarrowingOptions(const v1::QueryResponse& all, const v1::QueryRequest& asked, bool takes_all) {
  std::set<std::uint32_t> windows;
  std::set<v1::Unit> units;
  for (const v1::Figure& figure : all.figures()) {
    if (figure.window_days() > 0) windows.insert(figure.window_days());
    units.insert(figure.unit());
  }
  Json window_options = Json::array(), unit_options = Json::array();
  if (takes_all) {
    window_options.push_back(PageOption("", "All", !asked.has_window_days()));
    unit_options.push_back(PageOption("", "All", asked.unit() == v1::UNIT_UNSPECIFIED));
  }
  for (const std::uint32_t days : windows) {
    window_options.push_back(PageOption(absl::StrCat(days), absl::StrCat("Within ", days, " days"),
                                        asked.has_window_days() && asked.window_days() == days));
  }
  for (const v1::Unit unit : units) {
    std::string name(contract::NameOf(unit));
    std::string label = name;
    label[0] = absl::ascii_toupper(static_cast<unsigned char>(label[0]));
    unit_options.push_back(PageOption(name, label, asked.unit() == unit));
  }
  return {{"has_windows", windows.size() > 1},
          {"window_options", std::move(window_options)},
          {"has_units", units.size() > 1},
          {"unit_options", std::move(unit_options)}};
}

v1::QueryRequest QueryOf(const v1::ListPublishedResponse::Entry& entry) {
  v1::QueryRequest query;
  query.set_metric(entry.metric());
  query.set_version(entry.version());
  query.set_period(entry.period());
  query.set_round_id(entry.round_id());
  return query;
}

Json PageOption(const std::string& value, const std::string& label, bool is_chosen) {
  return {{"option_value", value}, {"option_label", label}, {"chosen", is_chosen}};
}

Json PlaceOptions(const v1::QueryResponse& response, const catalogue::Library& library,
                  const std::string& chosen) {
  std::vector<std::pair<std::string, std::string>> regions, councils;
  for (const auto& council : response.coverage()) {
    const v1::Area* area = library.FindAreaEver(council.council());
    if (area != nullptr) regions.emplace_back(area->region_name(), area->region_code());
    councils.emplace_back(council.name(), council.council());
  }
  Json options = Json::array();
  options.push_back(PageOption("", "All participants", chosen == kParticipantsCode));
  for (auto* list : {&regions, &councils}) {
    std::sort(list->begin(), list->end());
    list->erase(std::unique(list->begin(), list->end()), list->end());
    for (const auto& [name, code] : *list) options.push_back(PageOption(code, name, chosen == code));
  }
  return options;
}

Json CoverageWords(const v1::QueryResponse& response) {
  Json absent = Json::array();
  for (const auto& council : response.coverage()) {
    if (council.absence() != v1::ABSENCE_UNSPECIFIED)
      absent.push_back(
          {{"council", council.name()}, {"why", std::string(contract::NameOf(council.absence()))}});
  }
  const auto all = static_cast<std::size_t>(response.coverage_size());
  const std::size_t present = all - absent.size();
  return {
      {"words", absl::StrCat(present, " of ", all, all == 1 ? " council" : " councils", " gave a table.")},
      {"has_absent", !absent.empty()},
      {"absent_list", std::move(absent)}};
}

std::string PlaceNameIn(const std::vector<v1::Figure>& figures, const std::string& code) {
  for (const v1::Figure& figure : figures) {
    if (figure.geography_code() == code) return figure.geography_name();
  }
  return code == kParticipantsCode ? "All participants" : code;
}

}  // namespace waymark::coordinator
