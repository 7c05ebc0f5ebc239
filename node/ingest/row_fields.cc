#include "node/ingest/row_fields.h"

namespace waymark::node {

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
Meaning RowFields::MeaningOf(CodeField field, Column column) {
  const auto number = static_cast<std::size_t>(field);
  ValueCache& cache = coded_[number];
  const absl::string_view raw = table_.Raw(column);
  if (const Meaning* known = cache.Find(raw)) return *known;
  const absl::string_view value = table_.Get(column);
  const absl::string_view text = CodeText(field, value);
  const Meaning meaning{.code = builder_.Text(text), .text = text};
  if (values_.IsKnown(field, value)) cache.Put(raw, meaning);
  return meaning;
}

Code RowFields::Coded(CodeField field, Column column) {
  return column == kNoColumn ? kNoCode : MeaningOf(field, column).code;
}

Code RowFields::EndReason(Level level, Column column) {
  if (column == kNoColumn) return kNoCode;
  const Meaning meaning = MeaningOf(CodeField::kEndReason, column);
  if (level != Level::kEarlyHelp || meaning.text != "other") return meaning.code;
  if (unknown_ == kNoCode) unknown_ = builder_.Text("unknown");
  return unknown_;
}

inline ValueCache& RowFields::CacheOf(absl::string_view name) {
  for (auto& [known, cache] : named_) {
    if (known == name) return cache;
  }
  return named_.emplace_back(name, ValueCache()).second;
}

Code RowFields::Named(absl::string_view name, Column column) {
  if (column == kNoColumn) return kNoCode;
  ValueCache& cache = CacheOf(name);
  const absl::string_view raw = table_.Raw(column);
  if (const Meaning* known = cache.Find(raw)) return known->code;
  absl::string_view value = table_.Get(column);
  const auto& all = values_.config().renames;
  if (const auto renames = all.find(std::string(name)); renames != all.end()) {
    const auto renamed = renames->second.find(std::string(value));
    if (renamed != renames->second.end()) value = renamed->second;
  }
  const Code code = builder_.Text(value);
  cache.Put(raw, {.code = code});
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
