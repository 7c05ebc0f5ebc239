// client.toml in the identity directory: where the coordinator is, by which key it signs, and which officers
// say who is in.
#ifndef WAYMARK_NODE_LINK_CLIENT_FILE_H_
#define WAYMARK_NODE_LINK_CLIENT_FILE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/configuration.h"
#include "proto/contract/governance.h"

namespace waymark::node {

struct ClientFile {
  std::string address;                         // "host:port"
  std::vector<std::string> other_addresses{};  // of further coordinators of the federation
  std::string coordinator_key;                 // Ed25519, 32 bytes
  contract::Governance governance;
};

// FAILED_PRECONDITION where there is none: the node is not enrolled. INVALID_ARGUMENT where it is malformed.
absl::StatusOr<ClientFile> ReadClientFile(const std::string& identity_directory);
absl::Status WriteClientFile(const std::string& identity_directory, const ClientFile& client);

// Reads 32 bytes in hexadecimal at "coordinator_key", and "host:port" at `key`; errors go to the table.
std::string ReadCoordinatorKey(ConfigTable& table);
std::string ReadAddress(ConfigTable& table, absl::string_view key);
// The list at "other_addresses"; none where it is absent.
std::vector<std::string> ReadOtherAddresses(ConfigTable& table);
// The line that says so; "" for none.
std::string OtherAddressesText(const std::vector<std::string>& addresses);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_LINK_CLIENT_FILE_H_
