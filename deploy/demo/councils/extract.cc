#include "deploy/demo/councils/extract.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "base/file.h"
#include "base/status.h"
#include "deploy/demo/councils/statutory_returns.h"

namespace waymark::demo {
namespace {

std::string FormatDate(Day day, absl::string_view format) {
  if (day == kNoDay) return "";
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const CivilDate date = day == kImpossibleDay ? CivilDate{2023, 2, 30} : CivilDateOf(day);
  return absl::StrReplaceAll(format, {{"%Y", absl::StrFormat("%04d", date.year)},
                                      {"%m", absl::StrFormat("%02d", date.month)},
                                      {"%d", absl::StrFormat("%02d", date.day)},
                                      {"%b", kMonths[date.month - 1]},
                                      {"%H", "00"},
                                      {"%M", "00"},
                                      {"%S", "00"}});
}

// The few letters that these files use beyond ASCII.
std::string ToWindows1252(const std::string& text) {
  return absl::StrReplaceAll(text,
                             {{"\xE2\x80\x93", "\x96"}, {"\xE2\x80\x99", "\x92"}, {"\xC3\xA2", "\xE2"}});
}

absl::string_view LevelOf(RecordKind kind) {
  switch (kind) {
    case RecordKind::kEarlyHelp:
      return "early_help";
    case RecordKind::kCin:
      return "cin";
    case RecordKind::kCp:
      return "cp";
    case RecordKind::kCla:
      return "cla";
    default:
      return "";
  }
}

// Writes rows in one system's way.
class Writer {
 public:
  Writer(const Council& council, const System& system) : council_(council), system_(system) {}

  std::string Text(const FileLayout& file) {
    std::string text = system_.byte_order_mark ? "\xEF\xBB\xBF" : "";
    std::vector<std::string> row;
    for (const auto& [field, header] : file.columns) row.push_back(header);
    AppendRow(row, text);
    if (file.kinds.empty()) {
      for (const Child& child : council_.children) AppendFields(file, child, nullptr, text);
    } else if (file.events) {
      AppendEvents(file, text);
    } else {
      for (const Record& record : council_.records) {
        if (std::find(file.kinds.begin(), file.kinds.end(), record.kind) == file.kinds.end()) continue;
        AppendFields(file, council_.children[record.child], &record, text);
      }
    }
    return system_.windows_1252 ? ToWindows1252(text) : text;
  }

 private:
  // The value of one field of a row, in the system's words.
  std::string Value(const std::string& field, const Child& child, const Record* record) const {
    const std::string value = OwnValue(field, child, record);
    const auto words = system_.words.find(field);
    if (words == system_.words.end()) return value;
    const auto word = words->second.find(value);
    return word == words->second.end() ? value : word->second;
  }

  std::string OwnValue(const std::string& field, const Child& child, const Record* record) const {
    if (field == "person") return child.id;
    if (field == "family") return child.family;
    if (field == "birth") return child.birth_recorded ? FormatDate(child.birth, system_.date_format) : "";
    if (field == "sex") return std::string(child.sex);
    if (field == "ethnicity") return std::string(child.ethnicity);
    if (field == "disability") return child.disabled ? "yes" : "no";
    if (field == "area") return std::string(AreaNames()[child.area]);
    if (record == nullptr) return "";
    if (field == "id") return record->id;
    if (field == "start" || field == "date") return FormatDate(record->start, system_.date_format);
    if (field == "end") return FormatDate(record->end, system_.date_format);
    if (field == "source") return std::string(record->source);
    if (field == "end_reason") return std::string(record->reason);
    if (field == "need") return std::string(record->need);
    if (field == "team") return record->team == 0 ? "" : absl::StrCat("Team ", record->team);
    if (field == "nfa") {
      return record->kind != RecordKind::kReferral ? "" : record->outcome == "nfa" ? "yes" : "no";
    }
    if (field == "outcome") return record->kind == RecordKind::kContact ? std::string(record->outcome) : "";
    if (field == "level") return std::string(LevelOf(record->kind));
    if (field == "kind") {
      return record->kind == RecordKind::kContact    ? "contact"
             : record->kind == RecordKind::kReferral ? "referral"
                                                     : "episode";
    }
    return "";
  }

  void AppendFields(const FileLayout& file, const Child& child, const Record* record,
                    std::string& text) const {
    std::vector<std::string> row;
    for (const auto& [field, header] : file.columns) row.push_back(Value(field, child, record));
    AppendRow(row, text);
  }

  // Ends come at noon and starts after it, so that a case may be closed and opened again on one day.
  void AppendEvents(const FileLayout& file, std::string& text) const {
    std::vector<std::tuple<std::string, std::string, std::string>> events;  // moment, id, row
    for (const Record& record : council_.records) {
      const bool broken = record.start > ExtractDate() || record.end < record.start;
      if (record.kind != RecordKind::kEarlyHelp || broken) continue;
      for (const bool closes : {false, true}) {
        if (closes && record.end == kNoDay) continue;
        const std::string moment =
            FormatDay(closes ? record.end : record.start) + (closes ? " 12:00:00" : " 14:30:00");
        std::vector<std::string> row;
        for (const auto& [field, header] : file.columns) {
          row.push_back(field == "timestamp" ? moment : EventValue(field, record, closes));
        }
        std::string line;
        AppendRow(row, line);
        events.emplace_back(moment, record.id, std::move(line));
      }
    }
    std::sort(events.begin(), events.end());
    for (const auto& [moment, id, line] : events) text += line;
  }

  // What is known at the start stands with the start, and why it ended with the end.
  std::string EventValue(const std::string& field, const Record& record, bool closes) const {
    if (field == "activity") return closes ? "Case closed" : "Plan opened";
    if (closes && (field == "source" || field == "need")) return "";
    if (!closes && field == "end_reason") return "";
    return Value(field, council_.children[record.child], &record);
  }

  void AppendRow(const std::vector<std::string>& row, std::string& text) const {
    const std::string delimiter = system_.delimiter == "tab" ? "\t" : system_.delimiter;
    text += absl::StrJoin(row, delimiter, [&delimiter](std::string* out, const std::string& value) {
      const bool quoted = value.find_first_of(delimiter + "\"\r\n") != std::string::npos;
      absl::StrAppend(out, quoted ? "\"" : "", absl::StrReplaceAll(value, {{"\"", "\"\""}}),
                      quoted ? "\"" : "");
    });
    text += system_.crlf ? "\r\n" : "\n";
  }

  const Council& council_;
  const System& system_;
};

std::string Quoted(absl::string_view text) {
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"\"", "\\\""}}), "\"");
}

// What one file, or a folder of them, is to the node.
std::string SourceTable(const System& system, const std::string& path, const FileLayout* file) {
  std::string toml = absl::StrCat("\n[[source]]\nformat = ", Quoted(system.format), "\npath = ", Quoted(path),
                                  "\ncovered_from = ", FormatDay(CoveredFrom()),
                                  "\nextract_date = ", FormatDay(ExtractDate()), "\n");
  if (system.delimiter != ",") absl::StrAppend(&toml, "delimiter = ", Quoted(system.delimiter), "\n");
  if (system.windows_1252) toml += "encoding = \"windows-1252\"\n";
  const std::string carries = file != nullptr        ? file->carries
                              : system.files.empty() ? ""
                                                     : system.files[0].carries;
  if (!carries.empty()) absl::StrAppend(&toml, "carries = ", carries, "\n");
  if (system.files.empty()) return toml;
  toml += "\n[source.mapping]\n";
  const bool events = file != nullptr && file->events;
  const std::string dates = events ? "%Y-%m-%d %H:%M:%S" : system.date_format;
  if (dates != "%Y-%m-%d") absl::StrAppend(&toml, "date_format = ", Quoted(dates), "\n");
  if (file != nullptr) {
    absl::StrAppend(&toml, "shape = ", events ? "\"events\"" : "\"episodes\"", "\n");
    for (const auto& [field, value] : file->constants)
      absl::StrAppend(&toml, field, " = ", Quoted(value), "\n");
    for (const auto& [field, header] : file->columns)
      absl::StrAppend(&toml, field, " = ", Quoted(header), "\n");
    if (events)
      toml += "\n[source.mapping.stages]\n\"Plan opened\" = \"early_help\"\n\"Case closed\" = \"close\"\n";
  }
  for (const auto& [field, words] : system.words) {
    const bool used =
        file == nullptr || std::any_of(file->columns.begin(), file->columns.end(),
                                       [&name = field](const auto& column) { return column.first == name; });
    if (!used) continue;
    absl::StrAppend(&toml, "\n[source.mapping.codes.", field, "]\n");
    for (const auto& [code, word] : words) absl::StrAppend(&toml, Quoted(word), " = ", Quoted(code), "\n");
  }
  return toml;
}

}  // namespace

absl::StatusOr<std::string> WriteExtract(const Council& council, const System& system,
                                         const std::string& directory) {
  const std::string folder = PathUnder(directory, system.folder);
  if (system.format == "cin-census" || system.format == "ssda903") {
    const auto write = system.format == "ssda903" ? WriteLookedAfter : WriteCensus;
    RETURN_IF_ERROR(write(council, folder));
    return SourceTable(system, system.folder, nullptr);
  }
  RETURN_IF_ERROR(MakeDirectories(folder, 0755));
  Writer writer(council, system);
  std::string toml = system.format == "ssd" ? SourceTable(system, system.folder, nullptr) : "";
  for (const FileLayout& file : system.files) {
    RETURN_IF_ERROR(WriteFileAtomically(PathUnder(folder, file.name), writer.Text(file), 0644));
    if (system.format != "ssd")
      toml += SourceTable(system, absl::StrCat(system.folder, "/", file.name), &file);
  }
  return toml;
}

}  // namespace waymark::demo
