// Internal to crypto: whole numbers of 128 bits, and the comparison of secret numbers without a branch.
#ifndef WAYMARK_CRYPTO_BORROW_H_
#define WAYMARK_CRYPTO_BORROW_H_

#include <cstdint>

namespace waymark::crypto::internal {

// A whole number below 2^128: high · 2^64 + low.
struct Uint128Parts {
  std::uint64_t high;
  std::uint64_t low;
};

// 1 where a − b − borrow falls below 0, else 0, for borrow 0 or 1: the borrow of a full subtractor, without a
// branch or a comparison that a compiler could turn into one. a < b in 128 bits is
// Borrow(a_high, b_high, Borrow(a_low, b_low, 0)).
inline std::uint64_t Borrow(std::uint64_t a, std::uint64_t b, std::uint64_t borrow) {
  const std::uint64_t difference = a - b - borrow;
  return ((~a & b) | (~(a ^ b) & difference)) >> 63;
}

}  // namespace waymark::crypto::internal

#endif  // WAYMARK_CRYPTO_BORROW_H_
