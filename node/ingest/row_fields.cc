#include "node/ingest/row_fields.h"

#include <string>

namespace waymark::node {
namespace {

// As SourceConfig::renames has them.
constexpr const char* kNames[kNameFields] = {"area", "team", "service", "worker"};
static_assert(ShortValue::kMostBytes == RowSource::kReadable);

}  // namespace

RowFields::RowFields(const SourceConfig& config, const TableReader& table, RecordBuilder& builder,
                     QualityReport& report, std::uint16_t file)
    : table_(table), builder_(builder), values_(config, report, file), coded_(AllCodeFields().size()) {}

DateReading RowFields::Date(Column column) const {
  return column == kNoColumn ? DateReading() : values_.Date(table_.Get(column));
}

absl::string_view RowFields::CodeText(CodeField field, absl::string_view value) {
  return values_.CodeText(field, value, table_.line());
}

absl::string_view RowFields::CodeText(CodeField field, Column column) {
  return column == kNoColumn ? CodeText(field, absl::string_view()) : MeaningOf(field, column).text;
}

// Values that no rule knows are not remembered, so that each is noted.
const Meaning& RowFields::Learn(CodeField field, Column column, const ShortValue& value) {
  const absl::string_view text = table_.Get(column);
  const absl::string_view code = CodeText(field, text);
  unmet_ = {.code = builder_.Text(code), .text = code};
  if (values_.IsKnown(field, text)) coded_[static_cast<std::size_t>(field)].Put(value, unmet_);
  return unmet_;
}

Code RowFields::EndReason(Level level, Column column) {
  if (column == kNoColumn) return kNoCode;
  const Meaning& meaning = MeaningOf(CodeField::kEndReason, column);
  if (level != Level::kEarlyHelp || meaning.text != "other") return meaning.code;
  if (unknown_ == kNoCode) unknown_ = builder_.Text("unknown");
  return unknown_;
}

Code RowFields::Learn(NameField name, Column column, const ShortValue& value) {
  absl::string_view text = table_.Get(column);
  const auto& all = values_.config().renames;
  if (const auto renames = all.find(kNames[static_cast<std::size_t>(name)]); renames != all.end()) {
    const auto renamed = renames->second.find(std::string(text));
    if (renamed != renames->second.end()) text = renamed->second;
  }
  const Code code = builder_.Text(text);
  named_[static_cast<std::size_t>(name)].Put(value, {.code = code});
  return code;
}

RecordId RowFields::Id(Column column) {
  return builder_.Id(table_.Get(column));
}

RowPlace RowFields::Place(bool hashed) const {
  return {.hash = hashed ? table_.Hash() : 0,
          .line = static_cast<std::uint32_t>(table_.line()),
          .file = values_.file()};
}

}  // namespace waymark::node
