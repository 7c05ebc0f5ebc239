#include "coordinator/federation/access_book.h"

#include <algorithm>
#include <optional>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/log.h"
#include "base/status.h"
#include "crypto/hash.h"

namespace waymark::coordinator {
namespace {

constexpr int kMostFailures = 20;  // of an address in a minute
constexpr std::size_t kMostAddresses = 4096;
constexpr std::int64_t kSecondsADay = 86'400;

absl::Status NotTheCoordinators(Role role) {
  return absl::PermissionDeniedError(absl::StrCat(
      "this certificate of ", FactsOf(role).title,
      " is revoked, replaced, out of date or not the coordinator's; ask the operator for another"));
}

absl::Status NotAdmitted() {
  return absl::UnauthenticatedError(
      "this token admits nobody: it may be mistyped, out of date or revoked; ask the operator for another");
}

}  // namespace

std::string AccessTokenHash(absl::string_view token) {
  return crypto::Sha256(token);
}

// Not by InspectCertificate: reading all that a certificate says takes longer than the rest of most calls,
// and here it is only told from others.
absl::StatusOr<std::string> CertificateHash(absl::string_view certificate_pem) {
  constexpr absl::string_view kBegin = "-----BEGIN CERTIFICATE-----";
  constexpr absl::string_view kEnd = "-----END CERTIFICATE-----";
  const std::size_t begin = certificate_pem.find(kBegin);
  const std::size_t end = certificate_pem.find(kEnd);
  std::string der;
  if (begin == absl::string_view::npos || end == absl::string_view::npos || end < begin ||
      !absl::Base64Unescape(certificate_pem.substr(begin + kBegin.size(), end - begin - kBegin.size()),
                            &der) ||
      der.empty())
    return absl::InvalidArgumentError("this is no certificate in PEM");
  return crypto::Sha256(der);
}

absl::Time EndFrom(absl::Time now, int valid_days, std::int64_t ends_unix_s) {
  const absl::Time end = now + absl::Hours(24 * valid_days);
  return ends_unix_s == 0 ? end : std::min(end, absl::FromUnixSeconds(ends_unix_s));
}

bool AccessBook::IsLive(const StoredAccess& entry) const {
  return entry.revoked_unix_s == 0 && absl::ToUnixSeconds(clock_.Now()) < entry.expires_unix_s;
}

// Keeps the day alone: when somebody looked is nobody's business, that an access is not used any more is.
absl::Status AccessBook::Use(const StoredAccess& entry) {
  const std::int64_t now_unix_s = absl::ToUnixSeconds(clock_.Now());
  const std::int64_t day_unix_s = now_unix_s - now_unix_s % kSecondsADay;
  return day_unix_s <= entry.used_unix_s ? absl::OkStatus() : store_.NoteAccessUse(entry.name, day_unix_s);
}

absl::StatusOr<StoredAccess> AccessBook::OfCertificate(absl::string_view certificate_pem, Role role,
                                                       absl::string_view name) {
  ASSIGN_OR_RETURN(const std::string hash, CertificateHash(certificate_pem));
  ASSIGN_OR_RETURN(const std::optional<StoredAccess> entry, store_.FindAccess(hash));
  const bool holds = entry && !entry->by_token && entry->role == FactsOf(role).word && entry->name == name;
  if (!holds || !IsLive(*entry)) return NotTheCoordinators(role);
  if (entry->is_next) {
    const absl::Status taken_up = store_.TakeUpAccess(entry->name, entry->hash);
    if (absl::IsNotFound(taken_up)) return NotTheCoordinators(role);
    RETURN_IF_ERROR(taken_up);
  }
  RETURN_IF_ERROR(Use(*entry));
  return *entry;
}

absl::StatusOr<std::string> AccessBook::Renew(const Authority& authority, absl::string_view certificate_pem,
                                              Role role, absl::string_view name,
                                              const std::string& certificate_request_pem) {
  RETURN_IF_ERROR(CheckRequestLength(certificate_request_pem));
  ASSIGN_OR_RETURN(const StoredAccess entry, OfCertificate(certificate_pem, role, name));
  if (entry.ends_unix_s != 0 && entry.expires_unix_s >= entry.ends_unix_s) {
    return absl::FailedPreconditionError(absl::StrCat(
        "this access ends with its certificate on ",
        absl::FormatTime("%Y-%m-%d", absl::FromUnixSeconds(entry.expires_unix_s), absl::UTCTimeZone()),
        "; ask the operator for another"));
  }
  const absl::Time now = clock_.Now();
  const absl::Time end = EndFrom(now, entry.valid_days, entry.ends_unix_s);
  ASSIGN_OR_RETURN(const std::string issued,
                   authority.Issue(role, name, certificate_request_pem, ValidFrom(now, end - now)));
  ASSIGN_OR_RETURN(const std::string hash, CertificateHash(issued));
  absl::StatusOr<std::string> certificate =
      store_.RenewAccess({.name = entry.name,
                          .held = entry.hash,
                          .request_hash = crypto::Sha256(certificate_request_pem),
                          .hash = hash,
                          .certificate_pem = issued,
                          .expires_unix_s = absl::ToUnixSeconds(end)});
  if (absl::IsNotFound(certificate.status())) return NotTheCoordinators(role);
  if (certificate.ok()) {
    Log(LogLevel::kInfo, "certificate renewed", {{"name", entry.name}, {"role", entry.role}});
  }
  return certificate;
}

int& AccessBook::FailuresOf(absl::string_view address) {
  const std::int64_t minute = absl::ToUnixSeconds(clock_.Now()) / 60;
  if (minute != minute_) failures_.clear();
  minute_ = minute;
  const auto found = failures_.find(address);
  if (found != failures_.end()) return found->second;
  // Beyond that many the others share one count, so that memory has a bound.
  return failures_[failures_.size() < kMostAddresses ? std::string(address) : std::string()];
}

absl::StatusOr<StoredAccess> AccessBook::OfToken(absl::string_view token, absl::string_view address) {
  return OfTokenHash(AccessTokenHash(token), address);
}

absl::StatusOr<StoredAccess> AccessBook::OfTokenHash(const std::string& hash, absl::string_view address) {
  // The index is over hashes of what nobody can guess, so the time of the search tells nothing; the entry
  // found is compared in constant time all the same.
  ASSIGN_OR_RETURN(const std::optional<StoredAccess> entry, store_.FindAccess(hash));
  if (!entry || !entry->by_token || !crypto::ConstantTimeEqual(entry->hash, hash) || !IsLive(*entry)) {
    const absl::MutexLock lock(&mutex_);
    if (int& failures = FailuresOf(address); failures < kMostFailures) {
      ++failures;
      return NotAdmitted();
    }
    return absl::ResourceExhaustedError(
        "too many tokens from this address admitted nobody; try again in a minute");
  }
  RETURN_IF_ERROR(Use(*entry));
  return *entry;
}

}  // namespace waymark::coordinator
