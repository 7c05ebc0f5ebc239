// Tables that no metric uses: they are counted, and what is wrong with them is a warning.
#ifndef WAYMARK_NODE_INGEST_UNUSED_TABLE_H_
#define WAYMARK_NODE_INGEST_UNUSED_TABLE_H_

#include "absl/status/status.h"
#include "node/ingest/quality_report.h"
#include "node/ingest/table_reader.h"

namespace waymark::node {

// Counts the table's rows in the last of `report.files`, whatever its columns are beside those asked for;
// malformed rows are remarks and issues. The errors of TableReader.
absl::Status CountUnused(TableReader& table, QualityReport& report);

// Takes the last of `report.files` out again, which could not be counted, and makes an issue of `why`.
void WarnOfUnused(const absl::Status& why, QualityReport& report);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_UNUSED_TABLE_H_
