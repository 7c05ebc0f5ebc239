// What noised releases cost together, held against a council's yearly limits. A financial year's charges add
// up as Σε of the discrete Laplace releases and Σρ of the discrete Gaussian ones; together they are
// (Σε + ε(Σρ, δ), δ)-private, by composition of the two sums. One cap, and sub-limits by metric family inside
// it, which are the same sum over that family's metrics; none beside it. Parallel composition is used
// nowhere: no two releases are known to be of disjoint families. What finite thresholds of the samplers leave
// is taken from δ first. Exact and rounded to the safe side. Not thread-safe; the functions are.
#ifndef WAYMARK_NODE_DISCLOSE_BUDGET_H_
#define WAYMARK_NODE_DISCLOSE_BUDGET_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "node/disclose/epsilon.h"
#include "node/disclose/ledger_entry.h"
#include "node/disclose/zcdp.h"

namespace waymark::node {

// A sub-limit inside the yearly cap.
struct FamilyLimit {
  std::string family;
  std::vector<std::string> metrics;
  Fraction epsilon;
};

// Of one financial year. No cap may be above ε = kMostYearlyEpsilon: what the samplers leave is reckoned for
// that (policy.h holds to it).
inline constexpr std::uint64_t kMostYearlyEpsilon = 20;
struct BudgetLimits {
  Fraction epsilon{};
  Fraction delta{.numerator = 1, .denominator = 1'000'000};
  std::vector<FamilyLimit> families{};
};

// One financial year's standing; of all noised releases where `family` is "", else of that family's metrics.
struct YearBudget {
  int year = 0;  // in which the financial year begins
  std::string family;
  std::uint64_t pure = 0;  // Σε, units of epsilon.h
  std::uint64_t rho = 0;   // Σρ, the same units
  // Σε + ε(Σρ, δ); nothing where δ does not suffice.
  std::optional<std::uint64_t> spent = 0;
  std::uint64_t left = 0;  // of ε, were the next charge one of ε; rounded down
  Fraction limit{};
};

// The sum of charges. Only ever grows.
class Spending {
 public:
  // DATA_LOSS where a sum leaves 64 bits, which charges cannot do.
  absl::Status Add(const Claim& claim);
  std::uint64_t pure() const { return pure_; }
  std::uint64_t rho() const { return rho_; }
  // The ε of everything together at δ; nothing where δ does not suffice or it leaves 64 bits.
  std::optional<std::uint64_t> EpsilonAt(DeltaUnits delta) const;
  friend std::strong_ordering operator<=>(const Spending&, const Spending&) = default;

 private:
  std::uint64_t pure_ = 0;
  std::uint64_t rho_ = 0;
  // What the samplers left, as multiples of 2^−128: of discrete Laplace releases for their own ε, and of
  // discrete Gaussian ones for the largest ε that there may be.
  absl::uint128 pure_delta_ = 0;
  absl::uint128 rho_delta_ = 0;
  bool has_skellam_ = false;
};

// (1 + e^20), rounded up: 3^20 + 1. A discrete Gaussian's samples at a statistical distance t add this times
// t to δ, whatever else is released under a cap of at most 20.
inline constexpr std::uint64_t kDeltaOfDistance = 3'486'784'402;

// Every year that a charge or `more` reaches, whole and by family, oldest first; with `more`, what would be
// so after it. `entries` may be of any kind; only charges count.
absl::StatusOr<std::vector<YearBudget>> BudgetOf(const std::vector<LedgerEntry>& entries,
                                                 const BudgetLimits& limits,
                                                 const std::vector<Claim>& more = {});

// Why `claim` cannot be charged, in words for the council; nothing where it can.
absl::StatusOr<std::optional<std::string>> RefusedByBudget(const std::vector<LedgerEntry>& entries,
                                                           const Claim& claim, const BudgetLimits& limits);

// "0.5"; "beyond what delta allows" where nothing else can be said.
std::string FormatSpent(const YearBudget& year);

// "2024-25".
std::string NameOfYear(int year);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_BUDGET_H_
