#include "node/ingest/row_fields.h"

namespace waymark::node {

RowFields::RowFields(const SourceConfig& config, const TableReader& table, RecordBuilder& builder,
                     QualityReport& report, std::uint16_t file)
    : table_(table), builder_(builder), values_(config, report, file) {}

DateReading RowFields::Date(Column column) const {
  return values_.Date(table_.Get(column));
}

absl::string_view RowFields::CodeText(CodeField field, absl::string_view value) {
  return values_.CodeText(field, value, table_.line());
}

Code RowFields::Coded(CodeField field, Column column) {
  if (column == kNoColumn) return kNoCode;
  return builder_.Text(CodeText(field, table_.Get(column)));
}

Code RowFields::EndReason(Level level, Column column) {
  if (column == kNoColumn) return kNoCode;
  return builder_.Text(values_.EndReason(level, table_.Get(column), table_.line()));
}

Code RowFields::Named(const char* name, Column column) {
  if (column == kNoColumn) return kNoCode;
  const absl::string_view value = table_.Get(column);
  const auto& all = values_.config().renames;
  if (const auto renames = all.find(name); renames != all.end()) {
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
  return {.hash = table_.Hash(), .line = static_cast<std::uint32_t>(table_.line()), .file = values_.file()};
}

}  // namespace waymark::node
