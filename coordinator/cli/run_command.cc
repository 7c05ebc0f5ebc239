#include <unistd.h>

#include <csignal>
#include <memory>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "base/log.h"
#include "base/london_time.h"
#include "base/monotonic_clock.h"
#include "base/status.h"
#include "catalogue/library.h"
#include "coordinator/cli/commands.h"
#include "coordinator/federation/access_book.h"
#include "coordinator/federation/access_grant.h"
#include "coordinator/federation/configuration.h"
#include "coordinator/federation/rosters.h"
#include "coordinator/federation/state_directory.h"
#include "coordinator/lead/leadership.h"
#include "coordinator/rounds/publication_record.h"
#include "coordinator/rounds/round_closer.h"
#include "coordinator/schedule/firing.h"
#include "coordinator/schedule/schedules.h"
#include "coordinator/serve/server.h"
#include "coordinator/store/state_lock.h"
#include "coordinator/web/benchmark_api.h"
#include "coordinator/web/callers.h"
#include "coordinator/web/website.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "http/server.h"
#include "http/sessions.h"
#include "proto/rpc/tls.h"

namespace waymark::coordinator {
namespace {

constexpr absl::Duration kLookInterval = absl::Seconds(1);
constexpr absl::Duration kRenewInterval = absl::Hours(1);

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

// Does what only the coordinator that leads may do, on the leader's store.
class LeadersWork {
 public:
  LeadersWork(Store& store, const catalogue::Library& library, const crypto::SigningKey& key,
              const Clock& clock, const absl::TimeZone& zone, crypto::RandomSource& random,
              const std::string& directory, absl::Duration revise_every)
      : rounds(store, library, key, clock),
        secure(store, clock, random, directory),
        schedules_(store, rounds, library, clock, zone),
        revise_every_(revise_every) {}

  Leadership::Changes Changes() {
    return {.begin = [this] { return secure.Restore(); }, .end = [this] { secure.Abandon(); }};
  }

  void Look() {
    secure.Tick();
    if (const absl::StatusOr<int> fired = schedules_.Fire(); !fired.ok()) {
      Log(LogLevel::kError, "looking for schedules that are due failed",
          {{"error", std::string(fired.status().message())}});
    }
    if (const absl::StatusOr<int> closed = rounds.CloseDue(); !closed.ok()) {
      Log(LogLevel::kError, "looking for rounds to close failed",
          {{"error", std::string(closed.status().message())}});
    }
    if (const absl::StatusOr<int> revised = rounds.ReviseDue(revise_every_); !revised.ok()) {
      Log(LogLevel::kError, "looking for late and corrected releases failed",
          {{"error", std::string(revised.status().message())}});
    }
  }

  Rounds rounds;
  SecureRounds secure;

 private:
  Schedules schedules_;
  const absl::Duration revise_every_;
};

// The server's certificate in its last third, on a process that is not started anew. Thread-safe.
class ServerRenewal {
 public:
  ServerRenewal(const Configuration& configuration, CoordinatorServer& server, const Clock& clock)
      : configuration_(configuration), server_(server), clock_(clock) {}

  // A listener that cannot be had again ends the process, so that whatever supervises it starts a whole one.
  void WhenDue() {
    const absl::StatusOr<bool> renewed = RenewServerCertificate(configuration_, clock_);
    if (!renewed.ok() || !*renewed) {
      if (!renewed.ok()) LogFailure(renewed.status());
      return;
    }
    const absl::StatusOr<rpc::Identity> identity = rpc::LoadIdentity(ServerIdentityDirectory(configuration_));
    if (!identity.ok()) return LogFailure(identity.status());
    absl::Status served = server_.Renew(*identity, clock_);
    if (served.ok()) served = server_.CheckTls();
    if (served.ok()) {
      Log(LogLevel::kInfo, "server certificate renewed", {});
      return;
    }
    LogFailure(served);
    {
      absl::MutexLock lock(&mutex_);
      failed_ = served;
    }
    ::kill(::getpid(), SIGTERM);
  }
  absl::Status failed() const {
    absl::MutexLock lock(&mutex_);
    return failed_;
  }

 private:
  static void LogFailure(const absl::Status& status) {
    Log(LogLevel::kError, "renewing the server's certificate failed",
        {{"error", std::string(status.message())}});
  }

  const Configuration& configuration_;
  CoordinatorServer& server_;
  const Clock& clock_;
  mutable absl::Mutex mutex_;
  absl::Status failed_ ABSL_GUARDED_BY(mutex_);
};

absl::StatusOr<LeaseTerms> TermsOf(const Configuration& configuration, crypto::RandomSource& random) {
  ASSIGN_OR_RETURN(const crypto::SecretBytes holder, crypto::SecretBytes::Random(16, random));
  return LeaseTerms{.holder = absl::BytesToHexString(holder.RevealSecretText()),
                    .address = configuration.public_address,
                    .length = absl::Seconds(configuration.lease_s)};
}

// The API, and the pages where their files are there.
absl::StatusOr<std::unique_ptr<http::Server>> StartHttp(const Configuration& configuration, BenchmarkApi& api,
                                                        absl::StatusOr<Website>& website) {
  http::Server::Options options = {
      .address = configuration.http_listen, .takes_forms = website.ok(), .names = configuration.http_names};
  if (website.ok()) {
    return http::Server::Start(
        options, [&website](const http::Request& request) { return website->Respond(request); });
  }
  Log(LogLevel::kWarning, "the pages are not served, the API alone",
      {{"error", std::string(website.status().message())}});
  return http::Server::Start(options, [&api](const http::Request& request) { return api.Respond(request); });
}

}  // namespace

absl::Status RunCommand(const OperatorOptions& options, const Clock& clock) {
  const StopSignals signals;
  ASSIGN_OR_RETURN(const Configuration configuration, LoadConfiguration(options.config));
  ASSIGN_OR_RETURN(const catalogue::Library library,
                   catalogue::Library::Load(configuration.catalogue_directory));
  ASSIGN_OR_RETURN(const published::Mapping mapping,
                   published::Mapping::Load(configuration.catalogue_directory, library));
  ASSIGN_OR_RETURN(const Authority authority, LoadAuthority(configuration));
  ASSIGN_OR_RETURN(const FileLock lock, LockState(configuration.state_directory));
  crypto::SystemRandom random;
  ASSIGN_OR_RETURN(const crypto::SigningKey key, LoadCoordinatorKey(configuration, random));
  ASSIGN_OR_RETURN(const bool renewed, RenewServerCertificate(configuration, clock));
  if (renewed) Log(LogLevel::kInfo, "server certificate renewed", {});
  ASSIGN_OR_RETURN(const rpc::Identity identity, rpc::LoadIdentity(ServerIdentityDirectory(configuration)));
  ASSIGN_OR_RETURN(const LeaseTerms terms, TermsOf(configuration, random));
  ASSIGN_OR_RETURN(const SharedStore shared, OpenSharedStore(StoreOf(configuration), terms));
  Store& store = *shared.store;
  RETURN_IF_ERROR(EnterFirstOperator(store, configuration, clock.Now()));
  AccessBook access(store, clock);
  ASSIGN_OR_RETURN(const absl::TimeZone zone, London());
  Enrolment enrolment(store, authority, clock);
  Rounds rounds(store, library, key, clock);
  Schedules schedules(store, rounds, library, clock, zone);
  BenchmarkQuery query(store, library, KnownSuccessions(configuration, library),
                       [&rounds](const Round& round) { return rounds.SumsOf(round); });
  PublishedBoard published(store, library, mapping);
  RETURN_IF_ERROR(RecordEarlierPublications(store));
  TransparencyLog log(store, key, clock);
  LeadersWork work(*shared.leading, library, key, clock, zone, random,
                   shared.lease == nullptr ? configuration.state_directory : "",
                   absl::Seconds(configuration.revise_every_s));
  const MonotonicClock monotonic;
  // Destroyed last to first: the server stops taking calls before what they use goes.
  ASSIGN_OR_RETURN(const std::unique_ptr<Leadership> leadership,
                   Leadership::Start(shared.lease.get(), monotonic, work.Changes()));
  RoundCloser closer(clock, kLookInterval, [&work, &leadership] {
    if (const absl::StatusOr<Leadership::Work> leading = leadership->Begin(); leading.ok()) work.Look();
  });
  ASSIGN_OR_RETURN(const std::unique_ptr<CoordinatorServer> server,
                   CoordinatorServer::Start({.members = configuration.listen,
                                             .enrolment = configuration.enrolment_listen,
                                             .tokens = configuration.token_listen},
                                            identity,
                                            {.store = store,
                                             .library = library,
                                             .authority = authority,
                                             .access = access,
                                             .key = key,
                                             .enrolment = enrolment,
                                             .rounds = rounds,
                                             .leading_rounds = work.rounds,
                                             .secure = work.secure,
                                             .schedules = schedules,
                                             .query = query,
                                             .published = published,
                                             .log = log,
                                             .leadership = *leadership,
                                             .after_submission = [&closer] { closer.Poke(); }}));
  crypto::SystemRandom session_random;
  http::Sessions sessions({.cookie = "waymark_national"}, clock, session_random);
  Callers callers(access, sessions, clock);
  BenchmarkApi api({.library = library, .callers = callers, .query = query, .published = published});
  absl::StatusOr<Website> website =
      Website::Load(configuration.web_directory,
                    {.callers = callers,
                     .api = api,
                     .pages = {.library = library, .query = query, .published = published, .rounds = rounds},
                     .federation = configuration.federation});
  std::unique_ptr<http::Server> http;
  if (!configuration.http_listen.empty()) {
    ASSIGN_OR_RETURN(http, StartHttp(configuration, api, website));
  }
  RETURN_IF_ERROR(server->CheckTls());
  server->SetServing(true);
  Log(LogLevel::kInfo, "coordinator started",
      {{"federation", configuration.federation},
       {"listen", configuration.listen},
       {"enrolment_listen", configuration.enrolment_listen},
       {"token_listen", configuration.token_listen},
       {"http_listen", http == nullptr ? "" : http->local_address()}});
  ServerRenewal renewal(configuration, *server, clock);
  const RoundCloser renewing(clock, kRenewInterval, [&renewal] { renewal.WhenDue(); });
  const int signal = signals.Wait();
  Log(LogLevel::kInfo, "coordinator stopping", {{"signal", absl::StrCat(signal)}});
  server->SetServing(false);
  return renewal.failed();
}

}  // namespace waymark::coordinator
