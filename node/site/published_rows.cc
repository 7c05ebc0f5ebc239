#include "node/site/published_rows.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "node/measure/quantities.h"

namespace waymark::node {
namespace {

constexpr absl::string_view kNoFiles =
    "no published file is configured; name a folder with the Department for Education's files: [[published]] "
    "path = "
    "\"…\"";

// The entry of early-help spend by section 251.
constexpr absl::string_view kSpend = "38";

void Explain(const published::Answer& answer, FigureRow& row) {
  row.inputs = answer.inputs;
  row.note = answer.note;
  if (answer.missing.empty()) return;
  row.completeness = answer.figures.empty() ? Completeness::kNotAvailable : Completeness::kPartial;
  row.reason = absl::StrJoin(answer.missing, "; ");
}

}  // namespace

absl::StatusOr<PublishedStatistics> PublishedStatistics::Load(const Site& site) {
  PublishedStatistics statistics(site);
  if (site.configuration.published_paths.empty()) return statistics;
  ASSIGN_OR_RETURN(statistics.mapping_,
                   published::Mapping::Load(site.configuration.catalogue_directory, site.library));
  ASSIGN_OR_RETURN(statistics.collection_,
                   published::Collection::Read(site.configuration.published_paths, statistics.mapping_));
  return statistics;
}

std::vector<PublishedFigure> PublishedStatistics::OwnFigures() const {
  constexpr double kHalfOfOneDecimal = 0.05;  // as published percentages have it
  std::vector<PublishedFigure> figures;
  for (const v1::PublishedMeasure& measure : mapping_.measures()) {
    if (!measure.has_own() || site_->library.Find(measure.own().metric()) == nullptr) continue;
    for (const published::Observation& at : collection_.Of(measure.id(), site_->configuration.council_code)) {
      if (at.status != v1::CELL_STATUS_SHOWN) continue;
      figures.push_back({.metric = measure.own().metric(),
                         .quantity = measure.own().quantity(),
                         .unit = measure.own().unit(),
                         .window_days = measure.own().window_days(),
                         .period = absl::StrCat(FormatDay(at.year.first), "..", FormatDay(at.year.last)),
                         .value = at.value,
                         .half_unit = kHalfOfOneDecimal,
                         .source = absl::StrCat(published::FileName(collection_, at), ", line ", at.line)});
    }
  }
  return figures;
}

void PublishedStatistics::AppendRows(const v1::Metric& metric, const std::optional<Period>& period,
                                     std::vector<FigureRow>& rows) const {
  const published::Answer answer = published::FiguresFor(sources(), metric, site_->configuration.council_code,
                                                         period.has_value() ? period->last : kNoDay);
  FigureRow row;
  row.metric = metric.id();
  row.version = metric.version();
  row.title = metric.title();
  row.period = period.has_value() ? period->label : answer.period;
  row.counted = v1::UNIT_UNSPECIFIED;
  row.unit = metric.display_unit();
  Explain(answer, row);
  if (answer.figures.empty()) {
    row.completeness = Completeness::kNotAvailable;
    if (collection_.empty()) row.reason = std::string(kNoFiles);
    row.figure.status = v1::FIGURE_STATUS_NOT_AVAILABLE;
    rows.push_back(std::move(row));
    return;
  }
  for (const catalogue::RowFigure& figure : answer.figures) {
    row.figure = figure;
    rows.push_back(row);
  }
}

void PublishedStatistics::AppendRates(const v1::Metric& metric, const Period& period, std::size_t first,
                                      std::vector<FigureRow>& rows) const {
  if (!metric.has_published()) return;
  const std::size_t end = rows.size();
  for (std::size_t i = first; i < end; ++i) {
    FigureRow row = rows[i];
    if (!row.figure.value.has_value() || !row.breakdown.empty()) continue;
    const published::Answer answer = published::RateFor(sources(), metric, site_->configuration.council_code,
                                                        period.last, *row.figure.value);
    row.figure = answer.figures.front();
    row.unit = absl::StrCat("per ", metric.published().per());
    const std::string counted = row.reason;
    Explain(answer, row);
    if (!answer.missing.empty()) {
      row.completeness = Completeness::kNotAvailable;
      if (collection_.empty()) row.reason = std::string(kNoFiles);
      if (!counted.empty()) row.reason = absl::StrCat(counted, "; ", row.reason);
    }
    rows.push_back(std::move(row));
  }
}

void PublishedStatistics::AppendRoughGuide(const v1::Metric& metric, const Period& period,
                                           const Journeys& journeys, std::vector<FigureRow>& rows) const {
  constexpr auto kClosures = v1::Ratio::QUANTITY_OUTCOMES_MET;
  const v1::Metric* const spend = site_->library.Find(kSpend);
  const bool of_costs = metric.ratio().numerator() == v1::Ratio::QUANTITY_SERVICE_COST &&
                        metric.ratio().denominator() == kClosures;
  if (!of_costs || spend == nullptr || collection_.empty()) return;
  const Availability reach = ReachOfQuantity(journeys, kClosures, period);
  const published::Answer answer =
      published::FiguresFor(sources(), *spend, site_->configuration.council_code, period.last);
  if (reach.completeness != Completeness::kComplete || answer.figures.empty() ||
      answer.period != period.label)
    return;
  const catalogue::RowFigure& total = answer.figures.back();
  const auto closures = static_cast<double>(CasesOf(journeys, kClosures, period).size());
  if (!total.numerator.has_value() || closures == 0) return;
  FigureRow row{.metric = metric.id(),
                .version = metric.version(),
                .title = metric.title(),
                .period = period.label,
                .counted = v1::UNIT_EPISODES,
                .breakdown = {},
                .figure = {},
                .unit = metric.display_unit(),
                .reason = {}};
  Explain(answer, row);
  row.figure.quantity = "rough_guide";
  row.figure.numerator = total.numerator;
  row.figure.denominator = closures;
  row.figure.value = *total.numerator / closures;
  row.note = absl::StrCat("rough_guide: a rough guide only, all spending of metric ", kSpend,
                          " over all closures that met their outcomes; it is no cost of a service");
  rows.push_back(std::move(row));
}

}  // namespace waymark::node
