// Reads the fields of a table's rows as days and codes: a ValueReader by columns.
#ifndef WAYMARK_NODE_INGEST_ROW_FIELDS_H_
#define WAYMARK_NODE_INGEST_ROW_FIELDS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "node/ingest/codes.h"
#include "node/ingest/quality_report.h"
#include "node/ingest/record_builder.h"
#include "node/ingest/source.h"
#include "node/ingest/table_reader.h"
#include "node/ingest/value_cache.h"
#include "node/ingest/value_reader.h"

namespace waymark::node {

// What councils name as they like.
enum class NameField : std::uint8_t { kArea, kTeam, kService, kWorker };
inline constexpr std::size_t kNameFields = 4;

// Reads the current row of `table`. Not thread-safe.
class RowFields {
 public:
  // `file` is the index of the table's FileReport in `report`.
  RowFields(const SourceConfig& config, const TableReader& table, RecordBuilder& builder,
            QualityReport& report, std::uint16_t file);

  absl::string_view Text(Column column) const { return table_.Get(column); }
  DateReading Date(Column column) const;
  // The canonical code as number and text, good until the next is asked for. The column is there.
  const Meaning& MeaningOf(CodeField field, Column column) {
    const ShortValue value = ValueOf(column);
    const Meaning* const known = coded_.data()[static_cast<std::size_t>(field)].Find(value);
    return known != nullptr ? *known : Learn(field, column, value);
  }
  // The number alone; kNoCode where there is no such column.
  Code Coded(CodeField field, Column column) {
    return column == kNoColumn ? kNoCode : MeaningOf(field, column).code;
  }
  // As ValueReader, of the current row.
  absl::string_view CodeText(CodeField field, absl::string_view value);
  absl::string_view CodeText(CodeField field, Column column);
  Code EndReason(Level level, Column column);
  // The council's own words, renamed where its mapping says so.
  Code Named(NameField name, Column column) {
    if (column == kNoColumn) return kNoCode;
    const ShortValue value = ValueOf(column);
    const Meaning* const known = named_[static_cast<std::size_t>(name)].Find(value);
    return known != nullptr ? known->code : Learn(name, column, value);
  }
  // An id: as it is.
  RecordId Id(Column column);

  // Without the row's hash where that is not `hashed`: rows with ids of their own need none.
  RowPlace Place(bool hashed = true) const;
  ValueReader& values() { return values_; }
  FileReport& report() { return values_.report(); }
  void LeaveOut(absl::string_view reason) { report().LeaveOut(reason, table_.line()); }

 private:
  ShortValue ValueOf(Column column) const { return {table_.Raw(column), table_.is_readable_beyond()}; }
  const Meaning& Learn(CodeField field, Column column, const ShortValue& value);
  Code Learn(NameField name, Column column, const ShortValue& value);

  const TableReader& table_;
  RecordBuilder& builder_;
  ValueReader values_;
  std::vector<ValueCache> coded_;  // by CodeField
  Meaning unmet_;                  // of the last value that is in none of these
  Code unknown_ = kNoCode;         // "unknown", once it has been asked for
  std::array<ValueCache, kNameFields> named_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_ROW_FIELDS_H_
