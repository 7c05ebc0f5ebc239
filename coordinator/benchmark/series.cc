#include "coordinator/benchmark/series.h"

#include "absl/strings/str_split.h"
#include "catalogue/item_tables.h"

namespace waymark::coordinator {

bool IsOfItem(const contract::Table& table, const contract::RoundItem& item) {
  return table.metric == item.metric && table.version == item.version && table.period == item.period;
}

std::set<std::uint32_t> TableWindows(const contract::RoundItem& item, const v1::Metric& metric) {
  if (metric.kind() == v1::METRIC_KIND_SURVIVAL) return {0};
  std::set<std::uint32_t> windows(item.window_days.begin(), item.window_days.end());
  if (windows.empty()) windows.insert(metric.window_days().begin(), metric.window_days().end());
  if (windows.empty()) windows.insert(0);
  return windows;
}

std::set<v1::Unit> TableUnits(const contract::RoundItem& item, const v1::Metric& metric) {
  std::set<v1::Unit> units(item.units.begin(), item.units.end());
  if (!units.empty()) return units;
  for (const int unit : metric.units()) units.insert(static_cast<v1::Unit>(unit));
  return units;
}

std::vector<Series> SeriesOf(const contract::RoundItem& item, const v1::Metric& metric) {
  std::vector<Series> series;
  for (const std::uint32_t window : TableWindows(item, metric)) {
    for (const v1::Unit unit : TableUnits(item, metric)) {
      if (catalogue::HasTableOfAll(metric)) {
        series.push_back(Series{.window_days = window, .unit = unit, .dimensions = {}});
      }
      for (const std::string& breakdown : item.breakdowns) {
        series.push_back(
            Series{.window_days = window, .unit = unit, .dimensions = absl::StrSplit(breakdown, '|')});
      }
    }
  }
  return series;
}

}  // namespace waymark::coordinator
