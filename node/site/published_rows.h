// The council's figures from published statistics: entries of kind PUBLISHED, and the rates that set its own
// counts against a published population.
#ifndef WAYMARK_NODE_SITE_PUBLISHED_ROWS_H_
#define WAYMARK_NODE_SITE_PUBLISHED_ROWS_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "base/period.h"
#include "node/disclose/published_figures.h"
#include "node/journey/journeys.h"
#include "node/site/figure_rows.h"
#include "node/site/site.h"
#include "published/collection.h"
#include "published/figures.h"
#include "published/mapping.h"

namespace waymark::node {

class PublishedStatistics {
 public:
  // Reads the files that the configuration names under [[published]]; none where it names none. `site`
  // outlives it.
  static absl::StatusOr<PublishedStatistics> Load(const Site& site);

  published::Sources sources() const {
    return {.library = site_->library, .mapping = mapping_, .collection = collection_};
  }
  const published::Collection& collection() const { return collection_; }

  // What is published of this council that its own records give too: releases, to the door.
  std::vector<PublishedFigure> OwnFigures() const;

  // The figures of an entry of kind PUBLISHED, of years that ended by the period's end; without a period, the
  // latest.
  void AppendRows(const v1::Metric& metric, const std::optional<Period>& period,
                  std::vector<FigureRow>& rows) const;
  // Beside the rows from `first` on, which hold counts of the entry for that period: each as a rate of the
  // published population, where the entry names one and the count is of all members.
  void AppendRates(const v1::Metric& metric, const Period& period, std::size_t first,
                   std::vector<FigureRow>& rows) const;
  // For an entry of what services cost a closure that met its outcomes, over a financial year: the section
  // 251 spending of that year over all such closures, labelled a rough guide. Nothing where either is not
  // known.
  void AppendRoughGuide(const v1::Metric& metric, const Period& period, const Journeys& journeys,
                        std::vector<FigureRow>& rows) const;

 private:
  explicit PublishedStatistics(const Site& site) : site_(&site) {}

  const Site* site_;
  published::Mapping mapping_;
  published::Collection collection_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_SITE_PUBLISHED_ROWS_H_
