// waymark-node: a council's side of Waymark.
#include <malloc.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>
#include <string>

#include "absl/synchronization/mutex.h"
#include "base/clock.h"
#include "base/completion.h"
#include "node/cli/commands.h"

namespace waymark::node {
namespace {

constexpr int kFailed = 1;
constexpr int kUsage = 2;
constexpr int kRefusedByPolicy = 3;

int ExitStatus(const absl::Status& status) {
  if (status.ok()) return 0;
  std::fprintf(stderr, "waymark-node: %s\n", std::string(status.message()).c_str());
  return status.code() == absl::StatusCode::kPermissionDenied ? kRefusedByPolicy : kFailed;
}

using Action = std::function<absl::Status()>;

// The command line, and what the chosen sub-command does.
class CommandLine {
 public:
  CommandLine() {
    app_.set_version_flag("--version", "waymark-node " WAYMARK_VERSION);
    app_.require_subcommand(1);
    AddLocalCommands();
    AddTemplatesCommand();
    AddQuestionnaireCommands();
    AddReleaseCommands();
    AddLedgerCommands();
    AddLogCommands();
    AddAccountCommands();
    AddCompletion(app_);
  }

  int Run(int argc, char** argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return app_.exit(error) == 0 ? 0 : kUsage;
    }
    return ExitStatus(action_());
  }

 private:
  CLI::App* Add(CLI::App& parent, const std::string& name, const std::string& text, Action action) {
    CLI::App* command = parent.add_subcommand(name, text);
    command->add_option("--config", common_.config, "the node's configuration, a TOML file")->required();
    command->add_flag("--json", common_.json, "print JSON");
    command->callback([this, action = std::move(action)] { action_ = action; });
    return command;
  }

  void AddFigureOptions(CLI::App* command) {
    command->add_option("--metric", figures_.metric, "ids or numbers, joined by commas; all (the default)");
    command
        ->add_option("--period", figures_.periods,
                     "2024-25, 2024-25-Q1, 2024 or 2024-01-01..2024-06-30; may be repeated")
        ->delimiter(',');
    command->add_option("--breakdown", figures_.breakdowns, "beside all: sex, age_band, …")->delimiter(',');
    command
        ->add_option("--window", figures_.window_days, "follow-up in days; all of the metric's if not given")
        ->delimiter(',');
    command->add_option("--unit", figures_.units, "episodes, children, families; all if not given")
        ->delimiter(',');
  }

  void AddLocalCommands() {
    Add(app_, "check-config", "check the configuration, the policy and the catalogue",
        [this] { return CheckConfigCommand(common_); });
    CLI::App* check_data = Add(app_, "check-data", "read the sources and report on the quality of the data",
                               [this] { return CheckDataCommand(common_, check_data_); });
    check_data->add_option("--html", check_data_.html_path,
                           "write the report as a page to this file as well");
    check_data->get_option("--config")->required(false);
    check_data->add_option(
        "--suggest", check_data_.suggest,
        "propose a [[source]] for this file, folder or connection; needs no configuration");
    check_data->add_option("--table", check_data_.table, "with --suggest: the table of a connection");
    check_data->add_option("--password-file", check_data_.password_file, "with --suggest: of a connection");
    CLI::App* extracts = Add(app_, "extracts", "the extracts held for sources that accumulate them",
                             [this] { return ExtractsCommand(common_, extracts_); });
    extracts->add_option("--source", extracts_.source, "only this source");
    extracts->add_option("--remove", extracts_.remove,
                         "with --source: take out the extract of this date (2025-03-31), or all");
    extracts->add_flag("--changes", extracts_.changes,
                       "with --source: the records that the latest extract changed, deleted or lost; shows "
                       "children's ids");
    CLI::App* measure =
        Add(app_, "measure", "the council's own exact figures: needs no policy and no network",
            [this] { return MeasureCommand(common_, figures_); });
    AddFigureOptions(measure);
    measure->add_flag("--csv", figures_.csv, "print CSV");
  }

  void AddTemplatesCommand() {
    CLI::App* templates = app_.add_subcommand(
        "templates", "write blank CSV files for what no source carries: scores, needs, costs, …");
    templates->add_option("directory", templates_directory_, "where to")->required();
    templates->callback([this] { action_ = [this] { return TemplatesCommand(templates_directory_); }; });
  }

  CLI::App* AddQuestionnaire(CLI::App& parent, const std::string& name, const std::string& text,
                             Action action) {
    CLI::App* command = Add(parent, name, text, std::move(action));
    command->add_option("id", questionnaire_.id, "system_guide, data_maturity, enablers; `list` lists them")
        ->required();
    command->add_option("--file", questionnaire_.file, "the file; that under [questionnaires] if not given");
    return command;
  }

  void AddQuestionnaireCommands() {
    CLI::App* parent = app_.add_subcommand("questionnaire", "what the council answers about itself");
    parent->require_subcommand(1);
    Add(*parent, "list", "the questionnaires of the library",
        [this] { return QuestionnaireListCommand(common_); });
    AddQuestionnaire(*parent, "new", "write a file to fill in",
                     [this] { return QuestionnaireNewCommand(common_, questionnaire_, clock_); })
        ->add_option("--period", questionnaire_.period,
                     "the year it describes, as 2025-26; this one if not given");
    AddQuestionnaire(*parent, "fill", "answer it here, question by question; saved after each", [this] {
      return QuestionnaireFillCommand(common_, questionnaire_);
    })->add_flag("--again", questionnaire_.again, "ask also what has an answer");
    AddQuestionnaire(*parent, "check", "say what is wrong in the file, and what is not answered yet",
                     [this] { return QuestionnaireCheckCommand(common_, questionnaire_); });
    AddQuestionnaire(*parent, "show", "questions, answers, targets, reasons and plans",
                     [this] { return QuestionnaireShowCommand(common_, questionnaire_); });
    Add(*parent, "status", "how much of each questionnaire is answered",
        [this] { return QuestionnaireStatusCommand(common_); });
  }

  void AddReleaseCommands() {
    CLI::App* preview = Add(app_, "preview", "what would leave, beside the exact figures; draws no noise",
                            [this] { return PreviewCommand(common_, figures_, preview_, clock_); });
    AddFigureOptions(preview);
    preview->add_option("--mode", preview_.mode, "thresholded (the default), noised, secure-sum or stated");
    preview->add_option("--epsilon", preview_.epsilon,
                        "noised: ε for a metric's tables together, as 1/2 or 0.5");
    preview->add_option("--rho", preview_.rho, "noised: instead of ε, ρ for discrete Gaussian noise");
    preview->add_option("--data-version", preview_.data_version, "of the extract, as a round names it");

    preview->add_option("--round", preview_.round,
                        "a round that waits for approval, as `approve` lists them");

    CLI::App* approve = Add(app_, "approve", "the rounds that wait for approval; with --round, sign one",
                            [this] { return ApproveCommand(common_, approve_, clock_); });
    approve->get_option("--config")->required(false);
    approve->add_option("--round", approve_.round, "which round");
    approve->add_option("--proposal", approve_.proposal, "the hash that `preview --round` printed");
    approve->add_option("--key", approve_.key, "the approver's key file");
    approve->add_option("--new-key", approve_.new_key, "make a key file here, and print its public key");

    CLI::App* enrol = Add(app_, "enrol", "join a federation with the operator's join file",
                          [this] { return EnrolCommand(common_, join_file_, clock_); });
    enrol->add_option("--join", join_file_, "the join file")->required();

    CLI::App* run = Add(app_, "run", "answer the coordinator's rounds until stopped",
                        [this] { return RunCommand(common_, run_, clock_); });
    run->add_option("--poll-seconds", run_.poll_seconds,
                    "how often to ask for rounds, and to send what was found")
        ->check(CLI::Range(1, 86400));
    run->add_flag("--once", run_.once, "answer what is open now, then end");

    Add(app_, "rounds", "what this node is asked and has not answered, as `run` last saw it",
        [this] { return RoundsCommand(common_); });

    CLI::App* correct = Add(app_, "correct", "answer a round again, from data that were put right",
                            [this] { return CorrectCommand(common_, correct_, clock_); });
    correct->add_option("--round", correct_.round, "which round")->required();
    correct
        ->add_option("--reason", correct_.reason,
                     "published: missing-records, wrong-records or wrong-extract")
        ->required();
    correct->add_flag("--dry-run", correct_.dry_run, "show what would leave corrected, and keep nothing");

    CLI::App* position = Add(app_, "position", "our exact figure beside the benchmark, worked out here",
                             [this] { return PositionCommand(common_, figures_, clock_); });
    AddFigureOptions(position);
  }

  void AddLedgerCommands() {
    CLI::App* ledger = app_.add_subcommand("ledger", "what has left, under which charge");
    ledger->require_subcommand(1);
    CLI::App* show = Add(*ledger, "show", "releases and charges, and what remains of the budget",
                         [this] { return LedgerShowCommand(common_, show_, clock_); });
    show->add_option("--round", show_.round, "only this round");
    show->add_option("--out", show_.out,
                     "with --round: write the released bytes (waymark.v1.Release) to this file");
    show->add_flag("--entries", show_.entries, "the chain itself, entry by entry");
    CLI::App* verify = Add(*ledger, "verify", "recompute the chain of hashes",
                           [this] { return LedgerVerifyCommand(common_, verify_, clock_); });
    verify->add_option("--report", verify_.report, "check a file of `ledger export` instead");
    verify->add_option("--key", verify_.key, "with --report: the council's public key, in hexadecimal");
    CLI::App* report = Add(*ledger, "export", "write a signed report that stands by itself",
                           [this] { return LedgerExportCommand(common_, ledger_file_, clock_); });
    report->add_option("--out", ledger_file_, "the file")->required();
    CLI::App* import = Add(*ledger, "import", "take over what a council released that this one succeeded",
                           [this] { return LedgerImportCommand(common_, import_, clock_); });
    import->add_option("report", import_.report, "its newest `ledger export`")->required();
    import->add_option("--key", import_.key,
                       "its signing key, where no roster names it: 64 hexadecimal digits");
    CLI::App* plan = Add(*ledger, "plan", "what a schedule of noised releases will cost",
                         [this] { return LedgerPlanCommand(common_, ledger_file_, clock_); });
    plan->add_option("file", ledger_file_, "a round file, or any file of [[item]] tables like it")
        ->required();
    CLI::App* reconcile =
        Add(*ledger, "reconcile", "after an older copy was put back and the newer one is lost",
            [this] { return LedgerReconcileCommand(common_, accept_loss_, clock_); });
    reconcile->add_flag("--accept-loss", accept_loss_,
                        "count whatever may have been lost as released and spent");
    Add(*ledger, "migrate", "bring the ledger of an older Waymark to this one's schema",
        [this] { return LedgerMigrateCommand(common_); });
  }

  void AddLogCommands() {
    CLI::App* log = app_.add_subcommand("log", "the coordinator's log of what it asked and published");
    log->require_subcommand(1);
    Add(*log, "show", "the head of the log that this council was shown last",
        [this] { return LogShowCommand(common_); });
    CLI::App* write = Add(*log, "export-head", "write that head, signed, for another council to compare",
                          [this] { return LogExportHeadCommand(common_, log_file_); });
    write->add_option("file", log_file_, "the file to write")->required();
    CLI::App* compare =
        Add(*log, "compare", "whether another council was shown the same log; asks the coordinator for proof",
            [this] { return LogCompareCommand(common_, log_file_, clock_); });
    compare->add_option("file", log_file_, "what the other council's `log export-head` wrote")->required();
  }

  void AddAccountCommands() {
    Add(app_, "pages", "serve the council's pages until stopped: needs no policy and no network",
        [this] { return PagesCommand(common_, clock_); });
    CLI::App* parent = app_.add_subcommand("account", "who may sign in to the council's pages");
    parent->require_subcommand(1);
    CLI::App* add = Add(*parent, "add", "make an account; password, and an approver's passphrase, by prompt",
                        [this] { return AccountAddCommand(common_, account_); });
    add->add_option("name", account_.name, "letters, digits and .-_@")->required();
    add->add_option("--role", account_.role, "viewer (the default), or approver, who holds an approval key");
    add->add_option("--key", account_.key,
                    "approver: seal this key file's key; a new key is made if not given");
    CLI::App* remove = Add(*parent, "remove", "take an account away; its sessions end at once",
                           [this] { return AccountRemoveCommand(common_, account_); });
    remove->add_option("name", account_.name, "whose")->required();
    Add(*parent, "list", "names and roles", [this] { return AccountListCommand(common_); });
  }

  CLI::App app_{
      "A council's node: reads the council's extracts, makes its figures, and lets out only protected "
      "tables.",
      "waymark-node"};
  CommonOptions common_;
  FigureOptions figures_;
  PreviewOptions preview_;
  ApproveOptions approve_;
  RunOptions run_;
  CorrectOptions correct_;
  CheckDataOptions check_data_;
  ExtractsOptions extracts_;
  QuestionnaireOptions questionnaire_;
  std::string templates_directory_;
  LedgerShowOptions show_;
  LedgerVerifyOptions verify_;
  std::string ledger_file_;
  LedgerImportOptions import_;
  std::string log_file_;
  bool accept_loss_ = false;
  std::string join_file_;
  AccountOptions account_;
  SystemClock clock_;
  Action action_;
};

}  // namespace
}  // namespace waymark::node

int main(int argc, char** argv) {
  // Tables of this size and more go back to the system as soon as they are not needed: the C library would
  // learn from the first ones that such sizes are common, and keep them.
  constexpr int kLargeTable = 1 << 20;
  ::mallopt(M_MMAP_THRESHOLD, kLargeTable);
  // One heap for all threads, which seldom ask, and which grows by large pieces: those of their own grow by a
  // few pages at a time, and everybody waits while the system changes the map of the memory.
  constexpr int kPiece = 4 << 20;
  ::mallopt(M_ARENA_MAX, 1);
  ::mallopt(M_TOP_PAD, kPiece);
  absl::SetMutexDeadlockDetectionMode(
      absl::OnDeadlockCycle::kIgnore);  // on in Debian's build; gRPC pays for it
  return waymark::node::CommandLine().Run(argc, argv);
}
