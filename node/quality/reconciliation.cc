#include "node/quality/reconciliation.h"

#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "node/measure/measurer.h"
#include "proto/contract/names.h"

namespace waymark::node {
namespace {

// Published percentages have one decimal.
constexpr double kRounding = 0.05 + 1e-9;

struct OwnFigure {
  std::optional<double> value;
  bool whole = false;
  std::string reason;
};

absl::StatusOr<OwnFigure> OwnFigureOf(const Journeys& journeys, const catalogue::Library& library,
                                      const v1::PublishedMeasure::Own& own, const Period& year) {
  MeasureRequest request{.metric = library.Find(own.metric()), .period = year, .units = {own.unit()}};
  request.calendar = &library.working_days();
  if (own.window_days() > 0) request.window_days = {own.window_days()};
  ASSIGN_OR_RETURN(const std::vector<Measured> tables, Measure(journeys, request));
  OwnFigure figure;
  for (const Measured& measured : tables) {
    figure.whole = measured.completeness == Completeness::kComplete;
    figure.reason = measured.reason;
    for (const catalogue::RowFigure& row : measured.figures) {
      if (row.quantity == own.quantity()) figure.value = row.value;
    }
  }
  if (!figure.value.has_value() && figure.reason.empty()) figure.reason = "nothing was counted in that year";
  return figure;
}

Reconciled Start(const v1::PublishedMeasure& measure) {
  Reconciled row;
  row.metric = measure.own().metric();
  row.title = measure.title();
  row.unit = measure.unit();
  row.measure = measure.id();
  return row;
}

Reconciled Compared(const v1::PublishedMeasure& measure, const published::Sources& sources,
                    const published::Observation& at, const OwnFigure& own) {
  Reconciled row = Start(measure);
  row.year = at.year.label;
  row.file = published::FileName(sources.collection, at);
  row.line = at.line;
  row.published_status = contract::FigureStatusOf(at.status);
  row.ours = own.value;
  if (at.status == v1::CELL_STATUS_SHOWN) row.published = at.value;
  if (!own.reason.empty()) row.remarks.push_back(absl::StrCat("ours: ", own.reason));
  if (!at.rejected.empty()) row.remarks.push_back(absl::StrCat("published: rejected, ", at.rejected));
  if (!row.ours.has_value() || !row.published.has_value()) return row;
  row.difference = *row.ours - *row.published;
  if (std::fabs(*row.difference) <= kRounding) {
    row.remarks.emplace_back("the same, but for rounding");
    return row;
  }
  row.remarks.insert(row.remarks.end(), measure.own().may_differ().begin(), measure.own().may_differ().end());
  row.remarks.emplace_back("records that were changed, added or closed after the council sent its return");
  return row;
}

}  // namespace

absl::StatusOr<std::vector<Reconciled>> Reconcile(const Journeys& journeys, const published::Sources& sources,
                                                  absl::string_view area) {
  std::vector<Reconciled> rows;
  for (const v1::PublishedMeasure& measure : sources.mapping.measures()) {
    if (!measure.has_own()) continue;
    if (sources.library.Find(measure.own().metric()) == nullptr) continue;
    const std::vector<published::Observation>& all = sources.collection.Of(measure.id(), area);
    if (all.empty()) {
      rows.push_back(Start(measure));
      rows.back().published_status = v1::FIGURE_STATUS_NOT_AVAILABLE;
      rows.back().remarks.emplace_back("none of the published files has it for this council");
    }
    for (const published::Observation& at : all) {
      ASSIGN_OR_RETURN(const OwnFigure own, OwnFigureOf(journeys, sources.library, measure.own(), at.year));
      if (own.whole || &at == &all.back()) rows.push_back(Compared(measure, sources, at, own));
    }
  }
  return rows;
}

}  // namespace waymark::node
