#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/status.h"
#include "base/text_table.h"
#include "catalogue/library.h"
#include "coordinator/cli/commands.h"
#include "coordinator/cli/installed_catalogue.h"
#include "coordinator/cli/officer_key.h"
#include "coordinator/cli/output.h"
#include "coordinator/federation/roster_file.h"
#include "coordinator/federation/rosters.h"
#include "coordinator/federation/state_directory.h"
#include "coordinator/federation/successions.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::ordered_json;

void PrintJson(const Json& json) {
  Print(json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

absl::StatusOr<contract::SignedRoster> ReadRoster(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kMaxRosterFileBytes));
  return ParseRosterFile(text, path);
}

// A council's name where the installed catalogue knows it: an officer's machine may have none.
class CouncilNames {
 public:
  explicit CouncilNames(const std::string& catalogue_directory)
      : library_(LoadLibrary(catalogue_directory)) {}
  std::string Of(const std::string& council) const {
    const v1::Area* area = library_.ok() ? library_->FindAreaEver(council) : nullptr;
    return area == nullptr ? "" : area->name();
  }

 private:
  absl::StatusOr<catalogue::Library> library_;
};

std::size_t CouncilsIn(const contract::RosterEpoch& roster) {
  std::size_t councils = 0;
  for (const contract::RosterPart& part : roster.parts) councils += part.members.size();
  return councils;
}

Json Summary(const contract::SignedRoster& roster) {
  return {{"federation", roster.roster.federation},
          {"epoch", roster.roster.epoch},
          {"hash", absl::BytesToHexString(contract::RosterHash(roster.roster))},
          {"previous_hash", absl::BytesToHexString(roster.roster.previous_hash)},
          {"expires", FormatTime(roster.roster.expires_unix_s)},
          {"councils", CouncilsIn(roster.roster)},
          {"signatures", roster.signatures.size()}};
}

std::string SummaryText(const contract::SignedRoster& roster) {
  return absl::StrCat(
      "Roster of the federation ", roster.roster.federation, ", epoch ", roster.roster.epoch, ": ",
      CouncilsIn(roster.roster), " councils in ", roster.roster.parts.size(), " parts, good until ",
      FormatTime(roster.roster.expires_unix_s), ", ", roster.signatures.size(),
      " signatures.\nIts hash: ", absl::BytesToHexString(contract::RosterHash(roster.roster)), "\n");
}

// Against no roster at all, every council is added.
// "E10000006 (Cumbria) ended, … began": as the officers should see it.
std::string SuccessionsText(const contract::Successions& successions, const CouncilNames& names) {
  std::string text;
  for (const contract::Succession& one : successions) {
    absl::StrAppend(&text, contract::Describe(one), ":");
    for (const auto* const side : {&one.before, &one.after}) {
      for (const std::string& code : *side) absl::StrAppend(&text, " ", code, " ", names.Of(code), ";");
    }
    text.back() = '\n';
  }
  return text.empty() ? "" : absl::StrCat("What became of councils, new in this epoch:\n", text);
}

void PrintChanges(const contract::SignedRoster& roster, const std::optional<contract::SignedRoster>& before,
                  const CouncilNames& names, bool json) {
  const std::vector<RosterChange> changes =
      CompareRosters(before ? before->roster : contract::RosterEpoch{}, roster.roster);
  TextTable table({"Change", "Code", "Council", "Part", ">Deprivation", "Signing key"});
  Json array = Json::array();
  for (const RosterChange& change : changes) {
    const std::string key = absl::BytesToHexString(change.signing_key);
    table.AddRow({change.what, change.council, names.Of(change.council), change.part,
                  change.deprivation == 0 ? "" : absl::StrCat(change.deprivation), key});
    array.push_back({{"change", change.what},
                     {"council", change.council},
                     {"name", names.Of(change.council)},
                     {"part", change.part},
                     {"deprivation", change.deprivation == 0 ? Json(nullptr) : Json(change.deprivation)},
                     {"signing_key", key}});
  }
  const contract::Successions successions =
      NewSuccessions(before ? before->roster : contract::RosterEpoch{}, roster.roster);
  if (json) {
    Json object = Summary(roster);
    object["changes"] = array;
    object["successions"] = Json::array();
    for (const contract::Succession& one : successions) object["successions"].push_back(Describe(one));
    PrintJson(object);
    return;
  }
  Print(SummaryText(roster));
  Print(before
            ? absl::StrCat("Against epoch ", before->roster.epoch, ":\n")
            : absl::StrCat(roster.roster.epoch == 1 ? "The first epoch" : "The epoch before is not at hand",
                           ", so every council counts as added:\n"));
  Print(changes.empty() ? std::string("No council changes.\n") : table.Render());
  Print(SuccessionsText(successions, names));
}

// The roster before `roster`, where the officer has kept it: no other will do.
absl::StatusOr<std::optional<contract::SignedRoster>> ReadPrevious(const std::string& path,
                                                                   const contract::RosterEpoch& roster) {
  if (path.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(contract::SignedRoster previous, ReadRoster(path));
  if (contract::RosterHash(previous.roster) == roster.previous_hash) return previous;
  return absl::FailedPreconditionError(
      absl::StrCat(path, ": epoch ", previous.roster.epoch, " there is not the one that epoch ", roster.epoch,
                   " follows. Nothing was signed; ask the other officers what they signed"));
}

}  // namespace

absl::Status RosterNewKeyCommand(const OperatorOptions& options, const RosterOptions& roster) {
  ASSIGN_OR_RETURN(const std::string made, MakeOfficerKey(roster.key));
  const std::string public_key = absl::BytesToHexString(made);
  if (options.json) {
    PrintJson({{"public_key", public_key}});
  } else {
    Print(absl::StrCat(public_key, "\n"));
  }
  return absl::OkStatus();
}

absl::Status RosterProposeCommand(const OperatorOptions& options, const RosterOptions& roster,
                                  const Clock& clock) {
  ASSIGN_OR_RETURN(const Configuration configuration, LoadConfiguration(options.config));
  RETURN_IF_ERROR(contract::RequireGovernance(configuration.governance));
  ASSIGN_OR_RETURN(const catalogue::Library library,
                   catalogue::Library::Load(configuration.catalogue_directory));
  ASSIGN_OR_RETURN(const std::unique_ptr<Store> store, OpenStore(StoreOf(configuration)));
  std::map<std::string, std::uint32_t> deprivation;
  if (!roster.deprivation.empty()) {
    ASSIGN_OR_RETURN(const std::string text, ReadFile(roster.deprivation, kMaxRosterFileBytes));
    ASSIGN_OR_RETURN(deprivation, ParseDeprivation(text, roster.deprivation));
  }
  contract::Successions successions;
  if (!roster.successions.empty()) {
    ASSIGN_OR_RETURN(const std::string text, ReadFile(roster.successions, kMaxRosterFileBytes));
    ASSIGN_OR_RETURN(successions, ParseSuccessions(text, roster.successions));
  }
  contract::SignedRoster proposed;
  ASSIGN_OR_RETURN(proposed.roster,
                   ProposeRoster(*store, library,
                                 {.federation = configuration.federation,
                                  .expires = clock.Now() + absl::Hours(24 * roster.expires_days),
                                  .one_part = roster.one_part,
                                  .deprivation = std::move(deprivation),
                                  .known = library.successions(),
                                  .successions = std::move(successions)}));
  RETURN_IF_ERROR(WriteFileAtomically(roster.file, RosterFileText(proposed), 0644));
  ASSIGN_OR_RETURN(const auto before, NewestRoster(*store));
  PrintChanges(proposed, before, CouncilNames(configuration.catalogue_directory), options.json);
  if (!options.json) {
    Print(absl::StrCat(roster.file, ": now ", configuration.governance.threshold, " of ",
                       configuration.governance.officers.size(),
                       " officers sign it with `waymark-coordinator roster sign --key KEY ", roster.file,
                       "`, each adding to what the one before gave back.\n"));
  }
  return absl::OkStatus();
}

absl::Status RosterSignCommand(const OperatorOptions& options, const RosterOptions& roster) {
  ASSIGN_OR_RETURN(contract::SignedRoster proposed, ReadRoster(roster.file));
  ASSIGN_OR_RETURN(const auto previous, ReadPrevious(roster.previous, proposed.roster));
  if (roster.key.is_named()) {
    RETURN_IF_ERROR(
        AddOfficerSignature(contract::CanonicalBytes(proposed.roster), roster.key, proposed.signatures));
    RETURN_IF_ERROR(WriteFileAtomically(roster.file, RosterFileText(proposed), 0644));
  }
  PrintChanges(proposed, previous, CouncilNames(roster.catalogue), options.json);
  if (!options.json) {
    Print(roster.key.is_named() ? "Signed. Keep a copy of the file: the next epoch is compared with it.\n"
                                : "Nothing was signed: that takes --key or --pkcs11.\n");
  }
  return absl::OkStatus();
}

absl::Status RosterPublishCommand(const OperatorOptions& options, const RosterOptions& roster,
                                  const Clock& clock) {
  ASSIGN_OR_RETURN(const Configuration configuration, LoadConfiguration(options.config));
  ASSIGN_OR_RETURN(const std::unique_ptr<Store> store, OpenStore(StoreOf(configuration)));
  ASSIGN_OR_RETURN(const contract::SignedRoster made, ReadRoster(roster.file));
  ASSIGN_OR_RETURN(const bool now, PublishRoster(*store, configuration, made, clock.Now()));
  if (options.json) {
    Json object = Summary(made);
    object["published_now"] = now;
    PrintJson(object);
    return absl::OkStatus();
  }
  Print(absl::StrCat(SummaryText(made), now ? "Published: nodes fetch it when they next look for rounds.\n"
                                            : "It was published before; nothing changed.\n"));
  return absl::OkStatus();
}

absl::Status RosterRevokeCommand(const OperatorOptions& options, const RosterOptions& roster,
                                 const Clock& clock) {
  ASSIGN_OR_RETURN(const Configuration configuration, LoadConfiguration(options.config));
  ASSIGN_OR_RETURN(const std::unique_ptr<Store> store, OpenStore(StoreOf(configuration)));
  RETURN_IF_ERROR(store->RevokeMember(roster.council, absl::ToUnixSeconds(clock.Now())));
  ASSIGN_OR_RETURN(const auto newest, NewestRoster(*store));
  const bool signed_in = newest && contract::FindPartOf(newest->roster, roster.council) != nullptr;
  if (options.json) {
    PrintJson({{"revoked", roster.council}, {"in_signed_roster", signed_in}});
    return absl::OkStatus();
  }
  Print(absl::StrCat(
      roster.council,
      " is no member any more: its next call is refused, whatever certificate it shows, and its "
      "unused join files are void. A new join file lets it in again.\n",
      signed_in ? "The signed roster still names it: propose one without it, for the officers to "
                  "sign, so that secure sums do not wait for it.\n"
                : ""));
  return absl::OkStatus();
}

absl::Status RosterShowCommand(const OperatorOptions& options, const RosterOptions& roster) {
  ASSIGN_OR_RETURN(const Configuration configuration, LoadConfiguration(options.config));
  ASSIGN_OR_RETURN(const std::unique_ptr<Store> store, OpenStore(StoreOf(configuration)));
  ASSIGN_OR_RETURN(const auto newest, NewestRoster(*store));
  if (!newest) {
    return absl::NotFoundError("no roster has been published; see `waymark-coordinator roster propose`");
  }
  if (!roster.file.empty()) RETURN_IF_ERROR(WriteFileAtomically(roster.file, RosterFileText(*newest), 0644));
  const CouncilNames names(configuration.catalogue_directory);
  TextTable table({"Part", "Code", "Council", "Signing key"});
  Json members = Json::array();
  for (const contract::RosterPart& part : newest->roster.parts) {
    for (const contract::RosterMember& member : part.members) {
      const std::string key = absl::BytesToHexString(member.signing_key);
      table.AddRow({part.code, member.council, names.Of(member.council), key});
      members.push_back({{"part", part.code},
                         {"council", member.council},
                         {"name", names.Of(member.council)},
                         {"signing_key", key}});
    }
  }
  if (options.json) {
    Json object = Summary(*newest);
    object["members"] = members;
    PrintJson(object);
  } else {
    Print(SummaryText(*newest) + table.Render());
  }
  return absl::OkStatus();
}

}  // namespace waymark::coordinator
