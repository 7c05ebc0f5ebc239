#include "crypto/secure_sum/ledger_head.h"

#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/canonical.h"
#include "base/status.h"

namespace waymark::crypto {
namespace {

constexpr std::size_t kNumberBytes = 8;

std::string SignedBytes(absl::string_view member, const LedgerHead& head) {
  CanonicalWriter out("waymark/v1/ledger-head");
  out.Text(member).Unsigned(head.losses).Unsigned(head.sequence).Text(head.hash);
  return std::move(out).bytes();
}

std::string BigEndian(std::uint64_t value) {
  std::string bytes(kNumberBytes, '\0');
  for (std::size_t i = 0; i < kNumberBytes; ++i) bytes[i] = static_cast<char>(value >> (56 - 8 * i));
  return bytes;
}

std::uint64_t FromBigEndian(absl::string_view bytes) {
  std::uint64_t value = 0;
  for (const char byte : bytes) value = value << 8 | static_cast<std::uint8_t>(byte);
  return value;
}

}  // namespace

bool IsFurther(const LedgerHead& head, const LedgerHead& known) {
  return std::tie(head.losses, head.sequence) > std::tie(known.losses, known.sequence);
}

absl::Status SignHead(absl::string_view member, const SigningKey& key, LedgerHead& head) {
  ASSIGN_OR_RETURN(head.signature, key.Sign(SignedBytes(member, head)));
  return absl::OkStatus();
}

bool IsSignedBy(const SessionMember& member, const LedgerHead& head) {
  return VerifySignature(member.signing_key, SignedBytes(member.id, head), head.signature).ok();
}

std::string BytesOf(const LedgerHead& head) {
  return absl::StrCat(BigEndian(head.losses), BigEndian(head.sequence), head.hash, head.signature);
}

LedgerHead LedgerHeadFrom(absl::string_view bytes) {
  return {.losses = FromBigEndian(bytes.substr(0, kNumberBytes)),
          .sequence = FromBigEndian(bytes.substr(kNumberBytes, kNumberBytes)),
          .hash = std::string(bytes.substr(2 * kNumberBytes, kSha256Bytes)),
          .signature = std::string(bytes.substr(2 * kNumberBytes + kSha256Bytes, kEd25519SignatureBytes))};
}

}  // namespace waymark::crypto
