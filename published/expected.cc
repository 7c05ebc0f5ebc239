#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "published/terms.h"
#include "statistics/regression.h"

namespace waymark::published {
namespace {

using statistics::FittedLine;
using statistics::WeightedPoint;

// The authorities that have all three values in the years of the one that is asked about.
std::vector<WeightedPoint> PointsOf(const Sources& sources, const v1::PublishedFormula::Expected& expected,
                                    const v1::Metric& of, const Quotient& actual, const TermValue& against,
                                    const TermValue& weight) {
  std::vector<WeightedPoint> points;
  for (const v1::Area& area : sources.library.areas()) {
    const Quotient y = QuotientOf(sources, of.published(), area.code(), 0, &actual);
    const TermValue x = ValueLike(sources, expected.against(), area.code(), against);
    const TermValue w = ValueLike(sources, expected.weight(), area.code(), weight);
    if (y.value.has_value() && x.value.has_value() && w.value.has_value())
      points.push_back({*x.value, *y.value, *w.value});
  }
  return points;
}

void AddFit(const FittedLine& line, double x, const Quotient& actual, absl::string_view suffix,
            Answer& answer) {
  catalogue::RowFigure figure;
  figure.quantity = absl::StrCat("expected", suffix);
  figure.value = line.At(x);
  answer.figures.push_back(figure);
  figure.quantity = absl::StrCat("gap", suffix);
  figure.status = actual.status;
  figure.value.reset();
  if (actual.value.has_value()) figure.value = *actual.value - line.At(x);
  answer.figures.push_back(figure);
  absl::StrAppend(
      &answer.note, answer.note.empty() ? "" : "; ", suffix.empty() ? "weighted" : "unweighted", ": ",
      absl::StrFormat(
          "%.6g + %.6g × deprivation over %d authorities, standard error of the slope %.3g, R² %.3f",
          line.intercept, line.slope, line.points, line.slope_error, line.r_squared));
}

}  // namespace

ExpectedLine ExpectedLineFor(const Sources& sources, const v1::Metric& metric, const v1::Metric& of,
                             absl::string_view area, Day until) {
  const v1::PublishedFormula::Expected& expected = metric.published().expected();
  ExpectedLine line{.actual = QuotientOf(sources, of.published(), area, until),
                    .against = ValueOf(sources, expected.against(), area, until),
                    .weight = ValueOf(sources, expected.weight(), area, until),
                    .weighted = absl::NotFoundError("nothing to compare with is published for the area"),
                    .unweighted = absl::NotFoundError("nothing to compare with is published for the area")};
  if (!line.against.value.has_value()) return line;
  std::vector<WeightedPoint> points = PointsOf(sources, expected, of, line.actual, line.against, line.weight);
  line.weighted = statistics::WeightedLeastSquares(points);
  for (WeightedPoint& point : points) point.weight = 1;
  line.unweighted = statistics::WeightedLeastSquares(points);
  return line;
}

Answer ExpectedFor(const Sources& sources, const v1::Metric& metric, absl::string_view area, Day until) {
  Answer answer;
  const v1::Metric* of = sources.library.Find(metric.published().expected().metric());
  if (of == nullptr) return answer;
  const ExpectedLine line = ExpectedLineFor(sources, metric, *of, area, until);
  for (const TermValue& part : line.actual.parts) AppendInputs(part, answer);
  for (const TermValue* term : {&line.actual.denominator, &line.against, &line.weight})
    AppendInputs(*term, answer);
  if (answer.inputs.empty()) return answer;

  catalogue::RowFigure figure;
  figure.quantity = "actual";
  figure.status = line.actual.status;
  figure.value = line.actual.value;
  answer.figures.push_back(figure);
  if (!line.against.value.has_value()) return answer;
  if (!line.weighted.ok() || !line.unweighted.ok()) {
    answer.note = absl::StrCat("no expected value: ", std::string(line.weighted.status().message()));
    return answer;
  }
  AddFit(*line.weighted, *line.against.value, line.actual, "", answer);
  AddFit(*line.unweighted, *line.against.value, line.actual, "_unweighted", answer);
  return answer;
}

}  // namespace waymark::published
