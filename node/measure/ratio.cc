#include "node/measure/ratio.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
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

using Counts = std::map<std::string, std::int64_t>;

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

  bool is_cost() const { return quantity_ == Ratio::QUANTITY_SERVICE_COST; }

  // By category of a field; a category that is not there has no cases, or no amount.
  Counts By(const std::string& dimension, v1::Unit unit) const {
    if (!CountsCases(quantity_)) return amounts_;
    return CountBy(dimension == "service" ? &Case::service : &Case::team, unit);
  }
  std::optional<std::int64_t> Missing() const {
    return CountsCases(quantity_) ? std::optional<std::int64_t>(0) : std::nullopt;
  }

  // Of everything; cases only of the services that `other` has a cost of, where it is of costs.
  std::optional<std::int64_t> OfAll(const Side& other, v1::Unit unit) const {
    if (CountsCases(quantity_)) {
      Units units;
      for (const Case& one : cases_) {
        if (!other.is_cost() || other.amounts_.contains(one.service)) units.Add(UnitOf(one, unit));
      }
      return units.size();
    }
    if (amounts_.empty()) return std::nullopt;
    std::int64_t sum = 0;
    for (const auto& [category, amount] : amounts_) sum += amount;
    return sum;
  }

  // Of workers who are known.
  Counts ByWorker(v1::Unit unit) const {
    Counts counts = CountBy(&Case::worker, unit);
    counts.erase("");
    return counts;
  }

 private:
  // Distinct units, and as many more as there are cases of their own.
  class Units {
   public:
    void Add(const std::optional<std::uint32_t>& unit) {
      if (unit.has_value()) {
        distinct_.insert(*unit);
      } else {
        ++cases_;
      }
    }
    std::int64_t size() const { return cases_ + static_cast<std::int64_t>(distinct_.size()); }

   private:
    std::int64_t cases_ = 0;
    absl::flat_hash_set<std::uint32_t> distinct_;
  };

  // Nothing where every case counts.
  std::optional<std::uint32_t> UnitOf(const Case& one, v1::Unit unit) const {
    if (unit == v1::UNIT_CHILDREN) return one.person;
    return unit == v1::UNIT_FAMILIES ? std::optional<std::uint32_t>(journeys_.family(one.person))
                                     : std::nullopt;
  }

  Counts CountBy(const std::string Case::*field, v1::Unit unit) const {
    std::map<std::string, Units> units;
    for (const Case& one : cases_) units[one.*field].Add(UnitOf(one, unit));
    Counts counts;
    for (const auto& [category, of_category] : units) counts[category] = of_category.size();
    return counts;
  }

  const Journeys& journeys_;
  const Ratio::Quantity quantity_;
  std::vector<Case> cases_;
  Counts amounts_;
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
  const Counts above = numerator.By(dimension, table.unit);
  const Counts below = denominator.By(dimension, table.unit);
  std::set<std::string> categories;
  for (const auto& [category, count] : above) categories.insert(category);
  for (const auto& [category, count] : below) categories.insert(category);
  if (categories.empty()) categories.insert(std::string(kNotKnown));
  table.rows.assign(categories.begin(), categories.end());
  table.Resize();
  const auto in = [](const Counts& counts, const std::string& category, const Side& side) {
    const auto found = counts.find(category);
    return found == counts.end() ? side.Missing() : found->second;
  };
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    SetCell(row, 0, in(above, table.rows[row], numerator), table);
    SetCell(row, 1, in(below, table.rows[row], denominator), table);
  }
}

void AddWorkers(const Journeys& journeys, const Side& cases, Day day, Measured& measured) {
  Counts by_worker = cases.ByWorker(measured.table.unit);
  for (const std::string& worker : WorkersOn(journeys.records().templates, day))
    by_worker.try_emplace(worker, 0);
  if (by_worker.empty()) return;
  std::vector<statistics::UpTo> counts;
  for (const auto& [worker, count] : by_worker) counts.push_back({.days = count});
  std::sort(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.days < b.days; });
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i].members = static_cast<std::int64_t>(i + 1);
  const std::pair<const char*, double> quantiles[] = {{"median_a_worker", 0.5},
                                                      {"ninetieth_centile_a_worker", 0.9}};
  for (const auto& [quantity, p] : quantiles) {
    catalogue::RowFigure& figure = measured.figures.emplace_back();
    figure.quantity = quantity;
    figure.denominator = static_cast<double>(counts.size());
    figure.value = static_cast<double>(*statistics::QuantileOfDays(counts, p));
  }
}

// Why this one table cannot be made; "" where it can.
std::string MissingFor(const Journeys& journeys, const std::vector<std::string>& dimensions, bool costs,
                       v1::Unit unit) {
  if (unit == v1::UNIT_FAMILIES && !journeys.has_families()) return "no source says who is whose family";
  const std::string field = !dimensions.empty() ? dimensions.front() : costs ? "service" : "";
  if (field.empty() || IsCarried(journeys, CountingOf(v1::Cohort::BASE_EARLY_HELP_ENDED), *FieldNamed(field)))
    return "";
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
  std::optional<Side> numerator, denominator;
  if (availability.can_be_measured()) {
    numerator.emplace(journeys, ratio.numerator(), request.period);
    denominator.emplace(journeys, ratio.denominator(), request.period);
  }
  std::vector<Measured> all;
  for (const std::vector<std::string>& dimensions : breakdowns) {
    for (const v1::Unit unit : units) {
      Measured& measured = all.emplace_back(EmptyTable(request, unit, dimensions, availability));
      if (!numerator.has_value() || !denominator.has_value()) continue;
      const bool costs = numerator->is_cost() || denominator->is_cost();
      if (std::string missing = MissingFor(journeys, dimensions, costs, unit); !missing.empty()) {
        measured.completeness = Completeness::kNotAvailable;
        measured.reason = std::move(missing);
        continue;
      }
      Fill(*numerator, *denominator, measured.table);
      measured.figures = catalogue::FiguresOf(metric, measured.table);
      if (stock && dimensions.empty()) AddWorkers(journeys, *numerator, request.period.last, measured);
    }
  }
  return all;
}

}  // namespace waymark::node
