#include "coordinator/export/figure_table.h"

#include <nlohmann/json.hpp>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "coordinator/export/cells.h"
#include "coordinator/export/figure_cells.h"
#include "proto/contract/names.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::ordered_json;

constexpr absl::string_view kEngland = "E92000001";

using Row = FigureRow;

std::string EditionStatus(const contract::Editions& editions, const std::string& id) {
  const bool is_last = editions.empty() || editions.rbegin()->round_id() == id;
  return is_last ? "current" : absl::StrCat("replaced by a later release: ", editions.rbegin()->round_id());
}

// "2024-25-Q1": 202425. Spans of days stay as they are.
std::string TimePeriod(const std::string& period) {
  if (absl::StrContains(period, "..")) return period;
  const std::string year = period.substr(0, 7);
  return absl::StrReplaceAll(year, {{"-", ""}});
}

std::string TimeIdentifier(const std::string& period) {
  if (absl::StrContains(period, "..")) return "Reporting period";
  if (const std::size_t quarter = period.find("-Q"); quarter != std::string::npos)
    return absl::StrCat("Financial year ", period.substr(quarter + 1));
  return absl::StrContains(period, "-") ? "Financial year" : "Calendar year";
}

std::string LevelName(v1::GeographyLevel level) {
  switch (level) {
    case v1::GEOGRAPHY_LEVEL_COUNCIL:
      return "Local authority";
    case v1::GEOGRAPHY_LEVEL_REGION:
      return "Regional";
    case v1::GEOGRAPHY_LEVEL_GROUP:
      return "Group of councils";
    default:
      return "All participants";
  }
}

std::string QuantityLabel(const Row& row) {
  const std::string& quantity = row.figure.quantity();
  if (row.metric != nullptr) {
    for (const v1::Outcome& outcome : row.metric->outcomes()) {
      if (outcome.id() == quantity && !outcome.title().empty()) return outcome.title();
    }
  }
  return absl::StrReplaceAll(quantity, {{"_", " "}, {">", " to "}});
}

std::string RegionCode(const Row& row) {
  if (row.area != nullptr) return row.area->region_code();
  return row.figure.level() == v1::GEOGRAPHY_LEVEL_REGION ? row.figure.geography_code() : "";
}

std::string RegionName(const Row& row) {
  if (row.area != nullptr) return row.area->region_name();
  return row.figure.level() == v1::GEOGRAPHY_LEVEL_REGION ? row.figure.geography_name() : "";
}

// "survival_183", "incidence_social_care_183".
ExportCell DayOf(const Row& row) {
  const std::string& quantity = row.figure.quantity();
  if (row.metric == nullptr || row.metric->kind() != v1::METRIC_KIND_SURVIVAL) return {};
  std::int64_t day = 0;
  const std::size_t from = quantity.rfind('_');
  return from != std::string::npos && absl::SimpleAtoi(quantity.substr(from + 1), &day) ? ExportCell(day)
                                                                                        : ExportCell();
}

std::string Became(const Row& row) {
  const auto* const end = contract::EndOf(row.table.successions, row.figure.geography_code());
  return end == nullptr ? "" : contract::Describe(*end);
}

bool IsCouncil(const Row& row) {
  return row.figure.level() == v1::GEOGRAPHY_LEVEL_COUNCIL;
}

const FigureColumn kColumns[] = {
    {"time_period", "string", "Year as the Department for Education writes it: 202425; or the days of a span",
     [](const Row& r) -> ExportCell { return TimePeriod(r.figure.period()); }},
    {"time_identifier", "string", "Financial year, Financial year Q1, Calendar year, Reporting period",
     [](const Row& r) -> ExportCell { return TimeIdentifier(r.figure.period()); }},
    {"geographic_level", "string",
     "Local authority, Regional, Group of councils, or All participants of the federation",
     [](const Row& r) -> ExportCell { return LevelName(r.figure.level()); }},
    {"country_code", "string", "ONS code", [](const Row&) -> ExportCell { return std::string(kEngland); }},
    {"country_name", "string", "England", [](const Row&) -> ExportCell { return "England"; }},
    {"region_code", "string", "ONS code; empty for all participants",
     [](const Row& r) -> ExportCell { return RegionCode(r); }},
    {"region_name", "string", "Name of the region", [](const Row& r) -> ExportCell { return RegionName(r); }},
    {"old_la_code", "string", "The Department for Education's number of the authority",
     [](const Row& r) -> ExportCell {
       return r.area == nullptr ? ExportCell(std::string()) : ExportCell(absl::StrCat(r.area->old_code()));
     }},
    {"new_la_code", "string", "ONS code of the authority, or its pseudonym where it is not named",
     [](const Row& r) -> ExportCell {
       return IsCouncil(r) ? ExportCell(r.figure.geography_code()) : ExportCell(std::string());
     }},
    {"la_name", "string", "Name of the authority",
     [](const Row& r) -> ExportCell {
       return IsCouncil(r) ? ExportCell(r.figure.geography_name()) : ExportCell(std::string());
     }},
    {"metric", "string", "Identifier in the metric library",
     [](const Row& r) -> ExportCell { return r.figure.metric(); }},
    {"metric_title", "string", "Title of the metric",
     [](const Row& r) -> ExportCell { return r.metric == nullptr ? "" : r.metric->title(); }},
    {"definition_version", "integer", "Version of the metric's definition",
     [](const Row& r) -> ExportCell { return r.figure.version(); }},
    {"window_days", "integer", "Follow-up in days; empty where there is none",
     [](const Row& r) -> ExportCell {
       return r.figure.window_days() == 0 ? ExportCell() : ExportCell(r.figure.window_days());
     }},
    {"counted", "string", "episodes, children or families",
     [](const Row& r) -> ExportCell { return std::string(contract::NameOf(r.figure.unit())); }},
    {"breakdown", "string", "What the figures are broken down by, joined by |; empty for all together",
     [](const Row& r) -> ExportCell { return absl::StrJoin(r.figure.dimensions(), "|"); }},
    {"category", "string", "The group within the breakdown, joined by |; Total for all together",
     [](const Row& r) -> ExportCell {
       return r.figure.dimensions().empty() ? "Total" : r.figure.category();
     }},
    {"quantity", "string", "Identifier of what is shown of the metric",
     [](const Row& r) -> ExportCell { return r.figure.quantity(); }},
    {"quantity_label", "string", "The same in words",
     [](const Row& r) -> ExportCell { return QuantityLabel(r); }},
    {"value", "number", "The figure, in `unit`; or why there is none",
     [](const Row& r) -> ExportCell { return NumberCell(r.figure.has_value(), r.figure.value()); }},
    {"unit", "string", "Unit of the value",
     [](const Row& r) -> ExportCell { return r.figure.display_unit(); }},
    {"lower", "number", "Lower end of the 95% interval: chance together with noise, rounding and suppression",
     [](const Row& r) -> ExportCell { return NumberCell(r.figure.has_lower(), r.figure.lower()); }},
    {"upper", "number", "Upper end of the same",
     [](const Row& r) -> ExportCell { return NumberCell(r.figure.has_upper(), r.figure.upper()); }},
    {"numerator", "number", "Count after protection",
     [](const Row& r) -> ExportCell { return NumberCell(r.figure.has_numerator(), r.figure.numerator()); }},
    {"denominator", "number", "Count after protection",
     [](const Row& r) -> ExportCell {
       return NumberCell(r.figure.has_denominator(), r.figure.denominator());
     }},
    {"status", "string", "shown, suppressed, not applicable, not available, rounds to zero, absent, too few",
     [](const Row& r) -> ExportCell { return std::string(contract::NameOf(r.figure.status())); }},
    {"absence", "string", "Why a council gave no table",
     [](const Row& r) -> ExportCell { return std::string(contract::NameOf(r.figure.absence())); }},
    {"protection", "string", "thresholded, noised, secure-sum or stated",
     [](const Row& r) -> ExportCell { return std::string(contract::NameOf(r.figure.mode())); }},
    {"contributors", "integer", "Councils whose figures are in it; empty for a council's own",
     [](const Row& r) -> ExportCell {
       return IsCouncil(r) ? ExportCell() : ExportCell(r.figure.contributors());
     }},
    {"suppressed_parts", "integer", "Contributors whose cell was suppressed",
     [](const Row& r) -> ExportCell {
       return IsCouncil(r) ? ExportCell() : ExportCell(r.figure.suppressed_parts());
     }},
    {"absent", "integer", "Councils that gave no table",
     [](const Row& r) -> ExportCell { return IsCouncil(r) ? ExportCell() : ExportCell(r.figure.absent()); }},
    {"published", "datetime", "When the round was published, UTC",
     [](const Row& r) -> ExportCell { return UtcText(r.table.published_unix_s); }},
    {"round_id", "string", "The round that published it; of a later edition with its number",
     [](const Row& r) -> ExportCell { return r.table.round_id; }},
    {"succession", "string", "What became of a council that ended since; empty otherwise",
     [](const Row& r) -> ExportCell { return Became(r); }},
    {"edition", "integer", "Which edition of what the round published",
     [](const Row& r) -> ExportCell {
       const v1::Edition* edition = contract::EditionNamed(r.table.editions, r.table.round_id);
       return std::int64_t{edition == nullptr ? 1 : edition->number()};
     }},
    {"edition_reasons", "string", "Why there is this edition; empty of a first one",
     [](const Row& r) -> ExportCell {
       const v1::Edition* edition = contract::EditionNamed(r.table.editions, r.table.round_id);
       return edition == nullptr ? "" : contract::ReasonsText(*edition);
     }},
    {"edition_status", "string", "current, or replaced by a later release, with its round_id",
     [](const Row& r) -> ExportCell { return EditionStatus(r.table.editions, r.table.round_id); }},
    {"day", "integer", "Of a curve: the day after the start of follow-up at which it is read; else empty",
     [](const Row& r) -> ExportCell { return DayOf(r); }},
    {"standardised_by", "string", "The breakdown by which the value was standardised beside; else empty",
     [](const Row& r) -> ExportCell { return r.figure.standardised().by(); }},
    {"standardised_value", "number",
     "The value had the place the mix of all participants; directly standardised",
     [](const Row& r) -> ExportCell {
       return NumberCell(r.figure.standardised().has_value(), r.figure.standardised().value());
     }},
    {"standardised_lower", "number", "Lower end of its 95% interval",
     [](const Row& r) -> ExportCell {
       return NumberCell(r.figure.standardised().has_lower(), r.figure.standardised().lower());
     }},
    {"standardised_upper", "number", "Upper end of the same",
     [](const Row& r) -> ExportCell {
       return NumberCell(r.figure.standardised().has_upper(), r.figure.standardised().upper());
     }},
    {"standardised_missing", "string", "Why there is no standardised value, or no interval",
     [](const Row& r) -> ExportCell { return r.figure.standardised().missing(); }},
};

Json JsonOf(const ExportCell& cell) {
  if (const auto* const whole = std::get_if<std::int64_t>(&cell)) return *whole;
  if (const auto* const number = std::get_if<double>(&cell)) return *number;
  if (const auto* const text = std::get_if<std::string>(&cell)) return *text;
  return nullptr;
}

}  // namespace

FigureRow RowOfFigure(const v1::Figure& figure, const PublishedTable& table,
                      const catalogue::Library& library) {
  const v1::Metric* metric = library.Find(figure.metric());
  return {.figure = figure,
          .table = table,
          .metric = metric != nullptr && metric->version() == figure.version() ? metric : nullptr,
          .area = figure.level() == v1::GEOGRAPHY_LEVEL_COUNCIL
                      ? library.FindAreaEver(figure.geography_code())
                      : nullptr};
}

absl::Span<const FigureColumn> FigureColumns() {
  return kColumns;
}

absl::string_view MeaningOf(v1::FigureStatus status) {
  switch (status) {
    case v1::FIGURE_STATUS_SUPPRESSED:
      return "[c] suppressed: the counts are too small to show";
    case v1::FIGURE_STATUS_NOT_APPLICABLE:
      return "[z] not applicable";
    case v1::FIGURE_STATUS_NOT_AVAILABLE:
      return "[x] not available: nobody in the group, or beyond the follow-up";
    case v1::FIGURE_STATUS_LOW:
      return "[low] rounds to zero, and is not zero";
    case v1::FIGURE_STATUS_ABSENT:
      return "[absent] the council gave no table";
    case v1::FIGURE_STATUS_TOO_FEW:
      return "[few] fewer councils than the round's least";
    default:
      return "";
  }
}

std::string FigureTableCsv(const PublishedTable& table, const catalogue::Library& library) {
  std::string csv = absl::StrJoin(
      kColumns, ",", [](std::string* out, const FigureColumn& column) { out->append(column.name); });
  csv += "\n";
  for (const v1::Figure& figure : table.figures) {
    const Row row = RowOfFigure(figure, table, library);
    const char* before = "";
    for (const FigureColumn& column : kColumns) {
      const bool is_missing_value = absl::string_view(column.name) == "value" && !figure.has_value();
      absl::StrAppend(&csv, before,
                      is_missing_value ? std::string(contract::ShorthandOf(figure.status()))
                                       : CsvCellOf(column.cell(row)));
      before = ",";
    }
    csv += "\n";
  }
  return csv;
}

namespace {

Json EditionsOf(const contract::Editions& editions) {
  Json json = Json::array();
  for (const v1::Edition& one : editions) {
    json.push_back({{"round_id", one.round_id()},
                    {"number", one.number()},
                    {"published", UtcText(one.published_unix_s())},
                    {"reasons", contract::ReasonsText(one)},
                    {"status", EditionStatus(editions, one.round_id())}});
  }
  return json;
}

}  // namespace

std::string EditionsJson(const contract::Editions& editions) {
  return EditionsOf(editions).dump();
}

std::string FigureTableJson(const PublishedTable& table, const catalogue::Library& library) {
  Json json = {{"round_id", table.round_id},
               {"published", UtcText(table.published_unix_s)},
               {"editions", EditionsOf(table.editions)},
               {"figures", Json::array()}};
  for (const v1::Figure& figure : table.figures) {
    const Row row = RowOfFigure(figure, table, library);
    Json& out = json["figures"].emplace_back(Json::object());
    for (const FigureColumn& column : kColumns) out[column.name] = JsonOf(column.cell(row));
    out["shorthand"] = std::string(contract::ShorthandOf(figure.status()));
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string FigureTableMetadata(absl::string_view url, absl::string_view title) {
  Json columns = Json::array();
  for (const FigureColumn& column : kColumns) {
    Json described = {{"name", column.name},
                      {"titles", column.name},
                      {"dc:description", column.description},
                      {"datatype", column.datatype}};
    if (absl::string_view(column.name) == "value") {
      Json nulls = Json::array();
      for (int status = v1::FIGURE_STATUS_SHOWN; status <= v1::FigureStatus_MAX; ++status) {
        const auto shorthand = contract::ShorthandOf(static_cast<v1::FigureStatus>(status));
        if (!shorthand.empty()) nulls.push_back(std::string(shorthand));
      }
      described["null"] = nulls;
    } else if (absl::string_view(column.datatype) != "string") {
      described["null"] = "";
    }
    columns.push_back(std::move(described));
  }
  const Json json = {{"@context", "http://www.w3.org/ns/csvw"},
                     {"url", std::string(url)},
                     {"dc:title", std::string(title)},
                     {"dialect", {{"encoding", "utf-8"}, {"header", true}}},
                     {"tableSchema", {{"columns", columns}}}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace waymark::coordinator
