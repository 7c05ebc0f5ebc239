#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/log.h"
#include "base/status.h"
#include "node/cli/answering.h"
#include "node/cli/benchmark_watch.h"
#include "node/cli/commands.h"
#include "node/cli/log_reader.h"
#include "node/cli/paced_answers.h"
#include "node/cli/roster_watch.h"
#include "node/cli/stop_signal.h"
#include "node/cli/summing.h"
#include "node/disclose/roster_book.h"
#include "node/link/coordinator_link.h"
#include "node/link/renewal.h"
#include "node/pages/server.h"
#include "node/site/workplace.h"
#include "proto/rpc/tls.h"

namespace waymark::node {
namespace {

constexpr absl::Duration kStepPause = absl::Milliseconds(300);

}  // namespace

absl::Status RunCommand(const CommonOptions& common, const RunOptions& options, const Clock& clock) {
  RETURN_IF_ERROR(rpc::RequireTls13());
  ASSIGN_OR_RETURN(const Site site, LoadSite(common.config));
  if (!FileExists(LedgerPath(site.configuration))) {
    return absl::FailedPreconditionError(absl::StrCat(
        LedgerPath(site.configuration),
        " is not there: it is made by enrolling, and without it nothing says what has left already. "
        "Enrol, or put the latest copy back"));
  }
  ASSIGN_OR_RETURN(const auto workplace, Workplace::Open(site, clock));
  ASSIGN_OR_RETURN(const auto link, CoordinatorLink::Open(IdentityDirectory(site.configuration),
                                                          site.configuration.https_proxy, clock));
  if (!workplace->policy().releases()) {
    Log(LogLevel::kWarning, "nothing will be released",
        {{"because", std::string(workplace->policy().closed_because())}});
  }
  StopOnSignals();
  Log(LogLevel::kInfo, "node started", {{"council", site.configuration.council_code}});
  RosterBook book(
      workplace->ledger(), link->governance(), link->federation(),
      {.council = site.configuration.council_code, .signing_key = workplace->signing_key().public_key()});
  LogWatch log(*link, LogReaderOf(site, *workplace, *link));
  RosterWatch roster(book, *link, log, clock);
  Summing summing(site, *workplace, *link, book, clock);
  CertificateRenewal renewal(IdentityDirectory(site.configuration), *link, clock);
  Answering answering(site, *workplace, *link, log, roster, summing, clock, site.library.successions());
  PacedAnswers answers(
      {.open = [&] { return answering.Open(); },
       .send = [&](const auto& round) { return answering.Kept(round, answering.SendStored(round)); },
       .answer = [&](const auto& round) { return answering.Kept(round, answering.Answer(round)); }});
  const absl::Duration interval = absl::Seconds(options.poll_seconds);
  const auto renew = [&renewal] {
    if (const absl::Status renewed = renewal.RenewWhenDue(); !renewed.ok()) {
      Log(LogLevel::kError, "the certificate could not be renewed; it is tried again in ten minutes",
          {{"error", std::string(renewed.message())}});
    }
  };
  if (options.once) {
    renew();
    const absl::Status status = answers.Once();
    if (!answers.has_unsent() && !answering.HasUntold()) return status;
    PauseUntil(clock, NextLook(clock.Now(), interval));
    const absl::Status sent = answers.Once();
    return status.ok() ? sent : status;
  }
  std::unique_ptr<PagesServer> pages;
  if (!site.configuration.pages.listen.empty()) {
    ASSIGN_OR_RETURN(pages, PagesServer::Start(site, clock));
  }
  BenchmarkWatch benchmarks(site, *link, clock);
  while (!IsStopAsked()) {
    renew();
    const absl::Status status = answers.Once();
    if (!status.ok()) {
      Log(LogLevel::kWarning, "will look again", {{"error", std::string(status.message())}});
    }
    if (pages != nullptr && !summing.IsBusy() && benchmarks.LookWhenDue()) pages->Refresh();
    // The others of a session wait for each step of this one.
    PauseUntil(clock, summing.IsBusy() ? clock.Now() + kStepPause : NextLook(clock.Now(), interval));
  }
  Log(LogLevel::kInfo, "node stopped");
  return absl::OkStatus();
}

}  // namespace waymark::node
