#include "node/ingest/row_fields.h"

#include "absl/strings/str_cat.h"

namespace waymark::node {

RowFields::RowFields(const SourceConfig& config, const TableReader& table, RecordBuilder& builder,
                     QualityReport& report, std::uint16_t file)
    : config_(config), table_(table), builder_(builder), report_(report), file_(file) {
  for (const CodeField field : AllCodeFields()) {
    const auto own = config.codes.find(field);
    readers_.emplace(field, CodeReader(field, own == config.codes.end() ? CodeMap() : own->second));
  }
}

DateReading RowFields::Date(Column column) const {
  const absl::string_view value = table_.Get(column);
  if (value.empty()) return {};
  for (const DateFormat& format : config_.dates) {
    if (const auto day = format.Parse(value)) return {.day = *day};
  }
  return {.impossible = true};
}

absl::string_view RowFields::CodeText(CodeField field, absl::string_view value) {
  const CodeReading reading = readers_.at(field).Read(value);
  if (!reading.known) {
    report().UnknownCode(CodeFieldName(field), value);
    report().Note(absl::StrCat(CodeFieldName(field), ": a value that no rule knows"), table_.line());
  }
  return reading.code;
}

bool RowFields::IsKnown(CodeField field, absl::string_view value) {
  return readers_.at(field).Read(value).known;
}

Code RowFields::Coded(CodeField field, Column column) {
  if (column == kNoColumn) return kNoCode;
  return builder_.Text(CodeText(field, table_.Get(column)));
}

Code RowFields::EndReason(Level level, Column column) {
  if (column == kNoColumn) return kNoCode;
  const absl::string_view code = CodeText(CodeField::kEndReason, table_.Get(column));
  return builder_.Text(level == Level::kEarlyHelp && code == "other" ? "unknown" : code);
}

Code RowFields::Named(const char* name, Column column) {
  if (column == kNoColumn) return kNoCode;
  const absl::string_view value = table_.Get(column);
  if (const auto renames = config_.renames.find(name); renames != config_.renames.end()) {
    const auto renamed = renames->second.find(std::string(value));
    if (renamed != renames->second.end()) return builder_.Text(renamed->second);
  }
  return builder_.Text(value);
}

Code RowFields::Id(Column column) {
  if (column == kNoColumn) return kNoCode;
  const absl::string_view value = table_.Get(column);
  return value.empty() ? kNoCode : builder_.Text(value);
}

RowPlace RowFields::Place() const {
  return {.hash = table_.Hash(), .line = static_cast<std::uint32_t>(table_.line()), .file = file_};
}

}  // namespace waymark::node
