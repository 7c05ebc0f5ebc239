// Zero-concentrated differential privacy in terms of (ε, δ), in integer arithmetic that only ever errs to the
// safe side. ρ-zCDP implies (ε, δ)-DP for every α > 1 with
//   ε = αρ + ln(1 − 1/α) + (ln(1/δ) − ln α)/(α − 1),
// the same relation as δ = exp((α − 1)(αρ − ε) + α ln(1 − 1/α))/(α − 1) (Canonne, Kamath, Steinke 2020,
// proposition 12). Any α gives a true bound, so only the arithmetic must be safe: the search for the best one
// need not. Pure functions; thread-safe.
#ifndef WAYMARK_NODE_DISCLOSE_ZCDP_H_
#define WAYMARK_NODE_DISCLOSE_ZCDP_H_

#include <cstdint>
#include <optional>

#include "absl/numeric/int128.h"
#include "node/disclose/epsilon.h"

namespace waymark::node {

// δ as a multiple of 2^−128.
using DeltaUnits = absl::uint128;

// Rounded down: for what is allowed. δ must be below 1.
DeltaUnits DeltaUnitsOf(Fraction delta);

// For which α the bound αρ is known to hold: Skellam noise has it for whole ones alone (secure_layout.h).
enum class Orders { kAll, kWhole };

// The least ε found, in units of epsilon.h and rounded up, such that ρ-zCDP (ρ in the same units) implies
// (ε, δ)-DP. 0 for ρ = 0. Nothing where δ = 0 or ε would leave 64 bits.
std::optional<std::uint64_t> EpsilonOfZcdp(std::uint64_t rho_units, DeltaUnits delta,
                                           Orders orders = Orders::kAll);

// The greatest ρ in units whose EpsilonOfZcdp is at most `epsilon_units`; 0 where there is none.
std::uint64_t RhoWithin(std::uint64_t epsilon_units, DeltaUnits delta);

// From how many equal releases on discrete Gaussian noise has a smaller variance than discrete Laplace noise,
// where all of them together may cost `epsilon_units` and δ: the least k with 1/(2ρ/k) < 2q/(1 − q)²,
// q = exp(−ε/k), Δ = 1. At δ = 10^−6: 10, 11, 12 and 13 for ε = 0.5, 1, 2 and 4. This is the one place where
// the choice between the two mechanisms is made; it is advice to whoever plans a schedule, so it is in
// floating point.
std::uint64_t CrossoverReleases(std::uint64_t epsilon_units, DeltaUnits delta);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_DISCLOSE_ZCDP_H_
