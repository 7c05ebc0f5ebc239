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
    Mutant("roster with one signature too few", "proto/contract/roster.cc",
           "signers.size() >= governance.threshold",
           "signers.size() + 1 >= governance.threshold",
           "proto_test", "Roster*"),
    Mutant("officers' signatures not verified", "proto/contract/roster.cc",
           "known && crypto::VerifySignature(each.officer, bytes, each.signature).ok()",
           "known",
           "proto_test", "Roster*"),
    Mutant("second roster of one epoch taken for the first", "proto/contract/roster.cc",
           "if (RosterHash(roster) == held_hash) return false;",
           "return false;",
           "node_disclose_test", "RosterBookTest*"),
    Mutant("roster that does not follow the held one", "proto/contract/roster.cc",
           "if (roster.previous_hash != held_hash) {",
           "if (roster.previous_hash.empty()) {",
           "node_disclose_test", "RosterBookTest*"),
    Mutant("expired roster worked by", "node/disclose/roster_book.cc",
           "RETURN_IF_ERROR(contract::CheckUnexpired(*held, now));",
           "static_cast<void>(now);",
           "node_disclose_test", "RosterBookTest*"),
    Mutant("roster without this council worked by", "node/disclose/roster_book.cc",
           "if (self == nullptr || self->signing_key != self_.signing_key) {",
           "if (self != nullptr && self->signing_key != self_.signing_key) {",
           "node_disclose_test", "RosterBookTest*"),
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
           "return DiscreteGaussian(internal::ThresholdTable(std::move(thresholds)));",
           "thresholds.pop_back();\n"
           "  return DiscreteGaussian(internal::ThresholdTable(std::move(thresholds)));",
           "crypto_test", "*Gaussian*"),
    Mutant("Polya share of too many", "crypto/polya.cc",
           "internal::PolyaThresholds(numerator, below, honest_shares)",
           "internal::PolyaThresholds(numerator, below, honest_shares + 1)",
           "statistical_test", "*Polya*"),
    Mutant("Skellam share of half the variance", "crypto/skellam.cc",
           "internal::PoissonThresholds(numerator, denominator, 2 * honest_shares)",
           "internal::PoissonThresholds(numerator, denominator, 4 * honest_shares)",
           "statistical_test", "*Skellam*"),
    Mutant("noise share of one sign", "crypto/threshold_table.cc",
           "static_cast<std::int64_t>(above[lane]) - static_cast<std::int64_t>(below[lane])",
           "static_cast<std::int64_t>(above[lane] + 0 * below[lane])",
           "statistical_test", "*Share*"),
    Mutant("agreement with a key of small order", "crypto/key_agreement.cc",
           "return absl::InvalidArgumentError(\n        \"the peer's",
           "return shared;\n    return absl::InvalidArgumentError(\n        \"the peer's",
           "crypto_test", "AgreementKey*"),
    Mutant("a sealed message's tag not looked at", "crypto/sealing.cc",
           "if (EVP_CipherFinal_ex(context.get(), none, &written) != 1) return refused;",
           "EVP_CipherFinal_ex(context.get(), none, &written);",
           "crypto_test", "Sealing*"),
    Mutant("shares of a polynomial without its highest term", "crypto/secret_sharing.cc",
           "for (std::uint32_t degree = threshold; degree-- > 0;) {",
           "for (std::uint32_t degree = std::max(threshold - 1, 1u); degree-- > 0;) {",
           "crypto_test", "S*"),
    Mutant("a Merkle leaf that passes for an inner node", "crypto/merkle_tree.cc",
           "constexpr absl::string_view kLeaf(\"\\x00\", 1);",
           "constexpr absl::string_view kLeaf(\"\\x01\", 1);",
           "crypto_test", "MerkleTree*"),
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
