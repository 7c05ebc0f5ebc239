// Reads the fields of a table's rows as days and codes, in the way that one source is configured, and notes
// what it could not read.
#ifndef WAYMARK_NODE_INGEST_ROW_FIELDS_H_
#define WAYMARK_NODE_INGEST_ROW_FIELDS_H_

#include <map>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "node/ingest/codes.h"
#include "node/ingest/quality_report.h"
#include "node/ingest/record_builder.h"
#include "node/ingest/source.h"
#include "node/ingest/table_reader.h"

namespace waymark::node {

// Reads the current row of `table`. Not thread-safe.
class RowFields {
 public:
  // `file` is the index of the table's FileReport in `report`.
  RowFields(const SourceConfig& config, const TableReader& table, RecordBuilder& builder,
            QualityReport& report, std::uint16_t file);

  absl::string_view Text(Column column) const { return table_.Get(column); }
  DateReading Date(Column column) const;
  // The canonical code's number; kNoCode where there is no such column.
  Code Coded(CodeField field, Column column);
  // The canonical code itself: "" for blank.
  absl::string_view CodeText(CodeField field, absl::string_view value);
  // Whether a value is a code that is known (or blank).
  bool IsKnown(CodeField field, absl::string_view value);
  // Why an episode of `level` ended: "other" is a reason of social care only, in early help it is "unknown".
  Code EndReason(Level level, Column column);
  // Area, team, service: the council's own words, renamed where its mapping says so.
  Code Named(const char* name, Column column);
  // An id: as it is.
  Code Id(Column column);

  RowPlace Place() const;
  FileReport& report() { return report_.files[file_]; }
  void LeaveOut(absl::string_view reason) { report().LeaveOut(reason, table_.line()); }

 private:
  const SourceConfig& config_;
  const TableReader& table_;
  RecordBuilder& builder_;
  QualityReport& report_;
  std::uint16_t file_;
  std::map<CodeField, CodeReader> readers_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_ROW_FIELDS_H_
