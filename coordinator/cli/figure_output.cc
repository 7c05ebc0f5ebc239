#include "coordinator/cli/figure_output.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/csv.h"
#include "base/text_table.h"
#include "coordinator/cli/figure_text.h"
#include "coordinator/cli/output.h"
#include "coordinator/cli/standing_text.h"
#include "coordinator/export/figure_table.h"
#include "proto/contract/names.h"
#include "proto/contract/revision.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLeastWidth = 8;

Json Number(bool present, double number) {
  if (!present) return nullptr;
  if (number == std::floor(number) && std::fabs(number) < 1e15) return static_cast<std::int64_t>(number);
  return number;
}

// Null where no standing was asked, or there is none.
void AddStanding(const v1::Figure& figure, Json& json) {
  const v1::CouncilStanding& standing = figure.standing();
  const auto from_one = [](std::uint32_t number) { return number == 0 ? Json(nullptr) : Json(number); };
  const bool asked = figure.has_standing();
  json["standing_councils"] = asked ? Json(standing.councils()) : Json(nullptr);
  json["standing_suppressed"] = asked ? Json(standing.suppressed()) : Json(nullptr);
  json["rank_from"] = from_one(standing.rank_from());
  json["rank_to"] = from_one(standing.rank_to());
  json["quarter"] = from_one(standing.quarter());
  json["funnel_target"] = Number(standing.has_target(), standing.target());
  json["funnel_95_lower"] = Number(standing.has_warning_lower(), standing.warning_lower());
  json["funnel_95_upper"] = Number(standing.has_warning_upper(), standing.warning_upper());
  json["funnel_998_lower"] = Number(standing.has_alarm_lower(), standing.alarm_lower());
  json["funnel_998_upper"] = Number(standing.has_alarm_upper(), standing.alarm_upper());
  json["funnel_place"] = standing.has_target() ? Json(std::string(FunnelPlaceOf(figure))) : Json(nullptr);
  json["dispersion"] = Number(standing.has_dispersion(), standing.dispersion());
}

Json ToJson(const v1::Figure& figure) {
  Json breakdown = Json::object();
  const std::vector<std::string> categories = absl::StrSplit(figure.category(), '|');
  for (int i = 0; i < figure.dimensions_size(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    breakdown[figure.dimensions(i)] = at < categories.size() ? categories[at] : "";
  }
  Json json = {{"metric", figure.metric()},
               {"version", figure.version()},
               {"period", figure.period()},
               {"window_days", figure.window_days() == 0 ? Json(nullptr) : Json(figure.window_days())},
               {"counted", std::string(contract::NameOf(figure.unit()))},
               {"level", std::string(contract::NameOf(figure.level()))},
               {"geography_code", figure.geography_code()},
               {"geography_name", figure.geography_name()},
               {"breakdown", breakdown},
               {"quantity", figure.quantity()},
               {"status", std::string(contract::NameOf(figure.status()))},
               {"shorthand", std::string(contract::ShorthandOf(figure.status()))},
               {"absence", std::string(contract::NameOf(figure.absence()))},
               {"numerator", Number(figure.has_numerator(), figure.numerator())},
               {"denominator", Number(figure.has_denominator(), figure.denominator())},
               {"value", Number(figure.has_value(), figure.value())},
               {"lower", Number(figure.has_lower(), figure.lower())},
               {"upper", Number(figure.has_upper(), figure.upper())},
               {"sampling_lower", Number(figure.has_sampling_lower(), figure.sampling_lower())},
               {"sampling_upper", Number(figure.has_sampling_upper(), figure.sampling_upper())},
               {"unit", figure.display_unit()},
               {"mode", std::string(contract::NameOf(figure.mode()))}};
  json["contributors"] = figure.contributors();
  json["suppressed_parts"] = figure.suppressed_parts();
  json["absent"] = figure.absent();
  json["lowest_quartile"] = Number(figure.has_lowest_quartile(), figure.lowest_quartile());
  json["middle_quartile"] = Number(figure.has_middle_quartile(), figure.middle_quartile());
  json["highest_quartile"] = Number(figure.has_highest_quartile(), figure.highest_quartile());
  json["round_id"] = figure.round_id();
  json["lowest_quartile_from"] = Number(figure.has_lowest_quartile_from(), figure.lowest_quartile_from());
  json["lowest_quartile_to"] = Number(figure.has_lowest_quartile_to(), figure.lowest_quartile_to());
  json["middle_quartile_from"] = Number(figure.has_middle_quartile_from(), figure.middle_quartile_from());
  json["middle_quartile_to"] = Number(figure.has_middle_quartile_to(), figure.middle_quartile_to());
  json["highest_quartile_from"] = Number(figure.has_highest_quartile_from(), figure.highest_quartile_from());
  json["highest_quartile_to"] = Number(figure.has_highest_quartile_to(), figure.highest_quartile_to());
  json["expected_at_zero"] = Number(figure.has_expected_at_zero(), figure.expected_at_zero());
  json["expected_slope"] = Number(figure.has_expected_slope(), figure.expected_slope());
  json["expected_slope_noise_from"] = Number(figure.has_expected_slope_from(), figure.expected_slope_from());
  json["expected_slope_noise_to"] = Number(figure.has_expected_slope_to(), figure.expected_slope_to());
  json["unbounded_parts"] = figure.unbounded_parts();
  AddStanding(figure, json);
  const v1::Standardisation& standardised = figure.standardised();
  json["standardised_by"] = standardised.by();
  json["standardised_value"] = Number(standardised.has_value(), standardised.value());
  json["standardised_lower"] = Number(standardised.has_lower(), standardised.lower());
  json["standardised_upper"] = Number(standardised.has_upper(), standardised.upper());
  json["standardised_strata"] = figure.has_standardised() ? Json(standardised.strata()) : Json(nullptr);
  json["standardised_percent_suppressed"] =
      figure.has_standardised() ? Json(standardised.percent_suppressed()) : Json(nullptr);
  json["standardised_percent_empty"] =
      figure.has_standardised() ? Json(standardised.percent_empty()) : Json(nullptr);
  json["standardised_missing"] = standardised.missing();
  json["standard"] = standardised.standard();
  return json;
}

Json BandsJson(const v1::Figure& figure) {
  Json bands = Json::array();
  for (const auto& band : figure.council_bands()) {
    bands.push_back({{"from", band.from()}, {"to", band.to()}, {"councils", band.councils()}});
  }
  return bands;
}

Json ToJson(const v1::ScopeDeclaration& scope) {
  return {{"includes_universal", scope.includes_universal()},
          {"includes_partner_led", scope.includes_partner_led()},
          {"includes_signposted", scope.includes_signposted()},
          {"includes_commissioned", scope.includes_commissioned()},
          {"includes_delivered", scope.includes_delivered()},
          {"family_help_joined", scope.family_help_joined()},
          {"note", scope.note()}};
}

Json ToJson(const google::protobuf::RepeatedPtrField<v1::QueryResponse::Contributor>& coverage) {
  Json json = Json::array();
  for (const auto& council : coverage) {
    json.push_back({{"council", council.council()},
                    {"name", council.name()},
                    {"absence", std::string(contract::NameOf(council.absence()))},
                    {"scope", council.has_scope() ? ToJson(council.scope()) : Json(nullptr)}});
  }
  return json;
}

Json ToJson(const v1::TrendResponse::Test& test) {
  return {{"from_period", test.from_period()},
          {"to_period", test.to_period()},
          {"change", test.change()},
          {"lower", test.lower()},
          {"upper", test.upper()},
          {"p", test.p()},
          {"travel", std::string(TravelText(test.travel()))}};
}

Json ToJson(const v1::TrendResponse::Runs& runs) {
  return {{"points", runs.points()},
          {"longest", runs.longest()},
          {"longest_usual", runs.longest_usual()},
          {"crossings", runs.crossings()},
          {"crossings_usual", runs.crossings_usual()},
          {"unusual", runs.unusual()}};
}

std::string CsvCell(const Json& value) {
  if (value.is_null()) return "";
  if (value.is_string()) return CsvField(value.get<std::string>());
  return value.dump();
}

std::string SpreadText(const v1::Figure& figure) {
  if (!figure.has_lowest_quartile()) return "";
  v1::Figure low = figure;
  low.set_lower(figure.lowest_quartile());
  low.set_upper(figure.highest_quartile());
  return IntervalText(low);
}

std::string GroupText(const v1::Figure& figure) {
  if (figure.dimensions_size() == 0) return "";
  const std::string category = figure.category();
  return category.empty() ? "(not recorded)" : Printable(category);
}

std::string CouncilsText(const v1::Figure& figure) {
  if (figure.level() == v1::GEOGRAPHY_LEVEL_COUNCIL) return "";
  return figure.suppressed_parts() == 0
             ? absl::StrCat(figure.contributors())
             : absl::StrCat(figure.contributors(), " (", figure.suppressed_parts(), " [c])");
}

// How a table is laid out, so that it fits.
struct Layout {
  std::size_t names = 26;  // most characters of a place, a group, a quantity
  bool spread = true;      // whether the quartiles have room
};

std::vector<std::string> HeaderOf(bool grouped, const Layout& layout) {
  std::vector<std::string> header = {"Where"};
  if (grouped) header.emplace_back("Group");
  for (const char* name : {"Figure", ">Count", ">Of", ">Value", "95% interval", "Councils"})
    header.emplace_back(name);
  if (layout.spread) header.emplace_back("Middle half");
  return header;
}

std::vector<std::string> RowOf(const v1::Figure& figure, bool grouped, const Layout& layout) {
  std::vector<std::string> cells = {Shorten(Printable(figure.geography_name()), layout.names)};
  if (grouped) cells.push_back(Shorten(GroupText(figure), layout.names));
  cells.push_back(Shorten(figure.quantity(), layout.names));
  cells.push_back(CountText(figure.has_numerator(), figure.numerator()));
  cells.push_back(CountText(figure.has_denominator(), figure.denominator()));
  cells.push_back(ValueText(figure));
  cells.push_back(figure.status() == v1::FIGURE_STATUS_ABSENT
                      ? std::string(contract::NameOf(figure.absence()))
                      : IntervalText(figure));
  cells.push_back(CouncilsText(figure));
  if (layout.spread) cells.push_back(SpreadText(figure));
  return cells;
}

// Shortens names until the table fits; where that is not enough, the quartiles go, and names get their length
// back.
std::string Fitted(const std::vector<const v1::Figure*>& figures, bool grouped) {
  std::string rendered;
  for (const bool spread : {true, false}) {
    for (Layout layout{.spread = spread}; layout.names >= (spread ? 14 : kLeastWidth); --layout.names) {
      TextTable table(HeaderOf(grouped, layout));
      for (const v1::Figure* figure : figures) table.AddRow(RowOf(*figure, grouped, layout));
      rendered = table.Render();
      if (WidthOf(rendered) <= kMostColumns) return rendered;
    }
  }
  return rendered;
}

}  // namespace

std::string HeadingText(const v1::QueryResponse& response, const v1::Metric* metric) {
  if (response.figures().empty()) return "Nothing is published under these words.\n";
  const v1::Figure& first = response.figures(0);
  const std::string title =
      metric != nullptr && metric->version() == first.version() ? absl::StrCat(": ", metric->title()) : "";
  const std::string unit = first.display_unit() == "%" || first.display_unit() == "days"
                               ? ""
                               : absl::StrCat(", ", first.display_unit());
  std::string about = absl::StrCat("Period ", first.period());
  if (first.dimensions_size() > 0)
    absl::StrAppend(&about, ", by ", absl::StrJoin(first.dimensions(), " and "));
  absl::StrAppend(&about, "; ", contract::NameOf(first.mode()), "; round ", response.round_id(),
                  ", published ", FormatTime(response.published_unix_s()));
  const std::string edition = contract::EditionText(response.editions(), response.round_id());
  if (!edition.empty()) absl::StrAppend(&about, "; ", edition);
  return absl::StrCat(
      Wrap(absl::StrCat("Metric ", first.metric(), ", definition version ", first.version(), title, unit)),
      Wrap(about));
}

std::string FigureTables(const v1::QueryResponse& response, const v1::Metric* metric) {
  std::string text = HeadingText(response, metric);
  if (response.figures().empty()) return text;
  const bool grouped = response.figures(0).dimensions_size() > 0;
  std::map<std::pair<std::uint32_t, int>, std::vector<const v1::Figure*>> tables;
  Notes notes;
  for (const v1::Figure& figure : response.figures()) {
    tables[{figure.window_days(), figure.unit()}].push_back(&figure);
    notes.See(figure);
  }
  for (const auto& [key, figures] : tables) {
    const auto& [window, unit] = key;
    absl::StrAppend(&text, "\n", contract::NameOf(static_cast<v1::Unit>(unit)),
                    window == 0 ? "" : absl::StrCat(", within ", window, " days"), "\n",
                    Fitted(figures, grouped));
  }
  absl::StrAppend(&text, "\n", notes.Text(response));
  return text;
}

std::string FigureCsv(const v1::QueryResponse& response) {
  std::string header;
  std::string lines;
  const Json empty = ToJson(v1::Figure());
  for (const auto& [name, value] : empty.items()) {
    absl::StrAppend(&header, header.empty() ? "" : ",", name == "breakdown" ? "breakdown,category" : name);
  }
  for (const v1::Figure& figure : response.figures()) {
    std::string line;
    const Json json = ToJson(figure);
    for (const auto& [name, value] : json.items()) {
      if (name != "metric") line += ',';
      if (name == "breakdown") {
        absl::StrAppend(&line, CsvField(absl::StrJoin(figure.dimensions(), "|")), ",",
                        CsvField(figure.category()));
      } else {
        line += CsvCell(value);
      }
    }
    absl::StrAppend(&lines, line, "\n");
  }
  return absl::StrCat(header, "\n", lines);
}

std::string FigureJson(const v1::QueryResponse& response) {
  Json json = {{"round_id", response.round_id()}, {"published", FormatTime(response.published_unix_s())}};
  json["editions"] = Json::parse(EditionsJson(response.editions()));
  json["figures"] = Json::array();
  for (const v1::Figure& figure : response.figures()) {
    Json& out = json["figures"].emplace_back(ToJson(figure));
    // A list has no place in a flat file, so the CSV does not have it.
    if (figure.council_bands_size() > 0) out["council_bands"] = BandsJson(figure);
  }
  json["coverage"] = ToJson(response.coverage());
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string TrendJson(const v1::TrendResponse& trend) {
  Json json = {{"geography", trend.geography()}, {"series", Json::array()}, {"breaks", Json::array()}};
  for (const v1::TrendResponse::Series& series : trend.series()) {
    Json figures = Json::array();
    for (const v1::Figure& figure : series.figures()) figures.push_back(ToJson(figure));
    json["series"].push_back({{"figures", figures},
                              {"latest", series.has_latest() ? ToJson(series.latest()) : Json(nullptr)},
                              {"slope_a_year", series.has_slope() ? ToJson(series.slope()) : Json(nullptr)},
                              {"runs", series.has_runs() ? ToJson(series.runs()) : Json(nullptr)}});
  }
  for (const v1::TrendResponse::Break& one : trend.breaks()) {
    json["breaks"].push_back({{"period", one.period()},
                              {"what", one.what()},
                              {"note", one.note()},
                              {"is_incomparable", one.is_incomparable()}});
  }
  json["left_out"] = std::vector<std::string>(trend.left_out().begin(), trend.left_out().end());
  json["coverage"] = ToJson(trend.coverage());
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace waymark::coordinator
