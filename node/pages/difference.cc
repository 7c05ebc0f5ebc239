#include "node/pages/difference.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "catalogue/direction.h"
#include "catalogue/wording.h"
#include "node/pages/context.h"

namespace waymark::node {
namespace {

constexpr char kNoBenchmark[] = "no benchmark is kept here yet";
constexpr char kNoNeighbours[] = "not published for neighbours";
constexpr std::size_t kMostTrendPoints = 5;

bool IsOf(const FigureRow& row, const v1::Metric& metric, absl::string_view quantity) {
  const bool counted =
      row.counted == v1::UNIT_UNSPECIFIED || metric.units().empty() || row.counted == metric.units(0);
  const auto& windows = metric.window_days();
  const bool window = windows.empty() || row.window_days == *std::max_element(windows.begin(), windows.end());
  return counted && window && row.breakdown.empty() && row.figure.quantity == quantity;
}

// Whether a later figure lies apart from an earlier one: their intervals do not touch.
std::string ChangeText(const FigureRow& first, const FigureRow& last) {
  if (!first.figure.lower || !first.figure.upper || !last.figure.lower || !last.figure.upper) return "";
  if (*last.figure.lower > *first.figure.upper) return absl::StrCat("higher than in ", first.period);
  if (*last.figure.upper < *first.figure.lower) return absl::StrCat("lower than in ", first.period);
  return absl::StrCat("no clear change since ", first.period);
}

std::string TrendText(const std::vector<const FigureRow*>& points) {
  if (points.size() < 2) return points.empty() ? "no figure yet" : "one period only";
  std::vector<std::string> texts;
  const std::size_t from = points.size() > kMostTrendPoints ? points.size() - kMostTrendPoints : 0;
  for (std::size_t i = from; i < points.size(); ++i) {
    texts.push_back(
        absl::StrCat(points[i]->period, ": ", AmountText(*points[i]->figure.value, points[i]->unit)));
  }
  const std::string change = ChangeText(*points[from], *points.back());
  return absl::StrCat(absl::StrJoin(texts, "; "), change.empty() ? "" : absl::StrCat(" (", change, ")"));
}

std::string BenchmarkWords(const std::optional<v1::Figure>& figure, const std::string& of) {
  if (!figure) return absl::StrCat("not published ", of);
  if (!figure->has_value()) return WhyNoFigure(figure->status());
  return absl::StrCat(
      AmountText(figure->value(), figure->display_unit()),
      figure->contributors() > 0 ? absl::StrCat(" (", figure->contributors(), " councils)") : "");
}

std::string StandingWords(const Standing& standing) {
  std::vector<std::string> words;
  if (!standing.quarter.empty()) words.push_back(absl::StrCat("in the ", standing.quarter, " of councils"));
  if (!standing.verdict.empty()) words.push_back(standing.verdict);
  return absl::StrJoin(words, "; ");
}

// Of the records, beside the kept benchmark: ours is then of the benchmark's period.
void StandBeside(const KeptPositions& kept, const v1::Metric& metric, absl::string_view quantity,
                 DifferenceLine& line) {
  for (const Position& position : kept.positions) {
    if (!IsOf(position.own, metric, quantity)) continue;
    line.ours = FigureText(position.own);
    line.ours_span = SpanText(position.own.figure.lower, position.own.figure.upper);
    line.period = position.own.period;
    line.region = BenchmarkWords(position.region, "for our region");
    line.everyone = BenchmarkWords(position.everyone, "for all taking part");
    line.standing = StandingWords(position.among_all);
    return;
  }
  line.region = line.everyone = "the benchmark that is kept has no such figure";
}

std::string PlaceText(const v1::PlaceFigure& figure, const std::string& unit) {
  if (!figure.has_value()) return figure.note().empty() ? WhyNoFigure(figure.status()) : figure.note();
  return absl::StrCat(
      AmountText(figure.value(), unit),
      figure.authorities() > 0 ? absl::StrCat(" (of ", figure.authorities(), " of ", figure.of(), ")") : "");
}

// Of published statistics.
DifferenceLine PublishedLine(const v1::ScorecardRow& row, DifferenceLine line) {
  const std::string& unit = row.unit();
  line.ours = PlaceText(row.own(), unit);
  if (row.own().has_lower() && row.own().has_upper())
    line.ours_span = SpanText(row.own().lower(), row.own().upper());
  line.period = row.period();
  line.neighbours = PlaceText(row.neighbours(), unit);
  line.region = PlaceText(row.region(), unit);
  line.everyone = PlaceText(row.nation(), unit);
  if (row.has_standing()) {
    const v1::Standing& standing = row.standing();
    line.standing = absl::StrCat(
        "rank ", standing.rank(), " of ", standing.of(), ", 1 is best",
        standing.best() > 0 ? absl::StrCat(" (chance leaves ", standing.best(), " to ", standing.worst(), ")")
                            : "");
  }
  std::vector<std::string> points;
  for (const v1::TrendPoint& point : row.trend()) {
    if (point.own().has_value())
      points.push_back(absl::StrCat(point.period(), ": ", AmountText(point.own().value(), unit),
                                    point.is_otherwise_made() ? " (otherwise made)" : ""));
  }
  if (points.size() > kMostTrendPoints)
    points.erase(points.begin(), points.end() - static_cast<std::ptrdiff_t>(kMostTrendPoints));
  line.trend = points.empty() ? "no figure yet" : absl::StrJoin(points, "; ");
  return line;
}

}  // namespace

const FigureRow* NewestRow(const std::vector<FigureRow>& rows, const v1::Metric& metric,
                           absl::string_view quantity) {
  const FigureRow* newest = nullptr;
  for (const FigureRow& row : rows) {
    if (!IsOf(row, metric, quantity)) continue;
    const bool is_better = newest == nullptr || row.completeness == Completeness::kComplete ||
                           newest->completeness != Completeness::kComplete;
    if (is_better) newest = &row;
  }
  return newest;
}

DifferenceLine LineFor(const QuestionFigure& figure, const catalogue::Library& library,
                       const Snapshot& snapshot) {
  const v1::Metric& metric = *library.Find(figure.metric);
  DifferenceLine line{
      .metric = metric.id(),
      .title = metric.title(),
      .what = catalogue::QuantityTitle(metric, figure.quantity),
      .direction = catalogue::DirectionInWords(catalogue::DirectionOf(metric, figure.quantity)),
      .ours = "",
      .ours_span = "",
      .period = "",
      .neighbours = kNoNeighbours,
      .region = kNoBenchmark,
      .everyone = kNoBenchmark,
      .standing = "",
      .trend = "",
      .next = figure.next,
      .next_metric = figure.next_metric};
  for (const v1::ScorecardRow& row : snapshot.scorecard().rows()) {
    if (row.metric() == figure.metric) return PublishedLine(row, std::move(line));
  }
  const std::vector<FigureRow>& rows = snapshot.RowsOf(figure.metric);
  std::vector<const FigureRow*> points;
  for (const FigureRow& row : rows) {
    if (IsOf(row, metric, figure.quantity) && row.figure.value && row.completeness == Completeness::kComplete)
      points.push_back(&row);
  }
  line.trend = TrendText(points);
  if (const FigureRow* newest = NewestRow(rows, metric, figure.quantity)) {
    line.ours = FigureText(*newest);
    line.ours_span = SpanText(newest->figure.lower, newest->figure.upper);
    line.period = newest->period;
  } else {
    // A table without figures has one row that says why.
    line.ours = rows.empty() ? "not available: the sources cover no whole quarter" : FigureText(rows.back());
    line.period = rows.empty() ? "" : rows.back().period;
  }
  if (const KeptPositions* kept = snapshot.PositionsFor(figure.metric))
    StandBeside(*kept, metric, figure.quantity, line);
  return line;
}

}  // namespace waymark::node
