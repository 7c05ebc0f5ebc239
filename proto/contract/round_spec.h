// What a round asks. Hashed over CanonicalBytes; a release names that hash.
#ifndef WAYMARK_PROTO_CONTRACT_ROUND_SPEC_H_
#define WAYMARK_PROTO_CONTRACT_ROUND_SPEC_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "waymark/v1/round.pb.h"

namespace waymark::contract {

inline constexpr std::uint32_t kFewestContributors = 3;

struct RoundItem {
  std::string metric;
  std::uint32_t version = 0;
  std::string definition_hash;  // 32 bytes
  std::string period;           // canonical label
  v1::Mode mode = v1::MODE_UNSPECIFIED;
  std::vector<std::string> breakdowns;     // beside "all"
  std::vector<std::uint32_t> window_days;  // empty: all of the entry's
  std::vector<v1::Unit> units;             // empty: all of the entry's
  // One of the two; the other is 0/1. Noised: ε for discrete Laplace noise, ρ for discrete Gaussian noise. A
  // secure sum: ε for distributed discrete Laplace noise in the sum, ρ for distributed Skellam noise.
  std::uint64_t epsilon_numerator = 0;
  std::uint64_t epsilon_denominator = 1;
  std::uint64_t rho_numerator = 0;
  std::uint64_t rho_denominator = 1;
  // A secure sum: ε of the distribution over councils (catalogue/council_bands.h); 0/1: not asked for.
  std::uint64_t distribution_epsilon_numerator = 0;
  std::uint64_t distribution_epsilon_denominator = 1;
  // A secure sum: ρ of the sums weighted by deprivation (catalogue/deprivation_moments.h); 0/1: not asked
  // for.
  std::uint64_t deprivation_rho_numerator = 0;
  std::uint64_t deprivation_rho_denominator = 1;
  friend bool operator==(const RoundItem&, const RoundItem&) = default;
};

struct RoundSpec {
  std::string round_id;
  std::string title;
  std::int64_t opens_unix_s = 0;
  std::int64_t deadline_unix_s = 0;
  std::uint32_t least_contributors = kFewestContributors;
  std::uint32_t data_version = 1;
  std::vector<RoundItem> items;
  std::vector<std::string> geographies{};  // regions whose councils are asked, rising; empty: everyone is
  std::uint32_t close_at_answers = 0;      // as soon as so many have answered; 0: all
  std::uint32_t late_for_days = 0;         // after the deadline, late and corrected releases; 0: none
  // Of a council's own correction (revision.h); UNSPECIFIED: of a round.
  v1::RevisionReason correction = v1::REVISION_REASON_UNSPECIFIED;
  friend bool operator==(const RoundSpec&, const RoundSpec&) = default;
};

// INVALID_ARGUMENT with the field's name where a bound of round.proto is broken.
absl::StatusOr<RoundSpec> RoundSpecFromProto(const v1::RoundSpec& message);
void RoundSpecToProto(const RoundSpec& spec, v1::RoundSpec& message);

bool AsksForDistribution(const RoundItem& item);
bool AsksForExpected(const RoundItem& item);

// Whether the round asks for secure sums: of all items then, or of none.
bool IsSecure(const RoundSpec& spec);

// Under the label "waymark/v1/round-spec"; where an item asks for a distribution or for
// expected values, "waymark/v2/round-spec"; where it asks some regions alone, "waymark/v3/round-spec"; where
// it closes before all have answered, "waymark/v4/round-spec"; where it takes late releases,
// "waymark/v5/round-spec".
std::string CanonicalBytes(const RoundSpec& spec);

// One item and data version, without the round's name and times: the "canonical query" by which the ledger
// knows that the same thing is asked again. Under the label "waymark/v1/query", or v2 as above.
std::string CanonicalQuery(const RoundItem& item, std::uint32_t data_version);

}  // namespace waymark::contract

#endif  // WAYMARK_PROTO_CONTRACT_ROUND_SPEC_H_
