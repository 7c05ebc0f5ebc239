#include "node/measure/template_rows.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "node/measure/fields.h"
#include "node/measure/home_table.h"
#include "node/measure/template_members.h"

namespace waymark::node {
namespace {

constexpr double kThousand = 1000;

// "" for a field that the member has not: blank.
const std::string& FieldOf(const TemplateMember& member, const std::string& name) {
  static const auto* const blank = new std::string();
  const auto found = member.fields.find(name);
  return found == member.fields.end() ? *blank : found->second;
}

bool Passes(const TemplateMember& member, const v1::FieldTest& test) {
  const std::string& code = FieldOf(member, test.field());
  const auto listed = [&code](const auto& codes) {
    return std::find(codes.begin(), codes.end(), code) != codes.end();
  };
  return (test.any_of().empty() || listed(test.any_of())) && !listed(test.none_of());
}

std::string RowOf(const TemplateMember& member, const std::vector<std::string>& dimensions) {
  std::string row;
  for (std::size_t i = 0; i < dimensions.size(); ++i) {
    absl::StrAppend(&row, i == 0 ? "" : "|", FieldOf(member, dimensions[i]));
  }
  return row;
}

// Every row of the table, sorted: crossed, every pair.
absl::StatusOr<std::vector<std::string>> RowNames(const v1::Metric& metric,
                                                  const std::vector<TemplateMember>& members,
                                                  const std::vector<std::string>& dimensions) {
  std::vector<std::string> rows = {""};
  for (std::size_t i = 0; i < dimensions.size(); ++i) {
    std::vector<std::string> categories = TemplateCategories(dimensions[i]);
    if (categories.empty()) {
      std::set<std::string> met;
      for (const TemplateMember& member : members) met.insert(FieldOf(member, dimensions[i]));
      if (met.empty()) met.insert(std::string(kNotKnown));
      categories.assign(met.begin(), met.end());
    }
    if (rows.size() * categories.size() > contract::kMaxRows) {
      return absl::ResourceExhaustedError(absl::StrCat("metric ", metric.id(), ": more than ",
                                                       contract::kMaxRows,
                                                       " rows; map the field to fewer categories"));
    }
    std::vector<std::string> crossed;
    for (const std::string& row : rows) {
      for (const std::string& category : categories)
        crossed.push_back(i == 0 ? category : absl::StrCat(row, "|", category));
    }
    rows = std::move(crossed);
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

// The unit that a member counts as.
std::string UnitOf(const TemplateMember& member, std::size_t number, v1::Unit unit) {
  if (unit == v1::UNIT_CHILDREN) return member.child;
  return unit == v1::UNIT_FAMILIES ? member.family : absl::StrCat(number);
}

std::size_t ChangeColumn(std::int64_t change) {
  return change > 0 ? 0 : change == 0 ? 1 : 2;
}

// Members that were counted into the rows of one table.
class Filler {
 public:
  Filler(const v1::Metric& metric, Measured& measured) : metric_(metric), measured_(measured) {
    measured_.table.Resize();
    changes_.resize(measured_.table.rows.size());
  }

  void Add(const TemplateMember& member, std::size_t number) {
    contract::Table& table = measured_.table;
    const auto place =
        std::lower_bound(table.rows.begin(), table.rows.end(), RowOf(member, table.dimensions));
    const auto row = static_cast<std::size_t>(place - table.rows.begin());
    if (metric_.kind() == v1::METRIC_KIND_SCORE_CHANGE) {
      ++table.At(row, ChangeColumn(member.change_thousandths));
      changes_[row] += member.change_thousandths;
      return;
    }
    // A unit is in an outcome's count when any of its members is.
    std::set<std::size_t>& counted = counted_[{row, UnitOf(member, number, table.unit)}];
    const std::size_t denominator = table.columns.size() - 1;
    if (counted.insert(denominator).second) ++table.At(row, denominator);
    for (int i = 0; i < metric_.outcomes_size(); ++i) {
      const auto column = static_cast<std::size_t>(i);
      if (Passes(member, metric_.outcomes(i).field()) && counted.insert(column).second)
        ++table.At(row, column);
    }
  }

  void Finish() {
    measured_.figures = catalogue::FiguresOf(metric_, measured_.table);
    const auto& dimensions = measured_.table.dimensions;
    if (metric_.kind() != v1::METRIC_KIND_SCORE_CHANGE ||
        std::find(dimensions.begin(), dimensions.end(), "tool") == dimensions.end()) {
      return;
    }
    std::vector<catalogue::RowFigure> with_means;
    for (std::size_t i = 0; i < measured_.figures.size(); ++i) {
      with_means.push_back(measured_.figures[i]);
      const bool last =
          i + 1 == measured_.figures.size() || measured_.figures[i + 1].row != measured_.figures[i].row;
      if (last) with_means.push_back(Mean(measured_.figures[i].row));
    }
    measured_.figures = std::move(with_means);
  }

 private:
  catalogue::RowFigure Mean(std::size_t row) const {
    catalogue::RowFigure mean;
    mean.row = row;
    mean.quantity = std::string(catalogue::kMeanChange);
    std::int64_t pairs = 0;
    for (std::size_t column = 0; column < measured_.table.columns.size(); ++column)
      pairs += measured_.table.At(row, column);
    mean.numerator = static_cast<double>(changes_[row]) / kThousand;
    mean.denominator = static_cast<double>(pairs);
    if (pairs == 0) {
      mean.status = v1::FIGURE_STATUS_NOT_AVAILABLE;
    } else {
      mean.value = *mean.numerator / *mean.denominator;
    }
    return mean;
  }

  const v1::Metric& metric_;
  Measured& measured_;
  std::map<std::pair<std::size_t, std::string>, std::set<std::size_t>> counted_;
  std::vector<std::int64_t> changes_;  // sum by row, in thousandths
};

}  // namespace

absl::StatusOr<std::vector<Measured>> MeasureTemplateRows(const Journeys& journeys,
                                                          const MeasureRequest& request,
                                                          const std::vector<v1::Unit>& units) {
  const v1::Metric& metric = *request.metric;
  ASSIGN_OR_RETURN(const auto breakdowns, DimensionsOf(request));
  const Availability availability = TemplateReach(journeys, metric, request.period);
  std::vector<TemplateMember> members;
  if (availability.can_be_measured()) members = TemplateMembersOf(journeys, metric, request.period);
  const auto left_out = [&metric](const TemplateMember& member) {
    return !std::all_of(metric.cohort().fields().begin(), metric.cohort().fields().end(),
                        [&member](const v1::FieldTest& test) { return Passes(member, test); });
  };
  members.erase(std::remove_if(members.begin(), members.end(), left_out), members.end());

  std::vector<Measured> all;
  for (const std::vector<std::string>& dimensions : breakdowns) {
    for (const v1::Unit unit : units) {
      Measured& measured = all.emplace_back(EmptyTable(request, unit, dimensions, availability));
      if (!availability.can_be_measured()) continue;
      if (unit == v1::UNIT_FAMILIES && !journeys.has_families()) {
        measured.completeness = Completeness::kNotAvailable;
        measured.reason = "no source says who is whose family";
        continue;
      }
      ASSIGN_OR_RETURN(measured.table.rows, RowNames(metric, members, dimensions));
      Filler filler(metric, measured);
      for (std::size_t i = 0; i < members.size(); ++i) filler.Add(members[i], i);
      filler.Finish();
    }
  }
  return all;
}

}  // namespace waymark::node
