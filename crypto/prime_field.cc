#include "crypto/prime_field.h"

#include <bit>
#include <cstring>

#include "crypto/borrow.h"

namespace waymark::crypto::internal {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are read from little-endian bytes");

__extension__ using Uint128 = unsigned __int128;

constexpr unsigned kDigitBits = 51;
constexpr std::uint64_t kDigitMask = (std::uint64_t{1} << kDigitBits) - 1;
constexpr std::uint64_t kFold = 19;  // 2^255 = 19 modulo p
constexpr std::array<std::uint64_t, 4> kPrimeWords = {~std::uint64_t{0} - 18, ~std::uint64_t{0},
                                                      ~std::uint64_t{0}, ~std::uint64_t{0} >> 1};

std::array<std::uint64_t, 4> Words(absl::Span<const std::uint8_t> bytes) {
  std::array<std::uint64_t, 4> words;
  std::memcpy(words.data(), bytes.data(), kFieldBytes);
  return words;
}

// Digits of up to 115 bits to digits below 2^52: what is above 51 bits goes to the next digit, and from the
// last nineteenfold to the first, whose own carry then makes the second at most 2^51 + 2^18.
FieldElement Carry(std::array<Uint128, 5> wide) {
  FieldElement result;
  for (std::size_t i = 0; i < 4; ++i) {
    wide[i + 1] += wide[i] >> kDigitBits;
    result.digits[i] = static_cast<std::uint64_t>(wide[i]) & kDigitMask;
  }
  result.digits[4] = static_cast<std::uint64_t>(wide[4]) & kDigitMask;
  const Uint128 first = result.digits[0] + (wide[4] >> kDigitBits) * kFold;
  result.digits[0] = static_cast<std::uint64_t>(first) & kDigitMask;
  result.digits[1] += static_cast<std::uint64_t>(first >> kDigitBits);
  return result;
}

}  // namespace

std::uint64_t IsFieldElement(absl::Span<const std::uint8_t> bytes) {
  const std::array<std::uint64_t, 4> words = Words(bytes);
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < words.size(); ++i) borrow = Borrow(words[i], kPrimeWords[i], borrow);
  return borrow;
}

FieldElement FieldFromBytes(absl::Span<const std::uint8_t> bytes) {
  const auto [a, b, c, d] = Words(bytes);
  return {{a & kDigitMask, (a >> 51 | b << 13) & kDigitMask, (b >> 38 | c << 26) & kDigitMask,
           (c >> 25 | d << 39) & kDigitMask, d >> 12 & kDigitMask}};
}

FieldElement FieldFromNumber(std::uint32_t number) {
  return {{number}};
}

void FieldToBytes(const FieldElement& a, absl::Span<std::uint8_t> out) {
  // Two rounds of carries leave a number below 2^255; it is p or more exactly where adding 19 reaches 2^255.
  FieldElement b = FieldMultiplySmall(FieldMultiplySmall(a, 1), 1);
  std::uint64_t carry = kFold;
  for (const std::uint64_t digit : b.digits) carry = (digit + carry) >> kDigitBits;
  carry *= kFold;
  for (std::uint64_t& digit : b.digits) {
    const std::uint64_t sum = digit + carry;
    digit = sum & kDigitMask;
    carry = sum >> kDigitBits;
  }
  const auto& [d0, d1, d2, d3, d4] = b.digits;
  const std::array<std::uint64_t, 4> words = {d0 | d1 << 51, d1 >> 13 | d2 << 38, d2 >> 26 | d3 << 25,
                                              d3 >> 39 | d4 << 12};
  std::memcpy(out.data(), words.data(), kFieldBytes);
}

FieldElement FieldAdd(const FieldElement& a, const FieldElement& b) {
  std::array<Uint128, 5> sum;
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] = Uint128{a.digits[i]} + b.digits[i];
  return Carry(sum);
}

FieldElement FieldMultiply(const FieldElement& a, const FieldElement& b) {
  const auto& [a0, a1, a2, a3, a4] = a.digits;
  const auto& [b0, b1, b2, b3, b4] = b.digits;
  // The products whose places are 2^255 and above, nineteenfold.
  const std::uint64_t f1 = b1 * kFold;
  const std::uint64_t f2 = b2 * kFold;
  const std::uint64_t f3 = b3 * kFold;
  const std::uint64_t f4 = b4 * kFold;
  const auto times = [](std::uint64_t x, std::uint64_t y) { return Uint128{x} * y; };
  return Carry({times(a0, b0) + times(a1, f4) + times(a2, f3) + times(a3, f2) + times(a4, f1),
                times(a0, b1) + times(a1, b0) + times(a2, f4) + times(a3, f3) + times(a4, f2),
                times(a0, b2) + times(a1, b1) + times(a2, b0) + times(a3, f4) + times(a4, f3),
                times(a0, b3) + times(a1, b2) + times(a2, b1) + times(a3, b0) + times(a4, f4),
                times(a0, b4) + times(a1, b3) + times(a2, b2) + times(a3, b1) + times(a4, b0)});
}

FieldElement FieldMultiplySmall(const FieldElement& a, std::uint32_t b) {
  std::array<Uint128, 5> product;
  for (std::size_t i = 0; i < product.size(); ++i) product[i] = Uint128{a.digits[i]} * b;
  return Carry(product);
}

FieldElement FieldNegate(const FieldElement& a) {
  // 2p, of which no digit is below one of a's.
  constexpr std::array<std::uint64_t, 5> kTwicePrime = {2 * (kDigitMask - 18), 2 * kDigitMask, 2 * kDigitMask,
                                                        2 * kDigitMask, 2 * kDigitMask};
  std::array<Uint128, 5> difference;
  for (std::size_t i = 0; i < difference.size(); ++i) difference[i] = kTwicePrime[i] - a.digits[i];
  return Carry(difference);
}

FieldElement FieldInvert(const FieldElement& a) {
  // p − 2 = 2^255 − 21: all bits from 254 down to 5 are ones, and the last five are 01011.
  constexpr std::uint32_t kLastBits = 0b01011;
  FieldElement power = FieldFromNumber(1);
  for (unsigned bit = 255; bit-- > 0;) {
    power = FieldMultiply(power, power);
    if (bit >= 5 || (kLastBits >> bit & 1) != 0) power = FieldMultiply(power, a);
  }
  return power;
}

}  // namespace waymark::crypto::internal
