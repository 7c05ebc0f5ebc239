// Which of several coordinators on one PostgreSQL database leads: a row with a term, which is the fencing
// token, and a time on the database's clock until which nobody else may take it.
#ifndef WAYMARK_COORDINATOR_STORE_LEADER_LEASE_H_
#define WAYMARK_COORDINATOR_STORE_LEADER_LEASE_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace waymark::coordinator {

class SqlDatabase;

struct LeaseTerms {
  std::string holder;   // another for each process
  std::string address;  // what callers of the leader dial
  absl::Duration length;
};

// Thread-safe.
class LeaderLease {
 public:
  LeaderLease(std::shared_ptr<SqlDatabase> database, LeaseTerms terms);

  // Takes the lease with the next term where nobody's runs; whether it was taken.
  absl::StatusOr<bool> Take();
  // Lets it run on from now. False: it is not ours any more.
  absl::StatusOr<bool> Renew();
  // From now on nothing is written any more that needs it.
  void StepDown();
  // Steps down, and lets another take it at once.
  absl::Status GiveUp();

  // 0 where this one does not lead.
  std::int64_t term() const;
  absl::Duration length() const { return terms_.length; }
  // Who holds it, by the address to dial; "" where nobody does.
  absl::StatusOr<std::string> LeaderAddress();

  // The database, where the first statement of each transaction that writes makes sure of the lease and keeps
  // others from taking it until the transaction is over. UNAVAILABLE where it is not held.
  std::shared_ptr<SqlDatabase> Fenced() const;

 private:
  const std::shared_ptr<SqlDatabase> database_;
  const LeaseTerms terms_;
  const std::shared_ptr<std::atomic<std::int64_t>> term_;
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_STORE_LEADER_LEASE_H_
