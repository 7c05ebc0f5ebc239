#include "proto/contract/governance.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "proto/contract/checks.h"
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
  governance.signs_catalogue = table.BoolOr("signs_catalogue", false);
  return governance;
}

std::string GovernanceText(const Governance& governance) {
  if (governance.officers.empty()) return "";
  const std::string officers =
      absl::StrJoin(governance.officers, ", ", [](std::string* out, const std::string& key) {
        absl::StrAppend(out, "\"", absl::BytesToHexString(key), "\"");
      });
  return absl::StrCat("[governance]\nofficers = [", officers, "]\nthreshold = ", governance.threshold, "\n",
                      governance.signs_catalogue ? "signs_catalogue = true\n" : "");
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

absl::StatusOr<std::vector<OfficerSignature>> SignaturesFromProto(
    const google::protobuf::RepeatedPtrField<v1::OfficerSignature>& messages) {
  RETURN_IF_ERROR(CheckLength("signatures", static_cast<std::size_t>(messages.size()), 0, kMaxOfficers));
  std::vector<OfficerSignature> signatures;
  for (const v1::OfficerSignature& message : messages) {
    RETURN_IF_ERROR(CheckLength("signatures.officer", message.officer().size(), kKeyBytes, kKeyBytes));
    RETURN_IF_ERROR(
        CheckLength("signatures.signature", message.signature().size(), kSignatureBytes, kSignatureBytes));
    signatures.push_back({.officer = message.officer(), .signature = message.signature()});
  }
  return signatures;
}

void SignaturesToProto(const std::vector<OfficerSignature>& signatures,
                       google::protobuf::RepeatedPtrField<v1::OfficerSignature>& messages) {
  for (const OfficerSignature& signature : signatures) {
    v1::OfficerSignature* const out = messages.Add();
    out->set_officer(signature.officer);
    out->set_signature(signature.signature);
  }
}

absl::StatusOr<OfficerSignature> SignAsOfficer(absl::string_view bytes, const crypto::SigningKey& officer) {
  ASSIGN_OR_RETURN(std::string signature, officer.Sign(bytes));
  return OfficerSignature{.officer = officer.public_key(), .signature = std::move(signature)};
}

absl::Status CheckOfficers(absl::string_view what, absl::string_view bytes,
                           const std::vector<OfficerSignature>& signatures, const Governance& governance) {
  RETURN_IF_ERROR(RequireGovernance(governance));
  std::set<std::string> signers;
  for (const OfficerSignature& each : signatures) {
    const bool known = std::find(governance.officers.begin(), governance.officers.end(), each.officer) !=
                       governance.officers.end();
    if (known && crypto::VerifySignature(each.officer, bytes, each.signature).ok()) {
      signers.insert(each.officer);
    }
  }
  if (signers.size() >= governance.threshold) return absl::OkStatus();
  return absl::UnauthenticatedError(absl::StrCat(what, " is signed by ", signers.size(),
                                                 " of the federation's ", governance.officers.size(),
                                                 " officers, and ", governance.threshold, " must sign"));
}

}  // namespace waymark::contract
