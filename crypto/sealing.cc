#include "crypto/sealing.h"

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/chacha20_poly1305.h"
#include "crypto/openssl_raii.h"
#include "crypto/wide_registers.h"

namespace waymark::crypto {
namespace {

using internal::Bytes;
using internal::ChachaNonce;
using internal::CipherContextPtr;
using internal::OpensslError;

constexpr ChachaNonce kOnlyNonce = {};

// Fetched once: looking it up costs more than sealing a short message. Never freed, like SHA-256 in hash.cc.
const EVP_CIPHER* Algorithm() {
  static const EVP_CIPHER* const algorithm = EVP_CIPHER_fetch(nullptr, "ChaCha20-Poly1305", nullptr);
  return algorithm;
}

enum class Direction { kOpen = 0, kSeal = 1 };

absl::Status CheckSizes(const SecretBytes& key, std::size_t associated_bytes, std::size_t text_bytes) {
  if (key.size() != kSealingKeyBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("a sealing key has ", kSealingKeyBytes, " bytes, this has ", key.size()));
  }
  if (associated_bytes > kMostSealingBytes || text_bytes > kMostSealingBytes) {
    return absl::InvalidArgumentError(absl::StrCat("sealing takes at most ", kMostSealingBytes,
                                                   " bytes of a kind, these are ", associated_bytes, " and ",
                                                   text_bytes));
  }
  return absl::OkStatus();
}

// Everything but the tag; the sizes were checked. OpenSSL takes a null input for the end, so what is empty is
// left out.
absl::StatusOr<CipherContextPtr> Run(Direction direction, const SecretBytes& key, const ChachaNonce& nonce,
                                     absl::string_view associated, absl::string_view text,
                                     unsigned char* out) {
  CipherContextPtr context(EVP_CIPHER_CTX_new());
  if (context == nullptr || Algorithm() == nullptr) return OpensslError("allocate a sealing context");
  int written = 0;
  if (EVP_CipherInit_ex2(context.get(), Algorithm(), key.RevealSecret().data(), nonce.data(),
                         static_cast<int>(direction), nullptr) != 1 ||
      (!associated.empty() && EVP_CipherUpdate(context.get(), nullptr, &written, Bytes(associated),
                                               static_cast<int>(associated.size())) != 1) ||
      (!text.empty() &&
       EVP_CipherUpdate(context.get(), out, &written, Bytes(text), static_cast<int>(text.size())) != 1)) {
    return OpensslError("run ChaCha20-Poly1305");
  }
  return context;
}

}  // namespace

namespace internal {

absl::StatusOr<std::string> SealWithNonce(const SecretBytes& key, const ChachaNonce& nonce,
                                          absl::string_view associated, const SecretBytes& plain) {
  RETURN_IF_ERROR(CheckSizes(key, associated.size(), plain.size()));
  const ErrorQueueGuard guard;
  const WideRegistersGuard registers;
  std::string sealed(plain.size() + kSealingOverheadBytes, '\0');
  auto* const out = reinterpret_cast<unsigned char*>(sealed.data());
  ASSIGN_OR_RETURN(const CipherContextPtr context,
                   Run(Direction::kSeal, key, nonce, associated, plain.RevealSecretText(), out));
  int written = 0;
  if (EVP_CipherFinal_ex(context.get(), out + plain.size(), &written) != 1 || written != 0 ||
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, kSealingOverheadBytes, out + plain.size()) !=
          1) {
    return OpensslError("seal with ChaCha20-Poly1305");
  }
  return sealed;
}

absl::StatusOr<SecretBytes> OpenWithNonce(const SecretBytes& key, const ChachaNonce& nonce,
                                          absl::string_view associated, absl::string_view sealed) {
  const absl::Status refused = absl::UnauthenticatedError(
      "the sealed message cannot be opened: it was changed on its way, or sealed for another receiver or "
      "step");
  if (sealed.size() < kSealingOverheadBytes) return refused;
  const std::size_t text_bytes = sealed.size() - kSealingOverheadBytes;
  RETURN_IF_ERROR(CheckSizes(key, associated.size(), text_bytes));
  const ErrorQueueGuard guard;
  const WideRegistersGuard registers;
  SecretBytes plain(text_bytes);
  ASSIGN_OR_RETURN(const CipherContextPtr context,
                   Run(Direction::kOpen, key, nonce, associated, sealed.substr(0, text_bytes),
                       plain.MutableSecret().data()));
  std::string tag(sealed.substr(text_bytes));
  if (EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, kSealingOverheadBytes, tag.data()) != 1) {
    return OpensslError("take the tag of a sealed message");
  }
  unsigned char none[1];
  int written = 0;
  if (EVP_CipherFinal_ex(context.get(), none, &written) != 1) return refused;
  return plain;
}

}  // namespace internal

absl::StatusOr<std::string> Seal(const SecretBytes& key, absl::string_view associated,
                                 const SecretBytes& plain) {
  return internal::SealWithNonce(key, kOnlyNonce, associated, plain);
}

absl::StatusOr<SecretBytes> OpenSealed(const SecretBytes& key, absl::string_view associated,
                                       absl::string_view sealed) {
  return internal::OpenWithNonce(key, kOnlyNonce, associated, sealed);
}

}  // namespace waymark::crypto
