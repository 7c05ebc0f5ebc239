#include <nlohmann/json.hpp>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/day.h"
#include "base/file.h"
#include "base/status.h"
#include "base/text_table.h"
#include "catalogue/library.h"
#include "coordinator/cli/commands.h"
#include "coordinator/cli/connection.h"
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
constexpr char kUntilRevoked[] = "revoked";
constexpr std::int64_t kSecondsADay = 86'400;

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

// What no renewal reaches beyond. Whoever says how long it is good has said when it ends.
absl::StatusOr<std::int64_t> EndsOf(const AccessOptions& access, int valid_days, absl::Time now) {
  if (access.until.empty()) {
    const bool is_said = access.token || access.valid_days != 0;
    return is_said ? absl::ToUnixSeconds(now) + valid_days * kSecondsADay : 0;
  }
  if (access.token) {
    return absl::InvalidArgumentError("--until: a token is not renewed; --valid-days says when it ends");
  }
  if (access.until == kUntilRevoked) return 0;
  const std::optional<Day> last = ParseIsoDay(access.until);
  if (!last) return absl::InvalidArgumentError("--until: expected a day, as 2027-03-31, or \"revoked\"");
  return (std::int64_t{*last} + 1) * kSecondsADay - 1;
}

// "": never, of a token.
std::string RenewedUntil(bool by_token, std::int64_t ends_unix_s) {
  if (by_token) return "";
  return ends_unix_s == 0 ? kUntilRevoked : FormatTime(ends_unix_s);
}

void PrintMade(const AccessOptions& access, const Grant& grant, absl::Time now, bool json) {
  const std::int64_t end_unix_s = absl::ToUnixSeconds(EndOf(grant, now));
  const std::string until = FormatTime(end_unix_s);
  const std::string renewed = RenewedUntil(access.token, grant.ends_unix_s);
  if (json) {
    PrintJson({{"name", grant.name},
               {"role", grant.role},
               {"kind", access.token ? "token" : "certificate"},
               {access.token ? "file" : "identity", access.out},
               {"valid_until", until},
               {"renewed_until", renewed}});
    return;
  }
  const bool is_renewed = !access.token && grant.ends_unix_s != end_unix_s;
  Print(absl::StrCat(access.out, ": lets ", grant.name, " in as ", grant.role, " until ", until,
                     is_renewed ? absl::StrCat(" (renewed until ", renewed, ")") : "",
                     ". Hand it over by a trusted way, and delete it here.\n"));
}

absl::Status AddToken(const Configuration& configuration, Store& store, const catalogue::Library& library,
                      const Grant& grant, const AccessOptions& access, absl::Time now) {
  if (configuration.token_listen.empty() && configuration.http_listen.empty()) {
    return absl::FailedPreconditionError(
        "no bearer token is taken yet; give [server] token_listen, as \"0.0.0.0:7445\" (or http_listen, for "
        "HTTP alone), and start the "
        "coordinator anew");
  }
  ASSIGN_OR_RETURN(const Authority authority, LoadAuthority(configuration));
  crypto::SystemRandom random;
  ASSIGN_OR_RETURN(const crypto::SigningKey key, LoadCoordinatorKey(configuration, random));
  ASSIGN_OR_RETURN(const std::string token, GrantToken(store, library, grant, now, random));
  const std::string file =
      TokenFileText(configuration, grant.name, token, authority.certificate_pem(), key.public_key());
  if (!access.out.empty()) return WriteFileAtomically(access.out, file, 0600);
  Print(file);
  return absl::OkStatus();
}

absl::Status AddCertificate(const Configuration& configuration, Store& store,
                            const catalogue::Library& library, const Grant& grant, const std::string& out,
                            absl::Time now) {
  ASSIGN_OR_RETURN(const Authority authority, LoadAuthority(configuration));
  crypto::SystemRandom random;
  ASSIGN_OR_RETURN(const crypto::SigningKey key, LoadCoordinatorKey(configuration, random));
  ASSIGN_OR_RETURN(const GrantedCertificate made, GrantCertificate(store, library, authority, grant, now));
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
  const absl::Time now = clock.Now();
  ASSIGN_OR_RETURN(grant.ends_unix_s, EndsOf(access, grant.valid_days, now));
  RETURN_IF_ERROR(access.token ? AddToken(configuration, *store, library, grant, access, now)
                               : AddCertificate(configuration, *store, library, grant, access.out, now));
  if (!access.out.empty()) PrintMade(access, grant, now, options.json);
  return absl::OkStatus();
}

absl::Status AccessListCommand(const OperatorOptions& options, const Clock& clock) {
  ASSIGN_OR_RETURN(const Configuration configuration, LoadConfiguration(options.config));
  ASSIGN_OR_RETURN(const std::unique_ptr<Store> store, OpenWithFirstOperator(configuration, clock));
  ASSIGN_OR_RETURN(const std::vector<StoredAccess> accesses, store->Accesses());
  const std::int64_t now_unix_s = absl::ToUnixSeconds(clock.Now());
  TextTable table(
      {"Name", "Role", "By", "Regions", "Metrics", "State", "Until", "Renewed until", "Last used"});
  Json json = Json::array();
  for (const StoredAccess& access : accesses) {
    const std::string kind = access.by_token ? "token" : "certificate";
    const std::string state(StateOf(access, now_unix_s));
    const std::string until = FormatTime(access.expires_unix_s);
    const std::string used = DayOf(access.used_unix_s);
    const std::string renewed = RenewedUntil(access.by_token, access.ends_unix_s);
    table.AddRow({access.name, access.role, kind, absl::StrJoin(access.regions, ","),
                  absl::StrJoin(access.metrics, ","), state, until, renewed, used});
    json.push_back({{"name", access.name},
                    {"role", access.role},
                    {"kind", kind},
                    {"regions", access.regions},
                    {"metrics", access.metrics},
                    {"state", state},
                    {"granted", FormatTime(access.granted_unix_s)},
                    {"valid_until", until},
                    {"renewed_until", renewed},
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

absl::Status AccessRenewCommand(const QueryOptions& options) {
  ClientOptions client = options.client;
  client.clock = nullptr;  // now, whether it is due or not
  ASSIGN_OR_RETURN(const std::unique_ptr<Connection> connection, Connection::Open(client));
  ASSIGN_OR_RETURN(const absl::Time end, connection->Renew());
  const std::string until = FormatTime(absl::ToUnixSeconds(end));
  if (options.json) {
    PrintJson({{"valid_until", until}});
    return absl::OkStatus();
  }
  Print(absl::StrCat("The certificate is renewed until ", until,
                     "; copies of the one before are good no more.\n"));
  return absl::OkStatus();
}

}  // namespace waymark::coordinator
