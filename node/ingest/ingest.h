// A council's files to Records, with a data-quality report. See README.md for what each format is read as.
#ifndef WAYMARK_NODE_INGEST_INGEST_H_
#define WAYMARK_NODE_INGEST_INGEST_H_

#include <vector>

#include "absl/status/statusor.h"
#include "node/ingest/quality_report.h"
#include "node/ingest/source.h"
#include "node/journey/records.h"

namespace waymark::node {

struct IngestResult {
  Records records;
  QualityReport report;
};

// Reads all sources; people are joined by their id. Persons without any episode, referral or contact are not
// among the records. Persons are sorted by id, families and codes by text, the rest by person and then every
// field, so that the order of rows in a file makes no difference (but for events of one person on one day,
// whose file order counts).
//
// An error is what keeps a whole file from being read (path, encoding, delimiter, limits, a missing column);
// those of all sources come together, a line each, under the code of the first. Rows that cannot be used are
// in the report; where hardly any of a file can be, report.HasErrors().
absl::StatusOr<IngestResult> Ingest(const std::vector<SourceConfig>& sources);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_INGEST_H_
