#include "node/disclose/policy_budget.h"

#include <map>
#include <string>
#include <utility>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"

namespace waymark::node {
namespace {

constexpr Fraction kLeastDelta{.numerator = 1, .denominator = 1'000'000'000};
constexpr Fraction kMostDelta{.numerator = 1, .denominator = 1'000};

// a > b.
bool Above(Fraction a, Fraction b) {
  return absl::uint128(a.numerator) * b.denominator > absl::uint128(b.numerator) * a.denominator;
}

}  // namespace

Fraction ReadFraction(ConfigTable& table, absl::string_view key, absl::string_view fallback) {
  const auto read = ParseFraction(table.StringOr(key, fallback));
  if (read.ok()) return *read;
  table.Fail(key, read.status().message());
  return {};
}

BudgetLimits ReadYearlyCap(ConfigTable& floors) {
  BudgetLimits limits{.epsilon = ReadFraction(floors, "yearly_epsilon", "0")};
  if (Above(limits.epsilon, {.numerator = kMostYearlyEpsilon})) {
    floors.Fail("yearly_epsilon", absl::StrCat("expected at most ", kMostYearlyEpsilon,
                                               "; 4 is usual, and above 10 noise protects little"));
    limits.epsilon = {};
  }
  limits.delta = ReadFraction(floors, "yearly_delta", "1/1000000");
  if (Above(kLeastDelta, limits.delta) || Above(limits.delta, kMostDelta)) {
    floors.Fail(
        "yearly_delta",
        "expected from \"0.000000001\" to \"0.001\"; \"0.000001\" is usual, and it should be far below one "
        "over the number of families");
    limits.delta = {};
  }
  return limits;
}

void ReadFamilies(std::vector<ConfigTable> tables, const catalogue::Library& library, BudgetLimits& limits) {
  std::map<std::string, std::string> family_of;
  for (ConfigTable& table : tables) {
    FamilyLimit limit;
    limit.family = table.String("family", "name the family of metrics, as family = \"waits\"");
    for (const FamilyLimit& other : limits.families) {
      if (other.family == limit.family) table.Fail("family", "is named twice; join the two tables");
    }
    limit.metrics = table.Strings("metrics");
    if (limit.metrics.empty())
      table.Fail("metrics", "list the family's metrics, as metrics = [\"1\", \"2\"]");
    for (const std::string& metric : limit.metrics) {
      if (library.Find(metric) == nullptr) {
        table.Fail("metrics",
                   absl::StrCat("the catalogue has no entry \"", metric, "\"; `waymark metrics` lists them"));
      }
      const auto [first, fresh] = family_of.emplace(metric, limit.family);
      if (!fresh) {
        table.Fail("metrics", absl::StrCat("metric ", metric, " is in the family ", first->second,
                                           " too; leave it in one"));
      }
    }
    limit.epsilon = ReadFraction(table, "yearly_epsilon", "0");
    if (limit.epsilon.numerator == 0 || Above(limit.epsilon, limits.epsilon)) {
      table.Fail("yearly_epsilon",
                 absl::StrCat("expected above 0 and at most floors.yearly_epsilon, ",
                              FormatFraction(limits.epsilon), ": a sub-limit lies inside the yearly cap"));
    }
    limits.families.push_back(std::move(limit));
  }
}

}  // namespace waymark::node
