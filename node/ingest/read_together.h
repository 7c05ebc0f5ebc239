// One table read by several threads.
#ifndef WAYMARK_NODE_INGEST_READ_TOGETHER_H_
#define WAYMARK_NODE_INGEST_READ_TOGETHER_H_

#include <functional>

#include "absl/status/status.h"
#include "node/ingest/quality_report.h"
#include "node/ingest/record_builder.h"
#include "node/ingest/table_reader.h"

namespace waymark::node {

// Reads all of a table's rows that nobody else takes.
using TableWork = std::function<absl::Status(TableReader&, RecordBuilder&, QualityReport&)>;

// Calls `work` in as many threads as are worth having, each with its share of the rows of `table`, whose
// FileReport is the last of `report`; in one where the table's rows come one after another only. Of several
// errors the one that stands first in the file is returned. Records and report are the same whatever the
// number of threads.
absl::Status ReadTogether(TableReader& table, RecordBuilder& builder, QualityReport& report,
                          const TableWork& work);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_READ_TOGETHER_H_
