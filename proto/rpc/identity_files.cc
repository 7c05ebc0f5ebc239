#include "proto/rpc/identity_files.h"

#include <cstdio>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/file.h"
#include "base/file_lock.h"
#include "base/status.h"
#include "crypto/secret_file.h"

namespace waymark::rpc {
namespace {

constexpr absl::string_view kKeyFile = "key.pem";
// There only until a pair is in its place; the certificate last, once it and its key are known to be good.
constexpr absl::string_view kPendingKey = "pending-key.pem";
constexpr absl::string_view kPendingRequest = "pending-request.pem";
constexpr absl::string_view kPendingCertificate = "pending-certificate.pem";
constexpr unsigned kPrivate = 0600;

void Remove(const std::string& directory, absl::string_view name) {
  std::remove(PathUnder(directory, name).c_str());
}

absl::StatusOr<FileLock> Lock(const std::string& directory) {
  return FileLock::OnFolder(directory, FileLock::IfHeld::kWait);
}

absl::StatusOr<std::string> ReadPem(const std::string& directory, absl::string_view name) {
  return ReadFile(PathUnder(directory, name), kMaxPemBytes);
}

// The rest holds the directory's lock.

absl::StatusOr<crypto::RequestWithKey> PendingRequestLocked(const std::string& directory) {
  const std::string key_path = PathUnder(directory, kPendingKey);
  const std::string request_path = PathUnder(directory, kPendingRequest);
  if (FileExists(request_path) && FileExists(key_path)) {
    crypto::RequestWithKey pending;
    ASSIGN_OR_RETURN(pending.request_pem, ReadFile(request_path, kMaxPemBytes));
    ASSIGN_OR_RETURN(pending.private_key_pem, crypto::ReadSecretFile(key_path, kMaxPemBytes));
    return pending;
  }
  ASSIGN_OR_RETURN(crypto::RequestWithKey made, crypto::CreateRequest());
  RETURN_IF_ERROR(WriteFileAtomically(key_path, made.private_key_pem.RevealSecretText(), kPrivate));
  RETURN_IF_ERROR(WriteFileAtomically(request_path, made.request_pem, kPrivate));
  return made;
}

// Nothing where nothing was begun.
absl::Status FinishReplacing(const std::string& directory) {
  const std::string pending_key = PathUnder(directory, kPendingKey);
  if (!FileExists(pending_key)) {
    Remove(directory, kPendingCertificate);  // without its key it is of no use
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const crypto::SecretBytes key, crypto::ReadSecretFile(pending_key, kMaxPemBytes));
  const std::string placed = PathUnder(directory, kCertificateFile);
  if (FileExists(PathUnder(directory, kPendingCertificate))) {
    ASSIGN_OR_RETURN(const std::string certificate, ReadPem(directory, kPendingCertificate));
    if (crypto::CheckKeyBelongs(certificate, key).ok()) {
      RETURN_IF_ERROR(WriteFileAtomically(PathUnder(directory, kKeyFile), key.RevealSecretText(), kPrivate));
      RETURN_IF_ERROR(WriteFileAtomically(placed, certificate, kPrivate));
    }
    Remove(directory, kPendingCertificate);
  }
  // Once the pair is in its place its request is done with; else it is asked for again.
  if (!FileExists(placed)) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string certificate, ReadPem(directory, kCertificateFile));
  if (!crypto::CheckKeyBelongs(certificate, key).ok()) return absl::OkStatus();
  Remove(directory, kPendingRequest);
  Remove(directory, kPendingKey);
  return absl::OkStatus();
}

// As WrongWithCertificate, of one that is to take the place of this one's.
std::string WrongWithRenewed(absl::string_view certificate_pem, const Certified& held,
                             const crypto::SecretBytes& private_key_pem, absl::string_view authority_pem) {
  std::string wrong =
      WrongWithCertificate(certificate_pem, held.role, held.name, private_key_pem, authority_pem);
  if (!wrong.empty()) return wrong;
  const auto facts = crypto::InspectCertificate(certificate_pem);
  const auto renewed = facts.ok() ? CertifiedOf(*facts) : std::nullopt;
  if (renewed && renewed->federation == held.federation) return "";
  return absl::StrCat("the certificate is of another federation than ", held.federation);
}

}  // namespace

std::optional<Certified> CertifiedOf(const crypto::CertificateFacts& facts) {
  if (facts.uris.size() != 1) return std::nullopt;
  const std::vector<std::string> parts = absl::StrSplit(facts.uris[0], '/');
  if (parts.size() != 5 || parts[0] != "waymark:" || !parts[1].empty() || parts[2].empty()) {
    return std::nullopt;
  }
  return Certified{.federation = parts[2], .role = parts[3], .name = parts[4]};
}

absl::StatusOr<crypto::RequestWithKey> PendingRequest(const std::string& directory) {
  ASSIGN_OR_RETURN(const FileLock lock, Lock(directory));
  return PendingRequestLocked(directory);
}

std::string WrongWithCertificate(absl::string_view certificate_pem, absl::string_view role,
                                 absl::string_view name, const crypto::SecretBytes& private_key_pem,
                                 absl::string_view authority_pem) {
  if (certificate_pem.size() > kMaxPemBytes) return "the certificate is larger than any is";
  const auto facts = crypto::InspectCertificate(certificate_pem);
  if (!facts.ok()) return absl::StrCat("the certificate cannot be read: ", facts.status().message());
  if (const auto who = CertifiedOf(*facts); !who || who->role != role || who->name != name) {
    return absl::StrCat("the certificate does not name ", role, " ", name, " alone");
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
  ASSIGN_OR_RETURN(const FileLock lock, Lock(directory));
  RETURN_IF_ERROR(WriteFileAtomically(PathUnder(directory, kPendingCertificate), certificate_pem, kPrivate));
  return FinishReplacing(directory);
}

absl::StatusOr<Identity> OpenIdentity(const std::string& directory) {
  if (!FileExists(PathUnder(directory, kPendingKey)) &&
      !FileExists(PathUnder(directory, kPendingCertificate))) {
    absl::StatusOr<Identity> identity = LoadIdentity(directory);
    // A key and certificate that do not fit may be read while another program replaces them.
    if (!absl::IsFailedPrecondition(identity.status())) return identity;
  }
  ASSIGN_OR_RETURN(const FileLock lock, Lock(directory));
  RETURN_IF_ERROR(FinishReplacing(directory));
  return LoadIdentity(directory);
}

absl::Status RenewIdentity(const std::string& directory, absl::string_view held, AskForCertificate ask) {
  ASSIGN_OR_RETURN(const crypto::CertificateFacts facts, crypto::InspectCertificate(held));
  const std::optional<Certified> who = CertifiedOf(facts);
  if (!who) return absl::FailedPreconditionError("the certificate that is held names nobody alone");
  ASSIGN_OR_RETURN(const std::string authority, ReadPem(directory, kAuthorityFile));
  crypto::RequestWithKey pending;
  {
    ASSIGN_OR_RETURN(const FileLock lock, Lock(directory));
    ASSIGN_OR_RETURN(const std::string placed, ReadPem(directory, kCertificateFile));
    if (placed != held) return absl::OkStatus();
    ASSIGN_OR_RETURN(pending, PendingRequestLocked(directory));
  }
  // Without the lock: another program that asks meanwhile has the same request, and gets the same.
  ASSIGN_OR_RETURN(const std::string certificate, ask(pending.request_pem));
  const std::string wrong = WrongWithRenewed(certificate, *who, pending.private_key_pem, authority);
  if (!wrong.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("renewal of the certificate: ", wrong, "; the old one stays"));
  }
  return ReplacePair(directory, certificate);
}

}  // namespace waymark::rpc
