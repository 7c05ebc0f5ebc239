#include "catalogue/figures.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "catalogue/columns.h"
#include "proto/contract/names.h"
#include "statistics/binned.h"
#include "statistics/intervals.h"

namespace waymark::catalogue {
namespace {

using contract::Table;

constexpr double kPercent = 100;

struct Quantile {
  absl::string_view quantity;
  double p;
};
constexpr std::array<Quantile, 3> kQuantiles = {
    {{"median", 0.5}, {"lower_quartile", 0.25}, {"upper_quartile", 0.75}}};

// How strongly a status stands before others in a figure of several cells.
int Rank(v1::CellStatus status) {
  switch (status) {
    case v1::CELL_STATUS_SHOWN:
      return 0;
    case v1::CELL_STATUS_LOW:
      return 1;
    case v1::CELL_STATUS_NOT_APPLICABLE:
      return 2;
    case v1::CELL_STATUS_SUPPRESSED:
      return 4;
    default:
      return 3;
  }
}

v1::CellStatus Stronger(v1::CellStatus a, v1::CellStatus b) {
  return Rank(b) > Rank(a) ? b : a;
}

// One row of a table, by column.
class Row {
 public:
  Row(absl::Span<const std::int64_t> values, absl::Span<const v1::CellStatus> status, std::size_t row)
      : values_(values), status_(status), row_(row) {}

  double Value(std::size_t column) const { return static_cast<double>(values_[column]); }
  v1::CellStatus Status(std::size_t column) const {
    return status_.empty() ? v1::CELL_STATUS_SHOWN : status_[column];
  }

  // Of all cells; one that rounds to zero is as good as a zero among many.
  v1::CellStatus StatusOfAll() const {
    v1::CellStatus status = v1::CELL_STATUS_SHOWN;
    for (const v1::CellStatus one : status_) status = Stronger(status, one);
    return status == v1::CELL_STATUS_LOW ? v1::CELL_STATUS_SHOWN : status;
  }
  double Sum() const {
    double sum = 0;
    for (std::size_t column = 0; column < values_.size(); ++column) sum += Value(column);
    return sum;
  }
  absl::Span<const std::int64_t> counts() const { return values_; }
  std::size_t number() const { return row_; }

 private:
  const absl::Span<const std::int64_t> values_;
  const absl::Span<const v1::CellStatus> status_;
  const std::size_t row_;
};

RowFigure Named(const Row& row, absl::string_view quantity, v1::CellStatus status) {
  RowFigure figure;
  figure.row = row.number();
  figure.quantity = std::string(quantity);
  figure.status = contract::FigureStatusOf(status);
  return figure;
}

// numerator / denominator in per cent. A ratio over nobody is not available.
void SetShare(double numerator, double denominator, RowFigure& figure) {
  figure.numerator = numerator;
  figure.denominator = denominator;
  const double inside = std::clamp(numerator, 0.0, std::max(denominator, 0.0));
  const absl::StatusOr<statistics::Interval> interval = statistics::WilsonInterval(inside, denominator);
  if (!interval.ok()) {
    figure.status = v1::FIGURE_STATUS_NOT_AVAILABLE;
    return;
  }
  figure.value = kPercent * inside / denominator;
  figure.lower = kPercent * interval->lower;
  figure.upper = kPercent * interval->upper;
}

void Proportion(const v1::Metric& metric, const Row& row, std::vector<RowFigure>& out) {
  const std::size_t denominator = static_cast<std::size_t>(metric.outcomes_size());
  for (std::size_t i = 0; i < denominator; ++i) {
    RowFigure figure = Named(row, metric.outcomes(static_cast<int>(i)).id(),
                             Stronger(row.Status(i), row.Status(denominator)));
    if (figure.status == v1::FIGURE_STATUS_SHOWN) SetShare(row.Value(i), row.Value(denominator), figure);
    out.push_back(std::move(figure));
  }
}

void Mix(const v1::Metric& metric, const Row& row, std::vector<RowFigure>& out) {
  const v1::CellStatus total = row.StatusOfAll();
  for (int i = 0; i < metric.outcomes_size(); ++i) {
    const std::size_t column = static_cast<std::size_t>(i);
    RowFigure figure = Named(row, metric.outcomes(i).id(), Stronger(row.Status(column), total));
    if (figure.status == v1::FIGURE_STATUS_SHOWN) SetShare(row.Value(column), row.Sum(), figure);
    out.push_back(std::move(figure));
  }
}

void Quality(const Row& row, std::vector<RowFigure>& out) {
  RowFigure figure = Named(row, "complete", Stronger(row.Status(0), row.Status(1)));
  if (figure.status == v1::FIGURE_STATUS_SHOWN) SetShare(row.Value(0), row.Value(1), figure);
  out.push_back(std::move(figure));
}

void Count(const Row& row, std::vector<RowFigure>& out) {
  RowFigure figure = Named(row, kCount, row.Status(0));
  if (figure.status == v1::FIGURE_STATUS_SHOWN) figure.numerator = figure.value = row.Value(0);
  out.push_back(std::move(figure));
}

void ScoreChange(const Row& row, std::vector<RowFigure>& out) {
  const v1::CellStatus total = row.StatusOfAll();
  for (std::size_t i = 0; i < kScoreChanges.size(); ++i) {
    RowFigure figure = Named(row, kScoreChanges[i], Stronger(row.Status(i), total));
    if (figure.status == v1::FIGURE_STATUS_SHOWN) SetShare(row.Value(i), row.Sum(), figure);
    out.push_back(std::move(figure));
  }
}

void Ratio(const v1::Metric& metric, const Row& row, std::vector<RowFigure>& out) {
  RowFigure figure = Named(row, kRatio, Stronger(row.Status(0), row.Status(1)));
  if (figure.status == v1::FIGURE_STATUS_SHOWN) {
    const auto in_ones = [&](std::size_t column, v1::Ratio::Quantity quantity) {
      return row.Value(column) / static_cast<double>(UnitsPerOne(quantity));
    };
    const double numerator = in_ones(0, metric.ratio().numerator());
    const double denominator = in_ones(1, metric.ratio().denominator());
    if (metric.display_unit() == "%") {
      SetShare(numerator, denominator, figure);
    } else {
      figure.numerator = numerator;
      figure.denominator = denominator;
      if (denominator > 0) {
        figure.value = numerator / denominator;
      } else {
        figure.status = v1::FIGURE_STATUS_NOT_AVAILABLE;
      }
    }
  }
  out.push_back(std::move(figure));
}

// An answer is no sample, so it has no interval.
void Survey(const v1::Metric& metric, const Row& row, std::vector<RowFigure>& out) {
  const v1::CellStatus total = row.StatusOfAll();
  const double unanswered = row.Value(static_cast<std::size_t>(metric.outcomes_size()));
  for (int i = 0; i < metric.outcomes_size(); ++i) {
    const std::size_t column = static_cast<std::size_t>(i);
    RowFigure figure = Named(row, metric.outcomes(i).id(), Stronger(row.Status(column), total));
    if (figure.status == v1::FIGURE_STATUS_SHOWN) {
      figure.numerator = row.Value(column);
      figure.denominator = row.Sum() - unanswered;
      if (*figure.denominator > 0) {
        figure.value = kPercent * row.Value(column) / *figure.denominator;
      } else {
        figure.status = v1::FIGURE_STATUS_NOT_AVAILABLE;
      }
    }
    out.push_back(std::move(figure));
  }
}

// `quantile(p)` gives the p-quantile as an optional<double>.
template <typename QuantileOf>
void SetQuantile(double p, double members, QuantileOf quantile, RowFigure& figure) {
  figure.denominator = members;
  figure.value = quantile(p);
  if (!figure.value.has_value()) {
    figure.status = v1::FIGURE_STATUS_NOT_AVAILABLE;
    return;
  }
  const absl::StatusOr<statistics::Interval> shares = statistics::QuantileShares(p, members);
  if (!shares.ok()) return;
  figure.lower = quantile(shares->lower);
  figure.upper = quantile(shares->upper);
}

void Duration(const v1::Metric& metric, const Row& row, std::vector<RowFigure>& out) {
  const absl::Span<const std::int64_t> counts = row.counts();
  const auto quantile = [&](double p) -> std::optional<double> {
    const auto found =
        statistics::QuantileOfBins(absl::MakeConstSpan(metric.bins().data(), counts.size() - 1), counts, p);
    return found.ok() ? *found : std::nullopt;
  };
  for (const Quantile& wanted : kQuantiles) {
    RowFigure figure = Named(row, wanted.quantity, row.StatusOfAll());
    if (figure.status == v1::FIGURE_STATUS_SHOWN) SetQuantile(wanted.p, row.Sum(), quantile, figure);
    out.push_back(std::move(figure));
  }
}

std::string SurvivalName(std::uint32_t day) {
  return absl::StrCat("survival_", day);
}
std::string IncidenceName(const v1::Outcome& outcome, std::uint32_t day) {
  return absl::StrCat("incidence_", outcome.id(), "_", day);
}

std::vector<std::string> SurvivalQuantities(const v1::Metric& metric) {
  std::vector<std::string> names;
  for (const std::uint32_t day : metric.window_days()) names.push_back(SurvivalName(day));
  names.emplace_back("median");
  for (const v1::Outcome& outcome : metric.outcomes()) {
    for (const std::uint32_t day : metric.window_days()) names.push_back(IncidenceName(outcome, day));
  }
  return names;
}

absl::StatusOr<statistics::SurvivalCurve> CurveOf(const v1::Metric& metric, const Row& row) {
  const std::size_t kinds = static_cast<std::size_t>(metric.outcomes_size());
  const std::size_t bins = static_cast<std::size_t>(metric.bins_size()) + 1;
  const absl::Span<const std::int64_t> counts = row.counts();
  std::vector<std::vector<std::int64_t>> events(kinds, std::vector<std::int64_t>(bins));
  std::vector<std::int64_t> censored(bins);
  for (std::size_t bin = 0; bin < bins; ++bin) {
    const std::size_t first = bin * (kinds + 1);
    for (std::size_t kind = 0; kind < kinds; ++kind) events[kind][bin] = counts[first + kind];
    censored[bin] = counts[first + kinds];
  }
  return statistics::SurvivalCurve::FromBins(absl::MakeConstSpan(metric.bins().data(), bins - 1), events,
                                             censored);
}

void Survival(const v1::Metric& metric, const Row& row, std::vector<RowFigure>& out) {
  const v1::CellStatus status = row.StatusOfAll();
  if (status == v1::CELL_STATUS_SHOWN) {
    const absl::StatusOr<statistics::SurvivalCurve> curve = CurveOf(metric, row);
    if (!curve.ok()) return;
    std::vector<RowFigure> figures = SurvivalFigures(metric, row.number(), *curve);
    std::move(figures.begin(), figures.end(), std::back_inserter(out));
    return;
  }
  for (const std::string& name : SurvivalQuantities(metric)) out.push_back(Named(row, name, status));
}

void Transition(const std::vector<std::string>& columns, const Row& row, std::vector<RowFigure>& out) {
  const std::size_t moves = columns.size() - kStates.size();
  for (std::size_t move = 0; move < moves; ++move) {
    const std::size_t days = moves + move / (kStates.size() - 1);  // of the state left
    RowFigure figure = Named(row, columns[move], Stronger(row.Status(move), row.Status(days)));
    if (figure.status == v1::FIGURE_STATUS_SHOWN) {
      figure.numerator = row.Value(move);
      figure.denominator = row.Value(days);
      const double events = std::max(0.0, row.Value(move));
      const double exposure = row.Value(days) / kDaysPerPersonQuarter / kPercent;
      const absl::StatusOr<statistics::Interval> interval = statistics::ByarInterval(events, exposure);
      if (interval.ok()) {
        figure.value = events / exposure;
        figure.lower = interval->lower;
        figure.upper = interval->upper;
      } else {
        figure.status = v1::FIGURE_STATUS_NOT_AVAILABLE;
      }
    }
    out.push_back(std::move(figure));
  }
}

void AppendFigures(const v1::Metric& metric, const std::vector<std::string>& columns, const Row& row,
                   std::vector<RowFigure>& out) {
  switch (metric.kind()) {
    case v1::METRIC_KIND_PROPORTION:
      return Proportion(metric, row, out);
    case v1::METRIC_KIND_MIX:
      return Mix(metric, row, out);
    case v1::METRIC_KIND_DURATION:
      return Duration(metric, row, out);
    case v1::METRIC_KIND_SURVIVAL:
      return Survival(metric, row, out);
    case v1::METRIC_KIND_TRANSITION:
      return Transition(columns, row, out);
    case v1::METRIC_KIND_QUALITY:
      return Quality(row, out);
    case v1::METRIC_KIND_COUNT:
      return Count(row, out);
    case v1::METRIC_KIND_SCORE_CHANGE:
      return ScoreChange(row, out);
    case v1::METRIC_KIND_RATIO:
      return Ratio(metric, row, out);
    case v1::METRIC_KIND_SURVEY:
      return Survey(metric, row, out);
    default:
      return;
  }
}

}  // namespace

std::optional<double> ShareOfQuantile(absl::string_view quantity) {
  for (const Quantile& one : kQuantiles) {
    if (one.quantity == quantity) return one.p;
  }
  return std::nullopt;
}

RowFigures::RowFigures(const v1::Metric& metric) : metric_(metric), columns_(ColumnsOf(metric)) {}

std::vector<std::string> RowFigures::Quantities() const {
  std::vector<RowFigure> figures;
  Append(std::vector<std::int64_t>(columns_.size()), {}, 0, figures);
  std::vector<std::string> quantities;
  for (RowFigure& figure : figures) quantities.push_back(std::move(figure.quantity));
  return quantities;
}

void RowFigures::Append(absl::Span<const std::int64_t> values, absl::Span<const v1::CellStatus> status,
                        std::size_t row, std::vector<RowFigure>& out) const {
  AppendFigures(metric_, columns_, Row(values, status, row), out);
}

std::vector<RowFigure> FiguresOf(const v1::Metric& metric, const Table& table) {
  const RowFigures of_rows(metric);
  const std::size_t width = table.columns.size();
  const std::size_t cells = table.rows.size() * width;
  if (width == 0 || table.columns != of_rows.columns() || table.values.size() != cells ||
      table.status.size() != cells) {
    return {};
  }
  std::vector<RowFigure> figures;
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    of_rows.Append(absl::MakeConstSpan(table.values).subspan(row * width, width),
                   absl::MakeConstSpan(table.status).subspan(row * width, width), row, figures);
    if (row == 0) figures.reserve(table.rows.size() * figures.size());  // the others have as many
  }
  return figures;
}

std::vector<RowFigure> DurationFigures(std::size_t row, absl::Span<const statistics::UpTo> days) {
  const auto quantile = [&](double p) -> std::optional<double> {
    const std::optional<std::int64_t> found = statistics::QuantileOfDays(days, p);
    return found.has_value() ? std::optional<double>(static_cast<double>(*found)) : std::nullopt;
  };
  const double members = days.empty() ? 0 : static_cast<double>(days.back().members);
  std::vector<RowFigure> figures;
  for (const Quantile& wanted : kQuantiles) {
    RowFigure figure;
    figure.row = row;
    figure.quantity = std::string(wanted.quantity);
    SetQuantile(wanted.p, members, quantile, figure);
    figures.push_back(std::move(figure));
  }
  return figures;
}

std::vector<RowFigure> SurvivalFigures(const v1::Metric& metric, std::size_t row,
                                       const statistics::SurvivalCurve& curve) {
  std::vector<RowFigure> figures;
  const auto add = [&](std::string quantity) -> RowFigure& {
    RowFigure& figure = figures.emplace_back();
    figure.row = row;
    figure.quantity = std::move(quantity);
    figure.status = v1::FIGURE_STATUS_NOT_AVAILABLE;
    figure.denominator = curve.members();
    return figure;
  };
  for (const std::uint32_t day : metric.window_days()) {
    RowFigure& figure = add(SurvivalName(day));
    const std::optional<statistics::SurvivalEstimate> at = curve.At(day);
    if (!at.has_value()) continue;
    figure.status = v1::FIGURE_STATUS_SHOWN;
    figure.numerator = at->at_risk_after;
    figure.value = kPercent * at->survival;
    if (!at->interval.has_value()) continue;
    figure.lower = kPercent * at->interval->lower;
    figure.upper = kPercent * at->interval->upper;
  }
  RowFigure& median = add("median");
  if (const std::optional<std::uint32_t> day = curve.Median(); day.has_value()) {
    median.status = v1::FIGURE_STATUS_SHOWN;
    median.value = *day;
  }
  for (int i = 0; i < metric.outcomes_size(); ++i) {
    for (const std::uint32_t day : metric.window_days()) {
      RowFigure& figure = add(IncidenceName(metric.outcomes(i), day));
      const std::optional<statistics::SurvivalEstimate> at = curve.At(day);
      if (!at.has_value()) continue;
      const std::size_t kind = static_cast<std::size_t>(i);
      figure.status = v1::FIGURE_STATUS_SHOWN;
      figure.numerator = at->events[kind];
      figure.value = kPercent * at->incidence[kind];
      if (!at->incidence_interval[kind].has_value()) continue;
      figure.lower = kPercent * at->incidence_interval[kind]->lower;
      figure.upper = kPercent * at->incidence_interval[kind]->upper;
    }
  }
  return figures;
}

std::string DisplayUnitOf(const v1::Metric& metric, absl::string_view quantity) {
  if (metric.kind() == v1::METRIC_KIND_SURVIVAL && quantity == "median") return "days";
  if (metric.kind() == v1::METRIC_KIND_SCORE_CHANGE && quantity == kMeanChange) return "points";
  if (metric.kind() == v1::METRIC_KIND_RATIO && quantity != kRatio) return "cases";
  return metric.display_unit();
}

}  // namespace waymark::catalogue
