#include "node/disclose/threshold.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/period.h"
#include "base/status.h"
#include "catalogue/columns.h"

namespace waymark::node {
namespace {

using catalogue::kDaysPrefix;

// Whether two of so many people, each with one at least, may have 90% of a count. Then p% (p = 10) holds too.
bool MayBeDominated(std::int64_t count, std::int64_t people) {
  return count > 0 && 10 * (people - 2) <= count;
}

// Which rule, if any, suppresses cells. Works on one row at a time.
class RowProtector {
 public:
  RowProtector(const contract::Table& exact, const contract::Table* people, std::int64_t threshold,
               std::vector<CellRule>& rules)
      : exact_(exact), people_(people), threshold_(threshold), rules_(rules) {}

  bool Small(std::int64_t count) const { return count >= 1 && count <= threshold_; }

  bool Dominated(std::size_t row, std::size_t column) const {
    return people_ != nullptr && MayBeDominated(exact_.At(row, column), people_->At(row, column));
  }

  // Numerators in the first `members` columns; their group has `group` members.
  void ProtectGroup(std::size_t row, std::size_t members, std::int64_t group) {
    for (std::size_t column = 0; column < members; ++column) {
      const std::int64_t count = exact_.At(row, column);
      if (Small(group)) {
        Suppress(row, column, CellRule::kSmallGroup);
      } else if (Small(count)) {
        Suppress(row, column, CellRule::kSmallCount);
      } else if (Small(group - count)) {
        Suppress(row, column, CellRule::kSmallComplement);
      } else if (Dominated(row, column)) {
        Suppress(row, column, CellRule::kDominance);
      }
    }
  }

  // Outcomes, then their denominator in the last column.
  void ProtectProportion(std::size_t row) {
    const std::size_t last = exact_.columns.size() - 1;
    const std::int64_t group = exact_.At(row, last);
    ProtectGroup(row, last, group);
    if (Small(group)) {
      Suppress(row, last, CellRule::kSmallCount);
    } else if (Dominated(row, last)) {
      Suppress(row, last, CellRule::kDominance);
    }
  }

  void ProtectPartition(std::size_t row) {
    std::int64_t total = 0;
    for (std::size_t column = 0; column < exact_.columns.size(); ++column) total += exact_.At(row, column);
    ProtectGroup(row, exact_.columns.size(), total);
  }

  // A bin is worth nothing without the others.
  void ProtectCurve(std::size_t row) {
    ProtectPartition(row);
    bool is_whole = true;
    for (std::size_t column = 0; column < exact_.columns.size(); ++column) is_whole &= IsShown(row, column);
    for (std::size_t column = 0; column < exact_.columns.size() && !is_whole; ++column) {
      if (IsShown(row, column)) Suppress(row, column, CellRule::kNoCurve);
    }
  }

  void ProtectTransitions(std::size_t row, std::int64_t period_days) {
    const std::int64_t most = threshold_ * period_days;
    std::map<std::string, std::int64_t, std::less<>> days;  // by state
    for (std::size_t column = 0; column < exact_.columns.size(); ++column) {
      const std::string& name = exact_.columns[column];
      if (!absl::StartsWith(name, kDaysPrefix)) continue;
      const std::int64_t spent = exact_.At(row, column);
      days[name.substr(kDaysPrefix.size())] = spent;
      if (spent >= 1 && spent <= most) Suppress(row, column, CellRule::kSmallGroup);
    }
    for (std::size_t column = 0; column < exact_.columns.size(); ++column) {
      const std::string& name = exact_.columns[column];
      if (absl::StartsWith(name, kDaysPrefix)) continue;
      const std::int64_t moves = exact_.At(row, column);
      const std::int64_t spent = days[name.substr(0, name.find('>'))];
      if (Small(moves)) {
        Suppress(row, column, CellRule::kSmallCount);
      } else if (spent <= most && (spent > 0 || moves > 0)) {
        Suppress(row, column, CellRule::kSmallGroup);
      }
    }
  }

 private:
  bool IsShown(std::size_t row, std::size_t column) const {
    return rules_[exact_.Index(row, column)] == CellRule::kShown;
  }
  void Suppress(std::size_t row, std::size_t column, CellRule rule) {
    CellRule& at = rules_[exact_.Index(row, column)];
    if (at != CellRule::kPassedOn) at = rule;
  }

  const contract::Table& exact_;
  const contract::Table* const people_;
  const std::int64_t threshold_;
  std::vector<CellRule>& rules_;
};

absl::Status CheckExact(const v1::Metric& metric, const contract::Table& exact, bool has_denominator) {
  if (exact.columns != catalogue::ColumnsOf(metric) || exact.columns.empty() ||
      exact.values.size() != exact.rows.size() * exact.columns.size() ||
      exact.status.size() != exact.values.size()) {
    return absl::InternalError(absl::StrCat("metric ", metric.id(),
                                            ": the measured table does not have the definition's columns; "
                                            "nothing of it may leave. Please report this"));
  }
  const std::size_t last = exact.columns.size() - 1;
  for (std::size_t row = 0; row < exact.rows.size(); ++row) {
    for (std::size_t column = 0; column <= last; ++column) {
      const std::int64_t value = exact.At(row, column);
      const bool above = has_denominator && value > exact.At(row, last);
      if (value < 0 || value > contract::kMaxCellValue || above) {
        return absl::InternalError(absl::StrCat("metric ", metric.id(), ", column ", exact.columns[column],
                                                ": a measured count is impossible; nothing of it may leave. "
                                                "Please report this"));
      }
    }
  }
  return absl::OkStatus();
}

std::int64_t RoundToNearest(std::int64_t value, std::int64_t base) {
  return (value + base / 2) / base * base;
}

// Fills `out` from the rules so far, and says which of the remaining cells were rounded.
void RoundRemaining(const contract::Table& exact, const ThresholdRule& limits, ThresholdedTable& out) {
  for (std::size_t i = 0; i < exact.values.size(); ++i) {
    CellRule& rule = out.rules[i];
    if (rule == CellRule::kPassedOn) continue;
    if (rule != CellRule::kShown) {
      out.table.status[i] = v1::CELL_STATUS_SUPPRESSED;
      continue;
    }
    const bool days = absl::StartsWith(exact.columns[i % exact.columns.size()], kDaysPrefix);
    const std::int64_t base = catalogue::RoundingOf(exact.columns[i % exact.columns.size()], limits.rounding);
    const std::int64_t rounded = RoundToNearest(exact.values[i], base);
    out.table.values[i] = rounded;
    out.table.status[i] = v1::CELL_STATUS_SHOWN;
    if (rounded == 0 && exact.values[i] != 0) {
      out.table.status[i] = v1::CELL_STATUS_LOW;
      rule = CellRule::kRoundsToZero;
    } else if (base > 1) {
      rule = days ? CellRule::kRoundedDays : CellRule::kRounded;
    }
  }
}

}  // namespace

std::string DescribeRule(CellRule rule, const ThresholdRule& limits) {
  switch (rule) {
    case CellRule::kShown:
      return "shown";
    case CellRule::kRounded:
      return absl::StrCat("rounded to the nearest ", limits.rounding);
    case CellRule::kRoundedDays:
      return absl::StrCat("person-days rounded to the nearest ",
                          catalogue::RoundingOf(kDaysPrefix, limits.rounding));
    case CellRule::kRoundsToZero:
      return "rounds to zero";
    case CellRule::kSmallCount:
      return absl::StrCat("suppressed: count of 1 to ", limits.threshold);
    case CellRule::kSmallComplement:
      return absl::StrCat("suppressed: the rest of the group is 1 to ", limits.threshold);
    case CellRule::kSecondary:
      return "suppressed: another suppressed cell could be worked out from it";
    case CellRule::kSmallGroup:
      return absl::StrCat("suppressed: the group may be of 1 to ", limits.threshold);
    case CellRule::kNoCurve:
      return "suppressed: another bin of the row is, so there is no curve";
    case CellRule::kHiddenBefore:
      return "hidden in what left before the correction";
    case CellRule::kDominance:
      return "suppressed: two families may have 90% of it";
    case CellRule::kPassedOn:
      return "not measured";
  }
  return "";
}

CellLimits LimitsOf(absl::string_view column, const ThresholdRule& limits, std::int64_t days) {
  const bool holds_days = absl::StartsWith(column, kDaysPrefix);
  return {.threshold = holds_days ? limits.threshold * days : limits.threshold,
          .rounding = catalogue::RoundingOf(column, limits.rounding)};
}

absl::StatusOr<ThresholdedTable> ProtectThresholded(const v1::Metric& metric, const contract::Table& exact,
                                                    const ThresholdRule& limits,
                                                    const contract::Table* people) {
  const bool proportion =
      metric.kind() == v1::METRIC_KIND_PROPORTION || metric.kind() == v1::METRIC_KIND_QUALITY;
  RETURN_IF_ERROR(CheckExact(metric, exact, proportion));
  if (people != nullptr && (people->rows != exact.rows || people->columns != exact.columns)) {
    return absl::InternalError(
        absl::StrCat("metric ", metric.id(),
                     ": the people behind the counts are those of another table; nothing "
                     "of it may leave. Please report this"));
  }
  ASSIGN_OR_RETURN(const Period period, ParsePeriod(exact.period));
  ThresholdedTable out{.table = exact, .rules = {}};
  out.rules.assign(exact.values.size(), CellRule::kShown);
  out.table.values.assign(exact.values.size(), 0);
  for (std::size_t i = 0; i < exact.status.size(); ++i) {
    if (exact.status[i] != v1::CELL_STATUS_SHOWN) out.rules[i] = CellRule::kPassedOn;
  }
  RowProtector protector(exact, people, limits.threshold, out.rules);
  for (std::size_t row = 0; row < exact.rows.size(); ++row) {
    switch (metric.kind()) {
      case v1::METRIC_KIND_PROPORTION:
      case v1::METRIC_KIND_QUALITY:
        protector.ProtectProportion(row);
        break;
      case v1::METRIC_KIND_MIX:
      case v1::METRIC_KIND_DURATION:
        protector.ProtectPartition(row);
        break;
      case v1::METRIC_KIND_SURVIVAL:
        protector.ProtectCurve(row);
        break;
      case v1::METRIC_KIND_TRANSITION:
        protector.ProtectTransitions(row, period.days());
        break;
      default:
        return absl::InternalError(absl::StrCat("metric ", metric.id(), ": no rules for its kind"));
    }
  }
  RoundRemaining(exact, limits, out);
  return out;
}

}  // namespace waymark::node
