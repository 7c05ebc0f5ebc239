#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/file.h"
#include "base/london_time.h"
#include "base/status.h"
#include "base/text_table.h"
#include "catalogue/library.h"
#include "coordinator/cli/commands.h"
#include "coordinator/cli/installed_catalogue.h"
#include "coordinator/cli/output.h"
#include "coordinator/cli/round_file.h"
#include "coordinator/schedule/cron.h"
#include "coordinator/schedule/firing.h"
#include "coordinator/schedule/scheduled_period.h"
#include "proto/contract/modes.h"
#include "proto/contract/names.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxFileBytes = 1 << 20;
constexpr int kNextShown = 10;

absl::StatusOr<v1::RoundItem> ItemOf(const ScheduleOptions& options, const std::string& metric) {
  v1::RoundItem item;
  item.set_metric(metric);
  const auto mode = contract::ModeNamed(options.mode);
  if (!mode) {
    return absl::InvalidArgumentError(absl::StrCat("--mode: \"", options.mode, "\" is none of ",
                                                   absl::StrJoin(contract::ModeNames(), ", ")));
  }
  item.set_mode(*mode);
  if (!options.epsilon.empty()) {
    ASSIGN_OR_RETURN(const EpsilonFraction epsilon, ParseEpsilon(options.epsilon));
    item.set_epsilon_numerator(epsilon.numerator);
    item.set_epsilon_denominator(epsilon.denominator);
  }
  if (!options.rho.empty()) {
    ASSIGN_OR_RETURN(const EpsilonFraction rho, ParseEpsilon(options.rho));
    item.set_rho_numerator(rho.numerator);
    item.set_rho_denominator(rho.denominator);
  }
  item.mutable_breakdowns()->Assign(options.breakdowns.begin(), options.breakdowns.end());
  item.mutable_window_days()->Assign(options.windows.begin(), options.windows.end());
  for (const std::string& name : options.units) {
    const auto unit = contract::UnitNamed(name);
    if (!unit) {
      return absl::InvalidArgumentError(
          absl::StrCat("--units: \"", name, "\" is none of episodes, children, families"));
    }
    item.add_units(*unit);
  }
  return item;
}

absl::StatusOr<v1::Schedule> ScheduleOf(const ScheduleOptions& options, const catalogue::Library& library) {
  v1::Schedule schedule;
  schedule.set_name(options.name);
  schedule.set_title(options.title);
  schedule.set_cron(options.cron);
  schedule.set_period(PeriodRuleNamed(options.period));
  schedule.set_open_hours(options.open_hours);
  schedule.set_least_contributors(options.least_contributors);
  schedule.set_data_version(options.data_version);
  schedule.set_close_at_answers(options.close_at_answers);
  schedule.set_late_for_days(options.late_for_days);
  std::vector<std::string> geographies = options.geographies;
  std::sort(geographies.begin(), geographies.end());
  schedule.mutable_geographies()->Assign(geographies.begin(), geographies.end());
  if (options.metrics.empty() == options.file.empty()) {
    return absl::InvalidArgumentError(
        "give either --metrics ID,ID… or --file FILE with an [[item]] for each, as a round's file has them "
        "without their periods");
  }
  for (const std::string& metric : options.metrics) {
    ASSIGN_OR_RETURN(*schedule.add_items(), ItemOf(options, metric));
  }
  if (!options.file.empty()) {
    ASSIGN_OR_RETURN(const std::string text, ReadFile(options.file, kMaxFileBytes));
    ASSIGN_OR_RETURN(const std::vector<v1::RoundItem> items, ParseScheduleItems(text, options.file, library));
    schedule.mutable_items()->Assign(items.begin(), items.end());
  }
  return schedule;
}

// "2026-27-Q2: 1, 5; 2025-26-Q2: 22".
std::string Periods(const std::vector<v1::RoundItem>& items) {
  std::vector<std::string> labels;
  std::map<std::string, std::vector<std::string>> metrics;
  for (const v1::RoundItem& item : items) {
    std::vector<std::string>& of_period = metrics[item.period()];
    if (of_period.empty()) labels.push_back(item.period());
    of_period.push_back(item.metric());
  }
  std::vector<std::string> parts;
  for (const std::string& label : labels) {
    parts.push_back(absl::StrCat(label, ": ", absl::StrJoin(metrics[label], ", ")));
  }
  return absl::StrJoin(parts, "; ");
}

Json ItemsJson(const std::vector<v1::RoundItem>& items) {
  Json json = Json::array();
  for (const v1::RoundItem& item : items) {
    json.push_back({{"metric", item.metric()}, {"version", item.version()}, {"period", item.period()}});
  }
  return json;
}

struct Due {
  absl::Time time;
  std::vector<v1::RoundItem> items;
};

absl::StatusOr<std::vector<Due>> NextOf(const v1::Schedule& schedule, absl::Time now,
                                        const catalogue::Library& library, const absl::TimeZone& zone) {
  ASSIGN_OR_RETURN(const Cron cron, Cron::Parse(schedule.cron()));
  std::vector<Due> next;
  absl::Time time = now;
  for (int i = 0; i < kNextShown; ++i) {
    time = cron.Next(time, zone);
    ASSIGN_OR_RETURN(std::vector<v1::RoundItem> items, ItemsDue(schedule, time, library, zone));
    next.push_back({.time = time, .items = std::move(items)});
  }
  return next;
}

absl::Status PrintNext(const QueryOptions& options, const v1::Schedule& schedule, absl::Time now,
                       const catalogue::Library& library) {
  ASSIGN_OR_RETURN(const absl::TimeZone zone, London());
  RETURN_IF_ERROR(CheckSchedule(schedule, library, now, zone));
  ASSIGN_OR_RETURN(const std::vector<Due> next, NextOf(schedule, now, library, zone));
  if (options.json) {
    Json json = {{"name", schedule.name()}, {"next", Json::array()}};
    for (const Due& due : next) {
      json["next"].push_back({{"due", FormatTime(absl::ToUnixSeconds(due.time))},
                              {"local", LocalTime(due.time, zone)},
                              {"round_id", RoundIdOf(schedule.name(), due.time, zone)},
                              {"items", ItemsJson(due.items)}});
    }
    Print(json.dump(2) + "\n");
    return absl::OkStatus();
  }
  TextTable table({"Due", "Round", "Asks"});
  for (const Due& due : next) {
    table.AddRow({LocalTime(due.time, zone), RoundIdOf(schedule.name(), due.time, zone), Periods(due.items)});
  }
  Print(absl::StrCat("The next ", kNextShown,
                     " firings; nothing was added. A period that was asked for before is not asked for "
                     "again.\n\n",
                     table.Render()));
  return absl::OkStatus();
}

std::vector<v1::RoundItem> ItemsOf(const v1::Firing& firing) {
  return {firing.items().begin(), firing.items().end()};
}

absl::string_view StateName(v1::FiringState state) {
  switch (state) {
    case v1::FIRING_STATE_PENDING:
      return "pending";
    case v1::FIRING_STATE_OPENED:
      return "opened";
    case v1::FIRING_STATE_NOTHING_NEW:
      return "nothing-new";
    case v1::FIRING_STATE_FAILED:
      return "failed";
    default:
      return "unknown";
  }
}

Json StatusJson(const v1::ScheduleStatus& status, const absl::TimeZone& zone) {
  const v1::Schedule& schedule = status.schedule();
  std::vector<std::string> metrics;
  for (const v1::RoundItem& item : schedule.items()) metrics.push_back(item.metric());
  Json json = {
      {"name", schedule.name()},
      {"title", schedule.title()},
      {"cron", schedule.cron()},
      {"period", std::string(NameOf(schedule.period()))},
      {"open_hours", schedule.open_hours()},
      {"least_contributors", schedule.least_contributors()},
      {"data_version", schedule.data_version()},
      {"close_at_answers", schedule.close_at_answers()},
      {"late_for_days", schedule.late_for_days()},
      {"geographies", std::vector<std::string>(schedule.geographies().begin(), schedule.geographies().end())},
      {"metrics", metrics},
      {"added", FormatTime(status.added_unix_s())}};
  json["removed"] = status.removed_unix_s() == 0 ? Json(nullptr) : Json(FormatTime(status.removed_unix_s()));
  json["next"] = Json::array();
  for (const std::int64_t due : status.next_unix_s()) {
    json["next"].push_back(
        {{"due", FormatTime(due)}, {"local", LocalTime(absl::FromUnixSeconds(due), zone)}});
  }
  json["firings"] = Json::array();
  for (const v1::Firing& firing : status.firings()) {
    json["firings"].push_back({{"due", FormatTime(firing.due_unix_s())},
                               {"local", LocalTime(absl::FromUnixSeconds(firing.due_unix_s()), zone)},
                               {"state", std::string(StateName(firing.state()))},
                               {"round_id", firing.round_id()},
                               {"note", firing.note()},
                               {"items", ItemsJson(ItemsOf(firing))}});
  }
  return json;
}

std::string StatusText(const v1::ScheduleStatus& status, const absl::TimeZone& zone) {
  const v1::Schedule& schedule = status.schedule();
  std::string text = absl::StrCat(
      "Schedule ", schedule.name(), schedule.title().empty() ? "" : ": ", Printable(schedule.title()),
      "\nFires at \"", schedule.cron(), "\" (Europe/London), for the ", NameOf(schedule.period()),
      " that is complete; rounds are open for ", schedule.open_hours(), " hours; asks ",
      schedule.geographies().empty() ? "everyone" : absl::StrJoin(schedule.geographies(), ", "), "\n");
  if (status.removed_unix_s() != 0) {
    absl::StrAppend(&text, "Removed ", FormatTime(status.removed_unix_s()), "\n");
  } else {
    std::vector<std::string> times;
    for (const std::int64_t due : status.next_unix_s()) {
      times.push_back(LocalTime(absl::FromUnixSeconds(due), zone));
    }
    absl::StrAppend(&text, "Next: ", absl::StrJoin(times, ", "), "\n");
  }
  TextTable table({"Due", "State", "Round", "Asked", "Note"});
  for (const v1::Firing& firing : status.firings()) {
    table.AddRow({LocalTime(absl::FromUnixSeconds(firing.due_unix_s()), zone),
                  std::string(StateName(firing.state())), firing.round_id(), Periods(ItemsOf(firing)),
                  Printable(firing.note())});
  }
  return absl::StrCat(text, table.empty() ? "\nIt has not fired yet.\n" : "\n",
                      table.empty() ? "" : table.Render());
}

}  // namespace

absl::Status ScheduleAddCommand(const QueryOptions& options, const ScheduleOptions& schedule,
                                const Clock& clock) {
  ASSIGN_OR_RETURN(const catalogue::Library library, LoadLibrary(options.catalogue));
  ASSIGN_OR_RETURN(const v1::Schedule message, ScheduleOf(schedule, library));
  if (schedule.dry_run) return PrintNext(options, message, clock.Now(), library);
  ASSIGN_OR_RETURN(const absl::TimeZone zone, London());
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection, Connection::Open(options.client));
  ASSIGN_OR_RETURN(const v1::ScheduleStatus status, connection->AddSchedule(message));
  Print(options.json ? StatusJson(status, zone).dump(2) + "\n" : StatusText(status, zone));
  return absl::OkStatus();
}

absl::Status ScheduleListCommand(const QueryOptions& options) {
  ASSIGN_OR_RETURN(const absl::TimeZone zone, London());
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection, Connection::Open(options.client));
  ASSIGN_OR_RETURN(const v1::ListSchedulesResponse response, connection->ListSchedules());
  if (options.json) {
    Json json = Json::array();
    for (const v1::ScheduleStatus& status : response.schedules()) json.push_back(StatusJson(status, zone));
    Print(json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    return absl::OkStatus();
  }
  if (response.schedules().empty()) {
    Print("There is no schedule yet; add one with `waymark schedule add`.\n");
    return absl::OkStatus();
  }
  TextTable table({"Schedule", "Cron", "Period", "Asks", "Next", "Last", "State"});
  for (const v1::ScheduleStatus& status : response.schedules()) {
    const v1::Schedule& schedule = status.schedule();
    const bool fired = status.firings_size() > 0;
    table.AddRow({schedule.name(), schedule.cron(), std::string(NameOf(schedule.period())),
                  schedule.geographies().empty() ? "everyone" : absl::StrJoin(schedule.geographies(), ", "),
                  status.next_unix_s().empty()
                      ? "removed"
                      : LocalTime(absl::FromUnixSeconds(status.next_unix_s(0)), zone),
                  fired ? LocalTime(absl::FromUnixSeconds(status.firings(0).due_unix_s()), zone) : "",
                  fired ? std::string(StateName(status.firings(0).state())) : ""});
  }
  Print(table.Render());
  return absl::OkStatus();
}

absl::Status ScheduleShowCommand(const QueryOptions& options, const std::string& name) {
  ASSIGN_OR_RETURN(const absl::TimeZone zone, London());
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection, Connection::Open(options.client));
  ASSIGN_OR_RETURN(const v1::ListSchedulesResponse response, connection->ListSchedules());
  std::vector<std::string> known;
  for (const v1::ScheduleStatus& status : response.schedules()) {
    known.push_back(status.schedule().name());
    if (known.back() != name) continue;
    Print(options.json ? StatusJson(status, zone).dump(2, ' ', false, Json::error_handler_t::replace) + "\n"
                       : StatusText(status, zone));
    return absl::OkStatus();
  }
  return absl::NotFoundError(
      absl::StrCat("no schedule is called \"", name, "\"; ",
                   known.empty() ? "there is none" : absl::StrCat("there are ", absl::StrJoin(known, ", "))));
}

absl::Status ScheduleRemoveCommand(const QueryOptions& options, const std::string& name) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection, Connection::Open(options.client));
  RETURN_IF_ERROR(connection->RemoveSchedule(name));
  Print(options.json ? Json({{"removed", name}}).dump(2) + "\n"
                     : absl::StrCat("Schedule ", name, " is removed; the rounds that it opened stay.\n"));
  return absl::OkStatus();
}

}  // namespace waymark::coordinator
