// The return on looked-after children (SSDA903) as CSV files, one year or several: format = "ssda903".
#ifndef WAYMARK_NODE_INGEST_SSDA903_H_
#define WAYMARK_NODE_INGEST_SSDA903_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/configuration.h"
#include "node/ingest/quality_report.h"
#include "node/ingest/record_builder.h"
#include "node/ingest/source.h"

namespace waymark::node {

// By the Department's convention a series of short breaks is no being looked after.
inline constexpr absl::string_view kShortBreak =
    "a short break (legal status V3 or V4), which does not count as being looked after";

// Reads [source.mapping]'s date_format (01/04/2024 where not set) and codes.
void ConfigureSsda903(ConfigTable& source, SourceConfig& config);

// What the source is the whole account of: as configured, else social care. Of that it has children looked
// after alone; a warning in the report says so.
Carries Ssda903Carries(const SourceConfig& config);

// Reads the CSV files at `config.path`, which are told apart by their columns, whatever their names: the
// header's persons and the episodes; other tables are counted. The same child and first day in several files:
// the file that reaches furthest tells. A FileReport each. NOT_FOUND where no file has episodes; other errors
// as TableReader, of all files together.
absl::Status ReadSsda903(const SourceConfig& config, RecordBuilder& builder, QualityReport& report);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_SSDA903_H_
