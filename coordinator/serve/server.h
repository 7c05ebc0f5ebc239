// A coordinator's listeners: one for who has a certificate, by mutual TLS; one for enrolment; and, where it
// is wanted, one for who has a bearer token.
#ifndef WAYMARK_COORDINATOR_SERVE_SERVER_H_
#define WAYMARK_COORDINATOR_SERVE_SERVER_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "catalogue/library.h"
#include "coordinator/benchmark/published_board.h"
#include "coordinator/benchmark/query.h"
#include "coordinator/federation/access_book.h"
#include "coordinator/federation/authority.h"
#include "coordinator/federation/enrolment.h"
#include "coordinator/lead/leadership.h"
#include "coordinator/rounds/rounds.h"
#include "coordinator/rounds/secure_rounds.h"
#include "coordinator/schedule/schedules.h"
#include "coordinator/store/store.h"
#include "coordinator/transparency/transparency_log.h"
#include "crypto/signature.h"
#include "proto/rpc/tls.h"

namespace waymark::coordinator {

// What the services call. All must outlive the server.
struct ServerParts {
  Store& store;
  const catalogue::Library& library;
  const Authority& authority;
  AccessBook& access;
  const crypto::SigningKey& key;
  Enrolment& enrolment;
  Rounds& rounds;
  Rounds& leading_rounds;  // on the leader's store
  SecureRounds& secure;
  Schedules& schedules;
  BenchmarkQuery& query;
  PublishedBoard& published;
  TransparencyLog& log;
  Leadership& leadership;
  std::function<void()> after_submission;  // called when a release or a sum is in
};

struct ListenAddresses {
  std::string members;  // "host:port"; port 0: any free one
  std::string enrolment;
  std::string tokens{};  // "": no bearer token is taken
};

// Thread-safe.
class CoordinatorServer {
 public:
  // Serves at once, but says NOT_SERVING to health checks until SetServing. Call rpc::RequireTls13 before.
  // UNAVAILABLE where an address is taken.
  static absl::StatusOr<std::unique_ptr<CoordinatorServer>> Start(const ListenAddresses& addresses,
                                                                  const rpc::Identity& identity,
                                                                  const ServerParts& parts);
  // Stops, letting calls under way finish for a while.
  ~CoordinatorServer();

  // Serves with this identity from now on. Each listener in turn: the old one stops listening and lets calls
  // under way finish for a minute, beside the new one, which takes its address at once; a client that
  // connects between the two is refused and tries again. UNAVAILABLE where an address is not free again
  // within seconds of the clock: then it is not listened on, and the process should end.
  absl::Status Renew(const rpc::Identity& identity, const Clock& clock);

  // "127.0.0.1:port", for this machine.
  std::string local_address() const;
  std::string local_enrolment_address() const;
  std::string local_token_address() const;  // "" where there is none

  // Proves that all listeners refuse TLS 1.2 (rpc::CheckTls12IsRefused).
  absl::Status CheckTls() const;
  // What the health service says; not serving comes before stopping.
  void SetServing(bool serving);

 private:
  struct State;
  explicit CoordinatorServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_SERVE_SERVER_H_
