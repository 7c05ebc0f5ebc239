// What node/ingest reports, as sections of a page.
#ifndef WAYMARK_NODE_QUALITY_INGEST_SECTIONS_H_
#define WAYMARK_NODE_QUALITY_INGEST_SECTIONS_H_

#include <string>
#include <vector>

#include "node/ingest/quality_report.h"
#include "node/quality/page.h"

namespace waymark::node {

std::vector<PageSection> IngestSections(const QualityReport& report);

// Complete, records and share of each field; "[z]" where there are no records.
PageTable FieldTable(std::string caption, const std::vector<FieldQuality>& fields);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_QUALITY_INGEST_SECTIONS_H_
