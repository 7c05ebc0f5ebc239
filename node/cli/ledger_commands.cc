#include <cstdio>
#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/file.h"
#include "base/status.h"
#include "base/text_table.h"
#include "node/cli/commands.h"
#include "node/disclose/ledger_file.h"
#include "node/disclose/rollback.h"
#include "node/disclose/roster_book.h"
#include "node/link/coordinator_link.h"
#include "node/site/ledger_report.h"
#include "node/site/workplace.h"
#include "proto/contract/names.h"

namespace waymark::node {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxReportBytes = 256 << 20;

std::string When(std::int64_t unix_s) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(unix_s), absl::UTCTimeZone());
}

Json ToJson(const LedgerEntry& entry) {
  Json object = {{"sequence", entry.sequence},
                 {"kind", std::string(NameOf(entry.kind))},
                 {"time", When(entry.unix_s)},
                 {"round", entry.round_id},
                 {"payload_bytes", entry.payload_bytes}};
  if (!entry.claim.metric.empty()) {
    object["metric"] = entry.claim.metric;
    object["version"] = entry.claim.version;
    object["mode"] = std::string(contract::NameOf(entry.claim.mode));
    object["period"] = entry.claim.period;
    object["data_version"] = entry.claim.data_version;
  }
  if (entry.claim.charge > 0) object["epsilon"] = FormatUnits(entry.claim.charge);
  if (entry.claim.rho_charge > 0) object["rho"] = FormatUnits(entry.claim.rho_charge);
  if (const std::string years = YearsText(entry.claim); !years.empty()) object["charged_to"] = years;
  return object;
}

void PrintEntries(const std::vector<LedgerEntry>& entries) {
  TextTable table(
      {">entry", "time (UTC)", "what", "round", "metric", "period", "mode", "charge", "charged to"});
  for (const LedgerEntry& entry : entries) {
    const Claim& claim = entry.claim;
    const bool charged = claim.charge > 0 || claim.rho_charge > 0;
    table.AddRow({std::to_string(entry.sequence), When(entry.unix_s), std::string(NameOf(entry.kind)),
                  entry.round_id, claim.metric.empty() ? "" : absl::StrCat(claim.metric, " v", claim.version),
                  claim.period, claim.metric.empty() ? "" : std::string(contract::NameOf(claim.mode)),
                  charged ? DescribeCharge(claim) : "", YearsText(claim)});
  }
  std::printf("%s", table.empty() ? "Nothing has been released.\n" : table.Render().c_str());
}

void PrintReleased(const std::vector<ReleasedRow>& rows, const std::vector<YearBudget>& budget) {
  TextTable table({"released (UTC)", "round", "metric", "what", "about whom", "period", "mode", "charge",
                   "charged to", "receipt"});
  for (const ReleasedRow& row : rows) {
    table.AddRow({row.when, row.round, row.metric, row.title, row.about_whom, row.period, row.mode,
                  row.charge, row.charged_to, row.receipt});
  }
  std::printf("%s", table.empty() ? "Nothing has been released.\n" : table.Render().c_str());
  TextTable years({"financial year", "of", ">epsilon limit", ">spent", ">left"});
  for (const YearBudget& year : budget) {
    years.AddRow({NameOfYear(year.year), year.family.empty() ? "everything noised" : year.family,
                  FormatFraction(year.limit), FormatSpent(year), FormatUnits(year.left)});
  }
  if (!years.empty()) std::printf("\n%s", years.Render().c_str());
}

std::size_t CouncilsIn(const contract::RosterEpoch& roster) {
  std::size_t councils = 0;
  for (const contract::RosterPart& part : roster.parts) councils += part.members.size();
  return councils;
}

Json ToJson(const contract::RosterEpoch& roster) {
  return {{"federation", roster.federation},
          {"epoch", roster.epoch},
          {"hash", absl::BytesToHexString(contract::RosterHash(roster))},
          {"councils", CouncilsIn(roster)},
          {"parts", roster.parts.size()},
          {"expires", When(roster.expires_unix_s)}};
}

void PrintRoster(const contract::RosterEpoch& roster) {
  std::printf("\nRoster held: epoch %s of the federation %s, %zu councils in %zu parts, good until %s.\n",
              std::to_string(roster.epoch).c_str(), roster.federation.c_str(), CouncilsIn(roster),
              roster.parts.size(), When(roster.expires_unix_s).c_str());
}

absl::Status WriteRelease(const Ledger& ledger, const LedgerShowOptions& options) {
  ASSIGN_OR_RETURN(const auto stored, ledger.FindRelease(options.round));
  if (!stored) return absl::NotFoundError(absl::StrCat("nothing was released for the round ", options.round));
  return WriteFileAtomically(options.out, stored->bytes, 0600);
}

absl::Status VerifyReport(const CommonOptions& common, const LedgerVerifyOptions& options,
                          const Workplace& workplace) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(options.report, kMaxReportBytes));
  const std::string key =
      options.key.empty() ? workplace.signing_key().public_key() : absl::HexStringToBytes(options.key);
  ASSIGN_OR_RETURN(const CheckedReport checked, CheckLedgerReport(text, key));
  if (common.json) {
    std::printf("%s\n",
                Json({{"council", checked.council}, {"made", checked.made}, {"entries", checked.entries}})
                    .dump(1)
                    .c_str());
  } else {
    std::printf(
        "The report of %s, made %s UTC, is signed by that key and whole: %zu entries, each chained to the "
        "one "
        "before, and a budget that is their sum.\n",
        checked.council.c_str(), checked.made.c_str(), checked.entries);
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status LedgerShowCommand(const CommonOptions& common, const LedgerShowOptions& options,
                               const Clock& clock) {
  if (!options.out.empty() && options.round.empty()) return absl::InvalidArgumentError("--out needs --round");
  ASSIGN_OR_RETURN(const Site site, LoadSite(common.config));
  ASSIGN_OR_RETURN(const auto workplace, Workplace::Open(site, clock));
  if (!options.out.empty()) return WriteRelease(workplace->ledger(), options);
  ASSIGN_OR_RETURN(std::vector<LedgerEntry> entries, workplace->ledger().Entries());
  if (!options.round.empty()) {
    std::erase_if(entries, [&](const LedgerEntry& entry) { return entry.round_id != options.round; });
  }
  ASSIGN_OR_RETURN(const auto budget, workplace->ledger().Budget(workplace->policy().budget()));
  ASSIGN_OR_RETURN(std::vector<ReleasedRow> rows, ReleasedRows(workplace->ledger(), site.library));
  if (!options.round.empty()) {
    std::erase_if(rows, [&](const ReleasedRow& row) { return row.round != options.round; });
  }
  ASSIGN_OR_RETURN(const auto roster, HeldRoster(workplace->ledger()));
  if (!common.json) {
    options.entries ? PrintEntries(entries) : PrintReleased(rows, budget);
    if (roster) PrintRoster(*roster);
    return absl::OkStatus();
  }
  Json object = {{"released", Json::array()}, {"entries", Json::array()}, {"budget", Json::array()}};
  object["roster"] = roster ? ToJson(*roster) : Json();
  for (const ReleasedRow& row : rows) {
    Json& released = object["released"].emplace_back();
    for (auto& [name, text] : FieldsOf(row)) released[name] = std::move(text);
  }
  for (const LedgerEntry& entry : entries) object["entries"].push_back(ToJson(entry));
  for (const YearBudget& year : budget) {
    object["budget"].push_back({{"year", NameOfYear(year.year)},
                                {"family", year.family},
                                {"limit", FormatFraction(year.limit)},
                                {"spent", FormatSpent(year)},
                                {"left", FormatUnits(year.left)}});
  }
  std::printf("%s\n", object.dump(1).c_str());
  return absl::OkStatus();
}

absl::Status LedgerVerifyCommand(const CommonOptions& common, const LedgerVerifyOptions& options,
                                 const Clock& clock) {
  ASSIGN_OR_RETURN(const Site site, LoadSite(common.config));
  ASSIGN_OR_RETURN(const auto workplace, Workplace::Open(site, clock));
  if (!options.report.empty()) return VerifyReport(common, options, *workplace);
  RETURN_IF_ERROR(workplace->ledger().Verify());
  ASSIGN_OR_RETURN(const auto entries, workplace->ledger().Entries());
  if (common.json) {
    std::printf("%s\n", Json({{"entries", entries.size()}, {"chain", "whole"}}).dump(1).c_str());
  } else {
    std::printf("The ledger is whole: %zu entries, each chained to the one before.\n", entries.size());
  }
  return absl::OkStatus();
}

absl::Status LedgerExportCommand(const CommonOptions& common, const std::string& out, const Clock& clock) {
  ASSIGN_OR_RETURN(const Site site, LoadSite(common.config));
  ASSIGN_OR_RETURN(const auto workplace, Workplace::Open(site, clock));
  ASSIGN_OR_RETURN(const std::string report,
                   MakeLedgerReport(workplace->ledger(), workplace->policy().budget(), site.library,
                                    site.configuration.council_code, workplace->signing_key(), clock));
  return WriteFileAtomically(out, report, 0600);
}

namespace {

// The key that a roster which is held, the newest first, names for the council; "" where none does.
absl::StatusOr<std::string> KeyOnRosters(const Ledger& ledger, const std::string& council) {
  ASSIGN_OR_RETURN(const std::vector<std::string> rosters, ledger.Rosters());
  for (auto bytes = rosters.rbegin(); bytes != rosters.rend(); ++bytes) {
    v1::SignedRoster message;
    if (!message.ParseFromString(*bytes)) return absl::DataLossError("ledger: a roster cannot be read");
    ASSIGN_OR_RETURN(const contract::SignedRoster roster, contract::SignedRosterFromProto(message));
    if (const auto* member = contract::FindMember(roster.roster, council)) return member->signing_key;
  }
  return "";
}

}  // namespace

absl::Status LedgerImportCommand(const CommonOptions& common, const LedgerImportOptions& options,
                                 const Clock& clock) {
  ASSIGN_OR_RETURN(const Site site, LoadSite(common.config));
  ASSIGN_OR_RETURN(const auto workplace, Workplace::Open(site, clock));
  ASSIGN_OR_RETURN(const std::string text, ReadFile(options.report, kMaxReportBytes));
  ASSIGN_OR_RETURN(const std::string council, CouncilOfReport(text));
  if (council == site.configuration.council_code)
    return absl::InvalidArgumentError(
        "that is this council's own ledger; put the newest ledger.db itself back");
  ASSIGN_OR_RETURN(std::string key, KeyOnRosters(workplace->ledger(), council));
  const std::string given = absl::HexStringToBytes(options.key);
  if (key.empty() && given.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("no roster that is held names ", council,
                     ", so nothing says which key is its; give --key, as `waymark-node "
                     "enrol` printed it there, from somebody whom you trust"));
  }
  if (!key.empty() && !given.empty() && given != key) {
    return absl::FailedPreconditionError(
        absl::StrCat("--key is not the one that the officers signed for ", council));
  }
  ASSIGN_OR_RETURN(const CheckedReport checked, CheckLedgerReport(text, key.empty() ? given : key));
  RETURN_IF_ERROR(workplace->ledger().Import(council, checked.list, text));
  if (common.json) {
    std::printf("%s\n", Json({{"council", council}, {"entries", checked.entries}}).dump(1).c_str());
  } else {
    std::printf("What %s released counts as released here: %zu entries of its ledger, signed by its key.\n",
                council.c_str(), checked.entries);
  }
  return absl::OkStatus();
}

absl::Status LedgerReconcileCommand(const CommonOptions& common, bool accept_loss, const Clock& clock) {
  ASSIGN_OR_RETURN(const Site site, LoadSite(common.config));
  ASSIGN_OR_RETURN(const auto workplace, Workplace::Open(site, clock));
  ASSIGN_OR_RETURN(const auto link, CoordinatorLink::Open(IdentityDirectory(site.configuration),
                                                          site.configuration.https_proxy, clock));
  ASSIGN_OR_RETURN(const auto seen, link->LastSeen(site.configuration.council_code));
  const absl::Status whole = CheckNotRolledBack(workplace->ledger(), workplace->self(), seen.own);
  bool reconciled = false;
  if (!whole.ok()) {
    if (!accept_loss || !absl::IsFailedPrecondition(whole)) return whole;
    for (const Countersigned& last : seen.own.releases) {
      ASSIGN_OR_RETURN(const bool written, Reconcile(workplace->ledger(), last, clock));
      reconciled = reconciled || written;
    }
    ASSIGN_OR_RETURN(const bool written, Reconcile(workplace->ledger(), workplace->self(), clock));
    reconciled = reconciled || written;
  }
  if (common.json) {
    std::printf("%s\n", Json({{"reconciled", reconciled}}).dump(1).c_str());
  } else if (reconciled) {
    std::printf(
        "The loss is recorded. Periods that began before today and financial years up to this one count as "
        "released and spent; what the ledger still holds is answered again.\n");
  } else {
    std::printf("The ledger has everything that others have seen of it; nothing was changed.\n");
  }
  return absl::OkStatus();
}

absl::Status LedgerMigrateCommand(const CommonOptions& common) {
  ASSIGN_OR_RETURN(const Site site, LoadSite(common.config));
  const std::string path = LedgerPath(site.configuration);
  if (!FileExists(path)) return absl::NotFoundError(absl::StrCat(path, ": there is no ledger to migrate"));
  ASSIGN_OR_RETURN(const LedgerFile::Migrated done, LedgerFile::Migrate(path));
  if (common.json) {
    std::printf("%s\n", Json({{"from", done.from}, {"to", done.to}}).dump(1).c_str());
  } else if (done.from == done.to) {
    std::printf("The ledger has this program's schema, %d, already; nothing was changed.\n", done.to);
  } else {
    std::printf("The ledger went from schema %d to %d, and its chain is whole. The old file is kept at %s.\n",
                done.from, done.to, done.copy.c_str());
  }
  return absl::OkStatus();
}

}  // namespace waymark::node
