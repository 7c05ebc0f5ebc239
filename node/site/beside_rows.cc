#include "node/site/beside_rows.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "catalogue/columns.h"
#include "node/measure/availability.h"
#include "node/measure/paths.h"

namespace waymark::node {
namespace {

constexpr std::size_t kMostPaths = 10;

}  // namespace

OwnStandards::OwnStandards(const Templates& templates, std::vector<MeasureRequest>& requests)
    : requests_(requests.size()) {
  const std::vector<Standard>& standards = templates.standards.rows;
  for (std::size_t i = 0; i < requests_; ++i) {
    const v1::Metric& metric = *requests[i].metric;
    const auto standard = std::find_if(standards.begin(), standards.end(),
                                       [&](const Standard& s) { return s.metric == metric.id(); });
    if (standard == standards.end() || !HasStandard(metric)) continue;
    Own& own = own_.emplace_back(Own{.of = i, .metric = metric, .note = {}});
    v1::Outcome& outcome = *own.metric.mutable_outcomes(0);
    outcome.set_id("own_standard");
    outcome.mutable_working_days()->set_days(static_cast<std::uint32_t>(standard->days));
    own.note = absl::StrCat("own_standard: within ", standard->days,
                            " working days, the council's own standard, which is not compared");
    MeasureRequest request = requests[i];
    request.metric = &own.metric;
    requests.push_back(std::move(request));
  }
}

void OwnStandards::AppendRows(std::size_t i, const std::vector<std::vector<Measured>>& measured,
                              std::vector<FigureRow>& rows) const {
  for (std::size_t k = 0; k < own_.size(); ++k) {
    if (own_[k].of != i) continue;
    const std::size_t first = rows.size();
    for (const Measured& table : measured[requests_ + k]) {
      if (!table.figures.empty()) node::AppendRows(own_[k].metric, table, rows);
    }
    for (std::size_t row = first; row < rows.size(); ++row) rows[row].note = own_[k].note;
  }
}

void AppendPaths(const Journeys& journeys, const MeasureRequest& request, std::vector<FigureRow>& rows) {
  const v1::Metric& metric = *request.metric;
  if (metric.kind() != v1::METRIC_KIND_TRANSITION || !request.breakdowns.empty()) return;
  const Availability availability = Assess(journeys, request, 0);
  if (!availability.can_be_measured()) return;
  const Paths paths = CommonestPaths(journeys, request.period, availability.until, kMostPaths);
  FigureRow row{.metric = metric.id(),
                .version = metric.version(),
                .title = metric.title(),
                .period = request.period.label,
                .counted = v1::UNIT_CHILDREN,
                .breakdown = {},
                .figure = {},
                .unit = "%",
                .completeness = availability.completeness,
                .reason = availability.reason};
  row.note = absl::StrCat(
      "path: the states that children passed through in the period, of children with help on a day of it; "
      "the ",
      paths.commonest.size(), " commonest of ", paths.different);
  row.figure.denominator = static_cast<double>(paths.children);
  for (const Path& path : paths.commonest) {
    row.figure.quantity =
        absl::StrCat("path:", absl::StrJoin(path.states, ">", [](std::string* out, State state) {
                       absl::StrAppend(out, catalogue::kStates[static_cast<std::size_t>(state)]);
                     }));
    row.figure.numerator = static_cast<double>(path.children);
    row.figure.value = 100 * *row.figure.numerator / *row.figure.denominator;
    rows.push_back(row);
  }
}

}  // namespace waymark::node
