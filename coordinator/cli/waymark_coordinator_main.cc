// waymark-coordinator: the federation's centre, for its operator.
#include <CLI/CLI.hpp>
#include <functional>
#include <string>

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
    Add("roster", "the councils that have joined", [this] { return RosterCommand(options_); });
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
  CLI::App* Add(const std::string& name, const std::string& text, std::function<absl::Status()> action) {
    CLI::App* command = app_.add_subcommand(name, text);
    command->add_option("--config", options_.config, "the coordinator's configuration, a TOML file")
        ->required();
    command->add_flag("--json", options_.json, "print JSON");
    command->callback([this, action = std::move(action)] { action_ = action; });
    return command;
  }

  CLI::App app_{
      "The centre of a federation: enrols councils, collects rounds, combines and serves benchmarks.",
      "waymark-coordinator"};
  OperatorOptions options_;
  TokenOptions token_;
  SystemClock clock_;
  std::function<absl::Status()> action_;
};

}  // namespace
}  // namespace waymark::coordinator

int main(int argc, char** argv) {
  return waymark::coordinator::CommandLine().Run(argc, argv);
}
