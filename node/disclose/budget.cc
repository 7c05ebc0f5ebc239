#include "node/disclose/budget.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace waymark::node {
namespace {

bool Counts(const FamilyLimit* family, const Claim& claim) {
  return family == nullptr ||
         std::find(family->metrics.begin(), family->metrics.end(), claim.metric) != family->metrics.end();
}

bool Reaches(const Claim& claim, int year) {
  return claim.first_year <= year && year <= claim.last_year;
}

// ε(Σρ, δ) is worked out once for every sum that occurs: several years often stand alike.
class Conversions {
 public:
  std::optional<std::uint64_t> EpsilonOf(const Spending& spending, DeltaUnits delta) {
    const auto known = known_.find(spending);
    if (known != known_.end()) return known->second;
    return known_[spending] = spending.EpsilonAt(delta);
  }

 private:
  std::map<Spending, std::optional<std::uint64_t>> known_;
};

absl::StatusOr<Spending> SpentIn(int year, const FamilyLimit* family, const std::vector<LedgerEntry>& entries,
                                 const std::vector<Claim>& more) {
  Spending spending;
  for (const LedgerEntry& entry : entries) {
    if (!IsCharge(entry) || !Reaches(entry.claim, year) || !Counts(family, entry.claim)) {
      continue;
    }
    RETURN_IF_ERROR(spending.Add(entry.claim));
  }
  for (const Claim& claim : more) {
    if (Reaches(claim, year) && Counts(family, claim)) RETURN_IF_ERROR(spending.Add(claim));
  }
  return spending;
}

YearBudget Standing(int year, const FamilyLimit* family, const Spending& spending, const BudgetLimits& limits,
                    Conversions& conversions) {
  YearBudget standing{.year = year,
                      .family = family == nullptr ? "" : family->family,
                      .pure = spending.pure(),
                      .rho = spending.rho(),
                      .limit = family == nullptr ? limits.epsilon : family->epsilon};
  standing.spent = conversions.EpsilonOf(spending, DeltaUnitsOf(limits.delta));
  standing.left = standing.spent ? UnitsLeft(*standing.spent, standing.limit) : 0;
  return standing;
}

std::string WhatIsSpent(const YearBudget& year) {
  std::string text = FormatSpent(year);
  if (year.rho > 0) absl::StrAppend(&text, " (rho ", FormatUnits(year.rho), " among it)");
  return text;
}

}  // namespace

absl::Status Spending::Add(const Claim& claim) {
  if (__builtin_add_overflow(pure_, claim.charge, &pure_) ||
      __builtin_add_overflow(rho_, claim.rho_charge, &rho_)) {
    return absl::DataLossError("ledger: the charges add up to more than can be");
  }
  (claim.rho_charge > 0 ? rho_delta_ : pure_delta_) += claim.delta;
  has_skellam_ = has_skellam_ || (claim.rho_charge > 0 && claim.mode == v1::MODE_SECURE_SUM);
  return absl::OkStatus();
}

std::optional<std::uint64_t> Spending::EpsilonAt(DeltaUnits delta) const {
  // Alone, the Laplace releases' (ε, δ) add up. Beside others what they left is reckoned for the whole ε.
  const absl::uint128 left_over = rho_ == 0 ? pure_delta_ : pure_delta_ * kDeltaOfDistance + rho_delta_;
  if (left_over > delta) return std::nullopt;
  const std::optional<std::uint64_t> converted =
      EpsilonOfZcdp(rho_, delta - left_over, has_skellam_ ? Orders::kWhole : Orders::kAll);
  std::uint64_t total = 0;
  if (!converted || __builtin_add_overflow(pure_, *converted, &total)) return std::nullopt;
  return total;
}

absl::StatusOr<std::vector<YearBudget>> BudgetOf(const std::vector<LedgerEntry>& entries,
                                                 const BudgetLimits& limits, const std::vector<Claim>& more) {
  std::set<int> years;
  const auto reach = [&](const Claim& claim) {
    for (int year = claim.first_year; year <= claim.last_year; ++year) years.insert(year);
  };
  for (const LedgerEntry& entry : entries) {
    if (IsCharge(entry)) reach(entry.claim);
  }
  std::for_each(more.begin(), more.end(), reach);
  Conversions conversions;
  std::vector<YearBudget> standings;
  for (const int year : years) {
    ASSIGN_OR_RETURN(const Spending all, SpentIn(year, nullptr, entries, more));
    standings.push_back(Standing(year, nullptr, all, limits, conversions));
    for (const FamilyLimit& family : limits.families) {
      ASSIGN_OR_RETURN(const Spending part, SpentIn(year, &family, entries, more));
      standings.push_back(Standing(year, &family, part, limits, conversions));
    }
  }
  return standings;
}

absl::StatusOr<std::optional<std::string>> RefusedByBudget(const std::vector<LedgerEntry>& entries,
                                                           const Claim& claim, const BudgetLimits& limits) {
  std::vector<const FamilyLimit*> scopes = {nullptr};
  for (const FamilyLimit& family : limits.families) {
    if (Counts(&family, claim)) scopes.push_back(&family);
  }
  Conversions conversions;
  for (int year = claim.first_year; year <= claim.last_year; ++year) {
    for (const FamilyLimit* scope : scopes) {
      ASSIGN_OR_RETURN(const Spending before, SpentIn(year, scope, entries, {}));
      Spending spending = before;
      const bool overflow = !spending.Add(claim).ok();
      const YearBudget after = Standing(year, scope, spending, limits, conversions);
      if (!overflow && after.spent && !ExceedsCap(*after.spent, after.limit)) continue;
      const YearBudget now = Standing(year, scope, before, limits, conversions);
      return absl::StrCat("of the year ", NameOfYear(year), "'s epsilon of ", FormatFraction(after.limit),
                          now.family.empty() ? "" : absl::StrCat(" for the family ", now.family), ", ",
                          WhatIsSpent(now), " is spent; this asks for ",
                          claim.rho_charge > 0 ? absl::StrCat("rho ", FormatUnits(claim.rho_charge))
                                               : FormatUnits(claim.charge));
    }
  }
  return std::nullopt;
}

std::string FormatSpent(const YearBudget& year) {
  return year.spent ? FormatUnits(*year.spent) : "beyond what delta allows";
}

std::string NameOfYear(int year) {
  return absl::StrCat(year, "-", absl::Dec((year + 1) % 100, absl::kZeroPad2));
}

}  // namespace waymark::node
