#include "coordinator/schedule/firing.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/london_time.h"
#include "base/status.h"
#include "catalogue/follow_up.h"
#include "coordinator/rounds/spec_check.h"
#include "coordinator/schedule/cron.h"
#include "coordinator/schedule/scheduled_period.h"
#include "crypto/hash.h"
#include "proto/contract/checks.h"
#include "proto/contract/round_spec.h"

namespace waymark::coordinator {
namespace {

constexpr std::size_t kMostNameBytes = 40;
constexpr std::uint32_t kMostHours = 366 * 24;

// The item's choice of windows and units, for the catalogue.
contract::RoundItem Choices(const v1::RoundItem& item) {
  contract::RoundItem choices;
  choices.window_days.assign(item.window_days().begin(), item.window_days().end());
  return choices;
}

}  // namespace

absl::Status CheckSchedule(const v1::Schedule& schedule, const catalogue::Library& library, absl::Time now,
                           const absl::TimeZone& zone) {
  RETURN_IF_ERROR(contract::CheckIdentifier("name", schedule.name()));
  RETURN_IF_ERROR(contract::CheckLength("name", schedule.name().size(), 1, kMostNameBytes));
  ASSIGN_OR_RETURN(const Cron cron, Cron::Parse(schedule.cron()));
  if (cron.times_a_day() > 1) {
    return absl::InvalidArgumentError(
        absl::StrCat("cron: \"", cron.line(), "\" is due ", cron.times_a_day(),
                     " times a day; no period is that short: expected one minute and one hour"));
  }
  if (!v1::PeriodRule_IsValid(schedule.period()) || schedule.period() == v1::PERIOD_RULE_UNSPECIFIED) {
    return absl::InvalidArgumentError(
        absl::StrCat("period: expected one of ", absl::StrJoin(PeriodRuleNames(), ", ")));
  }
  if (schedule.open_hours() < 1 || schedule.open_hours() > kMostHours) {
    return absl::InvalidArgumentError(
        absl::StrCat("open_hours: expected 1 to ", kMostHours, ", got ", schedule.open_hours()));
  }
  for (const v1::RoundItem& item : schedule.items()) {
    if (item.version() != 0 || !item.period().empty() || !item.definition_hash().empty()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "items: metric ", item.metric(),
          " has a version or a period of its own; a schedule's firings take the newest and the latest"));
    }
  }
  ASSIGN_OR_RETURN(const std::vector<v1::RoundItem> items, ItemsDue(schedule, now, library, zone));
  ASSIGN_OR_RETURN(const contract::RoundSpec spec,
                   contract::RoundSpecFromProto(
                       SpecOfFiring(schedule, RoundIdOf(schedule.name(), now, zone), items, now)));
  RETURN_IF_ERROR(CheckRegions(spec.geographies, library));
  return CheckSpec(spec, library, now).status();
}

std::string RoundIdOf(absl::string_view schedule, absl::Time due, const absl::TimeZone& zone) {
  return absl::StrCat(schedule, "-", absl::FormatTime("%Y%m%d-%H%M", due, zone));
}

absl::StatusOr<std::vector<v1::RoundItem>> WithDefinitions(std::vector<v1::RoundItem> items,
                                                           const catalogue::Library& library) {
  for (v1::RoundItem& item : items) {
    const v1::Metric* const metric = library.Find(item.metric());
    if (metric == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat("items: the catalogue has no metric \"", item.metric(),
                                                     "\"; `waymark metrics` lists them"));
    }
    item.set_version(metric->version());
    item.set_definition_hash(crypto::Sha256(catalogue::CanonicalDefinition(*metric)));
  }
  return items;
}

absl::StatusOr<std::vector<v1::RoundItem>> ItemsDue(const v1::Schedule& schedule, absl::Time due,
                                                    const catalogue::Library& library,
                                                    const absl::TimeZone& zone) {
  ASSIGN_OR_RETURN(std::vector<v1::RoundItem> items,
                   WithDefinitions({schedule.items().begin(), schedule.items().end()}, library));
  for (v1::RoundItem& item : items) {
    const Day follow_up = catalogue::FollowUpDays(*library.Find(item.metric()), Choices(item));
    item.set_period(LatestComplete(schedule.period(), LocalDay(due, zone), follow_up).label);
  }
  return items;
}

v1::RoundSpec SpecOfFiring(const v1::Schedule& schedule, absl::string_view round_id,
                           const std::vector<v1::RoundItem>& items, absl::Time opens) {
  v1::RoundSpec spec;
  spec.set_round_id(std::string(round_id));
  spec.set_title(schedule.title());
  spec.set_opens_unix_s(absl::ToUnixSeconds(opens));
  spec.set_deadline_unix_s(absl::ToUnixSeconds(opens + absl::Hours(schedule.open_hours())));
  spec.set_least_contributors(schedule.least_contributors());
  spec.set_data_version(schedule.data_version());
  *spec.mutable_geographies() = schedule.geographies();
  spec.set_close_at_answers(schedule.close_at_answers());
  spec.set_late_for_days(schedule.late_for_days());
  spec.mutable_items()->Assign(items.begin(), items.end());
  return spec;
}

}  // namespace waymark::coordinator
