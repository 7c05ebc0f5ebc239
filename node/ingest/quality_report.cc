#include "node/ingest/quality_report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/text_table.h"

namespace waymark::node {
namespace {

constexpr std::size_t kMostValueBytes = 60;
constexpr absl::string_view kStepNames[kStepKinds] = {"early-help assessments", "social-care assessments",
                                                      "section 47 enquiries", "child protection plans"};
constexpr absl::string_view kLevelNames[kLevels] = {"early help", "children in need",
                                                    "child protection plans", "looked after"};

// Different values of one field; the map is sorted by field first.
std::int64_t DifferentValues(const FileReport& file, const std::string& field) {
  std::int64_t count = 0;
  for (auto at = file.unknown_codes.lower_bound({field, ""});
       at != file.unknown_codes.end() && at->first.first == field; ++at) {
    ++count;
  }
  return count;
}

bool LooksLikeFreeText(const FileReport& file, const std::string& field) {
  return DifferentValues(file, field) >= FileReport::kMostUnknownCodes;
}

// At most kMostValueBytes, cut between characters, without control characters.
std::string Shown(absl::string_view value) {
  std::string shown(value.substr(0, kMostValueBytes));
  if (shown.size() < value.size()) {
    while (!shown.empty() && (static_cast<unsigned char>(value[shown.size()]) & 0xC0U) == 0x80U)
      shown.pop_back();
    shown += "…";
  }
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  return shown;
}

void AppendTallies(const std::map<std::string, Tally>& tallies, std::string& text) {
  TextTable table({">rows", "what", "lines"});
  for (const auto& [what, tally] : tallies) {
    table.AddRow({absl::StrCat(tally.count()), what,
                  absl::StrCat(absl::StrJoin(tally.lines(), " "),
                               tally.count() > static_cast<std::int64_t>(tally.lines().size()) ? " …" : "")});
  }
  absl::StrAppend(&text, table.Render());
}

void AppendUnknownCodes(const FileReport& file, std::string& text) {
  absl::StrAppend(
      &text,
      "\nValues that no rule knows (map them under [source.mapping.codes.FIELD], activities under "
      "[source.mapping.stages]):\n");
  TextTable table({">rows", "field", "value"});
  for (const ShownCode& code : CodesToShow(file)) {
    if (code.value.has_value()) {
      table.AddRow({absl::StrCat(code.rows), code.field, *code.value});
    } else {
      table.AddRow({"", code.field,
                    absl::StrCat(FileReport::kMostUnknownCodes,
                                 " different values or more, not shown: is this a column of codes?")});
    }
  }
  absl::StrAppend(&text, table.Render());
}

nlohmann::ordered_json TalliesJson(const std::map<std::string, Tally>& tallies) {
  auto list = nlohmann::ordered_json::array();
  for (const auto& [what, tally] : tallies) {
    list.push_back({{"reason", what}, {"rows", tally.count()}, {"lines", tally.lines()}});
  }
  return list;
}

nlohmann::ordered_json FileJson(const FileReport& file) {
  auto codes = nlohmann::ordered_json::array();
  for (const ShownCode& code : CodesToShow(file)) {
    if (code.value.has_value()) {
      codes.push_back({{"field", code.field}, {"value", *code.value}, {"rows", code.rows}});
    } else {
      codes.push_back({{"field", code.field}, {"value", nullptr}, {"rows", nullptr}});
    }
  }
  return {{"file", file.file},
          {"rows_read", file.rows_read},
          {"rows_used", file.rows_used},
          {"left_out", TalliesJson(file.left_out)},
          {"notes", TalliesJson(file.notes)},
          {"unknown_codes", std::move(codes)}};
}

nlohmann::ordered_json CoverageJson(const Coverage& coverage) {
  if (coverage.from == kNoDay) return nullptr;
  return {{"from", FormatDay(coverage.from)}, {"extract", FormatDay(coverage.extract)}};
}

std::string CoverageText(absl::string_view name, const Coverage& coverage) {
  if (coverage.from == kNoDay) return absl::StrCat(name, ": not carried by any source\n");
  return absl::StrCat(name, ": whole from ", FormatDay(coverage.from), ", as at ",
                      FormatDay(coverage.extract), "\n");
}

std::string ExtractsText(const std::vector<ExtractReport>& extracts) {
  if (extracts.empty()) return "";
  TextTable table(
      {"extracts of", "from", "as at", ">records", ">new", ">closed", ">changed", ">deleted", ">lost"});
  for (const ExtractReport& e : extracts) {
    table.AddRow({e.source, FormatDay(e.window.from), FormatDay(e.window.extract), absl::StrCat(e.records),
                  absl::StrCat(e.added), absl::StrCat(e.closed), absl::StrCat(e.changed),
                  absl::StrCat(e.deleted), absl::StrCat(e.lost)});
  }
  return absl::StrCat(
      "\nExtracts held, each beside those before it (deleted: the extract ought to have it and has not; "
      "lost: ended where no extract covers):\n",
      table.Render());
}

nlohmann::ordered_json ExtractsJson(const std::vector<ExtractReport>& extracts) {
  auto list = nlohmann::ordered_json::array();
  for (const ExtractReport& e : extracts) {
    list.push_back({{"source", e.source},
                    {"window", CoverageJson(e.window)},
                    {"records", e.records},
                    {"new", e.added},
                    {"closed", e.closed},
                    {"changed", e.changed},
                    {"deleted", e.deleted},
                    {"lost", e.lost}});
  }
  return list;
}

}  // namespace

absl::string_view NameOf(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return "info";
    case Severity::kWarning:
      return "warning";
    case Severity::kError:
      return "error";
  }
  return "";
}

std::vector<ShownCode> CodesToShow(const FileReport& file) {
  std::vector<ShownCode> codes;
  for (const auto& [key, rows] : file.unknown_codes) {
    if (!LooksLikeFreeText(file, key.first)) {
      codes.push_back({.field = key.first, .value = Shown(key.second), .rows = rows});
    } else if (codes.empty() || codes.back().field != key.first) {
      codes.push_back({.field = key.first, .value = std::nullopt, .rows = 0});
    }
  }
  return codes;
}

void Tally::Add(std::int64_t line) {
  ++count_;
  const auto at = std::upper_bound(lines_.begin(), lines_.end(), line);
  if (at == lines_.end() && lines_.size() == kExampleLines) return;
  lines_.insert(at, line);
  if (lines_.size() > kExampleLines) lines_.pop_back();
}

void Tally::Take(const Tally& other) {
  const std::int64_t count = count_ + other.count_;
  for (const std::int64_t line : other.lines_) Add(line);
  count_ = count;
}

void FileReport::UnknownCode(absl::string_view field, absl::string_view value, std::int64_t rows) {
  const std::pair<std::string, std::string> key(field, value);
  const auto found = unknown_codes.find(key);
  if (found != unknown_codes.end()) {
    found->second += rows;
  } else if (!LooksLikeFreeText(*this, key.first)) {
    unknown_codes.emplace(key, rows);
  }
}

void FileReport::Take(const FileReport& other) {
  rows_read += other.rows_read;
  rows_used += other.rows_used;
  for (const auto& [reason, tally] : other.left_out) left_out[reason].Take(tally);
  for (const auto& [what, tally] : other.notes) notes[what].Take(tally);
  for (const auto& [code, rows] : other.unknown_codes) UnknownCode(code.first, code.second, rows);
}

bool QualityReport::HasErrors() const {
  return std::any_of(issues.begin(), issues.end(),
                     [](const Issue& issue) { return issue.severity == Severity::kError; });
}

std::string QualityReport::Text() const {
  std::string text;
  for (const Issue& issue : issues) {
    absl::StrAppend(&text, NameOf(issue.severity), ": ", issue.file,
                    issue.line > 0 ? absl::StrCat(":", issue.line) : "", issue.file.empty() ? "" : ": ",
                    issue.message, "\n");
  }
  for (const FileReport& file : files) {
    absl::StrAppend(&text, "\n", file.file, ": ", file.rows_used, " of ", file.rows_read, " rows used\n");
    if (!file.left_out.empty()) absl::StrAppend(&text, "\nRows left out:\n");
    if (!file.left_out.empty()) AppendTallies(file.left_out, text);
    if (!file.notes.empty()) absl::StrAppend(&text, "\nRemarks:\n");
    if (!file.notes.empty()) AppendTallies(file.notes, text);
    if (!file.unknown_codes.empty()) AppendUnknownCodes(file, text);
  }
  absl::StrAppend(&text, ExtractsText(extracts));
  absl::StrAppend(&text, "\nRead in all: ", persons, " children in ", families, " families");
  for (int level = 0; level < kLevels; ++level) {
    absl::StrAppend(&text, level == 0 ? "; episodes: " : ", ", episodes[level], " ", kLevelNames[level]);
  }
  absl::StrAppend(&text, "; ", referrals, " referrals, ", contacts, " contacts");
  for (int kind = 0; kind < kStepKinds; ++kind)
    absl::StrAppend(&text, ", ", steps[kind], " ", kStepNames[kind]);
  absl::StrAppend(&text, "\n", CoverageText("Early help", early_help),
                  CoverageText("Early-help assessments", early_help_assessment),
                  CoverageText("Social care", social_care), CoverageText("Contacts", contact),
                  "\nCompleteness:\n");
  TextTable table({"field", ">complete", ">records", ">%"});
  for (const FieldQuality& field : fields) {
    const double share =
        field.records == 0 ? 0.0
                           : 100.0 * static_cast<double>(field.complete) / static_cast<double>(field.records);
    table.AddRow({field.field, absl::StrCat(field.complete), absl::StrCat(field.records),
                  field.records == 0 ? "[z]" : absl::StrFormat("%.1f", share)});
  }
  return absl::StrCat(text, table.Render());
}

std::string QualityReport::Json() const {
  nlohmann::ordered_json json;
  json["files"] = nlohmann::ordered_json::array();
  for (const FileReport& file : files) json["files"].push_back(FileJson(file));
  json["issues"] = nlohmann::ordered_json::array();
  for (const Issue& issue : issues) {
    json["issues"].push_back({{"severity", std::string(NameOf(issue.severity))},
                              {"file", issue.file},
                              {"line", issue.line},
                              {"message", issue.message}});
  }
  json["extracts"] = ExtractsJson(extracts);
  json["fields"] = nlohmann::ordered_json::array();
  for (const FieldQuality& field : fields) {
    json["fields"].push_back(
        {{"field", field.field}, {"records", field.records}, {"complete", field.complete}});
  }
  json["totals"] = {{"persons", persons},      {"families", families},   {"early_help", episodes[0]},
                    {"cin", episodes[1]},      {"cp", episodes[2]},      {"cla", episodes[3]},
                    {"referrals", referrals},  {"contacts", contacts},   {"early_help_assessments", steps[0]},
                    {"assessments", steps[1]}, {"section_47", steps[2]}, {"plans", steps[3]}};
  json["coverage"] = {{"early_help", CoverageJson(early_help)},
                      {"early_help_assessments", CoverageJson(early_help_assessment)},
                      {"social_care", CoverageJson(social_care)},
                      {"contacts", CoverageJson(contact)}};
  // Values come from files that were checked, but a report is not to fail on a path in another encoding.
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace waymark::node
