// Figures of one quantity as a table of several columns, each a line of a chart: places over periods, or over
// the days of a curve. Pure; thread-safe.
#ifndef WAYMARK_COORDINATOR_WEB_SERIES_SECTION_H_
#define WAYMARK_COORDINATOR_WEB_SERIES_SECTION_H_

#include <algorithm>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "waymark/v1/benchmark.pb.h"

namespace waymark::coordinator {

struct SeriesRow {
  std::string label;                         // "2024-25", "183"
  std::string x;                             // of a curve: its day as a number; "" else
  std::string is_after;                      // what else changed before it: "definition"; "" where nothing
  std::vector<const v1::Figure*> figures{};  // one a column; null where there is none
};

struct SeriesTable {
  std::string id;       // within the page
  std::string heading;  // "moves, within 365 days"
  std::string unit;
  std::string chart;        // "trend", "curves"
  std::string row_heading;  // "Period", "Day"
  std::string summary;
  std::string file;  // its name as a download
  std::vector<std::string> columns{};
  std::vector<SeriesRow> rows{};
};

nlohmann::ordered_json SeriesSection(const SeriesTable& table);

// "Ended in no further action, within 365 days"; with `says_unit` also ", of families", so that no two tables
// of a page have one name.
std::string QuantityHeading(const v1::Figure& figure, const v1::Metric* metric, bool says_unit);

// Whether the figures count more than one unit.
template <typename Figures>
bool HasSeveralUnits(const Figures& figures) {
  return std::any_of(figures.begin(), figures.end(), [&figures](const v1::Figure& figure) {
    return figure.unit() != figures.begin()->unit();
  });
}

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_WEB_SERIES_SECTION_H_
