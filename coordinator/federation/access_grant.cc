#include "coordinator/federation/access_grant.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/file.h"
#include "base/status.h"
#include "coordinator/federation/role.h"
#include "coordinator/federation/state_directory.h"
#include "crypto/certificate.h"

namespace waymark::coordinator {
namespace {

constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kMostNameBytes = 40;
constexpr std::size_t kMostPemBytes = 1 << 16;
constexpr char kFirstOperator[] = "operator";

absl::Status CheckName(const std::string& name) {
  const bool good =
      !name.empty() && name.size() <= kMostNameBytes && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
      });
  if (good) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("name: expected 1 to ", kMostNameBytes, " characters of a-z, 0-9 and '-'"));
}

absl::Status CheckWords(absl::string_view field, const std::vector<std::string>& words,
                        const std::set<std::string>& known) {
  for (const std::string& word : words) {
    if (known.contains(word)) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        field, ": \"", word, "\" is not in the catalogue; there are ", absl::StrJoin(known, ", ")));
  }
  return absl::OkStatus();
}

absl::StatusOr<Role> CheckRole(const std::string& word) {
  if (const std::optional<Role> role = FindRole(word); role && FactsOf(*role).granted) return *role;
  std::vector<absl::string_view> known;
  for (const RoleFacts& facts : kRoles) {
    if (facts.granted) known.push_back(facts.word);
  }
  return absl::InvalidArgumentError(absl::StrCat("role: expected one of ", absl::StrJoin(known, ", "),
                                                 "; councils come with `waymark-coordinator token`"));
}

absl::Status CheckScope(const Grant& grant, Role role, const catalogue::Library& library) {
  const RoleFacts& facts = FactsOf(role);
  if (facts.of_regions == grant.regions.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "regions: ", facts.title,
        facts.of_regions ? " needs at least one, as E12000001" : " is not of regions; give none"));
  }
  if (!grant.metrics.empty() && !facts.of_metrics) {
    return absl::InvalidArgumentError(
        absl::StrCat("metrics: ", facts.title, " is not of metrics; give none"));
  }
  std::set<std::string> regions;
  for (const v1::Area& area : library.areas()) regions.insert(area.region_code());
  RETURN_IF_ERROR(CheckWords("regions", grant.regions, regions));
  std::set<std::string> metrics;
  for (const v1::Metric& metric : library.metrics()) metrics.insert(metric.id());
  return CheckWords("metrics", grant.metrics, metrics);
}

// All but the hash.
absl::StatusOr<StoredAccess> EntryOf(const Grant& grant, const catalogue::Library& library, absl::Time now) {
  RETURN_IF_ERROR(CheckName(grant.name));
  ASSIGN_OR_RETURN(const Role role, CheckRole(grant.role));
  RETURN_IF_ERROR(CheckScope(grant, role, library));
  if (grant.valid_days < 1 || grant.valid_days > kMostValidDays) {
    return absl::InvalidArgumentError(absl::StrCat("valid_days: expected 1 to ", kMostValidDays));
  }
  if (EndOf(grant, now) <= now) return absl::InvalidArgumentError("ends: this day has passed");
  return StoredAccess{.name = grant.name,
                      .role = grant.role,
                      .by_token = false,
                      .hash = "",
                      .regions = grant.regions,
                      .metrics = grant.metrics,
                      .granted_unix_s = absl::ToUnixSeconds(now),
                      .expires_unix_s = absl::ToUnixSeconds(EndOf(grant, now)),
                      .valid_days = grant.valid_days,
                      .ends_unix_s = grant.ends_unix_s};
}

}  // namespace

absl::StatusOr<GrantedCertificate> GrantCertificate(Store& store, const catalogue::Library& library,
                                                    const Authority& authority, const Grant& grant,
                                                    absl::Time now) {
  ASSIGN_OR_RETURN(StoredAccess entry, EntryOf(grant, library, now));
  ASSIGN_OR_RETURN(const Role role, CheckRole(grant.role));
  ASSIGN_OR_RETURN(crypto::RequestWithKey request, crypto::CreateRequest());
  ASSIGN_OR_RETURN(std::string certificate, authority.Issue(role, grant.name, request.request_pem,
                                                            ValidFrom(now, EndOf(grant, now) - now)));
  ASSIGN_OR_RETURN(entry.hash, CertificateHash(certificate));
  RETURN_IF_ERROR(store.AddAccess(entry));
  return GrantedCertificate{.certificate_pem = std::move(certificate),
                            .private_key_pem = std::move(request.private_key_pem)};
}

absl::StatusOr<std::string> GrantToken(Store& store, const catalogue::Library& library, const Grant& grant,
                                       absl::Time now, crypto::RandomSource& random) {
  ASSIGN_OR_RETURN(StoredAccess entry, EntryOf(grant, library, now));
  ASSIGN_OR_RETURN(const Role role, CheckRole(grant.role));
  if (!FactsOf(role).by_token) {
    return absl::InvalidArgumentError(
        absl::StrCat("role: ", FactsOf(role).title, " comes with a certificate; no token can stand for it"));
  }
  ASSIGN_OR_RETURN(const crypto::SecretBytes bytes, crypto::SecretBytes::Random(kTokenBytes, random));
  std::string token = absl::StrCat(kTokenPrefix, absl::BytesToHexString(bytes.RevealSecretText()));
  entry.by_token = true;
  entry.hash = AccessTokenHash(token);
  RETURN_IF_ERROR(store.AddAccess(entry));
  return token;
}

std::string TokenFileText(const Configuration& configuration, absl::string_view name, absl::string_view token,
                          absl::string_view authority_pem, absl::string_view coordinator_key) {
  const bool by_http_alone = configuration.token_listen.empty();
  return absl::StrCat(
      "# Lets whoever holds it ask the federation \"", configuration.federation, "\" as \"", name, "\" (",
      by_http_alone ? "by HTTP alone: \"Authorization: Bearer\" and the token, at the address that the "
                      "operator gives"
                    : "`waymark --token-file`",
      "): keep it as a password.\n", "address = \"", configuration.public_token_address, "\"\ntoken = \"",
      token, "\"\nauthority_pem = '''\n", authority_pem, "'''\n",
      PinnedKeysText(configuration, coordinator_key));
}

absl::Status EnterFirstOperator(Store& store, const Configuration& configuration, absl::Time now) {
  const std::string path = OperatorIdentityDirectory(configuration) + "/certificate.pem";
  if (!FileExists(path)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string pem, ReadFile(path, kMostPemBytes));
  ASSIGN_OR_RETURN(const crypto::CertificateFacts facts, crypto::InspectCertificate(pem));
  const absl::Status added =
      store.AddAccess({.name = kFirstOperator,
                       .role = std::string(FactsOf(Role::kOperator).word),
                       .by_token = false,
                       .hash = facts.fingerprint,
                       .granted_unix_s = absl::ToUnixSeconds(now),
                       .expires_unix_s = absl::ToUnixSeconds(facts.not_after),
                       .valid_days = static_cast<int>(kMemberValidity / absl::Hours(24))});
  return absl::IsAlreadyExists(added) ? absl::OkStatus() : added;
}

}  // namespace waymark::coordinator
