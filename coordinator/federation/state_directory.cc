#include "coordinator/federation/state_directory.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/status.h"
#include "crypto/secret_file.h"

namespace waymark::coordinator {
namespace {

constexpr unsigned kPrivateFile = 0600;
constexpr unsigned kPrivateFolder = 0700;
constexpr std::size_t kMaxPemBytes = 1 << 16;

StorePlace StoreIn(const Configuration& configuration, const std::string& directory) {
  return {.sqlite_path = directory + "/waymark.db", .postgresql = configuration.postgresql};
}

absl::Status WriteIdentity(const std::string& directory, const std::string& authority_pem,
                           const std::string& certificate_pem, const crypto::SecretBytes& key) {
  RETURN_IF_ERROR(MakeDirectories(directory, kPrivateFolder));
  RETURN_IF_ERROR(WriteFileAtomically(directory + "/authority.pem", authority_pem, kPrivateFile));
  RETURN_IF_ERROR(WriteFileAtomically(directory + "/certificate.pem", certificate_pem, kPrivateFile));
  return WriteFileAtomically(directory + "/key.pem", key.RevealSecretText(), kPrivateFile);
}

absl::Status WriteOperator(const Configuration& configuration, const std::string& directory,
                           const crypto::CertificateWithKey& authority, const std::string& coordinator_key,
                           absl::Time now) {
  ASSIGN_OR_RETURN(const crypto::RequestWithKey request, crypto::CreateRequest());
  ASSIGN_OR_RETURN(
      const std::string certificate,
      crypto::IssueClientCertificate(authority, request.request_pem, OperatorUri(configuration.federation),
                                     ValidFrom(now, kMemberValidity)));
  return WriteClientIdentity(configuration, directory,
                             {.authority_pem = authority.certificate_pem,
                              .certificate_pem = certificate,
                              .private_key_pem = request.private_key_pem,
                              .coordinator_key = coordinator_key});
}

absl::Status Fill(const Configuration& configuration, const std::string& directory, absl::Time now,
                  crypto::RandomSource& random) {
  RETURN_IF_ERROR(MakeDirectories(directory, kPrivateFolder));
  ASSIGN_OR_RETURN(const crypto::CertificateWithKey authority,
                   crypto::CreateAuthority(absl::StrCat("Waymark federation ", configuration.federation),
                                           ValidFrom(now, kAuthorityValidity)));
  RETURN_IF_ERROR(MakeDirectories(directory + "/authority", kPrivateFolder));
  RETURN_IF_ERROR(
      WriteFileAtomically(directory + "/authority/authority.pem", authority.certificate_pem, kPrivateFile));
  RETURN_IF_ERROR(WriteFileAtomically(directory + "/authority/key.pem",
                                      authority.private_key_pem.RevealSecretText(), kPrivateFile));
  ASSIGN_OR_RETURN(
      const crypto::CertificateWithKey server,
      crypto::IssueServerCertificate(authority, configuration.server_names, ValidFrom(now, kServerValidity)));
  RETURN_IF_ERROR(WriteIdentity(directory + "/server", authority.certificate_pem, server.certificate_pem,
                                server.private_key_pem));
  ASSIGN_OR_RETURN(const crypto::SigningKey key,
                   crypto::SigningKey::LoadOrCreate(directory + "/coordinator.key", random));
  RETURN_IF_ERROR(WriteOperator(configuration, directory + "/operator", authority, key.public_key(), now));
  return CreateStore(StoreIn(configuration, directory));
}

}  // namespace

absl::Status WriteClientIdentity(const Configuration& configuration, const std::string& directory,
                                 const ClientIdentity& identity) {
  RETURN_IF_ERROR(
      WriteIdentity(directory, identity.authority_pem, identity.certificate_pem, identity.private_key_pem));
  return WriteFileAtomically(
      directory + "/client.toml",
      absl::StrCat("# Where `waymark --identity` connects to, and by which keys `waymark log verify` goes.\n",
                   "address = \"", configuration.public_address, "\"\n", OtherAddressesText(configuration),
                   PinnedKeysText(configuration, identity.coordinator_key)),
      kPrivateFile);
}

std::string PinnedKeysText(const Configuration& configuration, absl::string_view coordinator_key) {
  return absl::StrCat("coordinator_key = \"", absl::BytesToHexString(coordinator_key), "\"\n",
                      contract::GovernanceText(configuration.governance));
}

StorePlace StoreOf(const Configuration& configuration) {
  return StoreIn(configuration, configuration.state_directory);
}
std::string ServerIdentityDirectory(const Configuration& configuration) {
  return configuration.state_directory + "/server";
}
std::string OperatorIdentityDirectory(const Configuration& configuration) {
  return configuration.state_directory + "/operator";
}

absl::Status InitialiseState(const Configuration& configuration, const Clock& clock,
                             crypto::RandomSource& random) {
  const std::string& directory = configuration.state_directory;
  if (FileExists(directory)) {
    return absl::AlreadyExistsError(
        absl::StrCat(directory,
                     " is there already, and a federation's keys are never overwritten; use it, move it "
                     "away, or give [store] directory another name"));
  }
  RETURN_IF_ERROR(MakeDirectories(DirectoryOf(directory), 0755));
  const std::string beside = directory + ".new";
  std::error_code error;
  std::filesystem::remove_all(beside, error);  // left by an init that was cut off
  RETURN_IF_ERROR(Fill(configuration, beside, clock.Now(), random));
  if (std::rename(beside.c_str(), directory.c_str()) != 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot rename ", beside, " to ", directory, ": ", std::strerror(errno)));
  }
  return absl::OkStatus();
}

namespace {

absl::StatusOr<crypto::CertificateWithKey> ReadAuthority(const Configuration& configuration) {
  const std::string directory = configuration.state_directory + "/authority";
  if (!FileExists(directory)) {
    return absl::NotFoundError(
        absl::StrCat(directory, " is not there; run `waymark-coordinator init` first"));
  }
  crypto::CertificateWithKey authority;
  ASSIGN_OR_RETURN(authority.certificate_pem, ReadFile(directory + "/authority.pem", kMaxPemBytes));
  ASSIGN_OR_RETURN(authority.private_key_pem, crypto::ReadSecretFile(directory + "/key.pem", kMaxPemBytes));
  return authority;
}

}  // namespace

absl::StatusOr<Authority> LoadAuthority(const Configuration& configuration) {
  ASSIGN_OR_RETURN(crypto::CertificateWithKey authority, ReadAuthority(configuration));
  return Authority(configuration.federation, std::move(authority));
}

namespace {

// Less than a third of its time is left, or a renewal was cut off between certificate and key.
absl::StatusOr<bool> IsDue(const std::string& certificate_pem, const crypto::SecretBytes& key,
                           absl::Time now) {
  ASSIGN_OR_RETURN(const crypto::CertificateFacts facts, crypto::InspectCertificate(certificate_pem));
  if (crypto::IsInLastThird(facts, now)) return true;
  return absl::IsFailedPrecondition(crypto::CheckKeyBelongs(certificate_pem, key));
}

}  // namespace

absl::StatusOr<bool> RenewServerCertificate(const Configuration& configuration, const Clock& clock) {
  const std::string directory = ServerIdentityDirectory(configuration);
  ASSIGN_OR_RETURN(const std::string certificate, ReadFile(directory + "/certificate.pem", kMaxPemBytes));
  ASSIGN_OR_RETURN(const crypto::SecretBytes key,
                   crypto::ReadSecretFile(directory + "/key.pem", kMaxPemBytes));
  ASSIGN_OR_RETURN(const bool due, IsDue(certificate, key, clock.Now()));
  if (!due) return false;
  ASSIGN_OR_RETURN(const crypto::CertificateWithKey authority, ReadAuthority(configuration));
  ASSIGN_OR_RETURN(const crypto::CertificateWithKey server,
                   crypto::IssueServerCertificate(authority, configuration.server_names,
                                                  ValidFrom(clock.Now(), kServerValidity)));
  RETURN_IF_ERROR(
      WriteIdentity(directory, authority.certificate_pem, server.certificate_pem, server.private_key_pem));
  return true;
}

absl::StatusOr<crypto::SigningKey> LoadCoordinatorKey(const Configuration& configuration,
                                                      crypto::RandomSource& random) {
  const std::string path = configuration.state_directory + "/coordinator.key";
  // Never a new key in the place of a lost one: members keep receipts signed with the first.
  if (!FileExists(path))
    return absl::NotFoundError(absl::StrCat(path, " is not there; restore a backup of it"));
  return crypto::SigningKey::LoadOrCreate(path, random);
}

}  // namespace waymark::coordinator
