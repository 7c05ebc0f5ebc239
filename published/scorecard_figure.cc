#include "published/scorecard_figure.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "statistics/noise_interval.h"

namespace waymark::published {
namespace {

std::string FirstNote(const std::vector<const TermValue*>& terms) {
  for (const TermValue* term : terms) {
    for (const Input& input : term->inputs) {
      if (!input.note.empty()) return input.note;
    }
  }
  return "";
}

std::vector<const TermValue*> TermsOf(const Quotient& quotient) {
  std::vector<const TermValue*> terms;
  for (const TermValue& part : quotient.parts) terms.push_back(&part);
  terms.push_back(&quotient.denominator);
  return terms;
}

ExpectedLine LineOf(const Sources& sources, const v1::Metric& metric, const v1::Metric& rate,
                    absl::string_view area, Day until) {
  if (metric.published().has_expected()) return ExpectedLineFor(sources, metric, rate, area, until);
  return {.actual = QuotientOf(sources, rate.published(), area, until),
          .against = {},
          .weight = {},
          .weighted = absl::NotFoundError("not a figure with an expected value"),
          .unweighted = absl::NotFoundError("not a figure with an expected value")};
}

}  // namespace

ScorecardFigure::ScorecardFigure(const Sources& sources, const v1::Metric& metric, absl::string_view area,
                                 Day until)
    : sources_(sources),
      metric_(&metric),
      rate_(metric.published().has_expected() ? sources.library.Find(metric.published().expected().metric())
                                              : &metric),
      area_(area),
      until_(until),
      own_(LineOf(sources, metric, *rate_, area, until)) {}

LineValue ScorecardFigure::Of(absl::string_view area) const {
  const v1::PublishedFormula& formula = metric_->published();
  const Quotient quotient = QuotientOf(sources_, rate_->published(), area, kNoDay, &own_.actual);
  LineValue at{.status = quotient.status, .value = quotient.value, .note = FirstNote(TermsOf(quotient))};
  // Money has no interval of chance, and what is published as a rate has no numbers to make one of.
  if (absl::StartsWith(rate_->display_unit(), "per ") && rate_->published().has_denominator()) {
    at.numerator = quotient.numerator;
    at.denominator = quotient.denominator.value;
  } else if (rate_->published().has_denominator()) {
    at.weight = quotient.denominator.value.value_or(0);
  }
  if (!formula.has_expected() || !at.value.has_value()) return at;
  const TermValue against = ValueLike(sources_, formula.expected().against(), area, own_.against);
  const TermValue weight = ValueLike(sources_, formula.expected().weight(), area, own_.weight);
  if (!own_.weighted.ok() || !against.value.has_value())
    return {.note =
                own_.weighted.ok() ? FirstNote({&against}) : std::string(own_.weighted.status().message())};
  at.against = against.value;
  at.expected = own_.weighted->At(*against.value);
  at.weight = weight.value.value_or(0);
  *at.value -= at.expected;
  return at;
}

LineValue ScorecardFigure::Joined(const std::vector<LineValue>& areas, std::size_t& used) const {
  // A rate of several areas is their rates' mean, weighted by their denominators; so is what is expected of
  // them, and money a child. The line is straight, so what is expected of the mean is the mean of that.
  double weights = 0, value = 0, numerator = 0, denominator = 0, expected = 0, against = 0;
  std::vector<statistics::Stratum> parts;
  used = 0;
  for (const LineValue& at : areas) {
    const double weight = at.weight > 0 ? at.weight : at.denominator.value_or(0);
    if (!at.value.has_value() || weight <= 0) continue;
    ++used;
    weights += weight;
    value += weight * *at.value;
    expected += weight * at.expected;
    against += weight * at.against.value_or(0);
    numerator += at.numerator.value_or(0);
    denominator += at.denominator.value_or(0);
    if (at.numerator.has_value() && at.denominator.has_value())
      parts.push_back({.events = *at.numerator, .exposure = *at.denominator, .standard = weight});
  }
  LineValue joined;
  if (weights <= 0) return joined;
  joined.status = v1::FIGURE_STATUS_SHOWN;
  joined.value = value / weights;
  joined.expected = expected / weights;
  if (is_gap()) {
    joined.against = against / weights;
    if (parts.size() == used) joined.parts = std::move(parts);
  } else if (denominator > 0) {
    joined.numerator = numerator;
    joined.denominator = denominator;
  }
  return joined;
}

// Of the rate, per 1.
std::optional<statistics::Interval> ScorecardFigure::ChanceOf(const LineValue& at, double z) const {
  if (!at.parts.empty()) {
    const auto rate = statistics::DirectlyStandardised(statistics::CountLaw::kRate, at.parts);
    return rate.ok() && z == statistics::kZ95 ? rate->interval : std::nullopt;
  }
  if (!at.numerator.has_value() || !at.denominator.has_value()) return std::nullopt;
  const auto interval = statistics::ByarInterval(*at.numerator, *at.denominator, z);
  return interval.ok() ? std::optional(*interval) : std::nullopt;
}

std::optional<statistics::Interval> ScorecardFigure::IntervalOf(const LineValue& at, double z) const {
  if (!at.value.has_value()) return std::nullopt;
  const std::optional<statistics::Interval> interval = ChanceOf(at, z);
  if (!interval.has_value()) return std::nullopt;
  const double per = rate_->published().per();
  const statistics::Interval chance{per * interval->lower - at.expected, per * interval->upper - at.expected};
  if (!at.against.has_value() || !own_.weighted.ok()) return chance;
  const double reach = own_.weighted->ReachAt(*at.against, z);
  return statistics::SquareAndAdd(*at.value, chance,
                                  {.lower = *at.value - reach, .upper = *at.value + reach});
}

std::vector<const TermValue*> ScorecardFigure::Terms() const {
  std::vector<const TermValue*> terms = TermsOf(own_.actual);
  terms.push_back(&own_.against);
  terms.push_back(&own_.weight);
  return terms;
}

Day ScorecardFigure::last_day() const {
  for (const TermValue* term : Terms()) {
    if (!term->last_days.empty()) return term->last_days.front();
  }
  return kNoDay;
}

Day ScorecardFigure::latest_day() const {
  Day latest = kNoDay;
  for (const TermValue* term : Terms()) {
    for (const Day day : term->last_days) latest = latest == kNoDay ? day : std::max(latest, day);
  }
  return latest;
}

bool ScorecardFigure::IsMadeLike(const ScorecardFigure& later, int years) const {
  const std::vector<const TermValue*> mine = Terms();
  const std::vector<const TermValue*> others = later.Terms();
  return std::equal(
      mine.begin(), mine.end(), others.begin(), others.end(),
      [years](const TermValue* a, const TermValue* b) {
        return a->found == b->found && a->candidate == b->candidate &&
               std::equal(a->last_days.begin(), a->last_days.end(), b->last_days.begin(), b->last_days.end(),
                          [years](Day earlier, Day its) { return earlier == Birthday(its, -years); });
      });
}

Answer ScorecardFigure::Explained() const {
  if (metric_->published().has_expected()) return FiguresFor(sources_, *metric_, area_, until_);
  Answer answer;
  for (const TermValue* term : TermsOf(own_.actual)) AppendInputs(*term, answer);
  return answer;
}

}  // namespace waymark::published
