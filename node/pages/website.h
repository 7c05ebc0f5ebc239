// A council's pages: who may see which, forms, and what each address answers. For people on the council's own
// network: exact figures are on them, and nothing on them goes anywhere else.
//
// Trust: whoever signs in with an account sees every figure of the council; with sign_in = "proxy-header"
// whoever the proxy names does, so nothing but the proxy may reach the port. Approving takes an approver's
// account and, each time, the passphrase of the key that it holds: neither a stolen session nor the proxy's
// word signs anything.
#ifndef WAYMARK_NODE_PAGES_WEBSITE_H_
#define WAYMARK_NODE_PAGES_WEBSITE_H_

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "base/clock.h"
#include "http/message.h"
#include "http/sessions.h"
#include "http/static_files.h"
#include "http/templates.h"
#include "node/pages/accounts.h"
#include "node/pages/refresher.h"
#include "node/pages/tries.h"
#include "node/site/questions.h"
#include "node/site/site.h"

namespace waymark::node {

// Thread-safe.
class Website {
 public:
  // All outlive it.
  struct Parts {
    const Site& site;
    const std::vector<Question>& questions;
    Accounts& accounts;
    http::Sessions& sessions;
    Refresher& refresher;
    const Clock& clock;
  };
  // `web`: the folder of templates, script and style. The errors of Templates::Load and StaticFiles::Load.
  static absl::StatusOr<std::unique_ptr<Website>> Load(const std::string& web, const Parts& parts);

  http::Response Respond(const http::Request& request);

  // Who asks.
  struct Caller {
    Account account;
    http::Session session;
    std::string cookie;  // a Set-Cookie of a session that begins now; "": it had begun
  };

 private:
  struct Asked {
    const http::Request& request;
    const Caller& caller;
    std::string variable;  // what stands in the address's braces
    std::shared_ptr<const Snapshot> snapshot;
  };
  using Json = nlohmann::ordered_json;
  using Maker = absl::StatusOr<Json> (Website::*)(const Asked&);
  using Doer = absl::StatusOr<std::string> (Website::*)(const Asked&);  // gives the address to go on at
  struct Page {
    const char* path;
    const char* label;  // in the navigation; "": not there
    Maker make;
    Doer act;         // of a POST; null: none is taken
    bool needs_data;  // a snapshot
  };
  static const std::vector<Page>& Pages();

  Website(const Parts& parts, http::Templates templates, http::StaticFiles files)
      : parts_(parts), templates_(std::move(templates)), files_(std::move(files)), tries_(parts.clock) {}

  // UNAUTHENTICATED where nobody is signed in.
  absl::StatusOr<Caller> CallerOf(const http::Request& request);
  http::Response SignIn(const http::Request& request);
  http::Response SignOut(const http::Request& request);
  absl::StatusOr<http::Response> Answer(const http::Request& request, const Caller& caller);
  http::Response Written(const http::Request& request, const Caller* caller, Json context, int status);
  http::Response Trouble(const http::Request& request, const Caller* caller, const absl::Status& status);

  absl::StatusOr<Json> DifferencePage(const Asked& asked);
  absl::StatusOr<Json> LeavingPage(const Asked& asked);
  absl::StatusOr<Json> RoundPage(const Asked& asked);
  absl::StatusOr<Json> LedgerPage(const Asked& asked);
  absl::StatusOr<Json> DataPage(const Asked& asked);
  absl::StatusOr<Json> MetricListPage(const Asked& asked);
  absl::StatusOr<Json> MetricPage(const Asked& asked);
  absl::StatusOr<Json> CaseloadPage(const Asked& asked);
  absl::StatusOr<Json> BriefingPage(const Asked& asked);
  absl::StatusOr<Json> QuestionnaireListPage(const Asked& asked);
  absl::StatusOr<Json> QuestionnairePage(const Asked& asked);

  absl::StatusOr<std::string> DecideRound(const Asked& asked);
  absl::Status Approve(const Asked& asked);
  absl::Status Refuse(const Asked& asked);
  absl::StatusOr<std::string> WriteCommentary(const Asked& asked);
  absl::StatusOr<std::string> FillQuestionnaire(const Asked& asked);
  absl::StatusOr<std::string> Refresh(const Asked& asked);

  const Parts parts_;
  const http::Templates templates_;
  const http::StaticFiles files_;
  Tries tries_;
  absl::Mutex deciding_;  // one decision at a time
  absl::Mutex writing_;   // of answers and commentary
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_PAGES_WEBSITE_H_
