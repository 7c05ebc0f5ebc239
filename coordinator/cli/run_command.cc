#include <csignal>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/log.h"
#include "base/london_time.h"
#include "base/status.h"
#include "catalogue/library.h"
#include "coordinator/cli/commands.h"
#include "coordinator/federation/configuration.h"
#include "coordinator/federation/state_directory.h"
#include "coordinator/rounds/publication_record.h"
#include "coordinator/rounds/round_closer.h"
#include "coordinator/schedule/firing.h"
#include "coordinator/schedule/schedules.h"
#include "coordinator/serve/server.h"
#include "coordinator/store/state_lock.h"
#include "crypto/random.h"
#include "proto/rpc/tls.h"

namespace waymark::coordinator {
namespace {

constexpr absl::Duration kLookInterval = absl::Seconds(1);

// Blocks the signals that end the program in this thread and in all that it starts, so that one place waits
// for them.
class StopSignals {
 public:
  StopSignals() {
    sigemptyset(&set_);
    sigaddset(&set_, SIGTERM);
    sigaddset(&set_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  }
  int Wait() const {
    int signal = 0;
    while (sigwait(&set_, &signal) != 0) {
    }
    return signal;
  }

 private:
  sigset_t set_;
};

}  // namespace

absl::Status RunCommand(const OperatorOptions& options, const Clock& clock) {
  const StopSignals signals;
  ASSIGN_OR_RETURN(const Configuration configuration, LoadConfiguration(options.config));
  ASSIGN_OR_RETURN(const catalogue::Library library,
                   catalogue::Library::Load(configuration.catalogue_directory));
  ASSIGN_OR_RETURN(const Authority authority, LoadAuthority(configuration));
  ASSIGN_OR_RETURN(const StateLock lock, StateLock::Acquire(configuration.state_directory));
  crypto::SystemRandom random;
  ASSIGN_OR_RETURN(const crypto::SigningKey key, LoadCoordinatorKey(configuration, random));
  ASSIGN_OR_RETURN(const rpc::Identity identity, rpc::LoadIdentity(ServerIdentityDirectory(configuration)));
  ASSIGN_OR_RETURN(const std::unique_ptr<Store> store, OpenStore(StoreOf(configuration)));
  Enrolment enrolment(*store, authority, clock);
  Rounds rounds(*store, library, key, clock);
  SecureRounds secure(*store, clock, random, configuration.state_directory);
  ASSIGN_OR_RETURN(const absl::TimeZone zone, London());
  Schedules schedules(*store, rounds, library, clock, zone);
  RETURN_IF_ERROR(secure.Restore());
  BenchmarkQuery query(*store, library);
  RETURN_IF_ERROR(RecordEarlierPublications(*store));
  TransparencyLog log(*store, key, clock);
  // Destroyed last to first: the server stops taking calls before what they use goes.
  RoundCloser closer(rounds, kLookInterval, [&secure, &schedules] {
    secure.Tick();
    if (const absl::StatusOr<int> fired = schedules.Fire(); !fired.ok()) {
      Log(LogLevel::kError, "looking for schedules that are due failed",
          {{"error", std::string(fired.status().message())}});
    }
  });
  ASSIGN_OR_RETURN(
      const std::unique_ptr<CoordinatorServer> server,
      CoordinatorServer::Start({.members = configuration.listen, .enrolment = configuration.enrolment_listen},
                               identity,
                               {.store = *store,
                                .library = library,
                                .authority = authority,
                                .key = key,
                                .enrolment = enrolment,
                                .rounds = rounds,
                                .secure = secure,
                                .schedules = schedules,
                                .query = query,
                                .log = log,
                                .after_submission = [&closer] { closer.Poke(); }}));
  RETURN_IF_ERROR(server->CheckTls());
  server->SetServing(true);
  Log(LogLevel::kInfo, "coordinator started",
      {{"federation", configuration.federation},
       {"listen", configuration.listen},
       {"enrolment_listen", configuration.enrolment_listen}});
  const int signal = signals.Wait();
  Log(LogLevel::kInfo, "coordinator stopping", {{"signal", absl::StrCat(signal)}});
  server->SetServing(false);
  return absl::OkStatus();
}

}  // namespace waymark::coordinator
