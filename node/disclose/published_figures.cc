#include "node/disclose/published_figures.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/period.h"
#include "catalogue/figures.h"
#include "catalogue/item_tables.h"
#include "node/disclose/days.h"
#include "proto/contract/modes.h"
#include "proto/contract/names.h"

namespace waymark::node {
namespace {

// Beside half a unit of the last place, for what a double cannot hold.
constexpr double kNear = 1e-9;

bool IsLinkedEntry(const PublishedFigure& figure, const v1::Metric& metric,
                   const catalogue::Library& library) {
  if (figure.metric == metric.id()) return true;
  const v1::Metric* const entry = library.Find(figure.metric);
  return entry != nullptr && catalogue::LinkageGroupOf(*entry) == catalogue::LinkageGroupOf(metric);
}

bool IsOf(const PublishedFigure& figure, const LinkedTable& linked) {
  const contract::Table& table = linked.exact;
  return figure.metric == linked.metric->id() && table.dimensions.empty() && figure.unit == table.unit &&
         figure.window_days == table.window_days && HaveSameDays(figure.period, table.period);
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
  if (!contract::HasNoise(item.mode)) return std::nullopt;
  for (const PublishedFigure& figure : published) {
    if (!IsLinkedEntry(figure, metric, library) || !MayOverlap(figure.period, item.period)) continue;
    return ItemRefusal{
        .rule = "one mode",
        .explanation = absl::StrCat(
            "metric ", figure.metric, " of ", figure.period, " is published exactly (", figure.source,
            "); linked figures cannot leave ", contract::NameOf(item.mode), " over an overlapping period")};
  }
  return std::nullopt;
}

std::vector<PublishedFigure> LinkedFigures(const std::vector<PublishedFigure>& published,
                                           const v1::Metric& metric, const std::string& days,
                                           const catalogue::Library& library) {
  std::vector<PublishedFigure> linked;
  for (const PublishedFigure& figure : published) {
    if (IsLinkedEntry(figure, metric, library) && MayOverlap(figure.period, days)) linked.push_back(figure);
  }
  return linked;
}

std::string SpanOf(const std::string& days, const std::string& more) {
  const auto first = ParsePeriod(days);
  const auto second = ParsePeriod(more);
  if (!first.ok() || !second.ok()) return days;
  if (first->Contains(second->first) && first->Contains(second->last)) return days;
  return absl::StrCat(FormatDay(std::min(first->first, second->first)), "..",
                      FormatDay(std::max(first->last, second->last)));
}

std::vector<std::string> GapsIn(const std::string& whole, const std::vector<std::string>& periods) {
  const auto all = ParsePeriod(whole);
  if (!all.ok()) return {};
  std::set<Day> begins = {all->first, all->last + 1};
  std::set<std::pair<Day, Day>> there;
  for (const std::string& label : periods) {
    const auto period = ParsePeriod(label);
    if (!period.ok()) continue;
    there.emplace(period->first, period->last);
    for (const Day day : {period->first, period->last + 1}) {
      if (all->Contains(day)) begins.insert(day);
    }
  }
  std::vector<std::string> gaps;
  for (auto begin = begins.begin(); std::next(begin) != begins.end(); ++begin) {
    const Day last = *std::next(begin) - 1;
    if (there.contains({*begin, last})) continue;
    gaps.push_back(absl::StrCat(FormatDay(*begin), "..", FormatDay(last)));
  }
  return gaps;
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
