#include "node/disclose/request.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/period.h"
#include "base/status.h"
#include "catalogue/follow_up.h"
#include "catalogue/vocabulary.h"
#include "crypto/hash.h"
#include "node/measure/needs.h"
#include "proto/contract/modes.h"
#include "proto/contract/names.h"

namespace waymark::node {
namespace {

ItemRefusal UnknownDefinition(std::string explanation) {
  return {
      .absence = v1::ABSENCE_UNKNOWN_DEFINITION, .rule = "definition", .explanation = std::move(explanation)};
}

ItemRefusal NotReleased(absl::string_view rule, std::string explanation) {
  return {
      .absence = v1::ABSENCE_NOT_RELEASED, .rule = std::string(rule), .explanation = std::move(explanation)};
}

template <typename List, typename Value>
bool Contains(const List& list, const Value& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

template <typename List>
bool HasRepeats(const List& list) {
  for (auto at = list.begin(); at != list.end(); ++at) {
    if (std::find(list.begin(), at, *at) != at) return true;
  }
  return false;
}

// What the definition has; nothing where it has all that the item asks for.
std::optional<ItemRefusal> RefusedByDefinition(const contract::RoundItem& item, const v1::Metric& metric) {
  if (!Contains(metric.modes(), static_cast<int>(item.mode))) {
    return NotReleased(
        "definition",
        metric.modes().empty()
            ? absl::StrCat("metric ", metric.id(), " is for the council's own eyes")
            : absl::StrCat("metric ", metric.id(), " may not leave ", contract::NameOf(item.mode)));
  }
  if (!catalogue::HasTableOfAll(metric) && item.breakdowns.empty()) {
    return NotReleased("definition", absl::StrCat("metric ", metric.id(), " has tables by breakdown only: ",
                                                  absl::StrJoin(metric.breakdowns(), ", ")));
  }
  for (const std::string& name : item.breakdowns) {
    if (!Contains(metric.breakdowns(), name)) {
      return NotReleased("definition",
                         absl::StrCat("metric ", metric.id(), " has no breakdown \"", name,
                                      "\"; it has: ", absl::StrJoin(metric.breakdowns(), ", ")));
    }
  }
  for (const std::uint32_t days : item.window_days) {
    if (!Contains(metric.window_days(), days)) {
      return NotReleased("definition",
                         absl::StrCat("metric ", metric.id(), " has no window of ", days,
                                      " days; it has: ", absl::StrJoin(metric.window_days(), ", ")));
    }
  }
  for (const v1::Unit unit : item.units) {
    if (!Contains(metric.units(), static_cast<int>(unit))) {
      return NotReleased("definition",
                         absl::StrCat("metric ", metric.id(), " does not count ", contract::NameOf(unit)));
    }
  }
  if (HasRepeats(item.breakdowns) || HasRepeats(item.window_days) || HasRepeats(item.units)) {
    return NotReleased("definition", absl::StrCat("metric ", metric.id(),
                                                  ": a breakdown, window or unit is asked for twice"));
  }
  return std::nullopt;
}

std::optional<ItemRefusal> RefusedByPolicy(const contract::RoundItem& item, const Policy& policy) {
  if (!policy.releases()) return NotReleased("policy", std::string(policy.closed_because()));
  const Allowance* allowed = policy.Find(item.metric, item.version, item.mode);
  if (allowed == nullptr) {
    return NotReleased("policy", absl::StrCat("the policy has no [[allow]] for metric ", item.metric,
                                              " version ", item.version, ", ", contract::NameOf(item.mode)));
  }
  for (const std::string& name : item.breakdowns) {
    if (!Contains(allowed->breakdowns, name)) {
      return NotReleased(
          "policy", absl::StrCat("the policy does not allow metric ", item.metric, " by \"", name, "\""));
    }
  }
  return std::nullopt;
}

bool AsksForEarlierSocialCare(const contract::RoundItem& item) {
  return std::any_of(item.breakdowns.begin(), item.breakdowns.end(), [](const std::string& breakdown) {
    const std::vector<absl::string_view> fields = absl::StrSplit(breakdown, '|');
    return std::find(fields.begin(), fields.end(), "earlier_social_care") != fields.end();
  });
}

// How many days before the period a record can lie that the measure looks at.
int LookBackDays(const v1::Metric& metric, const contract::RoundItem& item, std::uint32_t window) {
  // What is open in the period can have started when the child was born, and a child counts as in none from
  // its first closure ever.
  constexpr int kChildhoodDays = 18 * 366;
  Needs needs = NeedsOf(metric, window);
  if (AsksForEarlierSocialCare(item)) {
    needs.social_care.from_start = true;
    needs.social_care.before_start =
        std::max(needs.social_care.before_start, Day{catalogue::kEarlierSocialCareDays});
  }
  const bool starts = StartIsEvent(metric.cohort());
  const v1::Cohort::Base base = metric.cohort().base();
  int days = base == v1::Cohort::BASE_OPEN || base == v1::Cohort::BASE_PERSON_TIME ? kChildhoodDays : 0;
  for (const Look& look : {needs.early_help, needs.social_care, needs.contacts}) {
    days = std::max(days, look.before_event);
    if (look.ever || (look.from_start && !starts)) days = std::max(days, kChildhoodDays + look.before_start);
    if (look.from_start) days = std::max(days, look.before_start);
  }
  for (const v1::Outcome& outcome : metric.outcomes()) {
    days = std::max(days, static_cast<int>(outcome.follow_up().source_from_contact_days()));
  }
  return days;
}

int FinancialYear(Day day) {
  return CivilDateOf(FinancialYearOf(day).first).year;
}

}  // namespace

ItemCheck CheckItem(const contract::RoundItem& item, const catalogue::Library& library,
                    const Policy& policy) {
  const v1::Metric* metric = library.Find(item.metric);
  if (metric == nullptr || metric->version() != item.version) {
    return {.refusal = UnknownDefinition(absl::StrCat("this node's catalogue has no metric ", item.metric,
                                                      " version ", item.version))};
  }
  if (crypto::Sha256(catalogue::CanonicalDefinition(*metric)) != item.definition_hash) {
    return {.refusal = UnknownDefinition(absl::StrCat("the coordinator's definition of metric ", item.metric,
                                                      " version ", item.version,
                                                      " is not this node's; compare the two catalogues"))};
  }
  if (auto refusal = RefusedByDefinition(item, *metric)) return {.refusal = std::move(refusal)};
  if (auto refusal = RefusedByPolicy(item, policy)) return {.refusal = std::move(refusal)};
  return {.metric = metric, .refusal = std::nullopt};
}

std::optional<ItemRefusal> RefusedNow(const v1::Release& stored, const Policy& policy) {
  if (!policy.releases()) return NotReleased("policy", std::string(policy.closed_because()));
  const Floors& floors = policy.floors();
  for (const v1::ProtectedTable& given : stored.tables()) {
    const v1::Table& table = given.table();
    const v1::Protection& protection = given.protection();
    const Allowance* allowed = policy.Find(table.metric(), table.version(), protection.mode());
    const std::string breakdown = absl::StrJoin(table.dimensions(), "|");
    if (allowed == nullptr || (!breakdown.empty() && !Contains(allowed->breakdowns, breakdown))) {
      return NotReleased("policy", absl::StrCat("metric ", table.metric(),
                                                " was protected before, and the policy no longer allows ",
                                                breakdown.empty() ? "it" : "that breakdown"));
    }
    const bool thresholded = protection.mode() == v1::MODE_THRESHOLDED;
    if (thresholded &&
        (protection.suppressed_to() < floors.threshold || protection.rounded_to() < floors.rounding)) {
      return NotReleased("policy", absl::StrCat("metric ", table.metric(),
                                                " was protected before, under lower floors than the policy's "
                                                "now"));
    }
  }
  return std::nullopt;
}

absl::StatusOr<DaySpan> RecordsThatCount(const v1::Metric& metric, const contract::RoundItem& item,
                                         Day today) {
  ASSIGN_OR_RETURN(const Period period, ParsePeriod(item.period));
  DaySpan span{.first = period.first, .last = period.last};
  for (const std::uint32_t window : WindowsOf(metric, item)) {
    span.first = std::min(span.first, period.first - LookBackDays(metric, item, window));
    span.last = std::max(span.last, period.last + catalogue::FollowUpDays(metric, window));
  }
  if (metric.kind() == v1::METRIC_KIND_SURVIVAL) span.last = std::max(span.last, today);
  return span;
}

absl::StatusOr<Claim> ClaimOf(const v1::Metric& metric, const contract::RoundItem& item,
                              std::uint32_t data_version, Day today, std::uint64_t delta) {
  Claim claim{.metric = metric.id(),
              .version = metric.version(),
              .linkage_group = LinkageGroupOf(metric),
              .mode = item.mode,
              .period = item.period,
              .data_version = data_version};
  if (!contract::HasNoise(item.mode)) return claim;
  if (item.rho_numerator != 0) {
    claim.rho = {.numerator = item.rho_numerator, .denominator = item.rho_denominator};
  } else {
    claim.epsilon = {.numerator = item.epsilon_numerator, .denominator = item.epsilon_denominator};
  }
  if (contract::AsksForExpected(item)) {
    ASSIGN_OR_RETURN(claim.rho, SumOf(claim.rho, {.numerator = item.deprivation_rho_numerator,
                                                  .denominator = item.deprivation_rho_denominator}));
  }
  if (contract::AsksForDistribution(item)) {
    // What hides a council hides each of its families, so the distribution costs its families no more than
    // its ε.
    ASSIGN_OR_RETURN(claim.epsilon,
                     SumOf(claim.epsilon, {.numerator = item.distribution_epsilon_numerator,
                                           .denominator = item.distribution_epsilon_denominator}));
  }
  if (item.rho_numerator == 0 || contract::AsksForDistribution(item)) {
    ASSIGN_OR_RETURN(claim.charge, BudgetUnits(claim.epsilon, "epsilon"));
  }
  if (claim.rho.numerator != 0) {
    ASSIGN_OR_RETURN(claim.rho_charge, BudgetUnits(claim.rho, "rho"));
  }
  ASSIGN_OR_RETURN(const DaySpan span, RecordsThatCount(metric, item, today));
  claim.first_year = FinancialYear(span.first);
  claim.last_year = FinancialYear(span.last);
  claim.delta = delta;
  return claim;
}

}  // namespace waymark::node
