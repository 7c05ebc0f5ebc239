// From a table's cells to the figures that people read. The same code makes a council's own figure and the
// benchmark.
#ifndef WAYMARK_CATALOGUE_FIGURES_H_
#define WAYMARK_CATALOGUE_FIGURES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "proto/contract/table.h"
#include "statistics/binned.h"
#include "statistics/survival.h"
#include "waymark/v1/benchmark.pb.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::catalogue {

// A person-quarter, the unit of exposure of TRANSITION's rates: a quarter of 365.25 days.
inline constexpr double kDaysPerPersonQuarter = 91.3125;

// Quantities of SCORE_CHANGE and RATIO; other quantities of a RATIO count cases a worker.
inline constexpr absl::string_view kMeanChange = "mean_change";
inline constexpr absl::string_view kRatio = "ratio";

// One figure of one row of a table. A number that does not exist (a rate over nobody, a median beyond the
// last follow-up) is absent, and `status` says why.
struct RowFigure {
  std::size_t row = 0;
  std::string quantity;  // an outcome or class id, "median", "survival_183", "none>early_help"
  v1::FigureStatus status = v1::FIGURE_STATUS_SHOWN;
  std::optional<double> numerator;  // as counted
  std::optional<double> denominator;
  std::optional<double> value;  // in DisplayUnitOf
  std::optional<double> lower;  // 95% interval of sampling alone
  std::optional<double> upper;
};

// All figures of all rows, rows in order, quantities in the catalogue's order; none where the table's columns
// are not ColumnsOf the metric or its lengths disagree.
//
// PROPORTION  each outcome: with it / all, %; Wilson.
// MIX         each class: in it / all classes, %; Wilson.
// DURATION    "median", "lower_quartile", "upper_quartile": days, from bins (statistics/binned.h); the
// denominator is
//             the members; Woodruff's interval.
// SURVIVAL    "survival_<d>" for each of the entry's window_days: S(d), %, log-log interval; the numerator is
// the
//             members still followed after d, the denominator all. "median": days. "incidence_<outcome>_<d>":
//             %; the numerator is those whose first event by d was of that kind.
// TRANSITION  "none>early_help", …: moves (numerator) per 100 person-quarters of the state left, from its
// person-days
//             (denominator); Byar.
// QUALITY     "complete": complete / records, %; Wilson.
// COUNT       "count": the members, as they are; no interval, since nothing was sampled.
// SCORE_CHANGE "improved", "same", "worse": of all pairs, %; Wilson.
// RATIO       "ratio": numerator / denominator in whole units; where the entry is shown in %, a share with
// Wilson. SURVEY      each answer: councils that gave it / councils that answered, %; no interval.
//
// A figure that needs a cell which is not shown has that cell's status (suppressed before not available
// before not applicable before low) and no numbers; among the bins of DURATION and SURVIVAL and the classes
// beside a MIX's own, a cell that rounds to zero counts as zero. A numerator outside its denominator, which
// noise and rounding make, is brought to the nearest end for value and interval.
std::vector<RowFigure> FiguresOf(const v1::Metric& metric, const contract::Table& table);

// The same for one row after another, where there is no table around them. The metric must outlive it.
// Thread-safe.
class RowFigures {
 public:
  explicit RowFigures(const v1::Metric& metric);

  const v1::Metric& metric() const { return metric_; }
  const std::vector<std::string>& columns() const { return columns_; }
  // The quantities of every row, in order.
  std::vector<std::string> Quantities() const;
  // Appends the figures of a row, marked as row `row`: one for each quantity, or none where a curve cannot be
  // made of the counts. `values` and `status` have one element for each column; without `status` all cells
  // are shown.
  void Append(absl::Span<const std::int64_t> values, absl::Span<const v1::CellStatus> status, std::size_t row,
              std::vector<RowFigure>& out) const;

 private:
  const v1::Metric& metric_;
  const std::vector<std::string> columns_;
};

// The same quantities from exact days, for a council's own eyes. `days` rise.
std::vector<RowFigure> DurationFigures(std::size_t row, absl::Span<const statistics::UpTo> days);
std::vector<RowFigure> SurvivalFigures(const v1::Metric& metric, std::size_t row,
                                       const statistics::SurvivalCurve& curve);

// Of a DURATION's quantity: which share of the members did not take longer. Nothing for another quantity.
std::optional<double> ShareOfQuantile(absl::string_view quantity);

// What a quantity's value is shown in: the entry's display_unit, but "days" for a SURVIVAL's median,
// "points" for a SCORE_CHANGE's mean and "cases" for what a RATIO tells of workers.
std::string DisplayUnitOf(const v1::Metric& metric, absl::string_view quantity);

}  // namespace waymark::catalogue

#endif  // WAYMARK_CATALOGUE_FIGURES_H_
