#include "coordinator/federation/roster_file.h"

#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/status.h"
#include "proto/contract/release.h"

namespace waymark::coordinator {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kTime[] = "%Y-%m-%dT%H:%M:%SZ";

// Bytes and times that are none are left out, which the contract then names.
std::string Bytes(const Json& object, const char* key, std::size_t size) {
  return contract::BytesFromHex(object.at(key).get<std::string>(), size).value_or("");
}

std::int64_t Time(const Json& object, const char* key) {
  absl::Time time;
  std::string error;
  const std::string text = object.at(key).get<std::string>();
  return absl::ParseTime(kTime, text, absl::UTCTimeZone(), &time, &error) ? absl::ToUnixSeconds(time) : 0;
}

v1::SignedRoster MessageOf(const Json& object) {
  v1::SignedRoster message;
  v1::RosterEpoch& roster = *message.mutable_roster();
  roster.set_federation(object.at("federation").get<std::string>());
  roster.set_epoch(object.at("epoch").get<std::uint64_t>());
  roster.set_expires_unix_s(Time(object, "expires"));
  roster.set_previous_hash(Bytes(object, "previous_hash", contract::kHashBytes));
  for (const Json& part : object.at("parts")) {
    v1::RosterPart& made = *roster.add_parts();
    made.set_code(part.at("code").get<std::string>());
    for (const Json& member : part.at("members")) {
      v1::RosterMember& council = *made.add_members();
      council.set_council(member.at("council").get<std::string>());
      council.set_signing_key(Bytes(member, "signing_key", contract::kKeyBytes));
      council.set_deprivation(member.value("deprivation", std::uint32_t{0}));
    }
  }
  for (const Json& signature : object.at("signatures")) {
    v1::OfficerSignature& made = *message.add_signatures();
    made.set_officer(Bytes(signature, "officer", contract::kKeyBytes));
    made.set_signature(Bytes(signature, "signature", contract::kSignatureBytes));
  }
  return message;
}

}  // namespace

std::string RosterFileText(const contract::SignedRoster& roster) {
  const contract::RosterEpoch& epoch = roster.roster;
  Json object = {
      {"federation", epoch.federation},
      {"epoch", epoch.epoch},
      {"expires", absl::FormatTime(kTime, absl::FromUnixSeconds(epoch.expires_unix_s), absl::UTCTimeZone())},
      {"previous_hash", absl::BytesToHexString(epoch.previous_hash)},
      {"parts", Json::array()},
      {"signatures", Json::array()}};
  for (const contract::RosterPart& part : epoch.parts) {
    Json members = Json::array();
    for (const contract::RosterMember& member : part.members) {
      members.push_back(
          {{"council", member.council}, {"signing_key", absl::BytesToHexString(member.signing_key)}});
      if (member.deprivation != 0) members.back()["deprivation"] = member.deprivation;
    }
    object["parts"].push_back({{"code", part.code}, {"members", members}});
  }
  for (const contract::OfficerSignature& signature : roster.signatures) {
    object["signatures"].push_back({{"officer", absl::BytesToHexString(signature.officer)},
                                    {"signature", absl::BytesToHexString(signature.signature)}});
  }
  return object.dump(1) + "\n";
}

absl::StatusOr<contract::SignedRoster> ParseRosterFile(const std::string& text, absl::string_view file) {
  const auto bad = [&](absl::string_view what) {
    return absl::InvalidArgumentError(
        absl::StrCat(file, ": is no roster as `waymark-coordinator roster propose` writes it: ", what));
  };
  v1::SignedRoster message;
  try {
    message = MessageOf(Json::parse(text));
  } catch (const nlohmann::json::exception&) {
    return bad("a part is missing or of another kind");
  }
  auto roster = contract::SignedRosterFromProto(message);
  if (!roster.ok()) return bad(roster.status().message());
  return roster;
}

}  // namespace waymark::coordinator
