// What the pages are made from: everything that the council's sources say, read once and kept until a newer
// reading is whole. Pages never wait for a reading.
#ifndef WAYMARK_NODE_PAGES_SNAPSHOT_H_
#define WAYMARK_NODE_PAGES_SNAPSHOT_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "node/site/council_data.h"
#include "node/site/figure_rows.h"
#include "node/site/positions.h"
#include "node/site/published_rows.h"
#include "node/site/site.h"
#include "waymark/v1/scorecard.pb.h"

namespace waymark::node {

// A metric's benchmark that this node keeps, and our own figures beside it.
struct KeptPositions {
  v1::QueryResponse benchmark;
  std::vector<Position> positions;
};

// Immutable once read; thread-safe.
class Snapshot {
 public:
  // The errors of ReadCouncilData, and of the published files. `site` outlives it.
  static absl::StatusOr<std::shared_ptr<const Snapshot>> Read(const Site& site, absl::Time now);

  absl::Time read_at() const { return read_at_; }
  const CouncilData& data() const { return *data_; }
  const PublishedStatistics& published() const { return *published_; }
  // What `measure` prints of the metric without a breakdown: all windows, units and periods, oldest first;
  // of a published one the latest. Empty where it cannot be measured at all.
  const std::vector<FigureRow>& RowsOf(absl::string_view metric) const;
  // Null where the node keeps no benchmark of it.
  const KeptPositions* PositionsFor(absl::string_view metric) const;
  // Of published statistics; nothing in it where there are none.
  const v1::Scorecard& scorecard() const { return scorecard_; }
  // The day of which the figures are: the sources' extract date; kNoDay where there are no records.
  Day extract_day() const;

 private:
  Snapshot() = default;
  absl::Status MeasureAllMetrics(const Site& site);
  absl::Status StandBesideBenchmarks(const Site& site);

  absl::Time read_at_;
  std::unique_ptr<const CouncilData> data_;
  std::unique_ptr<const PublishedStatistics> published_;
  std::map<std::string, std::vector<FigureRow>, std::less<>> rows_;
  std::map<std::string, KeptPositions, std::less<>> positions_;
  v1::Scorecard scorecard_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_PAGES_SNAPSHOT_H_
