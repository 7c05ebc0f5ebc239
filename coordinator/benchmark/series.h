// The tables that answer one item of a round: one for each window, unit and breakdown.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_SERIES_H_
#define WAYMARK_COORDINATOR_BENCHMARK_SERIES_H_

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "proto/contract/round_spec.h"
#include "proto/contract/table.h"
#include "waymark/v1/benchmark.pb.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::coordinator {

// Cleared, they keep their messages for use again: making one is most of the work of filling it.
using Figures = google::protobuf::RepeatedPtrField<v1::Figure>;

struct Series {
  std::uint32_t window_days = 0;
  v1::Unit unit = v1::UNIT_UNSPECIFIED;
  std::vector<std::string> dimensions;  // empty: all members

  bool Matches(const contract::Table& table) const {
    return window_days == table.window_days && unit == table.unit && dimensions == table.dimensions;
  }
};

bool IsOfItem(const contract::Table& table, const contract::RoundItem& item);

// The windows of the item's tables: {0} where they have none. A survival entry has one table; its windows are
// the days at which the curve is read.
std::set<std::uint32_t> TableWindows(const contract::RoundItem& item, const v1::Metric& metric);
std::set<v1::Unit> TableUnits(const contract::RoundItem& item, const v1::Metric& metric);

// Every series of the item; for each window and unit "all" comes first, then the breakdowns as asked.
std::vector<Series> SeriesOf(const contract::RoundItem& item, const v1::Metric& metric);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_SERIES_H_
