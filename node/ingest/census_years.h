// Which censuses a source has: of which council, of which year, and in which order they are read.
#ifndef WAYMARK_NODE_INGEST_CENSUS_YEARS_H_
#define WAYMARK_NODE_INGEST_CENSUS_YEARS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/day.h"
#include "node/ingest/quality_report.h"
#include "node/ingest/source.h"

namespace waymark::node {

struct Census {
  std::string path;
  Day reference = kNoDay;    // it tells of cases open in the year that ends on this day
  std::string made;          // when the file was made, as it says: of two of one year the later counts
  std::int64_t council = 0;  // the Department's number; 0: none named
};

// The censuses at `config.path`, the latest first, by their headers alone. Errors: as ReadCinCensus.
absl::StatusOr<std::vector<Census>> FindCensuses(const SourceConfig& config);

// Tells `report` what was found, and where years are missing or the source's dates do not fit them.
void JudgeYears(const SourceConfig& config, const std::vector<Census>& censuses, QualityReport& report);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_CENSUS_YEARS_H_
