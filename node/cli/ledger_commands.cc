#include <cstdio>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/file.h"
#include "base/status.h"
#include "base/text_table.h"
#include "node/cli/commands.h"
#include "node/cli/workplace.h"
#include "node/disclose/ledger_file.h"
#include "proto/contract/names.h"

namespace waymark::node {
namespace {

using Json = nlohmann::ordered_json;

std::string When(std::int64_t unix_s) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::FromUnixSeconds(unix_s), absl::UTCTimeZone());
}

std::string YearsText(const Claim& claim) {
  if (claim.charge == 0 && claim.rho_charge == 0) return "";
  if (claim.first_year == claim.last_year) return NameOfYear(claim.first_year);
  return absl::StrCat(NameOfYear(claim.first_year), " to ", NameOfYear(claim.last_year));
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
  if (entry.claim.charge > 0) {
    object["epsilon"] = FormatUnits(entry.claim.charge);
    object["charged_to"] = YearsText(entry.claim);
  }
  return object;
}

void PrintText(const std::vector<LedgerEntry>& entries, const std::vector<YearBudget>& budget) {
  TextTable table(
      {">entry", "time (UTC)", "what", "round", "metric", "period", "mode", ">epsilon", "charged to"});
  for (const LedgerEntry& entry : entries) {
    const Claim& claim = entry.claim;
    const bool charged = claim.charge > 0;
    table.AddRow({std::to_string(entry.sequence), When(entry.unix_s), std::string(NameOf(entry.kind)),
                  entry.round_id, claim.metric.empty() ? "" : absl::StrCat(claim.metric, " v", claim.version),
                  claim.period, claim.metric.empty() ? "" : std::string(contract::NameOf(claim.mode)),
                  charged ? FormatUnits(claim.charge) : "", YearsText(claim)});
  }
  std::printf("%s", table.empty() ? "Nothing has been released.\n" : table.Render().c_str());
  TextTable years({"financial year", ">epsilon spent", ">left"});
  for (const YearBudget& year : budget) {
    years.AddRow({NameOfYear(year.year), FormatSpent(year), FormatUnits(year.left)});
  }
  if (!years.empty()) std::printf("\n%s", years.Render().c_str());
}

absl::Status WriteRelease(const Ledger& ledger, const LedgerShowOptions& options) {
  ASSIGN_OR_RETURN(const auto stored, ledger.FindRelease(options.round));
  if (!stored) return absl::NotFoundError(absl::StrCat("nothing was released for the round ", options.round));
  return WriteFileAtomically(options.out, stored->bytes, 0600);
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
  if (!common.json) {
    PrintText(entries, budget);
    return absl::OkStatus();
  }
  Json object = {{"entries", Json::array()}, {"budget", Json::array()}};
  for (const LedgerEntry& entry : entries) object["entries"].push_back(ToJson(entry));
  for (const YearBudget& year : budget) {
    object["budget"].push_back(
        {{"year", NameOfYear(year.year)}, {"spent", FormatSpent(year)}, {"left", FormatUnits(year.left)}});
  }
  std::printf("%s\n", object.dump(1).c_str());
  return absl::OkStatus();
}

absl::Status LedgerVerifyCommand(const CommonOptions& common, const Clock& clock) {
  ASSIGN_OR_RETURN(const Site site, LoadSite(common.config));
  ASSIGN_OR_RETURN(const auto workplace, Workplace::Open(site, clock));
  RETURN_IF_ERROR(workplace->ledger().Verify());
  ASSIGN_OR_RETURN(const auto entries, workplace->ledger().Entries());
  if (common.json) {
    std::printf("%s\n", Json({{"entries", entries.size()}, {"chain", "whole"}}).dump(1).c_str());
  } else {
    std::printf("The ledger is whole: %zu entries, each chained to the one before.\n", entries.size());
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
