#include "crypto/signature.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/file.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/openssl_raii.h"
#include "crypto/secret_file.h"

namespace waymark::crypto {
namespace {

using internal::Bytes;
using internal::ErrorQueueGuard;
using internal::KeyPtr;
using internal::MdContextPtr;
using internal::OpensslError;

// A key file: this line, the seed in hexadecimal, the public key in hexadecimal. The public key is there to
// notice a damaged seed, since any 32 bytes would do as one.
constexpr absl::string_view kFileHead = "waymark ed25519 key 1\n";
constexpr std::size_t kHexSeedAt = kFileHead.size();
constexpr std::size_t kHexPublicAt = kHexSeedAt + 2 * kEd25519SeedBytes + 1;
constexpr std::size_t kFileBytes = kHexPublicAt + 2 * kEd25519PublicKeyBytes + 1;
constexpr std::size_t kMostFileBytes = 4096;

absl::Status DamagedFile(const std::string& path, absl::string_view what) {
  return absl::DataLossError(
      absl::StrCat(path, " is no Waymark signing key (", what,
                   "); restore it from a backup, or move it away and enrol anew with a new key"));
}

int HexDigit(std::uint8_t c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// Decodes without a copy that is not cleansed; false where a character is no digit.
bool DecodeHex(absl::Span<const std::uint8_t> hex, absl::Span<std::uint8_t> out) {
  for (std::size_t i = 0; i < out.size(); ++i) {
    const int high = HexDigit(hex[2 * i]);
    const int low = HexDigit(hex[2 * i + 1]);
    if (high < 0 || low < 0) return false;
    out[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return true;
}

void EncodeHex(absl::Span<const std::uint8_t> bytes, absl::Span<std::uint8_t> out) {
  constexpr char kDigits[] = "0123456789abcdef";
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    out[2 * i] = static_cast<std::uint8_t>(kDigits[bytes[i] >> 4]);
    out[2 * i + 1] = static_cast<std::uint8_t>(kDigits[bytes[i] & 15]);
  }
}

absl::StatusOr<SigningKey> ParseKeyFile(const SecretBytes& file, const std::string& path) {
  if (!absl::StartsWith(file.RevealSecretText(), kFileHead)) {
    return DamagedFile(path, "its first line is not the expected one");
  }
  if (file.size() != kFileBytes) {
    return DamagedFile(path, absl::StrCat("expected ", kFileBytes, " bytes, found ", file.size()));
  }
  SecretBytes seed(kEd25519SeedBytes);
  SecretBytes stored_public(kEd25519PublicKeyBytes);
  const absl::Span<const std::uint8_t> bytes = file.RevealSecret();
  if (!DecodeHex(bytes.subspan(kHexSeedAt, 2 * kEd25519SeedBytes), seed.MutableSecret()) ||
      !DecodeHex(bytes.subspan(kHexPublicAt, 2 * kEd25519PublicKeyBytes), stored_public.MutableSecret())) {
    return DamagedFile(path, "a character is no hexadecimal digit");
  }
  ASSIGN_OR_RETURN(SigningKey key, SigningKey::FromSeed(seed));
  if (!ConstantTimeEqual(key.public_key(), stored_public.RevealSecretText())) {
    return DamagedFile(path, "its two halves do not belong together");
  }
  return key;
}

absl::Status WriteKeyFile(const SigningKey& key, const std::string& path) {
  SecretBytes file(kFileBytes);
  const absl::Span<std::uint8_t> bytes = file.MutableSecret();
  std::fill(bytes.begin(), bytes.end(), static_cast<std::uint8_t>('\n'));
  std::copy(kFileHead.begin(), kFileHead.end(), bytes.begin());
  EncodeHex(key.seed().RevealSecret(), bytes.subspan(kHexSeedAt, 2 * kEd25519SeedBytes));
  const SecretBytes public_key(key.public_key());
  EncodeHex(public_key.RevealSecret(), bytes.subspan(kHexPublicAt, 2 * kEd25519PublicKeyBytes));
  return WriteFileAtomically(path, file.RevealSecretText(), 0600);
}

}  // namespace

void SigningKey::FreeKey::operator()(evp_pkey_st* key) const {
  EVP_PKEY_free(key);
}

SigningKey::SigningKey(Key key, SecretBytes seed, std::string public_key)
    : key_(std::move(key)), seed_(std::move(seed)), public_key_(std::move(public_key)) {}

absl::StatusOr<SigningKey> SigningKey::Generate(RandomSource& random) {
  ASSIGN_OR_RETURN(const SecretBytes seed, SecretBytes::Random(kEd25519SeedBytes, random));
  return FromSeed(seed);
}

absl::StatusOr<SigningKey> SigningKey::FromSeed(const SecretBytes& seed) {
  if (seed.size() != kEd25519SeedBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("an Ed25519 seed has ", kEd25519SeedBytes, " bytes, this has ", seed.size()));
  }
  const ErrorQueueGuard guard;
  Key key(
      EVP_PKEY_new_raw_private_key_ex(nullptr, "ED25519", nullptr, seed.RevealSecret().data(), seed.size()));
  if (key == nullptr) return OpensslError("take the Ed25519 seed");
  unsigned char public_key[kEd25519PublicKeyBytes];
  std::size_t size = sizeof public_key;
  if (EVP_PKEY_get_raw_public_key(key.get(), public_key, &size) != 1 || size != kEd25519PublicKeyBytes) {
    return OpensslError("derive the Ed25519 public key");
  }
  return SigningKey(std::move(key), seed.Clone(),
                    std::string(reinterpret_cast<const char*>(public_key), size));
}

absl::StatusOr<SigningKey> SigningKey::LoadOrCreate(const std::string& path, RandomSource& random) {
  absl::StatusOr<SecretBytes> file = ReadSecretFile(path, kMostFileBytes);
  if (absl::IsNotFound(file.status())) {
    ASSIGN_OR_RETURN(const SigningKey key, Generate(random));
    RETURN_IF_ERROR(WriteKeyFile(key, path));
    // What counts from here on is what the file says.
    file = ReadSecretFile(path, kMostFileBytes);
  }
  RETURN_IF_ERROR(file.status());
  return ParseKeyFile(*file, path);
}

absl::StatusOr<std::string> SigningKey::Sign(absl::string_view message) const {
  const ErrorQueueGuard guard;
  const MdContextPtr context(EVP_MD_CTX_new());
  if (context == nullptr) return OpensslError("allocate a signature context");
  unsigned char signature[kEd25519SignatureBytes];
  std::size_t size = sizeof signature;
  if (EVP_DigestSignInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr, key_.get(), nullptr) != 1 ||
      EVP_DigestSign(context.get(), signature, &size, Bytes(message), message.size()) != 1 ||
      size != kEd25519SignatureBytes) {
    return OpensslError("sign with Ed25519");
  }
  return std::string(reinterpret_cast<const char*>(signature), size);
}

absl::Status VerifySignature(absl::string_view public_key, absl::string_view message,
                             absl::string_view signature) {
  if (public_key.size() != kEd25519PublicKeyBytes) {
    return absl::InvalidArgumentError(absl::StrCat("an Ed25519 public key has ", kEd25519PublicKeyBytes,
                                                   " bytes, this has ", public_key.size()));
  }
  if (signature.size() != kEd25519SignatureBytes) {
    return absl::InvalidArgumentError(absl::StrCat("an Ed25519 signature has ", kEd25519SignatureBytes,
                                                   " bytes, this has ", signature.size()));
  }
  const ErrorQueueGuard guard;
  const KeyPtr key(
      EVP_PKEY_new_raw_public_key_ex(nullptr, "ED25519", nullptr, Bytes(public_key), public_key.size()));
  if (key == nullptr) return OpensslError("take the Ed25519 public key");
  const MdContextPtr context(EVP_MD_CTX_new());
  if (context == nullptr) return OpensslError("allocate a signature context");
  if (EVP_DigestVerifyInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr, key.get(), nullptr) != 1) {
    return OpensslError("begin to verify with Ed25519");
  }
  const int verdict =
      EVP_DigestVerify(context.get(), Bytes(signature), signature.size(), Bytes(message), message.size());
  if (verdict == 1) return absl::OkStatus();
  if (verdict < 0) return OpensslError("verify with Ed25519");
  return absl::UnauthenticatedError(
      "the Ed25519 signature does not fit the message and the public key; check that the sender signed with "
      "the key "
      "it enrolled with");
}

}  // namespace waymark::crypto
