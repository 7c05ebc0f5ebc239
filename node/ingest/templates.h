// The CSV templates as a source: format = "templates", path = a folder with any of the files of
// template_tables.h.
#ifndef WAYMARK_NODE_INGEST_TEMPLATES_H_
#define WAYMARK_NODE_INGEST_TEMPLATES_H_

#include "absl/status/status.h"
#include "base/configuration.h"
#include "node/ingest/quality_report.h"
#include "node/ingest/record_builder.h"
#include "node/ingest/source.h"

namespace waymark::node {

void ConfigureTemplates(ConfigTable& source, SourceConfig& config);

// Templates are the whole account of no kind of record.
Carries TemplatesCarry(const SourceConfig& config);

// Reads each file that is there, with a FileReport. A row that cannot be used is left out with its reason.
// NOT_FOUND where the folder has none of the files; errors of all files come together.
absl::Status ReadTemplates(const SourceConfig& config, RecordBuilder& builder, QualityReport& report);

// Adds a note for each template with rows about children who are in no other source.
void ReportStrangers(const Records& records, QualityReport& report);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_TEMPLATES_H_
