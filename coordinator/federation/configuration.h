// The coordinator's configuration file (TOML; docs/operations.md lists the keys), checked whole.
#ifndef WAYMARK_COORDINATOR_FEDERATION_CONFIGURATION_H_
#define WAYMARK_COORDINATOR_FEDERATION_CONFIGURATION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/contract/governance.h"

namespace waymark::coordinator {

struct Configuration {
  std::string federation;                    // [a-z0-9-]; stands in every certificate's URI
  std::string listen;                        // "host:port" for members and operators
  std::string enrolment_listen;              // "host:port" for enrolment
  std::string token_listen;                  // "host:port" for those with a bearer token; "": none is taken
  std::string http_listen;                   // "127.0.0.1:port" for HTTP behind a proxy; "": none is served
  std::vector<std::string> http_names;       // of that proxy, by which browsers ask; beside loopback's
  std::string web_directory;                 // what web/ built; beside the program if not given
  std::string public_address;                // how nodes reach `listen`
  std::vector<std::string> other_addresses;  // how they reach further coordinators on the same store
  std::string public_enrolment_address;      // how nodes reach `enrolment_listen`
  std::string public_token_address;          // how their holders reach `token_listen`
  std::vector<std::string> server_names;     // DNS names and IP addresses in the server's certificate
  std::string state_directory;               // absolute, or under the working directory
  std::string postgresql;                    // libpq's connection string; "": SQLite in state_directory
  std::int64_t lease_s = 0;                  // of several coordinators, for how long one leads unheard of
  std::int64_t revise_every_s = 0;           // late and corrected releases are published at multiples of this
  std::string catalogue_directory;
  contract::Governance governance;  // none: no rosters, and no rounds that need one
};

// NOT_FOUND; INVALID_ARGUMENT with every error, a line each: "file:line: key: …".
absl::StatusOr<Configuration> LoadConfiguration(const std::string& path);

// The line of a client.toml or join file that names other_addresses; "" for none.
std::string OtherAddressesText(const Configuration& configuration);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_FEDERATION_CONFIGURATION_H_
