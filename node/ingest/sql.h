// One table or query of a database, mapped as an event log is: format = "sql".
#ifndef WAYMARK_NODE_INGEST_SQL_H_
#define WAYMARK_NODE_INGEST_SQL_H_

#include "absl/status/status.h"
#include "base/configuration.h"
#include "node/ingest/quality_report.h"
#include "node/ingest/record_builder.h"
#include "node/ingest/source.h"

namespace waymark::node {

// `table` or `query`, and the mapping of event_log.h. What the source carries is what the mapping says.
void ConfigureSql(ConfigTable& source, SourceConfig& config);

// Reads the rows into `builder`, with a FileReport at the end of `report.files`. Errors: as Database and
// TableReader.
absl::Status ReadSql(const SourceConfig& config, RecordBuilder& builder, QualityReport& report);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_SQL_H_
