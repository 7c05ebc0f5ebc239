// Internal to crypto: the numbers modulo p = 2^255 − 19 (RFC 7748's prime), of which any 32-byte key below p
// is one. Five digits of 51 bits; the same operations whatever the numbers, no branch and no index depends on
// them. Sources: Bernstein, "Curve25519: new Diffie-Hellman speed records" (2006); the 51-bit digits of
// curve25519-donna-c64. Pure functions; thread-safe.
#ifndef WAYMARK_CRYPTO_PRIME_FIELD_H_
#define WAYMARK_CRYPTO_PRIME_FIELD_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/types/span.h"

namespace waymark::crypto::internal {

inline constexpr std::size_t kFieldBytes = 32;

// Σ digits[i] · 2^(51·i), modulo p; not necessarily below p, every digit below 2^52.
struct FieldElement {
  std::array<std::uint64_t, 5> digits = {};
};

// 1 where the 32 bytes, little-endian, are a number below p, else 0.
std::uint64_t IsFieldElement(absl::Span<const std::uint8_t> bytes);

// The 32 bytes, little-endian, without the top bit, modulo p.
FieldElement FieldFromBytes(absl::Span<const std::uint8_t> bytes);
FieldElement FieldFromNumber(std::uint32_t number);
// The number below p, little-endian, to 32 bytes.
void FieldToBytes(const FieldElement& a, absl::Span<std::uint8_t> out);

FieldElement FieldAdd(const FieldElement& a, const FieldElement& b);
FieldElement FieldMultiply(const FieldElement& a, const FieldElement& b);
FieldElement FieldMultiplySmall(const FieldElement& a, std::uint32_t b);
FieldElement FieldNegate(const FieldElement& a);
// a^(p − 2): 1/a, and 0 of 0.
FieldElement FieldInvert(const FieldElement& a);

}  // namespace waymark::crypto::internal

#endif  // WAYMARK_CRYPTO_PRIME_FIELD_H_
