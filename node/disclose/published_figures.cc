#include "node/disclose/published_figures.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "base/period.h"
#include "catalogue/figures.h"
#include "catalogue/item_tables.h"
#include "proto/contract/names.h"

namespace waymark::node {
namespace {

// Beside half a unit of the last place, for what a double cannot hold.
constexpr double kNear = 1e-9;

bool SameDays(const std::string& a, const std::string& b) {
  const auto first = ParsePeriod(a);
  const auto second = ParsePeriod(b);
  return first.ok() && second.ok() && first->first == second->first && first->last == second->last;
}

// Periods that cannot be read count as overlapping: when in doubt, refuse.
bool Overlap(const std::string& a, const std::string& b) {
  const auto first = ParsePeriod(a);
  const auto second = ParsePeriod(b);
  return !first.ok() || !second.ok() || first->Overlaps(*second);
}

bool IsLinkedEntry(const PublishedFigure& figure, const v1::Metric& metric,
                   const catalogue::Library& library) {
  if (figure.metric == metric.id()) return true;
  const v1::Metric* const entry = library.Find(figure.metric);
  return entry != nullptr && catalogue::LinkageGroupOf(*entry) == catalogue::LinkageGroupOf(metric);
}

bool IsOf(const PublishedFigure& figure, const LinkedTable& linked) {
  const contract::Table& table = linked.exact;
  return figure.metric == linked.metric->id() && table.dimensions.empty() && figure.unit == table.unit &&
         figure.window_days == table.window_days && SameDays(figure.period, table.period);
}

// The columns that the figure is made of; none where the counts do not give it.
std::vector<std::size_t> ColumnsBehind(const PublishedFigure& figure, const LinkedTable& linked) {
  const std::vector<std::string>& columns = linked.exact.columns;
  const auto numerator = std::find(columns.begin(), columns.end(), figure.quantity);
  const std::vector<catalogue::RowFigure> own = catalogue::FiguresOf(*linked.metric, linked.exact);
  const bool fits = std::any_of(own.begin(), own.end(), [&](const catalogue::RowFigure& one) {
    return one.quantity == figure.quantity && one.value &&
           std::fabs(*one.value - figure.value) <= figure.half_unit + kNear;
  });
  if (numerator == columns.end() || !fits) return {};
  std::vector<std::size_t> behind = {static_cast<std::size_t>(numerator - columns.begin())};
  if (linked.metric->kind() == v1::METRIC_KIND_PROPORTION) behind.push_back(columns.size() - 1);
  return behind;
}

}  // namespace

std::optional<ItemRefusal> RefusedByPublished(const std::vector<PublishedFigure>& published,
                                              const contract::RoundItem& item, const v1::Metric& metric,
                                              const catalogue::Library& library) {
  if (item.mode == v1::MODE_THRESHOLDED) return std::nullopt;
  for (const PublishedFigure& figure : published) {
    if (!IsLinkedEntry(figure, metric, library) || !Overlap(figure.period, item.period)) continue;
    return ItemRefusal{
        .rule = "one mode",
        .explanation = absl::StrCat(
            "metric ", figure.metric, " of ", figure.period, " is published exactly (", figure.source,
            "); linked figures cannot leave ", contract::NameOf(item.mode), " over an overlapping period")};
  }
  return std::nullopt;
}

bool IsLinkedWith(const PublishedFigure& figure, const v1::Metric& metric, const std::string& period,
                  const catalogue::Library& library) {
  return IsLinkedEntry(figure, metric, library) && SameDays(figure.period, period);
}

void MarkKnown(const std::vector<PublishedFigure>& published, std::vector<LinkedTable>& tables) {
  for (LinkedTable& table : tables) {
    for (const PublishedFigure& figure : published) {
      if (!IsOf(figure, table)) continue;
      table.known.resize(table.exact.values.size());
      for (const std::size_t column : ColumnsBehind(figure, table)) table.known[column] = true;
    }
  }
}

}  // namespace waymark::node
