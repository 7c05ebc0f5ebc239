#include "absl/strings/str_cat.h"
#include "coordinator/store/sql_store.h"

namespace waymark::coordinator {
namespace {

// v1::FiringState, as the schema knows it.
constexpr int kPending = 1;
constexpr int kOpened = 2;
constexpr int kFailed = 4;

}  // namespace

absl::Status SqlStore::AddSchedule(const StoredSchedule& schedule) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    const std::int64_t added = Query(sql,
                                     "INSERT INTO schedules(name, bytes, added_unix_s, removed_unix_s) "
                                     "VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING")
                                   .Text(schedule.name)
                                   .Blob(schedule.bytes)
                                   .Int(schedule.added_unix_s)
                                   .Int(schedule.removed_unix_s)
                                   .Run();
    if (added == 1) return absl::OkStatus();
    return absl::AlreadyExistsError(absl::StrCat("a schedule is called ", schedule.name, " already"));
  });
}

absl::Status SqlStore::RemoveSchedule(absl::string_view name, std::int64_t now_unix_s) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    Query known(sql, "SELECT 1 FROM schedules WHERE name = $1");
    known.Text(name);
    if (!known.Next()) return absl::NotFoundError(absl::StrCat("no schedule is called ", name));
    Query(sql, "UPDATE schedules SET removed_unix_s = $1 WHERE name = $2 AND removed_unix_s = 0")
        .Int(now_unix_s)
        .Text(name)
        .Run();
    Query(sql, "UPDATE firings SET state = $1, note = $2 WHERE schedule = $3 AND state = $4")
        .Int(kFailed)
        .Text("the schedule was removed before its round was opened")
        .Text(name)
        .Int(kPending)
        .Run();
    return absl::OkStatus();
  });
}

absl::StatusOr<std::vector<StoredSchedule>> SqlStore::Schedules() {
  using Result = absl::StatusOr<std::vector<StoredSchedule>>;
  return Read([&](SqlTransaction& sql) -> Result {
    Query query(sql, "SELECT name, bytes, added_unix_s, removed_unix_s FROM schedules ORDER BY sequence");
    std::vector<StoredSchedule> schedules;
    while (query.Next()) {
      schedules.push_back({.name = query.GetString(0),
                           .bytes = query.GetString(1),
                           .added_unix_s = query.GetInt(2),
                           .removed_unix_s = query.GetInt(3)});
    }
    return schedules;
  });
}

absl::Status SqlStore::AddFiring(const StoredFiring& firing) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    const std::int64_t added =
        Query(sql,
              "INSERT INTO firings(schedule, due_unix_s, state, round_id, note, items) "
              "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (schedule, due_unix_s) DO NOTHING")
            .Text(firing.schedule)
            .Int(firing.due_unix_s)
            .Int(firing.state)
            .Text(firing.round_id)
            .Text(firing.note)
            .Blob(firing.items)
            .Run();
    if (added == 1) return absl::OkStatus();
    return absl::AlreadyExistsError(
        absl::StrCat("schedule ", firing.schedule, " has a firing at ", firing.due_unix_s, " already"));
  });
}

absl::Status SqlStore::SettleFiring(absl::string_view schedule, std::int64_t due_unix_s, int state,
                                    absl::string_view note) {
  return Write([&](SqlTransaction& sql) -> absl::Status {
    Query(sql,
          "UPDATE firings SET state = $1, note = $2 WHERE schedule = $3 AND due_unix_s = $4 AND state = $5")
        .Int(state)
        .Text(note)
        .Text(schedule)
        .Int(due_unix_s)
        .Int(kPending)
        .Run();
    return absl::OkStatus();
  });
}

absl::StatusOr<std::vector<StoredFiring>> SqlStore::Firings(absl::string_view schedule, std::size_t most) {
  using Result = absl::StatusOr<std::vector<StoredFiring>>;
  return Read([&](SqlTransaction& sql) -> Result {
    Query query(sql,
                "SELECT schedule, due_unix_s, state, round_id, note, items FROM firings WHERE schedule = $1 "
                "ORDER BY due_unix_s DESC LIMIT $2");
    query.Text(schedule).Int(static_cast<std::int64_t>(most));
    std::vector<StoredFiring> firings;
    while (query.Next()) {
      firings.push_back({.schedule = query.GetString(0),
                         .due_unix_s = query.GetInt(1),
                         .state = static_cast<int>(query.GetInt(2)),
                         .round_id = query.GetString(3),
                         .note = query.GetString(4),
                         .items = query.GetString(5)});
    }
    return firings;
  });
}

absl::StatusOr<std::vector<std::string>> SqlStore::AskedBy(absl::string_view schedule) {
  using Result = absl::StatusOr<std::vector<std::string>>;
  return Read([&](SqlTransaction& sql) -> Result {
    Query query(sql,
                "SELECT items FROM firings WHERE schedule = $1 AND state IN ($2, $3) ORDER BY due_unix_s");
    query.Text(schedule).Int(kPending).Int(kOpened);
    std::vector<std::string> items;
    while (query.Next()) items.push_back(query.GetString(0));
    return items;
  });
}

}  // namespace waymark::coordinator
