// The Standard Safeguarding Dataset as a folder of CSV files, one a table: format = "ssd".
#ifndef WAYMARK_NODE_INGEST_SSD_H_
#define WAYMARK_NODE_INGEST_SSD_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/configuration.h"
#include "node/ingest/quality_report.h"
#include "node/ingest/record_builder.h"
#include "node/ingest/source.h"

namespace waymark::node {

// The keys of format = "ssd".
void ConfigureSsd(ConfigTable& source, SourceConfig& config);

// What the source is the whole account of: as configured, else by the tables that are there.
Carries SsdCarries(const SourceConfig& config);

// Reads the tables that README.md lists, a FileReport each. One that is not there is an issue in `report`;
// NOT_FOUND where there is none with an episode, or no folder. Other errors: as TableReader, of all tables
// together.
absl::Status ReadSsd(const SourceConfig& config, RecordBuilder& builder, QualityReport& report);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_SSD_H_
