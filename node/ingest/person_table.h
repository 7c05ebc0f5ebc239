// A table of which every row belongs to a person.
#ifndef WAYMARK_NODE_INGEST_PERSON_TABLE_H_
#define WAYMARK_NODE_INGEST_PERSON_TABLE_H_

#include <cstdint>

#include "absl/status/status.h"
#include "base/status.h"
#include "node/ingest/quality_report.h"
#include "node/ingest/record_builder.h"
#include "node/ingest/row_fields.h"
#include "node/ingest/table_reader.h"

namespace waymark::node {

// Its FileReport is the last of `report.files`. Not thread-safe.
struct PersonTable {
  PersonTable(const SourceConfig& config, TableReader& table, RecordBuilder& records, QualityReport& report)
      : reader(table),
        builder(records),
        fields(config, table, records, report, static_cast<std::uint16_t>(report.files.size() - 1)) {}

  // Checks that all columns asked for are there, then calls `row` with each row's person and place. Rows
  // without an id are left out.
  template <typename Row>
  absl::Status ForEach(Column person, const Row& row) {
    RETURN_IF_ERROR(reader.FinishColumns());
    while (true) {
      ASSIGN_OR_RETURN(const bool any, reader.Next(fields.report()));
      if (!any) return absl::OkStatus();
      if (fields.Text(person).empty()) {
        fields.LeaveOut("no id of a person");
      } else {
        row(builder.PersonNumber(fields.Text(person)), fields.Place());
      }
    }
  }

  TableReader& reader;
  RecordBuilder& builder;
  RowFields fields;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_PERSON_TABLE_H_
