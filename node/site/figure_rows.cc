#include "node/site/figure_rows.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/csv.h"
#include "base/text_table.h"
#include "base/threads.h"
#include "node/site/in_order.h"
#include "proto/contract/names.h"

namespace waymark::node {
namespace {

constexpr std::size_t kLikelyJsonBytes = 512;  // a row

using Json = nlohmann::ordered_json;
using Breakdown = std::vector<std::pair<std::string, std::string>>;
using Inputs = std::vector<published::Input>;

// One of a row's fields: nothing, a text, a number, the breakdown, or the published inputs.
using Value = std::variant<std::monostate, absl::string_view, double, const Breakdown*, const Inputs*>;
struct Field {
  absl::string_view name;
  Value value;
};

Value NumberOrNothing(const std::optional<double>& number) {
  if (!number) return std::monostate();
  return *number;
}

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

// In the order in which every form has them.
std::array<Field, 19> FieldsOf(const FigureRow& row) {
  return {{{"metric", row.metric},
           {"version", static_cast<double>(row.version)},
           {"title", row.title},
           {"period", row.period},
           {"window_days", row.window_days == 0 ? Value() : static_cast<double>(row.window_days)},
           {"counted", row.counted == v1::UNIT_UNSPECIFIED ? Value() : contract::NameOf(row.counted)},
           {"breakdown", &row.breakdown},
           {"quantity", row.figure.quantity},
           {"numerator", NumberOrNothing(row.figure.numerator)},
           {"denominator", NumberOrNothing(row.figure.denominator)},
           {"value", NumberOrNothing(row.figure.value)},
           {"lower", NumberOrNothing(row.figure.lower)},
           {"upper", NumberOrNothing(row.figure.upper)},
           {"unit", row.unit},
           {"status", contract::NameOf(row.figure.status)},
           {"completeness", NameOf(row.completeness)},
           {"reason", row.reason},
           {"note", row.note},
           {"inputs", &row.inputs}}};
}

// Whole numbers as whole numbers, so that a count reads 12 and not 12.0; others in the shortest form that
// reads back as the same.
void AppendNumber(double number, std::string& out) {
  char buffer[64];
  const double size = std::fabs(number);
  std::to_chars_result end{};
  if (number == std::floor(number) && size < 1e15) {
    end = std::to_chars(buffer, buffer + sizeof buffer, static_cast<std::int64_t>(number));
  } else if (size >= 1e-5 && size < 1e15) {
    end = std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::fixed);
  } else {
    end = std::to_chars(buffer, buffer + sizeof buffer, number);
  }
  out.append(buffer, end.ptr);
}

// What absl::StrAppend does, which fills with zeros what it is about to write.
void Put(absl::string_view text, std::string& out) {
  out.append(text.data(), text.size());
}

// By byte: whether it stands in a JSON string as it is.
constexpr auto kIsPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = ' '; c < 0x7F; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}();

// A JSON string. What is not UTF-8 is replaced.
void AppendText(absl::string_view text, std::string& out) {
  const bool plain =
      std::all_of(text.begin(), text.end(), [](char c) { return kIsPlain[static_cast<unsigned char>(c)]; });
  if (plain) {
    Put("\"", out);
    Put(text, out);
    return Put("\"", out);
  }
  absl::StrAppend(&out, Json(std::string(text)).dump(-1, ' ', false, Json::error_handler_t::replace));
}

void AppendBreakdown(const Breakdown& breakdown, std::string& out) {
  absl::string_view before = "{\n";
  for (const auto& [dimension, category] : breakdown) {
    Put(before, out);
    Put("   ", out);
    AppendText(dimension, out);
    Put(": ", out);
    AppendText(category, out);
    before = ",\n";
  }
  Put(breakdown.empty() ? "{}" : "\n  }", out);
}

void AppendInputs(const Inputs& inputs, std::string& out) {
  if (inputs.empty()) return Put("[]", out);
  Json array = Json::array();
  for (const published::Input& input : inputs) array.push_back(ToJson(input));
  absl::StrAppend(&out, array.dump(-1, ' ', false, Json::error_handler_t::replace));
}

void AppendJson(const FigureRow& row, std::string& out) {
  absl::string_view before = " {\n";
  for (const Field& field : FieldsOf(row)) {
    Put(before, out);
    Put("  \"", out);
    Put(field.name, out);
    Put("\": ", out);
    before = ",\n";
    if (const auto* text = std::get_if<absl::string_view>(&field.value)) {
      AppendText(*text, out);
    } else if (const auto* number = std::get_if<double>(&field.value)) {
      AppendNumber(*number, out);
    } else if (const auto* breakdown = std::get_if<const Breakdown*>(&field.value)) {
      AppendBreakdown(**breakdown, out);
    } else if (const auto* inputs = std::get_if<const Inputs*>(&field.value)) {
      AppendInputs(**inputs, out);
    } else {
      Put("null", out);
    }
  }
  Put("\n }", out);
}

std::string BreakdownText(const FigureRow& row) {
  if (row.breakdown.empty()) return "all";
  return absl::StrJoin(row.breakdown, ", ", [](std::string* out, const auto& pair) {
    absl::StrAppend(out, pair.first, " ", pair.second.empty() ? "(blank)" : pair.second);
  });
}

std::string CsvValue(const FigureRow& row, const Field& field) {
  std::string out;
  if (const auto* text = std::get_if<absl::string_view>(&field.value)) {
    out = CsvField(*text);
  } else if (const auto* number = std::get_if<double>(&field.value)) {
    AppendNumber(*number, out);
  } else if (std::holds_alternative<const Breakdown*>(field.value)) {
    out = CsvField(BreakdownText(row));
  } else if (std::holds_alternative<const Inputs*>(field.value)) {
    out = CsvField(absl::StrJoin(row.inputs, "; ", [](std::string* to, const published::Input& input) {
      absl::StrAppend(to, InputText(input));
    }));
  }
  return out;
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

// What stands before each row, and between a metric's period and the next, is left out before the first.
constexpr absl::string_view kBeforeJson = ",";
constexpr absl::string_view kBeforeText = "\n";

std::string RowsToJson(const std::vector<FigureRow>& rows) {
  std::string out;
  out.reserve(kLikelyJsonBytes * rows.size());
  for (const FigureRow& row : rows) {
    Put(kBeforeJson, out);
    Put("\n", out);
    AppendJson(row, out);
  }
  return out;
}

std::string CsvHeader() {
  const auto name = [](std::string* to, const Field& field) { absl::StrAppend(to, field.name); };
  return absl::StrCat(absl::StrJoin(FieldsOf(FigureRow()), ",", name), "\r\n");
}

std::string RowsToCsv(const std::vector<FigureRow>& rows) {
  std::string out;
  for (const FigureRow& row : rows) {
    const auto value = [&row](std::string* to, const Field& field) {
      absl::StrAppend(to, CsvValue(row, field));
    };
    absl::StrAppend(&out, absl::StrJoin(FieldsOf(row), ",", value), "\r\n");
  }
  return out;
}

std::string RowsToText(const std::vector<FigureRow>& rows) {
  std::string out;
  std::vector<std::string> reasons;
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
    absl::StrAppend(&out, kBeforeText, Heading(first), table.empty() ? "" : table.Render(), notes);
  }
  return out;
}

// Why a figure is not available in a table that is.
absl::string_view ReasonOf(const v1::Metric& metric, const catalogue::RowFigure& figure) {
  if (figure.status != v1::FIGURE_STATUS_NOT_AVAILABLE) return "";
  if (figure.denominator == 0) return "nobody is counted here";
  return metric.kind() == v1::METRIC_KIND_PROPORTION ? "no source carries what this needs"
                                                     : "it lies beyond what was followed";
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
    row.reason = measured.reason.empty() ? std::string(ReasonOf(metric, figure)) : measured.reason;
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

std::string RowWriter::TextOf(const std::vector<FigureRow>& rows) const {
  return format_ == RowFormat::kJson  ? RowsToJson(rows)
         : format_ == RowFormat::kCsv ? RowsToCsv(rows)
                                      : RowsToText(rows);
}

void RowWriter::WriteText(absl::string_view text) {
  if (text.empty()) return;
  if (std::exchange(is_first_, false)) {
    if (format_ == RowFormat::kJson) std::fputs("[", file_);
    if (format_ == RowFormat::kCsv) std::fputs(CsvHeader().c_str(), file_);
    text.remove_prefix(format_ == RowFormat::kJson   ? kBeforeJson.size()
                       : format_ == RowFormat::kText ? kBeforeText.size()
                                                     : 0);
  }
  std::fwrite(text.data(), 1, text.size(), file_);
}

void RowWriter::Write(const std::vector<FigureRow>& rows) {
  WriteText(TextOf(rows));
}

void RowWriter::WriteEach(std::size_t count,
                          const std::function<std::vector<FigureRow>(std::size_t)>& rows_of) {
  InOrder in_order(kMostWaitingBytes, [this](absl::string_view text) { WriteText(text); });
  ForEachInParallel(count, [&](std::size_t i) {
    try {
      in_order.Put(i, TextOf(rows_of(i)));
    } catch (...) {  // its turn never comes, and others may be waiting for it
      in_order.GiveUp();
      throw;
    }
  });
}

absl::Status RowWriter::Finish() {
  if (format_ == RowFormat::kJson) std::fputs(is_first_ ? "[]\n" : "\n]\n", file_);
  if (std::fflush(file_) == 0 && std::ferror(file_) == 0) return absl::OkStatus();
  return absl::UnavailableError("the figures could not be written whole; is the disk full?");
}

}  // namespace waymark::node
