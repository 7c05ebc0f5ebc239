// Exact amounts of privacy budget. ε or ρ is a fraction of whole numbers wherever it is asked for or allowed;
// what has been spent is a count of units so small that sums stay whole and in 64 bits. Nothing here is
// floating point. Pure functions; thread-safe.
#ifndef WAYMARK_NODE_DISCLOSE_EPSILON_H_
#define WAYMARK_NODE_DISCLOSE_EPSILON_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace waymark::node {

// In lowest terms; parts at most 10^9.
struct Fraction {
  std::uint64_t numerator = 0;
  std::uint64_t denominator = 1;
  friend bool operator==(const Fraction&, const Fraction&) = default;
};

// "4", "0.5" or "1/2", exactly. INVALID_ARGUMENT on anything else, on a zero denominator, and where a part
// exceeds 10^9.
absl::StatusOr<Fraction> ParseFraction(absl::string_view text);

// In lowest terms. INVALID_ARGUMENT where a part of the sum exceeds 10^9.
absl::StatusOr<Fraction> SumOf(Fraction a, Fraction b);

// "4", "1/2".
std::string FormatFraction(Fraction fraction);

// One unit is 1 / kBudgetUnits of ε, or of ρ. The number is a multiple of 10^6 and of 1 to 16, so decimals
// and the usual fractions are whole numbers of units; every other ε is rounded up to the next unit. A fixed
// unit, rather than the common denominator of all charges so far, means that nobody outside can ask in
// denominators whose common multiple overflows and so block the ledger.
inline constexpr std::uint64_t kBudgetUnits = 720'720'000'000;

// Largest ε or ρ of one charge.
inline constexpr std::uint64_t kMostEpsilon = 1'000;

// ε, or ρ, in units, rounded up. INVALID_ARGUMENT, naming it by `name`, where it is zero, above kMostEpsilon,
// or its denominator is zero.
absl::StatusOr<std::uint64_t> BudgetUnits(Fraction amount, absl::string_view name = "epsilon");

// Whether `units` are more than `cap`; exact.
bool ExceedsCap(std::uint64_t units, Fraction cap);

// What is left of `cap` after `units`, rounded down to whole units; 0 where nothing is.
std::uint64_t UnitsLeft(std::uint64_t units, Fraction cap);

// For people: "0.5", "1.333334" (rounded up at the sixth decimal).
std::string FormatUnits(std::uint64_t units);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_EPSILON_H_
