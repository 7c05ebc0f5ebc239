#include "node/link/renewal.h"

#include "base/file.h"
#include "base/log.h"
#include "base/status.h"
#include "crypto/certificate.h"
#include "proto/rpc/identity_files.h"

namespace waymark::node {
namespace {

constexpr absl::Duration kBetweenLooks = absl::Minutes(10);

}  // namespace

absl::Status CertificateRenewal::RenewWhenDue() {
  const std::string path = PathUnder(directory_, rpc::kCertificateFile);
  ASSIGN_OR_RETURN(const std::string held, ReadFile(path, rpc::kMaxPemBytes));
  // Another process may have renewed it, or enrolled anew.
  if (held != link_.certificate_pem()) RETURN_IF_ERROR(link_.Reconnect());
  const absl::Time now = clock_.Now();
  if (now < next_look_) return absl::OkStatus();
  next_look_ = now + kBetweenLooks;
  ASSIGN_OR_RETURN(const crypto::CertificateFacts facts, crypto::InspectCertificate(held));
  if (!crypto::IsInLastThird(facts, now)) return absl::OkStatus();
  RETURN_IF_ERROR(rpc::RenewIdentity(directory_, held,
                                     [this](const std::string& request) { return link_.Renew(request); }));
  RETURN_IF_ERROR(link_.Reconnect());
  ASSIGN_OR_RETURN(const crypto::CertificateFacts renewed,
                   crypto::InspectCertificate(link_.certificate_pem()));
  Log(LogLevel::kInfo, "certificate renewed",
      {{"until", absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", renewed.not_after, absl::UTCTimeZone())}});
  return absl::OkStatus();
}

}  // namespace waymark::node
