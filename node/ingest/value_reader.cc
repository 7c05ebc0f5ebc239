#include "node/ingest/value_reader.h"

#include "absl/strings/str_cat.h"
#include "base/iso_day.h"

namespace waymark::node {

ValueReader::ValueReader(const SourceConfig& config, QualityReport& report, std::uint16_t file)
    : config_(config),
      report_(report),
      file_(file),
      // No other format reads it.
      iso_first_(!config.dates.empty() && config.dates.front().Parse("2000-01-31").has_value()) {
  for (const CodeField field : AllCodeFields()) {
    const auto own = config.codes.find(field);
    readers_.emplace(field, CodeReader(field, own == config.codes.end() ? CodeMap() : own->second));
  }
}

DateReading ValueReader::Date(absl::string_view value) const {
  if (value.empty()) return {};
  if (iso_first_) {
    if (const Day day = IsoDayOrNone(value); day != kNoDay) return {.day = day};
  }
  return DateInAnyFormat(value);
}

DateReading ValueReader::DateInAnyFormat(absl::string_view value) const {
  for (const DateFormat& format : config_.dates) {
    if (const auto day = format.Parse(value)) return {.day = *day};
  }
  return {.impossible = true};
}

absl::string_view ValueReader::CodeText(CodeField field, absl::string_view value, std::int64_t line) {
  const CodeReading reading = readers_.at(field).Read(value);
  if (!reading.known) {
    report().UnknownCode(CodeFieldName(field), value);
    report().Note(absl::StrCat(CodeFieldName(field), ": a value that no rule knows"), line);
  }
  return reading.code;
}

bool ValueReader::IsKnown(CodeField field, absl::string_view value) {
  return readers_.at(field).Read(value).known;
}

absl::string_view ValueReader::EndReason(Level level, absl::string_view value, std::int64_t line) {
  const absl::string_view code = CodeText(CodeField::kEndReason, value, line);
  return level == Level::kEarlyHelp && code == "other" ? "unknown" : code;
}

absl::string_view ValueReader::Disability(absl::string_view value) {
  const CodeReading reading = readers_.at(CodeField::kDisability).Read(value);
  return reading.known ? reading.code : "yes";
}

}  // namespace waymark::node
