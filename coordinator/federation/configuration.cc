#include "coordinator/federation/configuration.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/configuration.h"
#include "base/file.h"
#include "base/host_name.h"
#include "base/program.h"
#include "base/status.h"
#include "coordinator/store/open_store.h"

namespace waymark::coordinator {
namespace {

constexpr std::size_t kMaxFileBytes = 1 << 20;
constexpr std::size_t kMaxNameBytes = 40;

bool IsAddress(absl::string_view text) {
  const auto colon = text.rfind(':');
  int port = 0;
  return colon != absl::string_view::npos && colon > 0 && absl::SimpleAtoi(text.substr(colon + 1), &port) &&
         port >= 0 && port <= 65535;
}

bool IsWildcard(absl::string_view address) {
  return absl::StartsWith(address, "0.0.0.0:") || absl::StartsWith(address, "[::]:");
}

bool IsFederationName(absl::string_view name) {
  return !name.empty() && name.size() <= kMaxNameBytes && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

std::string Address(ConfigTable& table, absl::string_view key, absl::string_view fallback) {
  std::string address = table.StringOr(key, fallback);
  if (!IsAddress(address)) table.Fail(key, "expected host:port, as \"127.0.0.1:7443\"");
  return address;
}

// An address that others dial; one that means "every interface" is none.
std::string PublicAddress(ConfigTable& table, absl::string_view key, const std::string& listen) {
  std::string address = Address(table, key, listen);
  if (IsWildcard(address)) {
    table.Fail(
        key, absl::StrCat("nodes cannot dial ", address, "; give the name by which they reach this machine"));
  }
  return address;
}

void ReadTokenAddresses(ConfigTable& server, Configuration& configuration) {
  configuration.token_listen = Address(server, "token_listen", "");
  configuration.public_token_address =
      PublicAddress(server, "public_token_address", configuration.token_listen);
  for (const std::string& other : {configuration.listen, configuration.enrolment_listen}) {
    if (configuration.token_listen != other || absl::EndsWith(other, ":0")) continue;
    server.Fail("token_listen",
                "must differ from listen and enrolment_listen: tokens have a port of their own");
  }
}

}  // namespace

absl::StatusOr<Configuration> LoadConfiguration(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, kMaxFileBytes));
  ASSIGN_OR_RETURN(ConfigTable root, ConfigTable::Parse(text, path));
  Configuration configuration;
  ConfigTable federation = root.Table("federation");
  configuration.federation = federation.String("name", "give the federation a short name, as \"north\"");
  if (!configuration.federation.empty() && !IsFederationName(configuration.federation)) {
    federation.Fail("name", "expected at most 40 characters of a-z, 0-9 and '-'");
  }
  ConfigTable server = root.Table("server");
  configuration.listen = Address(server, "listen", "127.0.0.1:7443");
  configuration.enrolment_listen = Address(server, "enrolment_listen", "127.0.0.1:7444");
  if (configuration.listen == configuration.enrolment_listen && !absl::EndsWith(configuration.listen, ":0")) {
    server.Fail("enrolment_listen", "must differ from listen: enrolment has a port of its own");
  }
  if (server.Has("token_listen")) ReadTokenAddresses(server, configuration);
  if (server.Has("http_listen")) {
    configuration.http_listen = Address(server, "http_listen", "");
    const std::string& listen = configuration.http_listen;
    if (!IsLoopbackHost(absl::string_view(listen).substr(0, listen.rfind(':')))) {
      server.Fail(
          "http_listen",
          "HTTP without TLS is served on this machine alone; give 127.0.0.1 and a port, and put a proxy "
          "that holds TLS before it");
    }
    configuration.http_names = server.Strings("http_names");
    if (!std::all_of(configuration.http_names.begin(), configuration.http_names.end(), IsHostName)) {
      server.Fail("http_names",
                  "expected the names by which the proxy before http_listen is asked, without ports, as "
                  "[\"benchmarks.example.org\"]");
    }
  }
  configuration.web_directory = server.Has("web") ? PathUnder(DirectoryOf(path), server.StringOr("web", ""))
                                                  : ShareDirectory() + "/web";
  configuration.public_address = PublicAddress(server, "public_address", configuration.listen);
  configuration.public_enrolment_address =
      PublicAddress(server, "public_enrolment_address", configuration.enrolment_listen);
  configuration.other_addresses = server.Strings("other_addresses");
  for (const std::string& address : configuration.other_addresses) {
    if (!IsAddress(address) || IsWildcard(address)) {
      server.Fail("other_addresses", "expected host:port, by which nodes reach the other coordinators");
    }
  }
  configuration.server_names = server.Strings("names");
  if (configuration.server_names.empty()) configuration.server_names = {"localhost", "127.0.0.1"};
  const std::string directory = DirectoryOf(path);
  ConfigTable store = root.Table("store");
  configuration.state_directory = PathUnder(directory, store.StringOr("directory", "state"));
  configuration.postgresql = store.StringOr("postgresql", "");
  configuration.lease_s = store.IntOr("lease_seconds", 15, 2, 300);
  const absl::Status place = CheckStorePlace({.sqlite_path = "", .postgresql = configuration.postgresql});
  if (!place.ok()) store.Fail("postgresql", place.message());
  const std::string catalogue = root.StringOr("catalogue", "");
  configuration.catalogue_directory =
      catalogue.empty() ? ShareDirectory() + "/catalogue" : PathUnder(directory, catalogue);
  ConfigTable rounds = root.Table("rounds");
  constexpr std::int64_t kDay_s = 24 * 60 * 60;
  configuration.revise_every_s = rounds.IntOr("revise_every_seconds", kDay_s, 1, 31 * kDay_s);
  configuration.governance = contract::ReadGovernance(root);
  RETURN_IF_ERROR(root.Finish());
  return configuration;
}

std::string OtherAddressesText(const Configuration& configuration) {
  if (configuration.other_addresses.empty()) return "";
  return absl::StrCat("other_addresses = [\"", absl::StrJoin(configuration.other_addresses, "\", \""),
                      "\"]\n");
}

}  // namespace waymark::coordinator
