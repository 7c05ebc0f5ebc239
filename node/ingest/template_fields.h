// The fields of a template's rows, read by their columns' types (template_tables.h).
#ifndef WAYMARK_NODE_INGEST_TEMPLATE_FIELDS_H_
#define WAYMARK_NODE_INGEST_TEMPLATE_FIELDS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "base/day.h"
#include "node/ingest/record_builder.h"
#include "node/ingest/source.h"
#include "node/ingest/table_reader.h"
#include "node/ingest/template_tables.h"

namespace waymark::node {

// One field of a row as its type reads it.
struct TemplateValue {
  std::string text;         // of kChild, kId and kText; "": blank
  Day day = kNoDay;         // of kDate; kNoDay: blank
  std::int64_t number = 0;  // of the others: thousandths, pence, days, 0 or 1, the place in the list of words
  bool filled = false;
};

// One row: its values by the names of their columns.
class TemplateRow {
 public:
  // Both outlive it.
  TemplateRow(const TemplateTable& table, const std::vector<TemplateValue>& values)
      : table_(table), values_(values) {}

  // An unfilled value where the table has no such column.
  const TemplateValue& operator[](absl::string_view name) const;

 private:
  const TemplateTable& table_;
  const std::vector<TemplateValue>& values_;
};

// Reads the current row of `reader`. Not thread-safe.
class TemplateFields {
 public:
  // All outlive it. Asks `reader` for the table's columns; whoever made it calls FinishColumns. Ids of
  // children are those to which `builder` links them.
  TemplateFields(const SourceConfig& config, const TemplateTable& table, TableReader& reader,
                 RecordBuilder& builder);

  // Why the row cannot be used; "" where `values` are all read.
  std::string Read(std::vector<TemplateValue>& values) const;

 private:
  bool Take(const TemplateColumn& column, absl::string_view text, TemplateValue& value) const;
  bool TakeDay(absl::string_view text, Day& day) const;
  std::string Renamed(absl::string_view column, absl::string_view text) const;

  const SourceConfig& config_;
  const TemplateTable& table_;
  TableReader& reader_;
  RecordBuilder& builder_;
  std::vector<Column> columns_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_TEMPLATE_FIELDS_H_
