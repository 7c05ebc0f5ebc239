// A council's files to Records, with a data-quality report. See README.md for what each format is read as.
#ifndef WAYMARK_NODE_INGEST_INGEST_H_
#define WAYMARK_NODE_INGEST_INGEST_H_

#include <cstdint>
#include <functional>
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

// Bytes read, of how many; from any thread, one at a time.
using ReadProgress = std::function<void(std::uint64_t done, std::uint64_t total)>;

// Reads all sources; people are joined by their id. Of what is not among `make` the report tells nothing
// either. Persons without any episode, referral or contact are not among the records. The order of the
// records depends on nothing but themselves (Records::in_order), so that the order of rows in a file makes no
// difference (but for events of one person on one day, whose file order counts).
//
// An error is what keeps a whole file from being read (path, encoding, delimiter, limits, a missing column);
// those of all sources come together, a line each, under the code of the first. Rows that cannot be used are
// in the report; where hardly any of a file can be, report.HasErrors().
absl::StatusOr<IngestResult> Ingest(const std::vector<SourceConfig>& sources,
                                    const ReadProgress& progress = {}, const Extras& make = {});

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_INGEST_H_
