// One figure of the scorecard for any area, in the years and with the parts of one area. For scorecard.cc.
#ifndef WAYMARK_PUBLISHED_SCORECARD_FIGURE_H_
#define WAYMARK_PUBLISHED_SCORECARD_FIGURE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "published/terms.h"
#include "statistics/intervals.h"
#include "statistics/standardised.h"

namespace waymark::published {

struct LineValue {
  v1::FigureStatus status = v1::FIGURE_STATUS_NOT_AVAILABLE;
  std::optional<double> value = {};
  std::optional<double> numerator = {};    // of people or events; nothing where the figure is none of these
  std::optional<double> denominator = {};  // where there is a numerator
  double expected = 0;                     // what is taken from the rate; 0 but for a gap
  double weight = 0;                       // of a gap, when gaps are joined
  std::optional<double> against = {};      // of a gap: where on the line it is
  std::vector<statistics::Stratum> parts = {};  // of several areas' gap: each one's rate and weight
  std::string note = {};  // why there is no value, where a file has one that is not believed
};

// What it is made from outlives it. Immutable; thread-safe.
class ScorecardFigure {
 public:
  // Of an entry of kind PUBLISHED; of one with `expected`, the weighted gap.
  ScorecardFigure(const Sources& sources, const v1::Metric& metric, absl::string_view area, Day until);

  LineValue Own() const { return Of(area_); }
  LineValue Of(absl::string_view area) const;
  // Of several areas as one: `used` is how many had a value. Not available where none had. A gap has its
  // parts in place of numbers.
  LineValue Joined(const std::vector<LineValue>& areas, std::size_t& used) const;
  // Of chance, at that z, and of a gap with the error of its line (by squaring and adding; the authority's
  // own point is in the line, which makes the interval too wide by its small part in it). Of several areas'
  // gap, whose rate is a weighted mean, Dobson's interval for chance (statistics/standardised.h), 95% alone.
  // Nothing where the value is not one of counted people or events.
  std::optional<statistics::Interval> IntervalOf(const LineValue& at, double z) const;
  // Whether it is the gap to a line of which the mean is 0 by construction.
  bool is_gap() const { return metric_->published().has_expected(); }

  // The year that the figure goes by: of the first input; kNoDay where nothing was found.
  Day last_day() const;
  // The latest of all its inputs.
  Day latest_day() const;
  // Made of the same parts, with the same substitutes, and each input so many years before the other's.
  bool IsMadeLike(const ScorecardFigure& later, int years) const;
  bool is_partial() const { return own_.actual.partial; }
  // The period, inputs, what is missing and the note, as FiguresFor has them.
  Answer Explained() const;

 private:
  std::vector<const TermValue*> Terms() const;
  std::optional<statistics::Interval> ChanceOf(const LineValue& at, double z) const;

  const Sources sources_;
  const v1::Metric* metric_;
  const v1::Metric* rate_;  // the entry itself, or the one whose gap it is
  std::string area_;
  Day until_;
  ExpectedLine own_;  // without a gap, its `actual` alone
};

}  // namespace waymark::published

#endif  // WAYMARK_PUBLISHED_SCORECARD_FIGURE_H_
