// Ofsted's Annex A, the child-level lists of an inspection: format = "annex-a". A workbook with a sheet a
// list, or a folder with a CSV file a list. README.md tells how each list is read.
#ifndef WAYMARK_NODE_INGEST_ANNEX_A_H_
#define WAYMARK_NODE_INGEST_ANNEX_A_H_

#include "absl/status/status.h"
#include "base/configuration.h"
#include "node/ingest/quality_report.h"
#include "node/ingest/record_builder.h"
#include "node/ingest/source.h"

namespace waymark::node {

// The keys of format = "annex-a".
void ConfigureAnnexA(ConfigTable& source, SourceConfig& config);

// What the source is the whole account of: as configured, else by the lists that are there. List 2 is
// early-help assessments, and early help only where the mapping says so.
Carries AnnexACarries(const SourceConfig& config);

// Reads lists 1 to 8 into `builder` and counts the rows of 9 to 11; a FileReport each. A list that is not
// there is an issue in `report`. INVALID_ARGUMENT where two tables are the same list, NOT_FOUND where none is
// a list. Other errors: as Workbook and TableReader, of all lists together.
absl::Status ReadAnnexA(const SourceConfig& config, RecordBuilder& builder, QualityReport& report);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_ANNEX_A_H_
