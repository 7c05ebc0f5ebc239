// The sub-commands of waymark-node, each a function of its own options. Output goes to standard output, as
// text or, with `json`, as JSON; an error is returned for main to print.
#ifndef WAYMARK_NODE_CLI_COMMANDS_H_
#define WAYMARK_NODE_CLI_COMMANDS_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "base/clock.h"
#include "node/site/figure_request.h"

namespace waymark::node {

struct CommonOptions {
  std::string config;
  bool json = false;
};

absl::Status CheckConfigCommand(const CommonOptions& common);

// Where `suggest` names a file, folder or connection: proposes a [[source]] for it in place of reading the
// sources.
struct CheckDataOptions {
  std::string html_path;  // where to write the report as a page as well; "": nowhere
  std::string suggest;
  std::string table;          // of a connection
  std::string password_file;  // of a connection
};
absl::Status CheckDataCommand(const CommonOptions& common, const CheckDataOptions& options);

struct ExtractsOptions {
  std::string source;
  std::string remove;  // an extract date, or "all"
  bool changes =
      false;  // records that the latest extract changed, deleted or lost: children's ids, for these eyes only
};
absl::Status ExtractsCommand(const CommonOptions& common, const ExtractsOptions& options);

absl::Status MeasureCommand(const CommonOptions& common, const FigureOptions& figures);
absl::Status EnrolCommand(const CommonOptions& common, const std::string& join_file, const Clock& clock);

struct PreviewOptions {
  std::string mode = "thresholded";
  std::string epsilon = "1/2";
  std::string rho;  // instead of ε; "": none
  std::uint32_t data_version = 1;
  std::string round;  // a round that waits for approval, in place of metrics
};
absl::Status PreviewCommand(const CommonOptions& common, const FigureOptions& figures,
                            const PreviewOptions& preview, const Clock& clock);

// With nothing set: lists the rounds that wait.
struct ApproveOptions {
  std::string round;
  std::string proposal;  // the hash that preview printed, in hexadecimal
  std::string key;       // the approver's key file
  std::string new_key;   // makes a key file there instead, and prints its public key
};
absl::Status ApproveCommand(const CommonOptions& common, const ApproveOptions& options, const Clock& clock);

struct RunOptions {
  int poll_seconds = 60;
  bool once = false;  // answer what is open now, then end
};
absl::Status RunCommand(const CommonOptions& common, const RunOptions& options, const Clock& clock);

// What this node is asked and has not answered, as `run` last saw it.
absl::Status RoundsCommand(const CommonOptions& common);

// Answers a round again from data that were put right, where the round takes corrections.
struct CorrectOptions {
  std::string round;
  std::string reason;    // a word of contract::WordOf
  bool dry_run = false;  // show what would leave, and keep nothing
};
absl::Status CorrectCommand(const CommonOptions& common, const CorrectOptions& options, const Clock& clock);

absl::Status PositionCommand(const CommonOptions& common, const FigureOptions& figures, const Clock& clock);

// Writes the blank CSV templates of docs/data-model.md into `directory`; a file that is there is left as it
// is.
absl::Status TemplatesCommand(const std::string& directory);

// Which questionnaire, and in which file: that under [questionnaires] where none is named.
struct QuestionnaireOptions {
  std::string id;
  std::string file;
  std::string period;  // of a new one; the financial year of today where it is not given
  bool again = false;  // ask questions that have an answer too
};
absl::Status QuestionnaireListCommand(const CommonOptions& common);
absl::Status QuestionnaireNewCommand(const CommonOptions& common, const QuestionnaireOptions& options,
                                     const Clock& clock);
absl::Status QuestionnaireFillCommand(const CommonOptions& common, const QuestionnaireOptions& options);
absl::Status QuestionnaireCheckCommand(const CommonOptions& common, const QuestionnaireOptions& options);
absl::Status QuestionnaireShowCommand(const CommonOptions& common, const QuestionnaireOptions& options);
// Of all that the library has: where it is, how much of it is answered.
absl::Status QuestionnaireStatusCommand(const CommonOptions& common);

struct LedgerShowOptions {
  std::string round;  // with `out`: write the release for this round
  std::string out;
  bool entries = false;  // the chain, entry by entry
};
absl::Status LedgerShowCommand(const CommonOptions& common, const LedgerShowOptions& options,
                               const Clock& clock);
// `report`: a file of `ledger export`, checked by `key` (hexadecimal; this node's own where it is "").
struct LedgerVerifyOptions {
  std::string report;
  std::string key;
};
absl::Status LedgerVerifyCommand(const CommonOptions& common, const LedgerVerifyOptions& options,
                                 const Clock& clock);
// Writes a signed report that stands by itself.
absl::Status LedgerExportCommand(const CommonOptions& common, const std::string& out, const Clock& clock);
// What the noised items of `file`, a round file or a longer schedule, will cost.
struct LedgerImportOptions {
  std::string report;
  std::string key;  // hexadecimal; ""
};
absl::Status LedgerImportCommand(const CommonOptions& common, const LedgerImportOptions& options,
                                 const Clock& clock);

absl::Status LedgerPlanCommand(const CommonOptions& common, const std::string& file, const Clock& clock);
// Where the ledger is an older copy and the newer one is lost: records the loss, so that releases can go on.
absl::Status LedgerReconcileCommand(const CommonOptions& common, bool accept_loss, const Clock& clock);
// The transparency log's head that the node keeps: shown, written for another council, and held against
// another council's.
absl::Status LogShowCommand(const CommonOptions& common);
absl::Status LogExportHeadCommand(const CommonOptions& common, const std::string& file);
absl::Status LogCompareCommand(const CommonOptions& common, const std::string& file, const Clock& clock);
// Brings the ledger of an older Waymark to this one's schema.
absl::Status LedgerMigrateCommand(const CommonOptions& common);

// Serves the council's pages alone: no network, no policy needed.
absl::Status PagesCommand(const CommonOptions& common, const Clock& clock);

// Who may sign in to the pages.
struct AccountOptions {
  std::string name;
  std::string role = "viewer";
  std::string key;  // an approver's key file that is there already; "": a new key
};
absl::Status AccountAddCommand(const CommonOptions& common, const AccountOptions& options);
absl::Status AccountRemoveCommand(const CommonOptions& common, const AccountOptions& options);
absl::Status AccountListCommand(const CommonOptions& common);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_CLI_COMMANDS_H_
