#include "coordinator/cli/trend_text.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/text_table.h"
#include "coordinator/cli/figure_text.h"
#include "coordinator/cli/output.h"
#include "proto/contract/names.h"

namespace waymark::coordinator {
namespace {

std::string ProbabilityText(double p) {
  if (p < 0.001) return "p < 0.001";
  const long thousandths = std::lround(1000 * p);
  if (thousandths >= 1000) return "p = 1";
  const std::string digits = absl::StrCat(1000 + thousandths);
  return absl::StrCat("p = 0.", digits.substr(1));
}

std::string TestText(const v1::TrendResponse::Test& test, const v1::Figure& figure, absl::string_view each) {
  v1::Figure change = figure;
  change.set_status(v1::FIGURE_STATUS_SHOWN);
  change.set_value(test.change());
  return absl::StrCat(test.change() > 0 ? "+" : "", ValueText(change), each, " (",
                      SpanText(figure, test.lower(), test.upper()), "), ", ProbabilityText(test.p()), ": ",
                      TravelText(test.travel()), "\n");
}

std::string SeriesText(const v1::TrendResponse::Series& series) {
  const v1::Figure& last = *series.figures().rbegin();
  std::string text = absl::StrCat(
      "\n", last.quantity(), ", ", contract::NameOf(last.unit()),
      last.window_days() == 0 ? "" : absl::StrCat(", within ", last.window_days(), " days"), "\n");
  // Named where it was not one place throughout.
  const bool has_places =
      std::any_of(series.figures().begin(), series.figures().end(),
                  [&](const v1::Figure& figure) { return figure.geography_name() != last.geography_name(); });
  std::vector<std::string> columns = {"Period",       ">Count",   ">Of",     ">Value",
                                      "95% interval", "Councils", "Version", "Round"};
  if (has_places) columns.push_back("Place");
  TextTable table(columns);
  for (const v1::Figure& figure : series.figures()) {
    const bool is_council = figure.level() == v1::GEOGRAPHY_LEVEL_COUNCIL;
    std::vector<std::string> row = {figure.period(),
                                    CountText(figure.has_numerator(), figure.numerator()),
                                    CountText(figure.has_denominator(), figure.denominator()),
                                    ValueText(figure),
                                    figure.status() == v1::FIGURE_STATUS_ABSENT
                                        ? std::string(contract::NameOf(figure.absence()))
                                        : IntervalText(figure),
                                    is_council ? "" : absl::StrCat(figure.contributors()),
                                    absl::StrCat(figure.version()),
                                    Shorten(Printable(figure.round_id()), 20)};
    if (has_places) row.push_back(Shorten(Printable(figure.geography_name()), 48));
    table.AddRow(std::move(row));
  }
  text += table.Render();
  if (series.has_latest()) {
    absl::StrAppend(&text, series.latest().to_period(), " against ", series.latest().from_period(), ": ",
                    TestText(series.latest(), last, ""));
  }
  if (series.has_slope()) {
    absl::StrAppend(&text, "Line from ", series.slope().from_period(), ": ",
                    TestText(series.slope(), last, " a year"));
  }
  if (series.has_runs()) {
    const v1::TrendResponse::Runs& runs = series.runs();
    absl::StrAppend(&text, "Runs: longest ", runs.longest(), " (usual: at most ", runs.longest_usual(),
                    "), crossings of the median ", runs.crossings(), " (at least ", runs.crossings_usual(),
                    "): ", runs.unusual() ? "the level shifted" : "nothing unusual", "\n");
  }
  return text;
}

}  // namespace

std::string TrendText(const v1::TrendResponse& trend, const v1::Metric* metric) {
  if (trend.series().empty()) return "Nothing is published under these words.\n";
  const v1::Figure& first = *trend.series(0).figures().rbegin();
  std::string text = Wrap(
      absl::StrCat("Metric ", first.metric(), metric == nullptr ? "" : absl::StrCat(": ", metric->title())));
  text += Wrap(absl::StrCat(Printable(first.geography_name()), " (", trend.geography(), ")"));
  Notes notes;
  for (const v1::TrendResponse::Series& series : trend.series()) {
    text += SeriesText(series);
    for (const v1::Figure& figure : series.figures()) notes.See(figure);
  }
  text += trend.breaks().empty() ? "" : "\nWhat else changed\n";
  for (const v1::TrendResponse::Break& one : trend.breaks()) {
    text += Wrap(absl::StrCat(one.period(), ", ", one.what(), ": ", Printable(one.note()),
                              one.is_incomparable() ? "; not compared with what was before" : ""));
  }
  text += "\n";
  if (!trend.left_out().empty())
    text += Wrap(absl::StrCat("Left out: ", absl::StrJoin(trend.left_out(), "; "), "."));
  text += Wrap(
      "Better, worse, up or down: chance, noise and suppression together would give a change as great less "
      "than "
      "once in twenty times. Many figures are tested here, so that some change by chance alone.");
  v1::QueryResponse coverage;
  *coverage.mutable_coverage() = trend.coverage();
  return text + notes.Text(coverage);
}

}  // namespace waymark::coordinator
