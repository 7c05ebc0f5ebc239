#include "coordinator/schedule/schedules.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/log.h"
#include "base/london_time.h"
#include "base/status.h"
#include "coordinator/schedule/cron.h"
#include "coordinator/schedule/firing.h"
#include "proto/contract/round_spec.h"

namespace waymark::coordinator {
namespace {

constexpr std::size_t kMostAtOnce = 100;
constexpr std::size_t kMostShown = 20;
constexpr int kNextShown = 10;
constexpr std::size_t kMostRunning = 200;

absl::StatusOr<v1::Schedule> Read(const StoredSchedule& stored) {
  v1::Schedule schedule;
  if (schedule.ParseFromString(stored.bytes)) return schedule;
  return absl::DataLossError(absl::StrCat("schedule ", stored.name, ": what is stored is damaged"));
}

absl::StatusOr<std::vector<v1::RoundItem>> ItemsOf(absl::string_view schedule, const std::string& bytes) {
  v1::Firing firing;
  if (!firing.ParseFromString(bytes)) {
    return absl::DataLossError(absl::StrCat("schedule ", schedule, ": a stored firing is damaged"));
  }
  return std::vector<v1::RoundItem>(firing.items().begin(), firing.items().end());
}

std::string Bytes(const std::vector<v1::RoundItem>& items) {
  v1::Firing firing;
  firing.mutable_items()->Assign(items.begin(), items.end());
  return firing.SerializeAsString();
}

// Errors that another try would meet again.
bool IsFinal(const absl::Status& status) {
  return absl::IsInvalidArgument(status) || absl::IsAlreadyExists(status) || absl::IsNotFound(status);
}

// Whether two rounds ask the same of the same, whenever and by whichever catalogue.
bool AskTheSame(contract::RoundSpec a, contract::RoundSpec b) {
  for (contract::RoundSpec* spec : {&a, &b}) {
    spec->opens_unix_s = 0;
    spec->deadline_unix_s = 0;
    for (contract::RoundItem& item : spec->items) {
      item.version = 0;
      item.definition_hash.clear();
    }
  }
  return a == b;
}

}  // namespace

absl::StatusOr<v1::ScheduleStatus> Schedules::Add(const v1::Schedule& schedule) {
  const absl::Time now = clock_.Now();
  RETURN_IF_ERROR(CheckSchedule(schedule, library_, now, zone_));
  ASSIGN_OR_RETURN(const std::vector<StoredSchedule> before, store_.Schedules());
  const auto running = std::count_if(before.begin(), before.end(), [&](const StoredSchedule& one) {
    return one.removed_unix_s == 0 && one.name != schedule.name();
  });
  if (running >= static_cast<std::ptrdiff_t>(kMostRunning)) {
    return absl::FailedPreconditionError(
        absl::StrCat(kMostRunning, " schedules run already; remove one, or put metrics together into one"));
  }
  const absl::Status added = store_.AddSchedule({.name = schedule.name(),
                                                 .bytes = schedule.SerializeAsString(),
                                                 .added_unix_s = absl::ToUnixSeconds(now)});
  if (!added.ok() && !absl::IsAlreadyExists(added)) return added;
  ASSIGN_OR_RETURN(const std::vector<StoredSchedule> known, store_.Schedules());
  for (const StoredSchedule& stored : known) {
    if (stored.name != schedule.name()) continue;
    if (stored.bytes == schedule.SerializeAsString() && stored.removed_unix_s == 0) return StatusOf(stored);
    return absl::AlreadyExistsError(
        absl::StrCat("name: another schedule ", stored.removed_unix_s == 0 ? "is" : "was", " called ",
                     schedule.name(), "; a schedule is never changed: remove it, and choose another name"));
  }
  return absl::InternalError("a stored schedule is gone");
}

absl::Status Schedules::Remove(absl::string_view name) {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(const std::vector<StoredSchedule> known, store_.Schedules());
  std::vector<std::string> running;
  for (const StoredSchedule& stored : known) {
    if (stored.removed_unix_s == 0) running.push_back(stored.name);
    if (stored.name != name) continue;
    return store_.RemoveSchedule(name, absl::ToUnixSeconds(clock_.Now()));
  }
  return absl::NotFoundError(
      absl::StrCat("no schedule is called \"", name, "\"; ",
                   running.empty() ? "none runs" : absl::StrCat("there are ", absl::StrJoin(running, ", "))));
}

absl::StatusOr<std::vector<v1::ScheduleStatus>> Schedules::List() {
  ASSIGN_OR_RETURN(const std::vector<StoredSchedule> known, store_.Schedules());
  std::vector<v1::ScheduleStatus> statuses;
  for (const StoredSchedule& stored : known) {
    ASSIGN_OR_RETURN(v1::ScheduleStatus status, StatusOf(stored));
    statuses.push_back(std::move(status));
  }
  return statuses;
}

absl::StatusOr<v1::ScheduleStatus> Schedules::StatusOf(const StoredSchedule& stored) {
  v1::ScheduleStatus status;
  ASSIGN_OR_RETURN(*status.mutable_schedule(), Read(stored));
  status.set_added_unix_s(stored.added_unix_s);
  status.set_removed_unix_s(stored.removed_unix_s);
  ASSIGN_OR_RETURN(const std::vector<StoredFiring> firings, store_.Firings(stored.name, kMostShown));
  for (const StoredFiring& firing : firings) {
    v1::Firing* const out = status.add_firings();
    ASSIGN_OR_RETURN(const std::vector<v1::RoundItem> items, ItemsOf(stored.name, firing.items));
    out->mutable_items()->Assign(items.begin(), items.end());
    out->set_due_unix_s(firing.due_unix_s);
    out->set_state(static_cast<v1::FiringState>(firing.state));
    out->set_round_id(firing.round_id);
    out->set_note(firing.note);
  }
  if (stored.removed_unix_s != 0) return status;
  ASSIGN_OR_RETURN(const Cron cron, Cron::Parse(status.schedule().cron()));
  absl::Time due = clock_.Now();
  for (int i = 0; i < kNextShown; ++i) {
    due = cron.Next(due, zone_);
    status.add_next_unix_s(absl::ToUnixSeconds(due));
  }
  return status;
}

absl::StatusOr<int> Schedules::Fire() {
  absl::MutexLock lock(&mutex_);
  ASSIGN_OR_RETURN(const std::vector<StoredSchedule> known, store_.Schedules());
  int opened = 0;
  for (const StoredSchedule& stored : known) {
    if (stored.removed_unix_s != 0) continue;
    const absl::StatusOr<int> fired = FireOne(stored);
    if (fired.ok()) {
      opened += *fired;
    } else {
      Log(LogLevel::kError, "a schedule could not fire; it is tried again",
          {{"schedule", stored.name}, {"error", std::string(fired.status().message())}});
    }
  }
  return opened;
}

absl::StatusOr<int> Schedules::FireOne(const StoredSchedule& stored) {
  ASSIGN_OR_RETURN(const v1::Schedule schedule, Read(stored));
  ASSIGN_OR_RETURN(const Cron cron, Cron::Parse(schedule.cron()));
  ASSIGN_OR_RETURN(std::vector<StoredFiring> firings, store_.Firings(stored.name, kMostAtOnce));
  std::reverse(firings.begin(), firings.end());  // oldest first
  const auto is_pending = [](const StoredFiring& firing) { return firing.state == v1::FIRING_STATE_PENDING; };
  const absl::Time now = clock_.Now();
  absl::Time last = absl::FromUnixSeconds(firings.empty() ? stored.added_unix_s : firings.back().due_unix_s);
  int opened = 0;
  for (const StoredFiring& firing : firings) {
    if (!is_pending(firing)) continue;
    ASSIGN_OR_RETURN(const bool done, OpenRound(schedule, firing));
    opened += done ? 1 : 0;
  }
  for (std::size_t i = 0; i < kMostAtOnce; ++i) {
    const absl::Time due = cron.Next(last, zone_);
    if (due > now) break;
    ASSIGN_OR_RETURN(const StoredFiring firing, Plan(schedule, due));
    const absl::Status added = store_.AddFiring(firing);
    // Another coordinator was quicker: it opens the round, or the next call here does.
    if (absl::IsAlreadyExists(added)) break;
    RETURN_IF_ERROR(added);
    if (is_pending(firing)) {
      ASSIGN_OR_RETURN(const bool done, OpenRound(schedule, firing));
      opened += done ? 1 : 0;
    }
    last = due;
  }
  return opened;
}

absl::StatusOr<StoredFiring> Schedules::Plan(const v1::Schedule& schedule, absl::Time due) {
  StoredFiring firing{.schedule = schedule.name(),
                      .due_unix_s = absl::ToUnixSeconds(due),
                      .state = v1::FIRING_STATE_PENDING,
                      .round_id = RoundIdOf(schedule.name(), due, zone_),
                      .note = "",
                      .items = ""};
  absl::StatusOr<std::vector<v1::RoundItem>> items = ItemsDue(schedule, due, library_, zone_);
  if (!items.ok()) {
    firing.state = v1::FIRING_STATE_FAILED;
    firing.note = std::string(items.status().message());
    return firing;
  }
  // By metric and period: another version of a metric is no reason to ask for a period again.
  std::set<std::pair<std::string, std::string>> asked;
  ASSIGN_OR_RETURN(const std::vector<std::string> earlier, store_.AskedBy(schedule.name()));
  for (const std::string& bytes : earlier) {
    ASSIGN_OR_RETURN(const std::vector<v1::RoundItem> before, ItemsOf(schedule.name(), bytes));
    for (const v1::RoundItem& item : before) asked.emplace(item.metric(), item.period());
  }
  items->erase(std::remove_if(items->begin(), items->end(),
                              [&](const v1::RoundItem& item) {
                                return asked.contains({item.metric(), item.period()});
                              }),
               items->end());
  if (items->empty()) firing.state = v1::FIRING_STATE_NOTHING_NEW;
  firing.items = Bytes(*items);
  return firing;
}

absl::StatusOr<bool> Schedules::OpenRound(const v1::Schedule& schedule, const StoredFiring& firing) {
  const absl::Status opened = TryToOpen(schedule, firing);
  // Members that are too few today may be enough tomorrow: while the round would be open it is tried again.
  const absl::Time until = absl::FromUnixSeconds(firing.due_unix_s) + absl::Hours(schedule.open_hours());
  const bool waits = absl::IsFailedPrecondition(opened) && clock_.Now() < until;
  if (!opened.ok() && !IsFinal(opened) && !absl::IsFailedPrecondition(opened)) return opened;
  if (waits && firing.note == opened.message()) return false;
  const int state = opened.ok() ? v1::FIRING_STATE_OPENED
                    : waits     ? v1::FIRING_STATE_PENDING
                                : v1::FIRING_STATE_FAILED;
  RETURN_IF_ERROR(store_.SettleFiring(firing.schedule, firing.due_unix_s, state, opened.message()));
  if (opened.ok()) {
    Log(LogLevel::kInfo, "schedule fired", {{"schedule", schedule.name()}, {"round", firing.round_id}});
  } else {
    Log(LogLevel::kError,
        waits ? "a schedule's round cannot be opened yet" : "a schedule's round could not be opened",
        {{"schedule", schedule.name()},
         {"round", firing.round_id},
         {"error", std::string(opened.message())}});
  }
  return opened.ok();
}

absl::Status Schedules::TryToOpen(const v1::Schedule& schedule, const StoredFiring& firing) {
  ASSIGN_OR_RETURN(const std::vector<v1::RoundItem> planned, ItemsOf(schedule.name(), firing.items));
  // The catalogue may be another by now.
  ASSIGN_OR_RETURN(const std::vector<v1::RoundItem> items, WithDefinitions(planned, library_));
  ASSIGN_OR_RETURN(const contract::RoundSpec spec, contract::RoundSpecFromProto(SpecOfFiring(
                                                       schedule, firing.round_id, items, clock_.Now())));
  ASSIGN_OR_RETURN(const std::optional<Round> known, store_.FindRound(firing.round_id));
  if (!known) return rounds_.Open(spec).status();
  // This firing's own, opened by a coordinator that died before it wrote that down, or another's.
  v1::RoundSpec stored;
  if (!stored.ParseFromString(known->spec)) {
    return absl::DataLossError(absl::StrCat("round ", firing.round_id, ": the stored spec is damaged"));
  }
  ASSIGN_OR_RETURN(const contract::RoundSpec there, contract::RoundSpecFromProto(stored));
  if (AskTheSame(there, spec)) return absl::OkStatus();
  return absl::AlreadyExistsError("another round has this name");
}

}  // namespace waymark::coordinator
