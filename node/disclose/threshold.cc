#include "node/disclose/threshold.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/period.h"
#include "base/status.h"
#include "catalogue/columns.h"

namespace waymark::node {
namespace {

constexpr std::int64_t kLeastDaysRounding = 100;
constexpr std::int64_t kDaysRoundingFactor = 20;
constexpr absl::string_view kDaysPrefix = "days:";

// Which rule, if any, suppresses cells. Works on one row at a time.
class RowProtector {
 public:
  RowProtector(const contract::Table& exact, std::int64_t threshold, std::vector<CellRule>& rules)
      : exact_(exact), threshold_(threshold), rules_(rules) {}

  bool Small(std::int64_t count) const { return count >= 1 && count <= threshold_; }

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
      }
    }
  }

  // Outcomes, then their denominator in the last column.
  void ProtectProportion(std::size_t row) {
    const std::size_t last = exact_.columns.size() - 1;
    const std::int64_t group = exact_.At(row, last);
    ProtectGroup(row, last, group);
    if (Small(group)) Suppress(row, last, CellRule::kSmallCount);
    SuppressTogether(row);
  }

  // An outcome that is the sum of others ("self" of 1A and 1C) tells each of them: where one of such a set is
  // suppressed, all are. `sets` holds column numbers.
  void set_sums(std::vector<std::vector<std::size_t>> sets) { sums_ = std::move(sets); }

  void ProtectPartition(std::size_t row) {
    std::int64_t total = 0;
    for (std::size_t column = 0; column < exact_.columns.size(); ++column) total += exact_.At(row, column);
    ProtectGroup(row, exact_.columns.size(), total);
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
  void SuppressTogether(std::size_t row) {
    for (const std::vector<std::size_t>& set : sums_) {
      const bool any = std::any_of(set.begin(), set.end(), [&](std::size_t column) {
        const CellRule rule = rules_[exact_.Index(row, column)];
        return rule == CellRule::kSmallCount || rule == CellRule::kSmallComplement;
      });
      for (const std::size_t column : set) {
        const CellRule rule = rules_[exact_.Index(row, column)];
        if (any && rule == CellRule::kShown) Suppress(row, column, CellRule::kLinked);
      }
    }
  }

  void Suppress(std::size_t row, std::size_t column, CellRule rule) {
    CellRule& at = rules_[exact_.Index(row, column)];
    if (at != CellRule::kPassedOn) at = rule;
  }

  const contract::Table& exact_;
  const std::int64_t threshold_;
  std::vector<CellRule>& rules_;
  std::vector<std::vector<std::size_t>> sums_;
};

// The codes that an outcome asks for; empty where it asks for none.
std::vector<std::string> CodesOf(const v1::Outcome& outcome) {
  const auto& codes = outcome.has_field() ? outcome.field().any_of() : outcome.follow_up().source_any_of();
  return {codes.begin(), codes.end()};
}

// For each outcome of several codes: its column and those of the outcomes that ask for some of them.
std::vector<std::vector<std::size_t>> SumsOf(const v1::Metric& metric) {
  std::vector<std::vector<std::size_t>> sums;
  for (int whole = 0; whole < metric.outcomes_size(); ++whole) {
    const std::vector<std::string> codes = CodesOf(metric.outcomes(whole));
    std::vector<std::size_t> set = {static_cast<std::size_t>(whole)};
    for (int part = 0; codes.size() > 1 && part < metric.outcomes_size(); ++part) {
      const std::vector<std::string> some = CodesOf(metric.outcomes(part));
      const bool within =
          !some.empty() && std::all_of(some.begin(), some.end(), [&](const std::string& code) {
            return std::find(codes.begin(), codes.end(), code) != codes.end();
          });
      if (part != whole && within) set.push_back(static_cast<std::size_t>(part));
    }
    if (set.size() > 1) sums.push_back(std::move(set));
  }
  return sums;
}

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

std::int64_t DaysRounding(const ThresholdRule& limits) {
  return std::max(kLeastDaysRounding, kDaysRoundingFactor * limits.rounding);
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
    const std::int64_t base = days ? DaysRounding(limits) : limits.rounding;
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
      return absl::StrCat("person-days rounded to the nearest ", DaysRounding(limits));
    case CellRule::kRoundsToZero:
      return "rounds to zero";
    case CellRule::kSmallCount:
      return absl::StrCat("suppressed: count of 1 to ", limits.threshold);
    case CellRule::kSmallComplement:
      return absl::StrCat("suppressed: the rest of the group is 1 to ", limits.threshold);
    case CellRule::kLinked:
      return "something that it adds up with is suppressed";
    case CellRule::kSmallGroup:
      return absl::StrCat("suppressed: the group may be of 1 to ", limits.threshold);
    case CellRule::kPassedOn:
      return "not measured";
  }
  return "";
}

bool IsAmbiguous(const ThresholdRule& limits) {
  const auto shown = [&](std::int64_t count) { return count == 0 || count > limits.threshold; };
  const auto rounded = [&](std::int64_t count) { return (count + limits.rounding / 2) / limits.rounding; };
  const std::int64_t most = 4 * (limits.threshold + limits.rounding);
  std::map<std::pair<std::int64_t, std::int64_t>, int> truths;
  for (std::int64_t all = limits.threshold + 1; all <= most; ++all) {
    for (std::int64_t some = limits.threshold + 1; some <= all; ++some) {
      if (shown(all - some)) ++truths[{rounded(some), rounded(all)}];
    }
  }
  // Near the end of the enumeration truths are missing.
  const std::int64_t judged = rounded(most) - 2;
  return std::all_of(truths.begin(), truths.end(),
                     [&](const auto& pair) { return pair.first.second > judged || pair.second > 1; });
}

absl::StatusOr<ThresholdedTable> ProtectThresholded(const v1::Metric& metric, const contract::Table& exact,
                                                    const ThresholdRule& limits) {
  const bool proportion =
      metric.kind() == v1::METRIC_KIND_PROPORTION || metric.kind() == v1::METRIC_KIND_QUALITY;
  RETURN_IF_ERROR(CheckExact(metric, exact, proportion));
  ASSIGN_OR_RETURN(const Period period, ParsePeriod(exact.period));
  ThresholdedTable out{.table = exact, .rules = {}};
  out.rules.assign(exact.values.size(), CellRule::kShown);
  out.table.values.assign(exact.values.size(), 0);
  for (std::size_t i = 0; i < exact.status.size(); ++i) {
    if (exact.status[i] != v1::CELL_STATUS_SHOWN) out.rules[i] = CellRule::kPassedOn;
  }
  RowProtector protector(exact, limits.threshold, out.rules);
  protector.set_sums(SumsOf(metric));
  for (std::size_t row = 0; row < exact.rows.size(); ++row) {
    switch (metric.kind()) {
      case v1::METRIC_KIND_PROPORTION:
      case v1::METRIC_KIND_QUALITY:
        protector.ProtectProportion(row);
        break;
      case v1::METRIC_KIND_MIX:
      case v1::METRIC_KIND_DURATION:
      case v1::METRIC_KIND_SURVIVAL:
        protector.ProtectPartition(row);
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
