#include "node/link/renewal.h"

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/log.h"
#include "base/status.h"
#include "crypto/certificate.h"
#include "node/link/identity_files.h"

namespace waymark::node {
namespace {

constexpr absl::Duration kBetweenLooks = absl::Minutes(10);

bool IsDue(const crypto::CertificateFacts& facts, absl::Time now) {
  return now >= facts.not_after - (facts.not_after - facts.not_before) / 3;
}

// As WrongWithCertificate, of one that is to take the place of this member's.
std::string WrongWithRenewed(absl::string_view certificate_pem, const Certified& member,
                             const crypto::SecretBytes& private_key_pem, absl::string_view authority_pem) {
  std::string wrong = WrongWithCertificate(certificate_pem, member.council, private_key_pem, authority_pem);
  if (!wrong.empty()) return wrong;
  const auto facts = crypto::InspectCertificate(certificate_pem);
  const auto renewed = facts.ok() ? CertifiedOf(*facts) : std::nullopt;
  if (renewed && renewed->federation == member.federation) return "";
  return absl::StrCat("the certificate is of another federation than ", member.federation);
}

}  // namespace

absl::Status CertificateRenewal::RenewWhenDue() {
  ASSIGN_OR_RETURN(const std::string held, ReadFile(PathUnder(directory_, kCertificateFile), kMaxPemBytes));
  // Another process may have renewed it, or enrolled anew.
  if (held != link_.certificate_pem()) RETURN_IF_ERROR(link_.Reconnect());
  const absl::Time now = clock_.Now();
  if (now < next_look_) return absl::OkStatus();
  next_look_ = now + kBetweenLooks;
  ASSIGN_OR_RETURN(const crypto::CertificateFacts facts, crypto::InspectCertificate(held));
  if (!IsDue(facts, now)) return absl::OkStatus();
  const std::optional<Certified> member = CertifiedOf(facts);
  if (!member) return absl::FailedPreconditionError("the certificate that is held names no council alone");
  ASSIGN_OR_RETURN(const std::string authority,
                   ReadFile(PathUnder(directory_, kAuthorityFile), kMaxPemBytes));
  ASSIGN_OR_RETURN(const crypto::RequestWithKey pending, PendingRequest(directory_));
  ASSIGN_OR_RETURN(const std::string certificate, link_.Renew(pending.request_pem));
  const std::string wrong = WrongWithRenewed(certificate, *member, pending.private_key_pem, authority);
  if (!wrong.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("renewal of the certificate: ", wrong, "; the old one stays"));
  }
  RETURN_IF_ERROR(ReplacePair(directory_, certificate));
  RETURN_IF_ERROR(link_.Reconnect());
  ASSIGN_OR_RETURN(const crypto::CertificateFacts renewed, crypto::InspectCertificate(certificate));
  Log(LogLevel::kInfo, "certificate renewed",
      {{"until", absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", renewed.not_after, absl::UTCTimeZone())}});
  return absl::OkStatus();
}

}  // namespace waymark::node
