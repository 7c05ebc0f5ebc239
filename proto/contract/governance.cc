#include "proto/contract/governance.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "proto/contract/release.h"

namespace waymark::contract {

std::optional<std::string> BytesFromHex(absl::string_view digits, std::size_t size) {
  const bool good = digits.size() == 2 * size && std::all_of(digits.begin(), digits.end(), [](char c) {
                      return absl::ascii_isxdigit(static_cast<unsigned char>(c));
                    });
  if (!good) return std::nullopt;
  return absl::HexStringToBytes(digits);
}

Governance ReadGovernance(ConfigTable& root) {
  Governance governance;
  if (!root.Has("governance")) return governance;
  ConfigTable table = root.Table("governance");
  for (const std::string& digits : table.Strings("officers")) {
    std::optional<std::string> key = BytesFromHex(digits, kKeyBytes);
    if (!key) {
      table.Fail("officers",
                 "expected 64 hexadecimal digits each, as `waymark-coordinator roster new-key` prints them");
      continue;
    }
    if (std::find(governance.officers.begin(), governance.officers.end(), *key) !=
        governance.officers.end()) {
      table.Fail("officers", "names one officer twice");
    }
    governance.officers.push_back(*std::move(key));
  }
  if (governance.officers.empty() || governance.officers.size() > kMaxOfficers) {
    table.Fail("officers", absl::StrCat("expected 1 to ", kMaxOfficers, " officers' public keys"));
    return governance;
  }
  const auto officers = static_cast<std::int64_t>(governance.officers.size());
  if (!table.Has("threshold")) table.Fail("threshold", "say how many of the officers must sign");
  governance.threshold = static_cast<std::uint32_t>(table.IntOr("threshold", officers, 1, officers));
  return governance;
}

std::string GovernanceText(const Governance& governance) {
  if (governance.officers.empty()) return "";
  const std::string officers =
      absl::StrJoin(governance.officers, ", ", [](std::string* out, const std::string& key) {
        absl::StrAppend(out, "\"", absl::BytesToHexString(key), "\"");
      });
  return absl::StrCat("[governance]\nofficers = [", officers, "]\nthreshold = ", governance.threshold, "\n");
}

absl::Status RequireGovernance(const Governance& governance) {
  if (!governance.officers.empty() && governance.threshold >= 1 &&
      governance.threshold <= governance.officers.size()) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      "this federation has no governance key: no officers are named whose signatures would say who is in "
      "([governance] in the coordinator's configuration, and in a node's client.toml)");
}

}  // namespace waymark::contract
