// Event logs and any other CSV or sheet of a workbook that a council maps itself: format = "event-log".
#ifndef WAYMARK_NODE_INGEST_EVENT_LOG_H_
#define WAYMARK_NODE_INGEST_EVENT_LOG_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/configuration.h"
#include "node/ingest/quality_report.h"
#include "node/ingest/record_builder.h"
#include "node/ingest/source.h"
#include "node/ingest/table_reader.h"

namespace waymark::node {

inline constexpr absl::string_view kUnlistedActivity =
    "an activity that [source.mapping.stages] does not list: ignored";

// The keys of format = "event-log".
void ConfigureEventLog(ConfigTable& source, SourceConfig& config);

// The canonical codes of CodeField::kKind; nothing for another text.
std::optional<RowKind> RowKindNamed(absl::string_view code);

// What the source is the whole account of: as configured, else by the levels and kinds that its mapping
// names.
Carries EventLogCarries(const SourceConfig& config);

// Reads the file into `builder`, with a FileReport at the end of `report.files`. Errors: as TableReader and
// Workbook; INVALID_ARGUMENT where a workbook has several sheets and none is named.
absl::Status ReadEventLog(const SourceConfig& config, RecordBuilder& builder, QualityReport& report);

// The same over rows that stand elsewhere.
absl::Status ReadEventLogRows(const SourceConfig& config, TableReader& table, RecordBuilder& builder,
                              QualityReport& report);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_EVENT_LOG_H_
