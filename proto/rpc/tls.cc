#include "proto/rpc/tls.h"

#include <openssl/conf.h>
#include <openssl/ssl.h>

#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/status.h"
#include "crypto/certificate.h"
#include "crypto/openssl_raii.h"
#include "crypto/secret_file.h"

namespace waymark::rpc {
namespace {

using crypto::internal::BioPtr;
using crypto::internal::ErrorQueueGuard;
using crypto::internal::OpensslError;
using crypto::internal::OpensslPtr;

using ConfPtr = OpensslPtr<CONF, &NCONF_free>;
using ContextPtr = OpensslPtr<SSL_CTX, &SSL_CTX_free>;

constexpr std::size_t kMostIdentityFileBytes = 65536;

// What OpenSSL reads into every new SSL_CTX of the process. MinProtocol would be undone by gRPC, which sets
// the least and greatest version itself afterwards; the options that Protocol sets stay.
constexpr char kTls13Only[] =
    "openssl_conf = waymark\n"
    "[waymark]\n"
    "ssl_conf = waymark_ssl\n"
    "[waymark_ssl]\n"
    "system_default = waymark_tls13\n"
    "[waymark_tls13]\n"
    "Protocol = -ALL,TLSv1.3\n";

constexpr std::uint64_t kOldVersions =
    SSL_OP_NO_SSLv3 | SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1 | SSL_OP_NO_TLSv1_2;

}  // namespace

absl::Status RequireTls13() {
  const ErrorQueueGuard guard;
  // OpenSSL reads the system's configuration (and $OPENSSL_CONF) once, at its first use. That is done now, so
  // that it cannot happen later and replace what is set below; a FIPS provider that it names stays in force.
  if (OPENSSL_init_ssl(OPENSSL_INIT_LOAD_CONFIG, nullptr) != 1) return OpensslError("start");
  const BioPtr text(BIO_new_mem_buf(kTls13Only, sizeof kTls13Only - 1));
  const ConfPtr conf(NCONF_new(nullptr));
  if (text == nullptr || conf == nullptr || NCONF_load_bio(conf.get(), text.get(), nullptr) != 1 ||
      CONF_modules_load(conf.get(), nullptr, 0) <= 0) {
    return OpensslError("set TLS 1.3 as the only version");
  }
  // The settings are process-wide and silent, so see that a new context really has them.
  const ContextPtr context(SSL_CTX_new(TLS_method()));
  if (context == nullptr) return OpensslError("make a TLS context");
  const std::uint64_t options = SSL_CTX_get_options(context.get());
  if ((options & kOldVersions) != kOldVersions || (options & SSL_OP_NO_TLSv1_3) != 0) {
    return absl::InternalError(
        "OpenSSL did not take over TLS 1.3 as the only version; check that the installed OpenSSL is Debian's "
        "3.0");
  }
  return absl::OkStatus();
}

absl::StatusOr<Identity> LoadIdentity(const std::string& directory) {
  const std::string authority_path = PathUnder(directory, "authority.pem");
  const std::string certificate_path = PathUnder(directory, "certificate.pem");
  const std::string key_path = PathUnder(directory, "key.pem");
  constexpr absl::string_view kFix = "the identity is not complete; enrol, or restore it from a backup";

  Identity identity;
  absl::StatusOr<std::string> authority = ReadFile(authority_path, kMostIdentityFileBytes);
  if (!authority.ok()) return WithContext(authority.status(), kFix);
  absl::StatusOr<std::string> certificate = ReadFile(certificate_path, kMostIdentityFileBytes);
  if (!certificate.ok()) return WithContext(certificate.status(), kFix);
  const absl::StatusOr<crypto::SecretBytes> key = crypto::ReadSecretFile(key_path, kMostIdentityFileBytes);
  if (!key.ok()) return WithContext(key.status(), kFix);

  // gRPC would take a file that is no PEM and fail at the first connection without a word about the file.
  for (const auto& [path, pem] :
       {std::pair(authority_path, *authority), std::pair(certificate_path, *certificate)}) {
    RETURN_IF_ERROR(WithContext(crypto::InspectCertificate(pem).status(),
                                absl::StrCat(path, " is damaged (restore it from a backup, or enrol anew)")));
  }
  if (absl::Status status = crypto::CheckKeyBelongs(*certificate, *key); !status.ok()) {
    return WithContext(status, absl::StrCat(key_path, " does not fit ", certificate_path,
                                            " (restore both from the same backup, or enrol anew)"));
  }
  identity.authority_pem = *std::move(authority);
  identity.certificate_pem = *std::move(certificate);
  identity.private_key_pem = std::string(key->RevealSecretText());
  return identity;
}

}  // namespace waymark::rpc
