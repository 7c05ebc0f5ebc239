// The Standard Safeguarding Dataset as a folder of CSV files, one a table: format = "ssd".
#ifndef WAYMARK_NODE_INGEST_SSD_H_
#define WAYMARK_NODE_INGEST_SSD_H_

#include <optional>

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

// Reads ssd_person, ssd_family, ssd_disability, ssd_early_help_episodes, ssd_contacts, ssd_cin_episodes,
// ssd_cp_plans and ssd_cla_episodes; a FileReport each. A table that is not there is an issue in `report`;
// NOT_FOUND where there is none with an episode, or no folder. Other errors: as TableReader, of all tables
// together.
absl::Status ReadSsd(const SourceConfig& config, RecordBuilder& builder, QualityReport& report);

// What an outcome column says. Systems write a code, a word, or JSON with flags, as {"OUTCOME_NFA_FLAG": "Y",
// …}; the JSON is often put together by hand and not valid, so flags are looked for and nothing else in it is
// read. The first flag whose name ends in `suffix`: whether any of that name is set; nothing if there is none
// or all are blank.
std::optional<bool> JsonFlag(absl::string_view json, absl::string_view suffix);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_SSD_H_
