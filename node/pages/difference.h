// "Have we made a real difference?": the council's first page. The strategic questions, each with our figure
// beside those of our statistical neighbours, our region and England, its trend, and what to look at next.
// Pure; thread-safe.
#ifndef WAYMARK_NODE_PAGES_DIFFERENCE_H_
#define WAYMARK_NODE_PAGES_DIFFERENCE_H_

#include <string>
#include <vector>

#include "catalogue/library.h"
#include "node/pages/snapshot.h"
#include "node/site/questions.h"

namespace waymark::node {

// One line, all in words; what is not there says why, and no two reasons alike.
struct DifferenceLine {
  std::string metric;
  std::string title;
  std::string what;       // the quantity, where it is not the entry's title
  std::string direction;  // "high is better"
  std::string ours;
  std::string ours_span;  // 95% interval
  std::string period;
  std::string neighbours, region, everyone;
  std::string standing;  // where we stand among others
  std::string trend;
  std::string next, next_metric;
};

DifferenceLine LineFor(const QuestionFigure& figure, const catalogue::Library& library,
                       const Snapshot& snapshot);

// The newest complete row of the quantity, of the entry's first unit and longest window; else the newest of
// any. Null where there is none.
const FigureRow* NewestRow(const std::vector<FigureRow>& rows, const v1::Metric& metric,
                           absl::string_view quantity);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_PAGES_DIFFERENCE_H_
