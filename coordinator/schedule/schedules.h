// Schedules: rounds that open by themselves. Each due time of a schedule is written down once, under a key of
// schedule and time, with what it asks, before its round is opened; so however often and wherever this is
// called, whatever dies in between, it opens one round.
#ifndef WAYMARK_COORDINATOR_SCHEDULE_SCHEDULES_H_
#define WAYMARK_COORDINATOR_SCHEDULE_SCHEDULES_H_

#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "catalogue/library.h"
#include "coordinator/rounds/rounds.h"
#include "coordinator/store/store.h"
#include "waymark/v1/schedule.pb.h"

namespace waymark::coordinator {

// Thread-safe. The references outlive this.
class Schedules {
 public:
  Schedules(Store& store, Rounds& rounds, const catalogue::Library& library, const Clock& clock,
            absl::TimeZone zone)
      : store_(store), rounds_(rounds), library_(library), clock_(clock), zone_(zone) {}

  // Due from now on. The same again is no error; ALREADY_EXISTS where the name is or was another's; errors of
  // CheckSchedule.
  absl::StatusOr<v1::ScheduleStatus> Add(const v1::Schedule& schedule);
  // Nothing is due any more; rounds that it opened stay. NOT_FOUND names those that run.
  absl::Status Remove(absl::string_view name);
  absl::StatusOr<std::vector<v1::ScheduleStatus>> List();

  // Opens the rounds of all that is due: also what was due while nobody called, oldest first, each for the
  // periods of its own day. What a schedule has asked for before it does not ask again. A firing that can
  // never be opened is settled as failed, with the reason. Where too few members are there, it stays pending
  // for as long as its round would have been open; what may pass soon (a full disk) is tried again at the
  // next call, and later firings of that schedule wait. How many rounds were opened.
  absl::StatusOr<int> Fire();

 private:
  absl::StatusOr<v1::ScheduleStatus> StatusOf(const StoredSchedule& stored);
  absl::StatusOr<int> FireOne(const StoredSchedule& stored) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<StoredFiring> Plan(const v1::Schedule& schedule, absl::Time due);
  absl::Status TryToOpen(const v1::Schedule& schedule, const StoredFiring& firing);
  absl::StatusOr<bool> OpenRound(const v1::Schedule& schedule, const StoredFiring& firing);

  Store& store_;
  Rounds& rounds_;
  const catalogue::Library& library_;
  const Clock& clock_;
  const absl::TimeZone zone_;
  absl::Mutex mutex_;  // one call of Fire at a time
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_SCHEDULE_SCHEDULES_H_
