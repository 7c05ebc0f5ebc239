// Sources with `accumulate = true`: what is read now joins the extracts that the store holds.
#ifndef WAYMARK_NODE_INGEST_ACCUMULATE_H_
#define WAYMARK_NODE_INGEST_ACCUMULATE_H_

#include "absl/status/statusor.h"
#include "node/ingest/extract.h"
#include "node/ingest/quality_report.h"
#include "node/ingest/record_builder.h"
#include "node/ingest/source.h"

namespace waymark::node {

// From when to when a source's extracts cover each kind that it carries: one window for all where it has one
// extract only.
struct Reach {
  Coverage early_help, social_care, contacts, early_help_assessments;
  Levels levels = 0;  // of the source as it is now
};
ExtractHead HeadOf(const SourceConfig& source);  // of what it has now
Reach ReachOf(const std::vector<ExtractHead>& extracts);

// What the source says of itself, and every extract of it in the store. The store is only read, and need not
// be there.
absl::StatusOr<std::vector<ExtractHead>> ExtractsOf(const SourceConfig& source);

struct Accumulated {
  Reach reach;
  ExtractHistory history;
};

// Reads the source, with its files and issues in `report`; keeps it in the store; returns what the store then
// holds of it.
absl::StatusOr<Accumulated> Accumulate(const SourceConfig& source, QualityReport& report);

// Adds all to `builder`, as a file of its own in `report`.
void AddHistory(const SourceConfig& source, Accumulated accumulated, RecordBuilder& builder,
                QualityReport& report);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_ACCUMULATE_H_
