// The data-quality report of a council: what node/ingest read and left out, what is odd about the records,
// how complete their fields are, what each metric cannot be computed for and why, and how the council's own
// figures stand beside those published for it. For the analyst who mends the extract; it stays in the
// council.
#ifndef WAYMARK_NODE_QUALITY_DATA_REPORT_H_
#define WAYMARK_NODE_QUALITY_DATA_REPORT_H_

#include <string>
#include <vector>

#include "node/ingest/quality_report.h"
#include "node/quality/metric_states.h"
#include "node/quality/page.h"
#include "node/quality/reconciliation.h"
#include "node/quality/record_checks.h"
#include "published/collection.h"

namespace waymark::node {

struct DataReport {
  std::string council_code;
  std::string council_name;
  QualityReport ingest;
  std::vector<Finding> findings;
  std::vector<FieldQuality> further_fields;  // beside ingest.fields, which are those of metric 43
  std::vector<MetricState> metrics;
  std::string metrics_note;  // why there are none
  bool has_published = false;
  std::vector<published::FileRead> published_files;
  std::vector<std::string> rejected;  // published values that are not believed
  std::vector<Reconciled> reconciled;
};

// All of it: for the HTML page, and, but for what the ingest's own text says, for the terminal.
Page PageOf(const DataReport& report);
std::string ReportText(const DataReport& report);
// One JSON object: that of QualityReport::Json with the members findings, further_fields, metrics, published
// and reconciliation.
std::string ReportJson(const DataReport& report);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_QUALITY_DATA_REPORT_H_
