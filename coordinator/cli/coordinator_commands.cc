#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/status.h"
#include "base/text_table.h"
#include "catalogue/library.h"
#include "coordinator/cli/commands.h"
#include "coordinator/cli/output.h"
#include "coordinator/federation/areas.h"
#include "coordinator/federation/configuration.h"
#include "coordinator/federation/join_token.h"
#include "coordinator/federation/rosters.h"
#include "coordinator/federation/state_directory.h"
#include "coordinator/federation/successions.h"
#include "coordinator/rounds/file_input_store.h"
#include "coordinator/store/import.h"
#include "coordinator/store/state_lock.h"
#include "crypto/certificate.h"
#include "crypto/random.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::ordered_json;

void PrintJson(const Json& json) {
  Print(json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace

absl::Status InitCommand(const OperatorOptions& options, const Clock& clock) {
  ASSIGN_OR_RETURN(const Configuration configuration, LoadConfiguration(options.config));
  crypto::SystemRandom random;
  RETURN_IF_ERROR(InitialiseState(configuration, clock, random));
  const std::string operator_directory = OperatorIdentityDirectory(configuration);
  if (options.json) {
    PrintJson({{"federation", configuration.federation},
               {"state", configuration.state_directory},
               {"operator_identity", operator_directory}});
    return absl::OkStatus();
  }
  Print(absl::StrCat(
      "The federation ", configuration.federation, " is made, in ", configuration.state_directory,
      ".\n"
      "Certificates: the server's is valid for two years, the operator's and each council's for one.\n"
      "Operator's identity: ",
      operator_directory, "\n\nNext:\n  waymark-coordinator run --config ", options.config,
      "\n  waymark-coordinator token --config ", options.config,
      " --council CODE --out CODE.join\n  waymark --identity ", operator_directory, " round list\n"));
  return absl::OkStatus();
}

absl::Status CheckConfigCommand(const OperatorOptions& options) {
  ASSIGN_OR_RETURN(const Configuration configuration, LoadConfiguration(options.config));
  ASSIGN_OR_RETURN(const catalogue::Library library,
                   catalogue::Library::Load(configuration.catalogue_directory));
  if (options.json) {
    PrintJson({{"federation", configuration.federation},
               {"listen", configuration.listen},
               {"enrolment_listen", configuration.enrolment_listen},
               {"public_address", configuration.public_address},
               {"public_enrolment_address", configuration.public_enrolment_address},
               {"names", configuration.server_names},
               {"state", configuration.state_directory},
               {"store", configuration.postgresql.empty() ? "sqlite" : "postgresql"},
               {"catalogue", configuration.catalogue_directory},
               {"metrics", library.metrics().size()},
               {"areas", library.areas().size()},
               {"former_areas", library.former_areas().size()},
               {"officers", configuration.governance.officers.size()},
               {"officers_needed", configuration.governance.threshold}});
    return absl::OkStatus();
  }
  Print(absl::StrCat(options.config, " is good: federation ", configuration.federation, ", members on ",
                     configuration.listen, ", enrolment on ", configuration.enrolment_listen, ", state in ",
                     configuration.state_directory,
                     configuration.postgresql.empty() ? "" : ", store in PostgreSQL", ", ",
                     library.metrics().size(), " metrics and ", library.areas().size(), " councils (",
                     library.former_areas().size(), " former ones) in the catalogue; ",
                     configuration.governance.officers.empty()
                         ? std::string("no officers, so no rounds that need a signed roster")
                         : absl::StrCat(configuration.governance.threshold, " of ",
                                        configuration.governance.officers.size(), " officers sign rosters"),
                     ".\n"));
  return absl::OkStatus();
}

absl::Status TokenCommand(const OperatorOptions& options, const TokenOptions& token, const Clock& clock) {
  ASSIGN_OR_RETURN(const Configuration configuration, LoadConfiguration(options.config));
  ASSIGN_OR_RETURN(const catalogue::Library library,
                   catalogue::Library::Load(configuration.catalogue_directory));
  ASSIGN_OR_RETURN(const v1::Area* area, RequireArea(library, token.council));
  ASSIGN_OR_RETURN(const Authority authority, LoadAuthority(configuration));
  crypto::SystemRandom random;
  ASSIGN_OR_RETURN(const crypto::SigningKey key, LoadCoordinatorKey(configuration, random));
  ASSIGN_OR_RETURN(const std::unique_ptr<Store> store, OpenStore(StoreOf(configuration)));
  const contract::Successions known = KnownSuccessions(configuration, library);
  ASSIGN_OR_RETURN(const contract::Successions successions, HeldSuccessions(*store, known));
  RETURN_IF_ERROR(CheckNotEnded(successions, area->code()));
  const absl::Time expires = clock.Now() + absl::Hours(token.valid_hours);
  ASSIGN_OR_RETURN(const std::string secret, IssueToken(*store, area->code(), expires, random));
  const std::string file =
      JoinFileText(configuration, area->code(), secret, authority.certificate_pem(), key.public_key());
  if (token.out.empty()) {
    Print(file);
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(WriteFileAtomically(token.out, file, 0600));
  const std::string until = FormatTime(absl::ToUnixSeconds(expires));
  if (options.json) {
    PrintJson(
        {{"council", area->code()}, {"name", area->name()}, {"file", token.out}, {"valid_until", until}});
    return absl::OkStatus();
  }
  Print(absl::StrCat(token.out, ": lets ", area->name(), " (", area->code(), ") join once, until ", until,
                     ". Hand it over by a trusted way.\n"));
  return absl::OkStatus();
}

absl::Status ImportCommand(const OperatorOptions& options) {
  ASSIGN_OR_RETURN(const Configuration configuration, LoadConfiguration(options.config));
  if (configuration.postgresql.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(options.config, ": [store] postgresql says where to; it is not there"));
  }
  ASSIGN_OR_RETURN(const FileLock lock, LockState(configuration.state_directory));
  const StorePlace place = StoreOf(configuration);
  ASSIGN_OR_RETURN(const std::vector<TableContent> contents,
                   ImportStore(place.sqlite_path, place.postgresql, [&](PutMaskedBlock put) {
                     return ForEachMaskedBlock(configuration.state_directory, put);
                   }));
  TextTable table({"Table", ">Rows", "SHA-256 of the rows"});
  Json json = Json::array();
  for (const TableContent& content : contents) {
    const std::string hash = absl::BytesToHexString(content.hash);
    table.AddRow({content.table, absl::StrCat(content.rows), hash});
    json.push_back({{"table", content.table}, {"rows", content.rows}, {"hash", hash}});
  }
  if (options.json) {
    PrintJson(json);
    return absl::OkStatus();
  }
  Print(absl::StrCat(table.Render(), "All of it is in PostgreSQL, and was read back. ", place.sqlite_path,
                     " and ", MaskedDirectory(configuration.state_directory, ""),
                     " are as they were and are used no more: move them away.\n"));
  return absl::OkStatus();
}

absl::Status RosterCommand(const OperatorOptions& options) {
  ASSIGN_OR_RETURN(const Configuration configuration, LoadConfiguration(options.config));
  ASSIGN_OR_RETURN(const catalogue::Library library,
                   catalogue::Library::Load(configuration.catalogue_directory));
  ASSIGN_OR_RETURN(const std::unique_ptr<Store> store, OpenStore(StoreOf(configuration)));
  ASSIGN_OR_RETURN(const std::vector<Member> members, store->Members());
  TextTable table({"Code", "Council", "Region", "Enrolled", "Certificate until"});
  Json json = Json::array();
  for (const Member& member : members) {
    const v1::Area* area = library.FindArea(member.council);
    const absl::StatusOr<crypto::CertificateFacts> facts = crypto::InspectCertificate(member.certificate_pem);
    const std::string until = facts.ok() ? FormatTime(absl::ToUnixSeconds(facts->not_after)) : "";
    const std::string name = area == nullptr ? "" : area->name();
    const std::string region = area == nullptr ? "" : area->region_name();
    const std::string enrolled = FormatTime(member.enrolled_unix_s);
    table.AddRow({member.council, name, region, enrolled, until});
    json.push_back({{"council", member.council},
                    {"name", name},
                    {"region", region},
                    {"enrolled", enrolled},
                    {"certificate_until", until},
                    {"signing_key", absl::BytesToHexString(member.signing_key)}});
  }
  if (options.json) {
    PrintJson(json);
  } else if (members.empty()) {
    Print("No council has joined yet; make a join file with `waymark-coordinator token`.\n");
  } else {
    Print(table.Render());
  }
  return absl::OkStatus();
}

}  // namespace waymark::coordinator
