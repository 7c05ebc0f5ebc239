#include "node/link/log_head_file.h"

#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "proto/contract/governance.h"
#include "proto/contract/release.h"

namespace waymark::node {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kTime[] = "%Y-%m-%dT%H:%M:%SZ";

// What is no such bytes is left out, which the contract then names.
std::string Bytes(const Json& object, const char* key, std::size_t size) {
  return contract::BytesFromHex(object.at(key).get<std::string>(), size).value_or("");
}

}  // namespace

std::string LogHeadText(const contract::WitnessedHead& head) {
  const contract::LogHead& seen = head.seen.head;
  const Json object = {
      {"council", head.council},
      {"size", seen.size},
      {"root", absl::BytesToHexString(seen.root)},
      {"signed", absl::FormatTime(kTime, absl::FromUnixSeconds(seen.time_unix_s), absl::UTCTimeZone())},
      {"coordinator_signature", absl::BytesToHexString(head.seen.signature)},
      {"council_signature", absl::BytesToHexString(head.signature)}};
  return object.dump(1) + "\n";
}

absl::StatusOr<contract::WitnessedHead> ParseLogHead(const std::string& text, absl::string_view file) {
  const auto bad = [&](absl::string_view why) {
    return absl::InvalidArgumentError(
        absl::StrCat(file, ": is no head of a log as `waymark-node log export-head` writes it (", why, ")"));
  };
  try {
    const Json object = Json::parse(text);
    absl::Time time;
    std::string error;
    if (!absl::ParseTime(kTime, object.at("signed").get<std::string>(), absl::UTCTimeZone(), &time, &error)) {
      return bad("signed: expected a time as 2027-11-22T00:00:00Z");
    }
    v1::WitnessedHead message;
    message.set_council(object.at("council").get<std::string>());
    message.set_signature(Bytes(object, "council_signature", contract::kSignatureBytes));
    v1::SignedLogHead& seen = *message.mutable_head();
    seen.set_signature(Bytes(object, "coordinator_signature", contract::kSignatureBytes));
    seen.mutable_head()->set_size(object.at("size").get<std::uint64_t>());
    seen.mutable_head()->set_root(Bytes(object, "root", contract::kHashBytes));
    seen.mutable_head()->set_time_unix_s(absl::ToUnixSeconds(time));
    absl::StatusOr<contract::WitnessedHead> head = contract::WitnessedHeadFromProto(message);
    if (!head.ok()) return bad(head.status().message());
    return head;
  } catch (const Json::exception& error) {
    return bad(error.what());
  }
}

}  // namespace waymark::node
