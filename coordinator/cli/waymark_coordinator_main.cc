// waymark-coordinator: the federation's centre, for its operator.
#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "absl/synchronization/mutex.h"
#include "base/completion.h"
#include "base/status.h"
#include "coordinator/cli/commands.h"
#include "coordinator/cli/output.h"
#include "proto/rpc/tls.h"

namespace waymark::coordinator {
namespace {

class CommandLine {
 public:
  CommandLine() {
    app_.set_version_flag("--version", "waymark-coordinator " WAYMARK_VERSION);
    app_.require_subcommand(1);
    Add("init", "make the federation: authority, keys, store, an operator's identity",
        [this] { return InitCommand(options_, clock_); });
    Add("check-config", "check the configuration and the catalogue",
        [this] { return CheckConfigCommand(options_); });
    Add("run", "serve until stopped", [this] {
      RETURN_IF_ERROR(rpc::RequireTls13());
      return RunCommand(options_, clock_);
    });
    CLI::App* token = Add("token", "make a join file that lets one council join once",
                          [this] { return TokenCommand(options_, token_, clock_); });
    token->add_option("--council", token_.council, "the council's ONS code")->required();
    token->add_option("--out", token_.out, "the join file; standard output if not given");
    token->add_option("--valid-hours", token_.valid_hours, "for how long it is good (default 168: a week)")
        ->check(CLI::Range(1, 24 * 366));
    Add("import", "move the store from the state directory into PostgreSQL; the coordinator is stopped",
        [this] { return ImportCommand(options_); });
    CLI::App* published =
        Add("import-published",
            "read published statistics as they are, for scorecards; without files, show what was imported",
            [this] { return ImportPublishedCommand(options_, published_, clock_); });
    published->add_option("files", published_.paths,
                          "files, or folders of them; one of the same name takes the place of the earlier");
    published->add_flag("--alone", published_.alone, "what was imported before, and is not named, goes");
    AddAccessCommands();
    AddRosterCommands();
    AddCatalogueCommands();
    AddCompletion(app_);
  }

  int Run(int argc, char** argv) {
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return app_.exit(error) == 0 ? 0 : kExitUsage;
    }
    return ExitStatus("waymark-coordinator", action_());
  }

 private:
  using Action = std::function<absl::Status()>;

  CLI::App* Add(const std::string& name, const std::string& text, Action action) {
    CLI::App* command = AddOffline(app_, name, text, std::move(action));
    AddConfig(command)->required();
    return command;
  }

  CLI::Option* AddConfig(CLI::App* command) {
    return command->add_option("--config", options_.config, "the coordinator's configuration, a TOML file");
  }

  // Without a configuration. What has sub-commands acts only where none is given.
  CLI::App* AddOffline(CLI::App& parent, const std::string& name, const std::string& text, Action action) {
    CLI::App* command = parent.add_subcommand(name, text);
    command->add_flag("--json", options_.json, "print JSON");
    command->callback([this, command, action = std::move(action)] {
      if (command->get_subcommands().empty()) action_ = action;
    });
    return command;
  }

  void AddAccessCommands() {
    CLI::App* parent = app_.add_subcommand(
        "access", "who may connect beside the councils: operators, regional leads, analysts, auditors");
    parent->require_subcommand(1);
    CLI::App* add = AddOffline(*parent, "add", "make a certificate, or a bearer token, for one of them",
                               [this] { return AccessAddCommand(options_, access_, clock_); });
    AddConfig(add)->required();
    add->add_option("--name", access_.name, "of the person or program; a-z, 0-9 and '-', used once")
        ->required();
    add->add_option("--role", access_.role, "operator, regional-lead, national-analyst or auditor")
        ->required();
    add->add_option("--regions", access_.regions, "codes joined by commas: of a regional lead")
        ->delimiter(',');
    add->add_option("--metrics", access_.metrics, "ids joined by commas: figures of these alone")
        ->delimiter(',');
    add->add_flag("--token", access_.token, "a bearer token, shown once, instead of a certificate");
    add->add_option("--out", access_.out,
                    "the certificate's new folder; a token's file (standard output if not given)");
    add->add_option("--valid-days", access_.valid_days,
                    "for how long it is good (default 365; a token 90), at most 366")
        ->check(CLI::Range(1, 366));
    add->add_option(
        "--until", access_.until,
        "the last day up to which a certificate is renewed, or \"revoked\" (default: revoked; with "
        "--valid-days not renewed)");
    CLI::App* list = AddOffline(*parent, "list", "all that were made, with their roles and last days of use",
                                [this] { return AccessListCommand(options_, clock_); });
    AddConfig(list)->required();
    CLI::App* revoke = AddOffline(*parent, "revoke", "refuse it from its next call on",
                                  [this] { return AccessRevokeCommand(options_, access_.name, clock_); });
    AddConfig(revoke)->required();
    revoke->add_option("--name", access_.name, "as `access list` shows it")->required();
  }

  static void AddKey(CLI::App* command, OfficerKey& key) {
    command->add_option("--key", key.file, "the officer's key file; keep it offline");
    command->add_option(
        "--pkcs11", key.pkcs11,
        "instead: the key in a token, as \"pkcs11:token=NAME;object=KEY?module-path=/…/libsofthsm2.so\"");
    command->add_option("--pin-file", key.pin_file,
                        "the token's PIN, in a file of mode 0600; asked for at the terminal if not given");
  }

  void AddRosterCommands() {
    CLI::App* parent =
        AddOffline(app_, "roster", "the councils that have joined; below, the rosters that the officers sign",
                   [this]() -> absl::Status {
                     if (!options_.config.empty()) return RosterCommand(options_);
                     return absl::InvalidArgumentError("roster needs --config, or a sub-command");
                   });
    AddConfig(parent);
    AddKey(AddOffline(*parent, "new-key",
                      "make an officer's key, on the officer's own machine; prints its public half",
                      [this] { return RosterNewKeyCommand(options_, roster_); }),
           roster_.key);

    CLI::App* propose =
        AddOffline(*parent, "propose", "write the next roster, of the councils that have joined",
                   [this] { return RosterProposeCommand(options_, roster_, clock_); });
    AddConfig(propose)->required();
    propose->add_option("--out", roster_.file, "the file to write, for the officers to sign")->required();
    propose->add_option("--expires-days", roster_.expires_days, "for how long it is good (default 366)")
        ->check(CLI::Range(1, 3660));
    propose->add_flag("--one-part", roster_.one_part,
                      "all councils in one part, where regions are too small for secure sums");
    propose->add_option(
        "--successions", roster_.successions,
        "CSV of day,before,after: councils that ended and those that took over, beside what the "
        "catalogue knows of former members");
    propose->add_option("--deprivation", roster_.deprivation,
                        "CSV of council,deprivation: a public measure, for expected values in secure sums");

    CLI::App* sign = AddOffline(*parent, "sign", "show what a roster says; with --key or --pkcs11, sign it",
                                [this] { return RosterSignCommand(options_, roster_); });
    sign->add_option("file", roster_.file, "the roster; the signature is added to it")->required();
    AddKey(sign, roster_.key);
    sign->add_option("--previous", roster_.previous, "the file of the epoch before, to show what changes");
    sign->add_option("--catalogue", roster_.catalogue, "folder that knows the councils' names");

    CLI::App* publish = AddOffline(*parent, "publish", "give the nodes a roster that enough officers signed",
                                   [this] { return RosterPublishCommand(options_, roster_, clock_); });
    AddConfig(publish)->required();
    publish->add_option("file", roster_.file, "the signed roster")->required();

    CLI::App* revoke =
        AddOffline(*parent, "revoke", "let a council be no member any more, from its next call on",
                   [this] { return RosterRevokeCommand(options_, roster_, clock_); });
    AddConfig(revoke)->required();
    revoke->add_option("--council", roster_.council, "its ONS code")->required();
    CLI::App* show = AddOffline(*parent, "show", "the roster that was published last",
                                [this] { return RosterShowCommand(options_, roster_); });
    AddConfig(show)->required();
    show->add_option("--out", roster_.file, "write it to this file as well");
  }

  void AddCatalogueCommands() {
    CLI::App* parent = app_.add_subcommand(
        "catalogue", "the versions of the catalogue that the officers sign, where they do");
    parent->require_subcommand(1);
    CLI::App* propose =
        AddOffline(*parent, "propose", "write the next version, of this coordinator's catalogue",
                   [this] { return CatalogueProposeCommand(options_, catalogue_); });
    AddConfig(propose)->required();
    propose->add_option("--out", catalogue_.file, "the file to write, for the officers to sign")->required();
    CLI::App* sign = AddOffline(*parent, "sign", "show what a version says; with --key or --pkcs11, sign it",
                                [this] { return CatalogueSignCommand(options_, catalogue_); });
    sign->add_option("file", catalogue_.file, "the catalogue; the signature is added to it")->required();
    AddKey(sign, catalogue_.key);
    sign->add_option("--catalogue", catalogue_.catalogue,
                     "folder to compare it with, if not the installed one");
    CLI::App* publish = AddOffline(*parent, "publish", "let rounds ask for what enough officers signed",
                                   [this] { return CataloguePublishCommand(options_, catalogue_); });
    AddConfig(publish)->required();
    publish->add_option("file", catalogue_.file, "the signed catalogue")->required();
  }

  CLI::App app_{
      "The centre of a federation: enrols councils, collects rounds, combines and serves benchmarks.",
      "waymark-coordinator"};
  OperatorOptions options_;
  TokenOptions token_;
  ImportPublishedOptions published_;
  AccessOptions access_;
  RosterOptions roster_;
  CatalogueOptions catalogue_;
  SystemClock clock_;
  Action action_;
};

}  // namespace
}  // namespace waymark::coordinator

int main(int argc, char** argv) {
  absl::SetMutexDeadlockDetectionMode(
      absl::OnDeadlockCycle::kIgnore);  // on in Debian's build; gRPC pays for it
  return waymark::coordinator::CommandLine().Run(argc, argv);
}
