"""The mutants: each breaks one thing that protects people, and some test must notice. Add one by adding a row."""

from typing import NamedTuple


class Mutant(NamedTuple):
    name: str
    file: str
    old: str  # stands in the file exactly once
    new: str
    target: str  # the test program that must fail
    tests: str  # GoogleTest's --gtest_filter: those that should notice


MUTANTS = [
    Mutant("Laplace scale x 0.95", "crypto/discrete_laplace.cc",
           "internal::LaplaceThresholds(numerator, denominator)",
           "internal::LaplaceThresholds(numerator * 20, denominator * 19)",
           "statistical_test", "*Laplace*:*EventRatio*"),
    Mutant("Gaussian scale x 0.95", "crypto/discrete_gaussian.cc",
           "internal::GaussianThresholds(numerator, denominator)",
           "internal::GaussianThresholds(numerator * 361, denominator * 400)",
           "statistical_test", "*Gaussian*"),
    Mutant("zero drawn twice as often", "crypto/discrete_laplace.cc",
           "sample = Geometric(next) - Geometric(next + bits * kUniformBytes);",
           "sample = (next[bits * kUniformBytes] & 1) != 0 ? -Geometric(next) : Geometric(next);",
           "statistical_test", "*Laplace*:*EventRatio*"),
    Mutant("Gaussian without its last threshold", "crypto/discrete_gaussian.cc",
           "for (const internal::Uint128Parts& each : found) thresholds.push_back({each.high, each.low});",
           "for (const internal::Uint128Parts& each : found) thresholds.push_back({each.high, each.low});\n"
           "  thresholds.pop_back();",
           "crypto_test", "*Gaussian*"),
    Mutant("sum in floating point", "node/disclose/noise.cc",
           "if (__builtin_add_overflow(value, addend, &value) ||",
           "value = static_cast<std::int64_t>(static_cast<float>(value) + static_cast<float>(addend));\n  if (",
           "node_disclose_test", "ProtectNoised*"),
    Mutant("cap off by one", "node/disclose/budget.cc",
           "!ExceedsCap(*after.spent, after.limit)",
           "!ExceedsCap(*after.spent - 1, after.limit)",
           "node_disclose_test", "BudgetTest*"),
    Mutant("family limits forgotten", "node/disclose/budget.cc",
           "if (Counts(&family, claim)) scopes.push_back(&family);",
           "if (family.metrics.empty()) scopes.push_back(&family);",
           "node_disclose_test", "BudgetTest*"),
    Mutant("zCDP converted and rounded down", "node/disclose/zcdp.cc",
           "const ExactInterval log_rest = crypto::LogOf(step, alpha, kPrecision);",
           "ExactInterval log_rest = crypto::LogOf(step, alpha, kPrecision);\n"
           "  log_rest.high -= cpp_int(1) << 60;",
           "node_disclose_test", "ZcdpTest*"),
    Mutant("charge after release", "node/disclose/item_answer.cc",
           """  ASSIGN_OR_RETURN(refusal, parts_.ledger.Charge(query.spec.round_id, query.hash, claim, cap));
  if (refusal) return Absent({.rule = refusal->rule, .explanation = refusal->explanation});
  // From here on the charge is on disk: whatever fails now has been paid for.
  ItemAnswer answer;
  ASSIGN_OR_RETURN(const std::size_t dropped,
                   DrawNoised(query, *prepared, exact.tables, tables.HasFamilies(), answer.part));
""",
           """  ItemAnswer answer;
  ASSIGN_OR_RETURN(const std::size_t dropped,
                   DrawNoised(query, *prepared, exact.tables, tables.HasFamilies(), answer.part));
  ASSIGN_OR_RETURN(refusal, parts_.ledger.Charge(query.spec.round_id, query.hash, claim, cap));
  if (refusal) return Absent({.rule = refusal->rule, .explanation = refusal->explanation});
""",
           "attacks_release_test", "*"),
    Mutant("uncharged tables stored", "node/disclose/ledger.cc",
           "if (!WasCharged(entries, query_hash)) {", "if (entries.size() > 1'000'000'000) {",
           "node_disclose_test", "LedgerTest*"),
    Mutant("roll-back not looked for", "node/disclose/rollback.cc",
           "if (has) return absl::OkStatus();", "return absl::OkStatus();\n  if (has) return absl::OkStatus();",
           "node_disclose_test", "Rollback*"),
]
