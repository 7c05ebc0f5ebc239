#include "crypto/certificate_parts.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/pem.h>

#include <algorithm>
#include <ctime>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "crypto/random.h"

namespace waymark::crypto::internal {
namespace {

constexpr std::size_t kMostPemBytes = 65536;
constexpr std::size_t kMostUriBytes = 1024;
constexpr std::size_t kMostCommonNameBytes = 64;  // ub-common-name (RFC 5280, appendix A)
constexpr std::size_t kMostDnsNameBytes = 253;
constexpr std::size_t kMostLabelBytes = 63;
constexpr std::size_t kSerialBytes = 16;
constexpr long kVersion3 = 2;  // NOLINT(google-runtime-int): OpenSSL's type; X.509 counts from 0

absl::StatusOr<BioPtr> ReadBio(absl::string_view pem, absl::string_view what) {
  if (pem.size() > kMostPemBytes) {
    return absl::InvalidArgumentError(absl::StrCat(what, " has ", pem.size(), " bytes, more than ",
                                                   kMostPemBytes, "; is it the right one?"));
  }
  // An empty text may have no address, which OpenSSL takes amiss.
  BioPtr bio(BIO_new_mem_buf(pem.empty() ? "" : pem.data(), static_cast<int>(pem.size())));
  if (bio == nullptr) return OpensslError("read PEM");
  return bio;
}

absl::Status NotPem(absl::string_view what, absl::string_view line) {
  return absl::InvalidArgumentError(absl::StrCat("expected ", what, " in PEM (beginning -----BEGIN ", line,
                                                 "-----), found something else"));
}

// A key file with a passphrase is refused rather than asked about on the terminal.
int NoPassphrase(char*, int, int, void*) {
  return -1;
}

// The text of a memory BIO, which OpenSSL cleanses when it frees it.
absl::string_view Contents(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);  // NOLINT(google-runtime-int)
  return size > 0 ? absl::string_view(data, static_cast<std::size_t>(size)) : absl::string_view();
}

absl::StatusOr<TimePtr> ToAsn1(absl::Time time) {
  static const absl::Time kFirst = absl::FromCivil(absl::CivilYear(1950), absl::UTCTimeZone());
  static const absl::Time kEnd = absl::FromCivil(absl::CivilYear(10000), absl::UTCTimeZone());
  if (time < kFirst || time >= kEnd) {
    return absl::InvalidArgumentError("a certificate's dates must lie in the years 1950 to 9999");
  }
  TimePtr made(ASN1_TIME_set(nullptr, absl::ToTimeT(time)));
  if (made == nullptr) return OpensslError("write a date");
  return made;
}

absl::StatusOr<IntegerPtr> RandomSerial() {
  SystemRandom random;
  std::uint8_t bytes[kSerialBytes];
  RETURN_IF_ERROR(random.Fill(absl::MakeSpan(bytes)));
  bytes[0] = static_cast<std::uint8_t>((bytes[0] & 0x7f) | 0x40);  // positive, and of full length
  const BignumPtr number(BN_bin2bn(bytes, sizeof bytes, nullptr));
  if (number == nullptr) return OpensslError("make a serial number");
  IntegerPtr serial(BN_to_ASN1_INTEGER(number.get(), nullptr));
  if (serial == nullptr) return OpensslError("make a serial number");
  return serial;
}

bool IsDnsLabel(absl::string_view label) {
  return !label.empty() && label.size() <= kMostLabelBytes && label.front() != '-' && label.back() != '-' &&
         std::all_of(label.begin(), label.end(),
                     [](char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-'; });
}

bool IsDnsName(absl::string_view name) {
  if (name.empty() || name.size() > kMostDnsNameBytes) return false;
  const std::vector<absl::string_view> labels = absl::StrSplit(name, '.');
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const bool wildcard = i == 0 && labels.size() > 2 && labels[i] == "*";
    if (!wildcard && !IsDnsLabel(labels[i])) return false;
  }
  return true;
}

// A general name of `type` that holds `text`; takes no reference to it.
absl::StatusOr<GeneralNamePtr> TextName(int type, absl::string_view text) {
  Ia5StringPtr string(ASN1_IA5STRING_new());
  GeneralNamePtr name(GENERAL_NAME_new());
  if (string == nullptr || name == nullptr ||
      ASN1_STRING_set(string.get(), text.data(), static_cast<int>(text.size())) != 1) {
    return OpensslError("make a subject alternative name");
  }
  GENERAL_NAME_set0_value(name.get(), type, string.release());
  return name;
}

}  // namespace

absl::StatusOr<KeyPtr> GenerateP256() {
  KeyPtr key(EVP_EC_gen("P-256"));
  if (key == nullptr) return OpensslError("generate a P-256 key");
  return key;
}

bool IsNamedP256(const EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "EC") != 1) return false;
  char text[80];
  std::size_t size = 0;
  if (EVP_PKEY_get_group_name(key, text, sizeof text, &size) != 1) return false;
  if (absl::string_view(text, size) != SN_X9_62_prime256v1) return false;
  // A curve may also be written out as numbers, which may be bad ones; RFC 5480 allows names only.
  return EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_EC_ENCODING, text, sizeof text, &size) == 1 &&
         absl::string_view(text, size) == OSSL_PKEY_EC_ENCODING_GROUP;
}

absl::StatusOr<CertificatePtr> ParseCertificate(absl::string_view pem) {
  ASSIGN_OR_RETURN(const BioPtr bio, ReadBio(pem, "the certificate"));
  CertificatePtr certificate(PEM_read_bio_X509(bio.get(), nullptr, &NoPassphrase, nullptr));
  if (certificate == nullptr) return NotPem("a certificate", "CERTIFICATE");
  return certificate;
}

absl::StatusOr<RequestPtr> ParseRequest(absl::string_view pem) {
  ASSIGN_OR_RETURN(const BioPtr bio, ReadBio(pem, "the certificate request"));
  RequestPtr request(PEM_read_bio_X509_REQ(bio.get(), nullptr, &NoPassphrase, nullptr));
  if (request == nullptr) return NotPem("a PKCS#10 certificate request", "CERTIFICATE REQUEST");
  return request;
}

absl::StatusOr<KeyPtr> ParsePrivateKey(const SecretBytes& pem) {
  ASSIGN_OR_RETURN(const BioPtr bio, ReadBio(pem.RevealSecretText(), "the private key"));
  KeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, &NoPassphrase, nullptr));
  if (key == nullptr) return NotPem("a private key without a passphrase", "PRIVATE KEY");
  return key;
}

absl::StatusOr<std::string> CertificatePem(const X509* certificate) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  if (bio == nullptr || PEM_write_bio_X509(bio.get(), certificate) != 1)
    return OpensslError("write a certificate");
  return std::string(Contents(bio.get()));
}

absl::StatusOr<std::string> RequestPem(const X509_REQ* request) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  if (bio == nullptr || PEM_write_bio_X509_REQ(bio.get(), request) != 1) {
    return OpensslError("write a certificate request");
  }
  return std::string(Contents(bio.get()));
}

absl::StatusOr<SecretBytes> PrivateKeyPem(const EVP_PKEY* key) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  if (bio == nullptr ||
      PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return OpensslError("write a private key");
  }
  return SecretBytes(Contents(bio.get()));
}

absl::StatusOr<CertificatePtr> BeginCertificate(absl::Time not_before, absl::Time not_after,
                                                EVP_PKEY* subject_key) {
  if (not_before >= not_after) {
    return absl::InvalidArgumentError(absl::StrCat("a certificate must begin before it ends, but begins ",
                                                   absl::FormatTime(not_before), " and ends ",
                                                   absl::FormatTime(not_after)));
  }
  ASSIGN_OR_RETURN(const TimePtr begin, ToAsn1(not_before));
  ASSIGN_OR_RETURN(const TimePtr end, ToAsn1(not_after));
  ASSIGN_OR_RETURN(const IntegerPtr serial, RandomSerial());
  CertificatePtr certificate(X509_new());
  if (certificate == nullptr || X509_set_version(certificate.get(), kVersion3) != 1 ||
      X509_set_serialNumber(certificate.get(), serial.get()) != 1 ||
      X509_set1_notBefore(certificate.get(), begin.get()) != 1 ||
      X509_set1_notAfter(certificate.get(), end.get()) != 1 ||
      X509_set_pubkey(certificate.get(), subject_key) != 1) {
    return OpensslError("begin a certificate");
  }
  return certificate;
}

absl::StatusOr<NamePtr> CommonName(absl::string_view common_name) {
  if (common_name.empty() || common_name.size() > kMostCommonNameBytes) {
    return absl::InvalidArgumentError(absl::StrCat("a common name must have 1 to ", kMostCommonNameBytes,
                                                   " bytes of UTF-8, but has ", common_name.size()));
  }
  NamePtr name(X509_NAME_new());
  if (name == nullptr) return OpensslError("make a name");
  if (X509_NAME_add_entry_by_NID(name.get(), NID_commonName, MBSTRING_UTF8, Bytes(common_name),
                                 static_cast<int>(common_name.size()), -1, 0) != 1) {
    return absl::InvalidArgumentError("a common name must be UTF-8 text");
  }
  return name;
}

absl::Status AddExtension(X509* certificate, X509* issuer, int nid, const char* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const ExtensionPtr extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
  if (extension == nullptr || X509_add_ext(certificate, extension.get(), -1) != 1) {
    return OpensslError(absl::StrCat("add the extension ", OBJ_nid2sn(nid)));
  }
  return absl::OkStatus();
}

absl::StatusOr<GeneralNamePtr> UriName(absl::string_view uri) {
  const auto colon = uri.find(':');
  const bool printable = std::all_of(
      uri.begin(), uri.end(), [](char c) { return absl::ascii_isgraph(static_cast<unsigned char>(c)); });
  if (!printable || colon == absl::string_view::npos || colon == 0 || colon + 1 == uri.size() ||
      uri.size() > kMostUriBytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the URI of a certificate must be scheme:rest in printable ASCII without spaces, at most ",
        kMostUriBytes, " bytes"));
  }
  return TextName(GEN_URI, uri);
}

absl::StatusOr<GeneralNamePtr> HostName(const std::string& name) {
  if (OctetStringPtr address(name.find('\0') == std::string::npos ? a2i_IPADDRESS(name.c_str()) : nullptr);
      address != nullptr) {
    GeneralNamePtr made(GENERAL_NAME_new());
    if (made == nullptr) return OpensslError("make a subject alternative name");
    GENERAL_NAME_set0_value(made.get(), GEN_IPADD, address.release());
    return made;
  }
  if (!IsDnsName(name)) {
    return absl::InvalidArgumentError(
        "a server's name must be a DNS name (letters, digits, hyphens and dots) or an IP address, without a "
        "port");
  }
  return TextName(GEN_DNS, name);
}

absl::Status AddAlternativeNames(X509* certificate, std::vector<GeneralNamePtr> names, bool critical) {
  const GeneralNamesPtr list(GENERAL_NAMES_new());
  if (list == nullptr) return OpensslError("make subject alternative names");
  for (GeneralNamePtr& name : names) {
    if (sk_GENERAL_NAME_push(list.get(), name.get()) <= 0)
      return OpensslError("make subject alternative names");
    static_cast<void>(name.release());  // the list owns it now
  }
  if (X509_add1_ext_i2d(certificate, NID_subject_alt_name, list.get(), critical ? 1 : 0,
                        X509V3_ADD_DEFAULT) != 1) {
    return OpensslError("add subject alternative names");
  }
  return absl::OkStatus();
}

absl::StatusOr<absl::Time> FromAsn1(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) {
    return absl::InvalidArgumentError("the certificate has a date that is none; ask for a new certificate");
  }
  return absl::FromCivil(absl::CivilSecond(parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                                           parts.tm_hour, parts.tm_min, parts.tm_sec),
                         absl::UTCTimeZone());
}

}  // namespace waymark::crypto::internal
