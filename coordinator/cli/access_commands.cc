#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/file.h"
#include "base/status.h"
#include "base/text_table.h"
#include "catalogue/library.h"
#include "coordinator/cli/commands.h"
#include "coordinator/cli/output.h"
#include "coordinator/federation/access_grant.h"
#include "coordinator/federation/configuration.h"
#include "coordinator/federation/state_directory.h"
#include "crypto/random.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kCertificateDays = 365;
constexpr int kTokenDays = 90;

void PrintJson(const Json& json) {
  Print(json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

absl::Status CheckOut(const AccessOptions& access) {
  if (access.out.empty() && !access.token) {
    return absl::InvalidArgumentError("--out DIR: a certificate needs a folder; or ask for a --token");
  }
  if (FileExists(access.out)) {
    return absl::AlreadyExistsError(absl::StrCat(access.out, " is there already; give another name"));
  }
  return absl::OkStatus();
}

void PrintMade(const AccessOptions& access, const Grant& grant, const Clock& clock, bool json) {
  const std::string until = FormatTime(absl::ToUnixSeconds(clock.Now() + absl::Hours(24 * grant.valid_days)));
  if (json) {
    PrintJson({{"name", grant.name},
               {"role", grant.role},
               {"kind", access.token ? "token" : "certificate"},
               {access.token ? "file" : "identity", access.out},
               {"valid_until", until}});
    return;
  }
  Print(absl::StrCat(access.out, ": lets ", grant.name, " in as ", grant.role, " until ", until,
                     ". Hand it over by a trusted way, and delete it here.\n"));
}

absl::Status AddToken(const Configuration& configuration, Store& store, const catalogue::Library& library,
                      const Grant& grant, const AccessOptions& access, const Clock& clock) {
  if (configuration.token_listen.empty() && configuration.http_listen.empty()) {
    return absl::FailedPreconditionError(
        "no bearer token is taken yet; give [server] token_listen, as \"0.0.0.0:7445\" (or http_listen, for "
        "HTTP alone), and start the "
        "coordinator anew");
  }
  ASSIGN_OR_RETURN(const Authority authority, LoadAuthority(configuration));
  crypto::SystemRandom random;
  ASSIGN_OR_RETURN(const crypto::SigningKey key, LoadCoordinatorKey(configuration, random));
  ASSIGN_OR_RETURN(const std::string token, GrantToken(store, library, grant, clock.Now(), random));
  const std::string file =
      TokenFileText(configuration, grant.name, token, authority.certificate_pem(), key.public_key());
  if (!access.out.empty()) return WriteFileAtomically(access.out, file, 0600);
  Print(file);
  return absl::OkStatus();
}

absl::Status AddCertificate(const Configuration& configuration, Store& store,
                            const catalogue::Library& library, const Grant& grant, const std::string& out,
                            const Clock& clock) {
  ASSIGN_OR_RETURN(const Authority authority, LoadAuthority(configuration));
  crypto::SystemRandom random;
  ASSIGN_OR_RETURN(const crypto::SigningKey key, LoadCoordinatorKey(configuration, random));
  ASSIGN_OR_RETURN(const GrantedCertificate made,
                   GrantCertificate(store, library, authority, grant, clock.Now()));
  return WriteClientIdentity(configuration, out,
                             {.authority_pem = authority.certificate_pem(),
                              .certificate_pem = made.certificate_pem,
                              .private_key_pem = made.private_key_pem,
                              .coordinator_key = key.public_key()});
}

absl::string_view StateOf(const StoredAccess& access, std::int64_t now_unix_s) {
  if (access.revoked_unix_s != 0) return "revoked";
  return access.expires_unix_s <= now_unix_s ? "out of date" : "good";
}

std::string DayOf(std::int64_t unix_s) {
  if (unix_s == 0) return "";
  return absl::FormatTime("%Y-%m-%d", absl::FromUnixSeconds(unix_s), absl::UTCTimeZone());
}

absl::StatusOr<std::unique_ptr<Store>> OpenWithFirstOperator(const Configuration& configuration,
                                                             const Clock& clock) {
  ASSIGN_OR_RETURN(std::unique_ptr<Store> store, OpenStore(StoreOf(configuration)));
  RETURN_IF_ERROR(EnterFirstOperator(*store, configuration, clock.Now()));
  return store;
}

}  // namespace

absl::Status AccessAddCommand(const OperatorOptions& options, const AccessOptions& access,
                              const Clock& clock) {
  RETURN_IF_ERROR(CheckOut(access));
  ASSIGN_OR_RETURN(const Configuration configuration, LoadConfiguration(options.config));
  ASSIGN_OR_RETURN(const catalogue::Library library,
                   catalogue::Library::Load(configuration.catalogue_directory));
  ASSIGN_OR_RETURN(const std::unique_ptr<Store> store, OpenWithFirstOperator(configuration, clock));
  Grant grant{.name = access.name, .role = access.role, .regions = access.regions, .metrics = access.metrics};
  grant.valid_days = access.valid_days != 0 ? access.valid_days
                     : access.token         ? kTokenDays
                                            : kCertificateDays;
  RETURN_IF_ERROR(access.token ? AddToken(configuration, *store, library, grant, access, clock)
                               : AddCertificate(configuration, *store, library, grant, access.out, clock));
  if (!access.out.empty()) PrintMade(access, grant, clock, options.json);
  return absl::OkStatus();
}

absl::Status AccessListCommand(const OperatorOptions& options, const Clock& clock) {
  ASSIGN_OR_RETURN(const Configuration configuration, LoadConfiguration(options.config));
  ASSIGN_OR_RETURN(const std::unique_ptr<Store> store, OpenWithFirstOperator(configuration, clock));
  ASSIGN_OR_RETURN(const std::vector<StoredAccess> accesses, store->Accesses());
  const std::int64_t now_unix_s = absl::ToUnixSeconds(clock.Now());
  TextTable table({"Name", "Role", "By", "Regions", "Metrics", "State", "Until", "Last used"});
  Json json = Json::array();
  for (const StoredAccess& access : accesses) {
    const std::string kind = access.by_token ? "token" : "certificate";
    const std::string state(StateOf(access, now_unix_s));
    const std::string until = FormatTime(access.expires_unix_s);
    const std::string used = DayOf(access.used_unix_s);
    table.AddRow({access.name, access.role, kind, absl::StrJoin(access.regions, ","),
                  absl::StrJoin(access.metrics, ","), state, until, used});
    json.push_back({{"name", access.name},
                    {"role", access.role},
                    {"kind", kind},
                    {"regions", access.regions},
                    {"metrics", access.metrics},
                    {"state", state},
                    {"granted", FormatTime(access.granted_unix_s)},
                    {"valid_until", until},
                    {"last_used", used}});
  }
  if (options.json) {
    PrintJson(json);
  } else {
    Print(table.Render());
  }
  return absl::OkStatus();
}

absl::Status AccessRevokeCommand(const OperatorOptions& options, const std::string& name,
                                 const Clock& clock) {
  ASSIGN_OR_RETURN(const Configuration configuration, LoadConfiguration(options.config));
  ASSIGN_OR_RETURN(const std::unique_ptr<Store> store, OpenWithFirstOperator(configuration, clock));
  RETURN_IF_ERROR(store->RevokeAccess(name, absl::ToUnixSeconds(clock.Now())));
  if (options.json) {
    PrintJson({{"revoked", name}});
    return absl::OkStatus();
  }
  Print(absl::StrCat(name, " is refused from its next call on, also where it is connected.\n"));
  return absl::OkStatus();
}

}  // namespace waymark::coordinator
