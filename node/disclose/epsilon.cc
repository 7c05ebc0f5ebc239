#include "node/disclose/epsilon.h"

#include <numeric>

#include "absl/numeric/int128.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status.h"

namespace waymark::node {
namespace {

constexpr std::uint64_t kMostPart = 1'000'000'000;

absl::Status BadFraction(absl::string_view text) {
  return absl::InvalidArgumentError(
      absl::StrCat("expected a number such as \"4\", \"0.5\" or \"1/2\", got \"", text.substr(0, 40), "\""));
}

// Digits only, at most 18 of them.
absl::StatusOr<std::uint64_t> Whole(absl::string_view digits, absl::string_view all) {
  if (digits.empty() || digits.size() > 18) return BadFraction(all);
  std::uint64_t value = 0;
  for (char c : digits) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return BadFraction(all);
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

absl::StatusOr<Fraction> Reduced(std::uint64_t numerator, std::uint64_t denominator) {
  const std::uint64_t common = std::gcd(numerator, denominator);
  const Fraction made{.numerator = numerator / common, .denominator = denominator / common};
  if (made.numerator > kMostPart || made.denominator > kMostPart) {
    return absl::InvalidArgumentError("expected a fraction whose parts are at most 10^9; use fewer digits");
  }
  return made;
}

}  // namespace

absl::StatusOr<Fraction> ParseFraction(absl::string_view text) {
  if (const auto slash = text.find('/'); slash != absl::string_view::npos) {
    ASSIGN_OR_RETURN(const std::uint64_t above, Whole(text.substr(0, slash), text));
    ASSIGN_OR_RETURN(const std::uint64_t below, Whole(text.substr(slash + 1), text));
    if (below == 0) return BadFraction(text);
    return Reduced(above, below);
  }
  const auto point = text.find('.');
  if (point == absl::string_view::npos) {
    ASSIGN_OR_RETURN(const std::uint64_t whole, Whole(text, text));
    return Reduced(whole, 1);
  }
  const absl::string_view decimals = text.substr(point + 1);
  if (decimals.empty() || point == 0) return BadFraction(text);
  ASSIGN_OR_RETURN(const std::uint64_t digits, Whole(absl::StrCat(text.substr(0, point), decimals), text));
  std::uint64_t denominator = 1;
  for (std::size_t i = 0; i < decimals.size(); ++i) denominator *= 10;
  return Reduced(digits, denominator);
}

absl::StatusOr<Fraction> SumOf(Fraction a, Fraction b) {
  // Parts are at most 10^9, so nothing leaves 64 bits.
  return Reduced(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
}

std::string FormatFraction(Fraction fraction) {
  if (fraction.denominator == 1) return absl::StrCat(fraction.numerator);
  return absl::StrCat(fraction.numerator, "/", fraction.denominator);
}

absl::StatusOr<std::uint64_t> BudgetUnits(Fraction amount, absl::string_view name) {
  if (amount.numerator == 0 || amount.denominator == 0) {
    return absl::InvalidArgumentError(absl::StrCat(name, ": expected a fraction greater than zero"));
  }
  if (absl::uint128(amount.numerator) > absl::uint128(amount.denominator) * kMostEpsilon) {
    return absl::InvalidArgumentError(absl::StrCat(name, ": expected at most ", kMostEpsilon));
  }
  const absl::uint128 scaled = absl::uint128(amount.numerator) * kBudgetUnits;
  return static_cast<std::uint64_t>((scaled + amount.denominator - 1) / amount.denominator);
}

bool ExceedsCap(std::uint64_t units, Fraction cap) {
  return absl::uint128(units) * cap.denominator > absl::uint128(cap.numerator) * kBudgetUnits;
}

std::uint64_t UnitsLeft(std::uint64_t units, Fraction cap) {
  const absl::uint128 allowed = absl::uint128(cap.numerator) * kBudgetUnits / cap.denominator;
  return allowed > units ? static_cast<std::uint64_t>(allowed - units) : 0;
}

std::string FormatUnits(std::uint64_t units) {
  constexpr std::uint64_t kMillionth = kBudgetUnits / 1'000'000;
  const std::uint64_t millionths = units / kMillionth + (units % kMillionth != 0 ? 1 : 0);
  std::string text = absl::StrFormat("%d.%06d", millionths / 1'000'000, millionths % 1'000'000);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

}  // namespace waymark::node
