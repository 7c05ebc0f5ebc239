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

void ReadSignatures(const Json& object,
                    google::protobuf::RepeatedPtrField<v1::OfficerSignature>& signatures) {
  for (const Json& signature : object.at("signatures")) {
    v1::OfficerSignature& made = *signatures.Add();
    made.set_officer(Bytes(signature, "officer", contract::kKeyBytes));
    made.set_signature(Bytes(signature, "signature", contract::kSignatureBytes));
  }
}

Json SignaturesOf(const std::vector<contract::OfficerSignature>& signatures) {
  Json array = Json::array();
  for (const contract::OfficerSignature& signature : signatures) {
    array.push_back({{"officer", absl::BytesToHexString(signature.officer)},
                     {"signature", absl::BytesToHexString(signature.signature)}});
  }
  return array;
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
  for (const Json& one : object.value("successions", Json::array())) {
    v1::Succession& made = *roster.add_successions();
    made.set_day(one.at("day").get<std::string>());
    for (const Json& code : one.at("before")) made.add_before(code.get<std::string>());
    for (const Json& code : one.at("after")) made.add_after(code.get<std::string>());
  }
  ReadSignatures(object, *message.mutable_signatures());
  return message;
}

v1::SignedCatalogue CatalogueMessageOf(const Json& object) {
  v1::SignedCatalogue message;
  v1::CatalogueVersion& catalogue = *message.mutable_catalogue();
  catalogue.set_federation(object.at("federation").get<std::string>());
  catalogue.set_number(object.at("number").get<std::uint64_t>());
  catalogue.set_previous_hash(Bytes(object, "previous_hash", contract::kHashBytes));
  for (const Json& definition : object.at("definitions")) {
    v1::CatalogueVersion::Definition& made = *catalogue.add_definitions();
    made.set_metric(definition.at("metric").get<std::string>());
    made.set_version(definition.at("version").get<std::uint32_t>());
    made.set_hash(Bytes(definition, "hash", contract::kHashBytes));
  }
  ReadSignatures(object, *message.mutable_signatures());
  return message;
}

// What a file says, by one of the two above and the contract's check of it.
template <typename Read, typename Check>
auto ParseFile(const std::string& text, absl::string_view file, absl::string_view what, Read read,
               Check check) -> decltype(check(read(Json()))) {
  const auto bad = [&](absl::string_view why) {
    return absl::InvalidArgumentError(absl::StrCat(file, ": is no ", what, " as `waymark-coordinator ", what,
                                                   " propose` writes it: ", why));
  };
  try {
    auto checked = check(read(Json::parse(text)));
    if (!checked.ok()) return bad(checked.status().message());
    return checked;
  } catch (const nlohmann::json::exception&) {
    return bad("a part is missing or of another kind");
  }
}

}  // namespace

std::string RosterFileText(const contract::SignedRoster& roster) {
  const contract::RosterEpoch& epoch = roster.roster;
  Json object = {
      {"federation", epoch.federation},
      {"epoch", epoch.epoch},
      {"expires", absl::FormatTime(kTime, absl::FromUnixSeconds(epoch.expires_unix_s), absl::UTCTimeZone())},
      {"previous_hash", absl::BytesToHexString(epoch.previous_hash)},
      {"parts", Json::array()}};
  for (const contract::RosterPart& part : epoch.parts) {
    Json members = Json::array();
    for (const contract::RosterMember& member : part.members) {
      members.push_back(
          {{"council", member.council}, {"signing_key", absl::BytesToHexString(member.signing_key)}});
      if (member.deprivation != 0) members.back()["deprivation"] = member.deprivation;
    }
    object["parts"].push_back({{"code", part.code}, {"members", members}});
  }
  for (const contract::Succession& one : epoch.successions) {
    object["successions"].push_back(
        {{"day", FormatDay(one.day)}, {"before", one.before}, {"after", one.after}});
  }
  object["signatures"] = SignaturesOf(roster.signatures);
  return object.dump(1) + "\n";
}

std::string CatalogueFileText(const contract::SignedCatalogue& catalogue) {
  const contract::CatalogueVersion& version = catalogue.catalogue;
  Json object = {{"federation", version.federation},
                 {"number", version.number},
                 {"previous_hash", absl::BytesToHexString(version.previous_hash)},
                 {"definitions", Json::array()}};
  for (const contract::SignedDefinition& one : version.definitions) {
    object["definitions"].push_back(
        {{"metric", one.metric}, {"version", one.version}, {"hash", absl::BytesToHexString(one.hash)}});
  }
  object["signatures"] = SignaturesOf(catalogue.signatures);
  return object.dump(1) + "\n";
}

absl::StatusOr<contract::SignedRoster> ParseRosterFile(const std::string& text, absl::string_view file) {
  return ParseFile(text, file, "roster", MessageOf, contract::SignedRosterFromProto);
}

absl::StatusOr<contract::SignedCatalogue> ParseCatalogueFile(const std::string& text,
                                                             absl::string_view file) {
  return ParseFile(text, file, "catalogue", CatalogueMessageOf, contract::SignedCatalogueFromProto);
}

}  // namespace waymark::coordinator
