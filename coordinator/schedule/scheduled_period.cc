#include "coordinator/schedule/scheduled_period.h"

#include "absl/strings/str_cat.h"

namespace waymark::coordinator {
namespace {

struct Named {
  v1::PeriodRule rule;
  absl::string_view name;
};
constexpr Named kRules[] = {{v1::PERIOD_RULE_PREVIOUS_QUARTER, "previous-quarter"},
                            {v1::PERIOD_RULE_PREVIOUS_YEAR, "previous-year"},
                            {v1::PERIOD_RULE_PREVIOUS_CALENDAR_YEAR, "previous-calendar-year"}};

// The period of the kind that holds the day.
Period Holding(v1::PeriodRule rule, Day day) {
  switch (rule) {
    case v1::PERIOD_RULE_PREVIOUS_YEAR:
      return FinancialYearOf(day);
    case v1::PERIOD_RULE_PREVIOUS_CALENDAR_YEAR: {
      const int year = CivilDateOf(day).year;
      return {.label = absl::StrCat(year), .first = *DayOf({year, 1, 1}), .last = *DayOf({year, 12, 31})};
    }
    default:
      return FinancialQuarterOf(day);
  }
}

}  // namespace

std::vector<absl::string_view> PeriodRuleNames() {
  std::vector<absl::string_view> names;
  for (const Named& named : kRules) names.push_back(named.name);
  return names;
}

absl::string_view NameOf(v1::PeriodRule rule) {
  for (const Named& named : kRules) {
    if (named.rule == rule) return named.name;
  }
  return "unknown";
}

v1::PeriodRule PeriodRuleNamed(absl::string_view name) {
  for (const Named& named : kRules) {
    if (named.name == name) return named.rule;
  }
  return v1::PERIOD_RULE_UNSPECIFIED;
}

Period LatestComplete(v1::PeriodRule rule, Day day, Day follow_up) {
  const Period holding = Holding(rule, day - follow_up);
  return Holding(rule, holding.first - 1);
}

}  // namespace waymark::coordinator
