#include "node/measure/ratio.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "catalogue/columns.h"
#include "node/measure/fields.h"
#include "node/measure/home_table.h"
#include "node/measure/quantities.h"
#include "statistics/binned.h"

namespace waymark::node {
namespace {

using Ratio = v1::Ratio;

// One side of the ratio, in whatever rows are asked for.
class Side {
 public:
  Side(const Journeys& journeys, Ratio::Quantity quantity, const Period& period)
      : journeys_(journeys), quantity_(quantity) {
    if (CountsCases(quantity)) {
      cases_ = CasesOf(journeys, quantity, period);
    } else {
      amounts_ = AmountsOf(journeys, quantity, period);
    }
  }

  const std::vector<Case>& cases() const { return cases_; }
  const std::map<std::string, std::int64_t>& amounts() const { return amounts_; }
  bool is_cost() const { return quantity_ == Ratio::QUANTITY_SERVICE_COST; }

  void AddCategories(const std::string& dimension, std::set<std::string>& categories) const {
    for (const Case& one : cases_) categories.insert(CategoryOf(one, dimension));
    for (const auto& [category, amount] : amounts_) categories.insert(category);
  }

  // Nothing where there is no amount.
  std::optional<std::int64_t> In(const std::string& dimension, const std::string& category,
                                 v1::Unit unit) const {
    if (CountsCases(quantity_)) {
      return Count(unit, [&](const Case& one) { return CategoryOf(one, dimension) == category; });
    }
    const auto found = amounts_.find(category);
    return found == amounts_.end() ? std::nullopt : std::optional<std::int64_t>(found->second);
  }

  // Of everything; cases only of the services that `costs` has, where it has costs.
  std::optional<std::int64_t> OfAll(const Side& other, v1::Unit unit) const {
    if (CountsCases(quantity_)) {
      return Count(unit,
                   [&](const Case& one) { return !other.is_cost() || other.amounts_.contains(one.service); });
    }
    if (amounts_.empty()) return std::nullopt;
    std::int64_t sum = 0;
    for (const auto& [category, amount] : amounts_) sum += amount;
    return sum;
  }

  // In the unit, by worker.
  std::map<std::string, std::int64_t> ByWorker(v1::Unit unit) const {
    std::set<std::string> workers;
    for (const Case& one : cases_) workers.insert(one.worker);
    workers.erase("");
    std::map<std::string, std::int64_t> counts;
    for (const std::string& worker : workers)
      counts[worker] = Count(unit, [&](const Case& one) { return one.worker == worker; });
    return counts;
  }

 private:
  static const std::string& CategoryOf(const Case& one, const std::string& dimension) {
    return dimension == "service" ? one.service : one.team;
  }

  template <typename Keep>
  std::int64_t Count(v1::Unit unit, const Keep& keep) const {
    std::set<std::uint32_t> seen;
    std::int64_t cases = 0;
    for (const Case& one : cases_) {
      if (!keep(one)) continue;
      ++cases;
      if (unit == v1::UNIT_CHILDREN) seen.insert(one.person);
      if (unit == v1::UNIT_FAMILIES) seen.insert(journeys_.family(one.person));
    }
    return unit == v1::UNIT_EPISODES ? cases : static_cast<std::int64_t>(seen.size());
  }

  const Journeys& journeys_;
  const Ratio::Quantity quantity_;
  std::vector<Case> cases_;
  std::map<std::string, std::int64_t> amounts_;
};

void SetCell(std::size_t row, std::size_t column, const std::optional<std::int64_t>& value,
             contract::Table& table) {
  table.At(row, column) = value.value_or(0);
  if (!value.has_value()) table.status[table.Index(row, column)] = v1::CELL_STATUS_NOT_AVAILABLE;
}

void Fill(const Side& numerator, const Side& denominator, contract::Table& table) {
  if (table.dimensions.empty()) {
    table.rows = {""};
    table.Resize();
    SetCell(0, 0, numerator.OfAll(denominator, table.unit), table);
    SetCell(0, 1, denominator.OfAll(numerator, table.unit), table);
    return;
  }
  const std::string& dimension = table.dimensions.front();
  std::set<std::string> categories;
  numerator.AddCategories(dimension, categories);
  denominator.AddCategories(dimension, categories);
  if (categories.empty()) categories.insert(std::string(kNotKnown));
  table.rows.assign(categories.begin(), categories.end());
  table.Resize();
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    SetCell(row, 0, numerator.In(dimension, table.rows[row], table.unit), table);
    SetCell(row, 1, denominator.In(dimension, table.rows[row], table.unit), table);
  }
}

void AddWorkers(const Journeys& journeys, const Side& cases, Day day, Measured& measured) {
  std::map<std::string, std::int64_t> by_worker = cases.ByWorker(measured.table.unit);
  for (const std::string& worker : WorkersOn(journeys.records().templates, day))
    by_worker.try_emplace(worker, 0);
  if (by_worker.empty()) return;
  std::vector<std::int64_t> counts;
  for (const auto& [worker, count] : by_worker) counts.push_back(count);
  std::sort(counts.begin(), counts.end());
  const std::pair<const char*, double> quantiles[] = {{"median_a_worker", 0.5},
                                                      {"ninetieth_centile_a_worker", 0.9}};
  for (const auto& [quantity, p] : quantiles) {
    catalogue::RowFigure& figure = measured.figures.emplace_back();
    figure.quantity = quantity;
    figure.denominator = static_cast<double>(counts.size());
    figure.value = static_cast<double>(*statistics::QuantileOfSorted(counts, p));
  }
}

// Why this one table cannot be made; "" where it can.
std::string MissingFor(const Journeys& journeys, const std::vector<std::string>& dimensions, bool costs,
                       v1::Unit unit) {
  if (unit == v1::UNIT_FAMILIES && !journeys.has_families()) return "no source says who is whose family";
  const std::string field = !dimensions.empty() ? dimensions.front() : costs ? "service" : "";
  if (field.empty() || IsCarried(journeys, v1::Cohort::BASE_EARLY_HELP_ENDED, *FieldNamed(field))) return "";
  return absl::StrCat("no source carries the field \"", field, "\" of early-help episodes");
}

}  // namespace

absl::StatusOr<std::vector<Measured>> MeasureRatio(const Journeys& journeys, const MeasureRequest& request,
                                                   const std::vector<v1::Unit>& units) {
  const v1::Metric& metric = *request.metric;
  const Ratio& ratio = metric.ratio();
  ASSIGN_OR_RETURN(const auto breakdowns, DimensionsOf(request));
  Availability availability = ReachOfQuantity(journeys, ratio.numerator(), request.period);
  Narrow(ReachOfQuantity(journeys, ratio.denominator(), request.period), availability);
  // A stock is seen whole or not at all.
  const bool stock = ratio.numerator() == Ratio::QUANTITY_OPEN_EARLY_HELP;
  if (stock && availability.completeness == Completeness::kPartial)
    availability.completeness = Completeness::kNotYet;
  const Side numerator(journeys, ratio.numerator(), request.period);
  const Side denominator(journeys, ratio.denominator(), request.period);
  const bool costs = numerator.is_cost() || denominator.is_cost();

  std::vector<Measured> all;
  for (const std::vector<std::string>& dimensions : breakdowns) {
    for (const v1::Unit unit : units) {
      Measured& measured = all.emplace_back(EmptyTable(request, unit, dimensions, availability));
      if (!availability.can_be_measured()) continue;
      if (std::string missing = MissingFor(journeys, dimensions, costs, unit); !missing.empty()) {
        measured.completeness = Completeness::kNotAvailable;
        measured.reason = std::move(missing);
        continue;
      }
      Fill(numerator, denominator, measured.table);
      measured.figures = catalogue::FiguresOf(metric, measured.table);
      if (stock && dimensions.empty()) AddWorkers(journeys, numerator, request.period.last, measured);
    }
  }
  return all;
}

}  // namespace waymark::node
