#include "node/cli/figure_rows.h"

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/csv.h"
#include "base/text_table.h"
#include "proto/contract/names.h"

namespace waymark::node {
namespace {

using Json = nlohmann::ordered_json;

// Whole numbers as whole numbers, so that a count reads 12 and not 12.0.
Json JsonNumber(const std::optional<double>& number) {
  if (!number) return nullptr;
  if (*number == std::floor(*number) && std::fabs(*number) < 1e15) return static_cast<std::int64_t>(*number);
  return *number;
}

Json ToJson(const published::Input& input) {
  return {{"term", input.term},
          {"measure", input.measure},
          {"title", input.title},
          {"year", input.year},
          {"value", JsonNumber(input.value)},
          {"unit", input.unit},
          {"status", std::string(contract::NameOf(input.status))},
          {"substitute", input.substitute},
          {"note", input.note},
          {"file", input.file},
          {"line", input.line}};
}

std::string InputText(const published::Input& input) {
  return absl::StrCat(input.title, ": ",
                      input.value.has_value() ? absl::StrCat(NumberText(input.value, 2), " ", input.unit)
                                              : std::string(contract::ShorthandOf(input.status)),
                      ", ", input.year, " (", input.file, ":", input.line, ")",
                      input.substitute.empty() ? "" : absl::StrCat("; a substitute: ", input.substitute),
                      input.note.empty() ? "" : absl::StrCat("; rejected: ", input.note));
}

Json ToJson(const FigureRow& row) {
  Json breakdown = Json::object();
  for (const auto& [dimension, category] : row.breakdown) breakdown[dimension] = category;
  Json inputs = Json::array();
  for (const published::Input& input : row.inputs) inputs.push_back(ToJson(input));
  return {{"metric", row.metric},
          {"version", row.version},
          {"title", row.title},
          {"period", row.period},
          {"window_days", row.window_days == 0 ? Json(nullptr) : Json(row.window_days)},
          {"counted", row.counted == v1::UNIT_UNSPECIFIED ? Json(nullptr)
                                                          : Json(std::string(contract::NameOf(row.counted)))},
          {"breakdown", breakdown},
          {"quantity", row.figure.quantity},
          {"numerator", JsonNumber(row.figure.numerator)},
          {"denominator", JsonNumber(row.figure.denominator)},
          {"value", JsonNumber(row.figure.value)},
          {"lower", JsonNumber(row.figure.lower)},
          {"upper", JsonNumber(row.figure.upper)},
          {"unit", row.unit},
          {"status", std::string(contract::NameOf(row.figure.status))},
          {"completeness", NameOf(row.completeness)},
          {"reason", row.reason},
          {"note", row.note},
          {"inputs", std::move(inputs)}};
}

std::string BreakdownText(const FigureRow& row) {
  if (row.breakdown.empty()) return "all";
  return absl::StrJoin(row.breakdown, ", ", [](std::string* out, const auto& pair) {
    absl::StrAppend(out, pair.first, " ", pair.second.empty() ? "(blank)" : pair.second);
  });
}

std::string CsvValue(const Json& value) {
  if (value.is_null()) return "";
  if (value.is_string()) return CsvField(value.get<std::string>());
  return value.dump();
}

std::string ValueText(const catalogue::RowFigure& figure) {
  if (figure.status != v1::FIGURE_STATUS_SHOWN) return std::string(contract::ShorthandOf(figure.status));
  return NumberText(figure.value, 2);
}

std::string IntervalText(const catalogue::RowFigure& figure) {
  if (!figure.lower && !figure.upper) return "";
  return absl::StrCat(NumberText(figure.lower, 1), " to ", NumberText(figure.upper, 1));
}

std::string Heading(const FigureRow& row) {
  return absl::StrCat("Metric ", row.metric, " (version ", row.version, "): ", row.title, ", ", row.period,
                      ", in ", row.unit, "\n");
}

}  // namespace

std::string NumberText(const std::optional<double>& number, int decimals) {
  if (!number) return "";
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%.*f", decimals, *number);
  std::string text = buffer;
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return text == "-0" ? "0" : text;
}

void AppendRows(const v1::Metric& metric, const Measured& measured, std::vector<FigureRow>& rows) {
  FigureRow row{.metric = metric.id(),
                .version = metric.version(),
                .title = metric.title(),
                .period = measured.table.period,
                .window_days = measured.table.window_days,
                .counted = measured.table.unit,
                .breakdown = {},
                .figure = {},
                .unit = metric.display_unit(),
                .completeness = measured.completeness,
                .reason = measured.reason};
  if (measured.figures.empty()) {
    row.figure.status = v1::FIGURE_STATUS_NOT_AVAILABLE;
    rows.push_back(std::move(row));
    return;
  }
  for (const catalogue::RowFigure& figure : measured.figures) {
    row.figure = figure;
    row.unit = catalogue::DisplayUnitOf(metric, figure.quantity);
    row.breakdown.clear();
    if (!measured.table.dimensions.empty()) {
      const std::vector<std::string> categories = absl::StrSplit(measured.table.rows[figure.row], '|');
      for (std::size_t i = 0; i < measured.table.dimensions.size(); ++i) {
        row.breakdown.emplace_back(measured.table.dimensions[i], i < categories.size() ? categories[i] : "");
      }
    }
    rows.push_back(row);
  }
}

std::string RowsToJson(const std::vector<FigureRow>& rows) {
  Json array = Json::array();
  for (const FigureRow& row : rows) array.push_back(ToJson(row));
  return array.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string RowsToCsv(const std::vector<FigureRow>& rows) {
  std::string out;
  for (const FigureRow& row : rows) {
    Json object = ToJson(row);
    object["breakdown"] = BreakdownText(row);
    object["inputs"] = absl::StrJoin(row.inputs, "; ", [](std::string* text, const published::Input& input) {
      absl::StrAppend(text, InputText(input));
    });
    if (out.empty()) {
      std::vector<std::string> names;
      for (const auto& item : object.items()) names.push_back(item.key());
      out = absl::StrCat(absl::StrJoin(names, ","), "\r\n");
    }
    std::vector<std::string> fields;
    for (const auto& item : object.items()) fields.push_back(CsvValue(item.value()));
    absl::StrAppend(&out, absl::StrJoin(fields, ","), "\r\n");
  }
  return out;
}

std::string RowsToText(const std::vector<FigureRow>& rows) {
  std::string out;
  for (std::size_t i = 0; i < rows.size();) {
    const FigureRow& first = rows[i];
    TextTable table(
        {"counted", ">window", "breakdown", "figure", ">of", ">out of", ">value", ">95% interval"});
    std::string notes;
    for (; i < rows.size() && rows[i].metric == first.metric && rows[i].period == first.period; ++i) {
      const FigureRow& row = rows[i];
      const std::string window = row.window_days == 0 ? "" : absl::StrCat(row.window_days, " days");
      if (!row.figure.quantity.empty()) {
        const bool counted = row.counted != v1::UNIT_UNSPECIFIED;
        table.AddRow({counted ? std::string(contract::NameOf(row.counted)) : "", window, BreakdownText(row),
                      row.figure.quantity, NumberText(row.figure.numerator, 0),
                      NumberText(row.figure.denominator, 0), ValueText(row.figure),
                      IntervalText(row.figure)});
      }
      const auto note_once = [&notes](const std::string& note) {
        if (notes.find(note) == std::string::npos) notes += note;
      };
      for (const published::Input& input : row.inputs) note_once(absl::StrCat("  ", InputText(input), "\n"));
      if (!row.note.empty()) note_once(absl::StrCat("  ", row.note, "\n"));
      if (row.completeness == Completeness::kComplete) continue;
      note_once(absl::StrCat("  ", window.empty() ? "" : absl::StrCat("window of ", window, ": "),
                             NameOf(row.completeness), ": ", row.reason, "\n"));
    }
    absl::StrAppend(&out, out.empty() ? "" : "\n", Heading(first), table.empty() ? "" : table.Render(),
                    notes);
  }
  return out;
}

}  // namespace waymark::node
