#include "node/link/client_file.h"

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/file.h"
#include "base/status.h"
#include "proto/contract/release.h"

namespace waymark::node {
namespace {

constexpr absl::string_view kFileName = "client.toml";
constexpr std::size_t kMaxBytes = 64 << 10;

bool IsAddress(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  int port = 0;
  return colon != std::string::npos && colon > 0 && absl::SimpleAtoi(text.substr(colon + 1), &port) &&
         port > 0 && port < 65536 && text.find_first_of(" /@\"\\") == std::string::npos;
}

constexpr absl::string_view kAddressExpected = "expected \"host:port\", as waymark.example.org:8443";

}  // namespace

std::string ReadCoordinatorKey(ConfigTable& table) {
  const std::string text = table.String("coordinator_key", "it stands in the join file");
  if (text.empty()) return "";
  const auto key = contract::BytesFromHex(text, contract::kKeyBytes);
  if (!key) table.Fail("coordinator_key", "expected 64 hexadecimal digits");
  return key.value_or("");
}

std::string ReadAddress(ConfigTable& table, absl::string_view key) {
  const std::string text = table.String(key, "it stands in the join file");
  if (text.empty()) return "";
  if (!IsAddress(text)) table.Fail(key, kAddressExpected);
  return text;
}

std::vector<std::string> ReadOtherAddresses(ConfigTable& table) {
  std::vector<std::string> addresses = table.Strings("other_addresses");
  for (const std::string& address : addresses) {
    if (!IsAddress(address)) table.Fail("other_addresses", kAddressExpected);
  }
  return addresses;
}

std::string OtherAddressesText(const std::vector<std::string>& addresses) {
  if (addresses.empty()) return "";
  return absl::StrCat("other_addresses = [\"", absl::StrJoin(addresses, "\", \""), "\"]\n");
}

absl::StatusOr<ClientFile> ReadClientFile(const std::string& identity_directory) {
  const std::string path = PathUnder(identity_directory, kFileName);
  const auto text = ReadFile(path, kMaxBytes);
  if (absl::IsNotFound(text.status())) {
    return absl::FailedPreconditionError(
        absl::StrCat("this node is not enrolled: ", path,
                     " is missing; ask the operator for a join file and run `waymark-node enrol`"));
  }
  RETURN_IF_ERROR(text.status());
  ASSIGN_OR_RETURN(ConfigTable table, ConfigTable::Parse(*text, path));
  ClientFile client;
  client.address = ReadAddress(table, "address");
  client.other_addresses = ReadOtherAddresses(table);
  client.coordinator_key = ReadCoordinatorKey(table);
  client.governance = contract::ReadGovernance(table);
  RETURN_IF_ERROR(table.Finish());
  return client;
}

absl::Status WriteClientFile(const std::string& identity_directory, const ClientFile& client) {
  const std::string text = absl::StrCat(
      "# Written by `waymark-node enrol`.\naddress = \"", client.address, "\"\n",
      OtherAddressesText(client.other_addresses), "coordinator_key = \"",
      absl::BytesToHexString(client.coordinator_key), "\"\n", contract::GovernanceText(client.governance));
  return WriteFileAtomically(PathUnder(identity_directory, kFileName), text, 0644);
}

}  // namespace waymark::node
