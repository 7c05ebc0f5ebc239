#include "node/link/identity_files.h"

#include <cstdio>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "base/status.h"
#include "crypto/secret_file.h"

namespace waymark::node {
namespace {

constexpr absl::string_view kKeyFile = "key.pem";
// There only until a pair is in its place; the certificate last, once it and its key are known to be good.
constexpr absl::string_view kPendingKey = "pending-key.pem";
constexpr absl::string_view kPendingRequest = "pending-request.pem";
constexpr absl::string_view kPendingCertificate = "pending-certificate.pem";

void Remove(const std::string& directory, absl::string_view name) {
  std::remove(PathUnder(directory, name).c_str());
}

}  // namespace

std::optional<Certified> CertifiedOf(const crypto::CertificateFacts& facts) {
  if (facts.uris.size() != 1) return std::nullopt;
  const std::vector<std::string> parts = absl::StrSplit(facts.uris[0], '/');
  if (parts.size() != 5 || parts[0] != "waymark:" || !parts[1].empty() || parts[2].empty() ||
      parts[3] != "council") {
    return std::nullopt;
  }
  return Certified{.federation = parts[2], .council = parts[4]};
}

absl::StatusOr<crypto::RequestWithKey> PendingRequest(const std::string& directory) {
  const std::string key_path = PathUnder(directory, kPendingKey);
  const std::string request_path = PathUnder(directory, kPendingRequest);
  if (FileExists(request_path) && FileExists(key_path)) {
    crypto::RequestWithKey pending;
    ASSIGN_OR_RETURN(pending.request_pem, ReadFile(request_path, kMaxPemBytes));
    ASSIGN_OR_RETURN(pending.private_key_pem, crypto::ReadSecretFile(key_path, kMaxPemBytes));
    return pending;
  }
  ASSIGN_OR_RETURN(crypto::RequestWithKey made, crypto::CreateRequest());
  RETURN_IF_ERROR(WriteFileAtomically(key_path, made.private_key_pem.RevealSecretText(), 0600));
  RETURN_IF_ERROR(WriteFileAtomically(request_path, made.request_pem, 0600));
  return made;
}

std::string WrongWithCertificate(absl::string_view certificate_pem, absl::string_view council,
                                 const crypto::SecretBytes& private_key_pem,
                                 absl::string_view authority_pem) {
  if (certificate_pem.size() > kMaxPemBytes) return "the certificate is larger than any is";
  const auto facts = crypto::InspectCertificate(certificate_pem);
  if (!facts.ok()) return absl::StrCat("the certificate cannot be read: ", facts.status().message());
  if (const auto member = CertifiedOf(*facts); !member || member->council != council) {
    return absl::StrCat("the certificate does not name council ", council, " alone");
  }
  if (const auto key = crypto::CheckKeyBelongs(certificate_pem, private_key_pem); !key.ok()) {
    return std::string(key.message());
  }
  if (const auto issued = crypto::CheckIssuedBy(certificate_pem, authority_pem); !issued.ok()) {
    return std::string(issued.message());
  }
  return "";
}

absl::Status ReplacePair(const std::string& directory, absl::string_view certificate_pem) {
  RETURN_IF_ERROR(WriteFileAtomically(PathUnder(directory, kPendingCertificate), certificate_pem, 0644));
  return FinishReplacing(directory);
}

absl::Status FinishReplacing(const std::string& directory) {
  const std::string pending_key = PathUnder(directory, kPendingKey);
  if (!FileExists(pending_key)) {
    Remove(directory, kPendingCertificate);  // without its key it is of no use
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const crypto::SecretBytes key, crypto::ReadSecretFile(pending_key, kMaxPemBytes));
  const std::string pending = PathUnder(directory, kPendingCertificate);
  const std::string placed = PathUnder(directory, kCertificateFile);
  if (FileExists(pending)) {
    ASSIGN_OR_RETURN(const std::string certificate, ReadFile(pending, kMaxPemBytes));
    if (crypto::CheckKeyBelongs(certificate, key).ok()) {
      RETURN_IF_ERROR(WriteFileAtomically(PathUnder(directory, kKeyFile), key.RevealSecretText(), 0600));
      RETURN_IF_ERROR(WriteFileAtomically(placed, certificate, 0644));
    }
    Remove(directory, kPendingCertificate);
  }
  // Once the pair is in its place its request is done with; else it is asked for again.
  if (!FileExists(placed)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string certificate, ReadFile(placed, kMaxPemBytes));
  if (!crypto::CheckKeyBelongs(certificate, key).ok()) return absl::OkStatus();
  Remove(directory, kPendingRequest);
  Remove(directory, kPendingKey);
  return absl::OkStatus();
}

}  // namespace waymark::node
