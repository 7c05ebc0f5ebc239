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
// Moves the store from the state directory's file into the PostgreSQL database that the configuration names.
absl::Status ImportCommand(const OperatorOptions& options);

// Persons and programs beside the councils (federation/access_grant.h).
struct AccessOptions {
  std::string name;
  std::string role;
  std::vector<std::string> regions;
  std::vector<std::string> metrics;
  std::string out;     // a new folder for a certificate; a file for a token, "": standard output
  bool token = false;  // instead of a certificate
  int valid_days = 0;  // 0: 365 for a certificate, 90 for a token
  // What no renewal of a certificate reaches beyond: a day, "revoked": none; "": a day where valid_days says
  // one, else none.
  std::string until{};
};
absl::Status AccessAddCommand(const OperatorOptions& options, const AccessOptions& access,
                              const Clock& clock);
// Without paths: shows what was imported.
struct ImportPublishedOptions {
  std::vector<std::string> paths;  // files or folders
  bool alone = false;              // what was imported before goes
};
absl::Status ImportPublishedCommand(const OperatorOptions& options, const ImportPublishedOptions& files,
                                    const Clock& clock);
absl::Status AccessListCommand(const OperatorOptions& options, const Clock& clock);
// From its next call on the access is none, also on a connection that is open.
absl::Status AccessRevokeCommand(const OperatorOptions& options, const std::string& name, const Clock& clock);

// The councils that have joined.
absl::Status RosterCommand(const OperatorOptions& options);

// An officer's key (officer_key.h): a file, or one in a PKCS#11 token.
struct OfficerKey {
  std::string file;
  std::string pkcs11;    // a URI of RFC 7512, instead
  std::string pin_file;  // of the token; "": asked for at the terminal
  bool is_named() const { return !file.empty() || !pkcs11.empty(); }
};

// The rosters that the officers sign (federation/rosters.h).
struct RosterOptions {
  std::string file;  // the roster on its way
  OfficerKey key;
  std::string previous;   // the file of the epoch before; "": not at hand
  std::string catalogue;  // for councils' names, where there is no configuration; "": the installed one
  int expires_days = 366;
  bool one_part = false;
  std::string deprivation{};  // a file
  std::string successions{};  // the same
  std::string council{};      // to be revoked
};
// Makes an officer's key and prints its public half. Needs no configuration, as signing does: both are meant
// for a machine of the officer's own.
absl::Status RosterNewKeyCommand(const OperatorOptions& options, const RosterOptions& roster);
absl::Status RosterSignCommand(const OperatorOptions& options, const RosterOptions& roster);
absl::Status RosterProposeCommand(const OperatorOptions& options, const RosterOptions& roster,
                                  const Clock& clock);
absl::Status RosterPublishCommand(const OperatorOptions& options, const RosterOptions& roster,
                                  const Clock& clock);
// The one published last; written to `file` as well where that is given.
absl::Status RosterShowCommand(const OperatorOptions& options, const RosterOptions& roster);
// The council is no member from its next call on.
absl::Status RosterRevokeCommand(const OperatorOptions& options, const RosterOptions& roster,
                                 const Clock& clock);
// The versions of the catalogue that the officers sign (federation/catalogues.h).
struct CatalogueOptions {
  std::string file;  // the catalogue on its way
  OfficerKey key;
  std::string catalogue;  // the officer's own, to compare with; "": the installed one
};
absl::Status CatalogueProposeCommand(const OperatorOptions& options, const CatalogueOptions& catalogue);
absl::Status CatalogueSignCommand(const OperatorOptions& options, const CatalogueOptions& catalogue);
absl::Status CataloguePublishCommand(const OperatorOptions& options, const CatalogueOptions& catalogue);
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
  bool standing = false;           // ranks and limits of councils
  std::vector<std::string> group;  // councils to be taken together
  bool curve = false;              // of a survival entry: every day
  std::string standardise;         // a breakdown
};
absl::Status MetricsCommand(const QueryOptions& options, const std::vector<std::string>& ids, bool markdown);
absl::Status BenchmarkCommand(const QueryOptions& options, const FigureSelection& selection);
absl::Status CompareCommand(const QueryOptions& options, const FigureSelection& selection,
                            const std::string& council);
// Who takes part in what was published, who does not and why, and how like all authorities those are that do.
absl::Status CoverageCommand(const QueryOptions& options, const FigureSelection& selection);
struct ScorecardOptions {
  std::string authority;               // name, ONS code, or the Department for Education's number
  std::vector<std::string> published;  // files or folders; empty: ask the coordinator
  std::string until;                   // "2025-03-31"; "": the latest years
};
absl::Status ScorecardCommand(const QueryOptions& options, const ScorecardOptions& scorecard);
// Without a period: every one that is published.
absl::Status TrendCommand(const QueryOptions& options, const FigureSelection& selection,
                          const std::string& geography);
// Moves between states; `selection` without what only figures have.
absl::Status JourneysCommand(const QueryOptions& options, const FigureSelection& selection,
                             const std::string& geography);
// Everything that is published and may be seen, a CSV file a metric with its CSVW description, into `folder`.
// Or, as workbooks, a file a publication.
absl::Status ExportCommand(const QueryOptions& options, const std::string& folder, bool as_workbooks);
struct ValueOptions {
  std::string assumptions;    // a file; "": the catalogue's
  std::int64_t councils = 0;  // 0, "": the file's, in all that follows
  std::string spend;          // pounds
  std::string cost;
  std::string confidence;  // %
  std::string uplift;      // %
  std::int64_t years = 0;
  std::vector<std::string> benefits;  // "id=pounds"
};
// Needs no connection.
absl::Status ValueCommand(const QueryOptions& options, const ValueOptions& value);
// The identity's certificate, now.
absl::Status AccessRenewCommand(const QueryOptions& options);
absl::Status RoundOpenCommand(const QueryOptions& options, const std::string& file, const Clock& clock);
absl::Status RoundListCommand(const QueryOptions& options);
absl::Status RoundShowCommand(const QueryOptions& options, const std::string& round_id);
absl::Status RoundCloseCommand(const QueryOptions& options, const std::string& round_id);
absl::Status RoundWithdrawCommand(const QueryOptions& options, const std::string& round_id,
                                  const std::string& reason);

struct ScheduleOptions {
  std::string name;
  std::string title;
  std::string cron;
  std::string period;
  std::vector<std::string> metrics;
  std::string file;  // items instead, each in its own way
  std::string mode = "thresholded";
  std::string epsilon;
  std::string rho;
  std::vector<std::string> breakdowns;
  std::vector<std::uint32_t> windows;
  std::vector<std::string> units;
  std::vector<std::string> geographies;
  std::uint32_t open_hours = 28 * 24;
  std::uint32_t least_contributors = 3;
  std::uint32_t close_at_answers = 0;
  std::uint32_t late_for_days = 0;
  std::uint32_t data_version = 1;
  bool dry_run = false;  // the next ten firings, without a connection
};
absl::Status ScheduleAddCommand(const QueryOptions& options, const ScheduleOptions& schedule,
                                const Clock& clock);
absl::Status ScheduleListCommand(const QueryOptions& options);
absl::Status ScheduleShowCommand(const QueryOptions& options, const std::string& name);
absl::Status ScheduleRemoveCommand(const QueryOptions& options, const std::string& name);

struct LogOptions {
  bool no_figures = false;  // the log alone, as for an auditor, who sees none
  std::string bundle{};     // a log that was saved, instead of the coordinator's
  std::string save{};       // where to
  std::string pinned{};     // a file with the keys to go by; "": the identity's client.toml
  std::string round_id{};   // of a secure sum, from here on
  std::string part;
  std::string roster;  // the signed roster's file, from somebody trusted
  int blocks = 16;     // picked at random where there are more
};
// The transparency log, whole: its root, signatures and rosters, and that what is published is what it says.
absl::Status LogVerifyCommand(const QueryOptions& options, const LogOptions& log);
absl::Status LogEntriesCommand(const QueryOptions& options, const LogOptions& log);
// Holds the coordinator to a secure sum: everything that members signed, and so many blocks of the sum,
// recomputed.
absl::Status SumVerifyCommand(const QueryOptions& options, const LogOptions& log);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_CLI_COMMANDS_H_
