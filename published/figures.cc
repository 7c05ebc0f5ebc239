#include "published/figures.h"

#include <utility>

#include "absl/strings/match.h"
#include "published/terms.h"
#include "statistics/intervals.h"

namespace waymark::published {
namespace {

catalogue::RowFigure FigureOf(std::string quantity, v1::FigureStatus status, std::optional<double> numerator,
                              std::optional<double> denominator, double per) {
  catalogue::RowFigure figure;
  figure.quantity = std::move(quantity);
  figure.status = status;
  figure.numerator = numerator;
  figure.denominator = denominator;
  if (numerator.has_value() && denominator.has_value() && *denominator > 0)
    figure.value = per * *numerator / *denominator;
  if (!figure.value.has_value() && status == v1::FIGURE_STATUS_SHOWN)
    figure.status = v1::FIGURE_STATUS_NOT_AVAILABLE;
  return figure;
}

// Byar's interval of a rate of people or events.
void AddInterval(double per, catalogue::RowFigure& figure) {
  if (!figure.value.has_value()) return;
  const auto interval = statistics::ByarInterval(*figure.numerator, *figure.denominator);
  if (!interval.ok()) return;
  figure.lower = per * interval->lower;
  figure.upper = per * interval->upper;
}

}  // namespace

Answer FiguresFor(const Sources& sources, const v1::Metric& metric, absl::string_view area, Day until) {
  const v1::PublishedFormula& formula = metric.published();
  if (formula.has_expected()) return ExpectedFor(sources, metric, area, until);
  const Quotient quotient = QuotientOf(sources, formula, area, until);
  Answer answer;
  for (const TermValue& part : quotient.parts) AppendInputs(part, answer);
  AppendInputs(quotient.denominator, answer);
  if (answer.inputs.empty()) return answer;
  if (!formula.has_denominator()) {
    catalogue::RowFigure figure;
    figure.quantity = "value";
    figure.status = quotient.status;
    figure.value = quotient.value;
    answer.figures.push_back(std::move(figure));
    return answer;
  }
  // Money has no sampling interval.
  const bool counts = absl::StartsWith(metric.display_unit(), "per ");
  const std::optional<double> below = quotient.denominator.value;
  for (std::size_t i = 0; i < quotient.parts.size(); ++i) {
    const TermValue& part = quotient.parts[i];
    if (!part.found) continue;
    answer.figures.push_back(
        FigureOf(formula.parts(static_cast<int>(i)).id(), part.status, part.value, below, formula.per()));
  }
  answer.figures.push_back(FigureOf(quotient.partial ? "partial_total" : "total", quotient.status,
                                    quotient.numerator, below, formula.per()));
  if (counts) {
    for (catalogue::RowFigure& figure : answer.figures) AddInterval(formula.per(), figure);
  }
  return answer;
}

Answer RateFor(const Sources& sources, const v1::Metric& metric, absl::string_view area, Day until,
               double numerator) {
  const v1::PublishedFormula& formula = metric.published();
  const TermValue below = ValueOf(sources, formula.denominator(), area, until);
  Answer answer;
  AppendInputs(below, answer);
  catalogue::RowFigure figure = FigureOf("rate", below.status, numerator, below.value, formula.per());
  AddInterval(formula.per(), figure);
  answer.figures.push_back(std::move(figure));
  return answer;
}

}  // namespace waymark::published
