// The sub-commands of waymark-coordinator and waymark, each a function of its own options. Output goes to
// standard output, as text or, with `json`, as JSON; an error is returned for main to print.
#ifndef WAYMARK_COORDINATOR_CLI_COMMANDS_H_
#define WAYMARK_COORDINATOR_CLI_COMMANDS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "base/clock.h"
#include "coordinator/cli/connection.h"

namespace waymark::coordinator {

// waymark-coordinator.
struct OperatorOptions {
  std::string config;
  bool json = false;
};
struct TokenOptions {
  std::string council;
  std::string out;  // "": standard output
  int valid_hours = 168;
};
absl::Status InitCommand(const OperatorOptions& options, const Clock& clock);
absl::Status CheckConfigCommand(const OperatorOptions& options);
absl::Status TokenCommand(const OperatorOptions& options, const TokenOptions& token, const Clock& clock);
absl::Status RosterCommand(const OperatorOptions& options);
// Serves until SIGTERM or SIGINT. rpc::RequireTls13 has been called.
absl::Status RunCommand(const OperatorOptions& options, const Clock& clock);

// waymark.
struct QueryOptions {
  ClientOptions client;
  std::string catalogue;  // folder; "": the installed one
  bool json = false;
  bool csv = false;
};
struct FigureSelection {
  std::string metric;
  std::uint32_t version = 0;
  std::string period;
  std::vector<std::string> geographies;
  std::string breakdown;
  std::optional<std::uint32_t> window_days;
  std::string unit;
};
absl::Status MetricsCommand(const QueryOptions& options, const std::vector<std::string>& ids, bool markdown);
absl::Status BenchmarkCommand(const QueryOptions& options, const FigureSelection& selection);
absl::Status CompareCommand(const QueryOptions& options, const FigureSelection& selection,
                            const std::string& council);
absl::Status RoundOpenCommand(const QueryOptions& options, const std::string& file, const Clock& clock);
absl::Status RoundListCommand(const QueryOptions& options);
absl::Status RoundShowCommand(const QueryOptions& options, const std::string& round_id);
absl::Status RoundCloseCommand(const QueryOptions& options, const std::string& round_id);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_CLI_COMMANDS_H_
