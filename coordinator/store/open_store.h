// Where a coordinator's store is, and how it is made and opened.
#ifndef WAYMARK_COORDINATOR_STORE_OPEN_STORE_H_
#define WAYMARK_COORDINATOR_STORE_OPEN_STORE_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "coordinator/store/leader_lease.h"
#include "coordinator/store/store.h"

namespace waymark::coordinator {

struct StorePlace {
  std::string sqlite_path;
  // In its place where it is not "": a PostgreSQL database, by a connection string of libpq.
  std::string postgresql{};
};

// INVALID_ARGUMENT where the connection string cannot be read, or holds a password.
absl::Status CheckStorePlace(const StorePlace& place);

// ALREADY_EXISTS where there is one.
absl::Status CreateStore(const StorePlace& place);
// NOT_FOUND: none was made. UNAVAILABLE: no connection. FAILED_PRECONDITION: not a coordinator's store, or
// one made by a newer program. DATA_LOSS: damaged or cut short.
absl::StatusOr<std::unique_ptr<Store>> OpenStore(const StorePlace& place);

// A store that several coordinators share, of whom one leads.
struct SharedStore {
  std::unique_ptr<Store> store;  // what every one of them may write
  // What the leader alone may: here every call that writes is UNAVAILABLE where this one does not lead, so
  // that one which does not know yet that another took over changes nothing any more.
  std::unique_ptr<Store> leading;
  // Null for SQLite, where the state lock keeps others out: this one leads always.
  std::unique_ptr<LeaderLease> lease;
};
// The errors of OpenStore.
absl::StatusOr<SharedStore> OpenSharedStore(const StorePlace& place, const LeaseTerms& terms);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_STORE_OPEN_STORE_H_
