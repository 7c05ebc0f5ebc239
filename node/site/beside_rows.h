// What stands beside an entry's own figures at home, and is compared with nobody: the council's own
// standards, and children's commonest paths.
#ifndef WAYMARK_NODE_SITE_BESIDE_ROWS_H_
#define WAYMARK_NODE_SITE_BESIDE_ROWS_H_

#include <deque>
#include <string>
#include <vector>

#include "node/journey/journeys.h"
#include "node/measure/measurer.h"
#include "node/site/figure_rows.h"

namespace waymark::node {

// Of entries that count working days, those for which standards.csv has days of the council's own: the same
// entry with these days.
class OwnStandards {
 public:
  // Adds a request to the end of `requests` for each that has such days. This must outlive the requests.
  OwnStandards(const Templates& templates, std::vector<MeasureRequest>& requests);

  // The number of requests before any was added.
  std::size_t requests() const { return requests_; }
  // The rows by the council's own standard for request `i`, if it has one. `measured` is of all requests.
  void AppendRows(std::size_t i, const std::vector<std::vector<Measured>>& measured,
                  std::vector<FigureRow>& rows) const;

 private:
  struct Own {
    std::size_t of;  // number of the request beside which it stands
    v1::Metric metric;
    std::string note;
  };
  std::size_t requests_;
  std::deque<Own> own_;  // of the requests that were added, in their order
};

// The commonest paths, a row each, for a request of kind TRANSITION without breakdowns.
void AppendPaths(const Journeys& journeys, const MeasureRequest& request, std::vector<FigureRow>& rows);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_SITE_BESIDE_ROWS_H_
