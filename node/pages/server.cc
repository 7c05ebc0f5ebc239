#include "node/pages/server.h"

#include "absl/strings/str_cat.h"
#include "base/log.h"
#include "base/program.h"
#include "base/status.h"

namespace waymark::node {

PagesServer::PagesServer(const Site& site, const Clock& clock)
    : accounts_(site.configuration.pages.accounts_path, account_random_),
      sessions_({.cookie = "waymark_council"}, clock, session_random_),
      refresher_([&site, &clock] { return Snapshot::Read(site, clock.Now()); }, clock) {}

absl::StatusOr<std::unique_ptr<PagesServer>> PagesServer::Start(const Site& site, const Clock& clock) {
  const PagesConfiguration& pages = site.configuration.pages;
  if (pages.listen.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat(site.configuration.path,
                     ": there is no [pages] table; add one, as [pages] listen = \"127.0.0.1:8090\""));
  }
  std::unique_ptr<PagesServer> made(new PagesServer(site, clock));
  ASSIGN_OR_RETURN(const std::vector<Account> accounts, made->accounts_.List());
  if (accounts.empty() && pages.header.empty()) {
    Log(LogLevel::kWarning, "nobody can sign in to the pages yet",
        {{"fix", "waymark-node account add NAME --role viewer"}});
  }
  ASSIGN_OR_RETURN(made->questions_, LoadQuestions(site.configuration.catalogue_directory, site.library));
  ASSIGN_OR_RETURN(made->website_,
                   Website::Load(absl::StrCat(ShareDirectory(), "/web"), {.site = site,
                                                                          .questions = made->questions_,
                                                                          .accounts = made->accounts_,
                                                                          .sessions = made->sessions_,
                                                                          .refresher = made->refresher_,
                                                                          .clock = clock}));
  made->refresher_.Start();
  Website& website = *made->website_;
  ASSIGN_OR_RETURN(
      made->server_,
      http::Server::Start(
          {.address = pages.listen, .takes_forms = true, .names = pages.names, .user_header = pages.header},
          [&website](const http::Request& request) { return website.Respond(request); }));
  Log(LogLevel::kInfo, "pages served", {{"address", made->local_address()}});
  return made;
}

}  // namespace waymark::node
