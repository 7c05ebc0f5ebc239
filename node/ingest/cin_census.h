// Children in Need censuses of one council, one year or several: format = "cin-census".
#ifndef WAYMARK_NODE_INGEST_CIN_CENSUS_H_
#define WAYMARK_NODE_INGEST_CIN_CENSUS_H_

#include "absl/status/status.h"
#include "base/configuration.h"
#include "node/ingest/quality_report.h"
#include "node/ingest/record_builder.h"
#include "node/ingest/source.h"

namespace waymark::node {

// Reads the key `la_code`, and [source.mapping]'s date_format and codes.
void ConfigureCinCensus(ConfigTable& source, SourceConfig& config);

// What the source is the whole account of: as configured, else social care.
Carries CinCensusCarries(const SourceConfig& config);

// Reads the XML file or files at `config.path`, with a FileReport each, the latest first: a record is the
// same by child, referral date and first day, and the latest census that has it tells all of it, so the order
// and the names of files do not matter. README.md says what each element is read as.
//
// Errors: as ReadCensus, of all files together; INVALID_ARGUMENT where a file is another collection's, has no
// reference date, or is of another council than `config.la_code` (where that is not set: than another file);
// NOT_FOUND where there is no file.
absl::Status ReadCinCensus(const SourceConfig& config, RecordBuilder& builder, QualityReport& report);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_CIN_CENSUS_H_
