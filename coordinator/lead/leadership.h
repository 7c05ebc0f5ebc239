// Whether this coordinator leads: it does what only one of several may do.
#ifndef WAYMARK_COORDINATOR_LEAD_LEADERSHIP_H_
#define WAYMARK_COORDINATOR_LEAD_LEADERSHIP_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "base/clock.h"
#include "coordinator/store/leader_lease.h"

namespace waymark::coordinator {

// Thread-safe.
class Leadership {
 public:
  struct Changes {
    // The lease is ours: what is needed before anything else is done as leader. An error gives it up again.
    std::function<absl::Status()> begin;
    // Another may lead by now: what is in memory is worth nothing any more.
    std::function<void()> end;
  };
  // Held as long as the leader's work is under way: nobody takes the lease here meanwhile, so that no piece
  // of work is begun in one term and finished in a later one.
  using Work = std::unique_ptr<absl::ReaderMutexLock>;

  // `lease` is null where this one leads always. `clock` is one that nobody sets. Both outlive this. Begin is
  // called here where there is no lease; its error is returned.
  static absl::StatusOr<std::unique_ptr<Leadership>> Start(LeaderLease* lease, const Clock& clock,
                                                           Changes changes);
  // Gives the lease up.
  ~Leadership();

  // UNAVAILABLE, with the leader's address where it is known, where this one does not lead.
  absl::StatusOr<Work> Begin();
  // 0 where there is no lease, or it is not ours.
  std::int64_t term() const;

 private:
  Leadership(LeaderLease* lease, const Clock& clock, Changes changes);
  void Watch();
  void Renew();
  void Take();
  void StepDown();
  bool Leads() const;

  LeaderLease* const lease_;
  const Clock& clock_;
  const Changes changes_;
  absl::Mutex working_;
  mutable absl::Mutex mutex_;
  absl::Time until_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  std::string leader_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_LEAD_LEADERSHIP_H_
