// A council's pages, running: listener, sessions, accounts, and the data behind them.
#ifndef WAYMARK_NODE_PAGES_SERVER_H_
#define WAYMARK_NODE_PAGES_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "crypto/random.h"
#include "http/server.h"
#include "http/sessions.h"
#include "node/pages/accounts.h"
#include "node/pages/refresher.h"
#include "node/pages/website.h"
#include "node/site/questions.h"
#include "node/site/site.h"

namespace waymark::node {

// Serves as long as it lives, in threads of its own. It opens the ledger and the sources by itself, beside
// whatever else does.
class PagesServer {
 public:
  // FAILED_PRECONDITION where the configuration has no [pages]; the errors of Website::Load,
  // http::Server::Start and the accounts' file. Both outlive it.
  static absl::StatusOr<std::unique_ptr<PagesServer>> Start(const Site& site, const Clock& clock);

  std::string local_address() const { return server_->local_address(); }
  // Something else than the sources is new: a benchmark.
  void Refresh() { refresher_.Ask(); }

 private:
  PagesServer(const Site& site, const Clock& clock);

  crypto::SystemRandom account_random_, session_random_;
  Accounts accounts_;
  http::Sessions sessions_;
  std::vector<Question> questions_;
  Refresher refresher_;
  std::unique_ptr<Website> website_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_PAGES_SERVER_H_
