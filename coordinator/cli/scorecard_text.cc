#include "coordinator/cli/scorecard_text.h"

#include <cstdlib>
#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "base/text_table.h"
#include "coordinator/cli/figure_text.h"
#include "proto/contract/names.h"
#include "published/scorecard.h"

namespace waymark::coordinator {
namespace {

std::string NumberText(double value, const std::string& unit) {
  const int decimals = unit == "£" ? 0 : 1;
  std::string digits = absl::StrFormat("%.*f", decimals, std::abs(value));
  const bool is_negative = value < 0 && digits.find_first_not_of("0.") != std::string::npos;
  return absl::StrCat(is_negative ? "-" : "", unit == "£" ? "£" : "", digits, unit == "%" ? "%" : "");
}

std::string PlaceText(const v1::PlaceFigure& place, const std::string& unit) {
  if (!place.has_value()) return std::string(contract::ShorthandOf(place.status()));
  return absl::StrCat(NumberText(place.value(), unit), place.authorities() > 0 ? "*" : "");
}

std::string NeighboursText(const v1::PlaceFigure& place, const std::string& unit) {
  if (!place.has_value()) return std::string(contract::ShorthandOf(place.status()));
  return absl::StrCat(NumberText(place.value(), unit),
                      place.authorities() < place.of() ? absl::StrCat(" (", place.authorities(), ")") : "");
}

std::string IntervalText(const v1::PlaceFigure& place, const std::string& unit) {
  if (!place.has_lower() || !place.has_upper()) return "";
  return absl::StrCat(NumberText(place.lower(), unit), " to ", NumberText(place.upper(), unit));
}

std::string StandingText(const v1::ScorecardRow& row) {
  if (!row.has_standing()) return row.direction() == v1::DIRECTION_NEUTRAL ? "not ranked" : "";
  const v1::Standing& standing = row.standing();
  std::string text = absl::StrCat(standing.rank(), " of ", standing.of());
  if (standing.best() > 0) absl::StrAppend(&text, " (", standing.best(), "–", standing.worst(), ")");
  return text;
}

std::string TitleOf(const v1::ScorecardRow& row) {
  return absl::StrCat(row.metric(), " ", row.title(), row.is_partial() ? " (partial)" : "");
}

std::string FiguresTable(const v1::Scorecard& card) {
  std::string rendered;
  for (std::size_t titles = 40; titles >= 12; --titles) {
    TextTable table({"Figure", "Year", ">Own", "95% interval", ">Neighbours",
                     absl::StrCat(">", Shorten(card.region_name(), 10)), ">England", "Rank"});
    for (const v1::ScorecardRow& row : card.rows()) {
      table.AddRow({Shorten(TitleOf(row), titles), row.period(), PlaceText(row.own(), row.unit()),
                    IntervalText(row.own(), row.unit()), NeighboursText(row.neighbours(), row.unit()),
                    PlaceText(row.region(), row.unit()), PlaceText(row.nation(), row.unit()),
                    StandingText(row)});
    }
    rendered = table.Render();
    if (WidthOf(rendered) <= kMostColumns) break;
  }
  return rendered;
}

std::string TrendLine(const v1::ScorecardRow& row) {
  std::vector<std::string> points;
  for (const v1::TrendPoint& point : row.trend()) {
    if (point.period() == row.period()) continue;
    points.push_back(absl::StrCat(point.period(), " ", PlaceText(point.own(), row.unit()),
                                  point.is_otherwise_made() ? "†" : ""));
  }
  return Wrap(absl::StrCat(row.metric(), ": ", absl::StrJoin(points, ", ")));
}

std::string InputsText(const v1::ScorecardRow& row) {
  std::string text;
  for (const v1::ScorecardInput& input : row.inputs()) {
    absl::StrAppend(
        &text, Wrap(absl::StrCat("- ", input.title(), ", ", input.year(), ": ",
                                 input.has_value() ? absl::StrFormat("%.10g %s", input.value(), input.unit())
                                                   : std::string(contract::ShorthandOf(input.status())),
                                 input.substitute().empty() ? "" : absl::StrCat("; ", input.substitute()),
                                 input.note().empty() ? "" : absl::StrCat("; not believed: ", input.note()),
                                 " (", input.file(), ":", input.line(), ")")));
  }
  for (const std::string& missing : row.missing())
    absl::StrAppend(&text, Wrap(absl::StrCat("- missing: ", missing)));
  if (!row.note().empty()) absl::StrAppend(&text, Wrap(absl::StrCat("- ", row.note())));
  return text;
}

std::string NotesText(const v1::Scorecard& card) {
  std::set<std::string> notes;
  bool joined = false, partial = false, otherwise = false, ranges = false, gap = false;
  for (const v1::ScorecardRow& row : card.rows()) {
    for (const v1::PlaceFigure* place : {&row.region(), &row.nation()}) {
      joined |= place->has_value() && place->authorities() > 0;
      const std::string figure = absl::StrCat("Metric ", row.metric(), ", ",
                                              place == &row.region() ? card.region_name() : "England", ": ");
      if (const std::string interval = IntervalText(*place, row.unit()); !interval.empty())
        notes.insert(absl::StrCat(figure, "95% interval ", interval, "."));
      if (place->note().empty()) continue;
      const bool is_rejected = place->note() != published::kNationGap;
      notes.insert(absl::StrCat(figure, is_rejected ? "the published value is not believed: " : "",
                                place->note(), "."));
    }
    partial |= row.is_partial();
    ranges |= row.standing().best() > 0;
    gap |= !row.note().empty();
    for (const v1::TrendPoint& point : row.trend()) otherwise |= point.is_otherwise_made();
  }
  std::string text = Wrap(
      "Neighbours: the mean of the statistical neighbours, (n) where only n have a figure. Rank: 1 is best, "
      "among all "
      "authorities with a figure for the same years. [x]: not published. [c]: suppressed by the publisher.");
  if (ranges) {
    absl::StrAppend(&text, Wrap("Rank (a–b): where chance leaves it with 95%, for all authorities at once."));
  }
  if (gap) absl::StrAppend(&text, Wrap("A gap is actual less expected: below zero, fewer than expected."));
  if (joined) {
    absl::StrAppend(&text, Wrap("*: not as published for the place, but made of its authorities' figures."));
  }
  if (partial) {
    absl::StrAppend(&text, Wrap("(partial): some part is in no file that was read; everybody's lacks it."));
  }
  if (otherwise) absl::StrAppend(&text, Wrap("†: made of other parts than the latest; do not compare."));
  for (const std::string& note : notes) absl::StrAppend(&text, Wrap(note));
  return text;
}

}  // namespace

std::string ScorecardText(const v1::Scorecard& card) {
  std::string text = Wrap(absl::StrCat(card.name(), " (", card.code(), "), ", card.region_name()));
  std::vector<std::string> neighbours;
  for (const v1::ScorecardNeighbour& neighbour : card.neighbours()) neighbours.push_back(neighbour.name());
  if (!neighbours.empty())
    absl::StrAppend(&text, Wrap(absl::StrCat("Statistical neighbours: ", absl::StrJoin(neighbours, ", "))));
  absl::StrAppend(&text, "\n", FiguresTable(card), "\nYears before\n");
  for (const v1::ScorecardRow& row : card.rows()) {
    if (row.trend_size() > 1) absl::StrAppend(&text, TrendLine(row));
  }
  absl::StrAppend(&text, "\nMade of\n");
  for (const v1::ScorecardRow& row : card.rows())
    absl::StrAppend(
        &text, Wrap(absl::StrCat(TitleOf(row), ", ", row.unit(), ", definition version ", row.version())),
        InputsText(row));
  return absl::StrCat(text, "\n", NotesText(card));
}

}  // namespace waymark::coordinator
