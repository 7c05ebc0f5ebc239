// A secure round's cells, and what its parts' sums are in tables. No sessions: secure_rounds.h has them.
#ifndef WAYMARK_COORDINATOR_ROUNDS_SECURE_ROUND_H_
#define WAYMARK_COORDINATOR_ROUNDS_SECURE_ROUND_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "catalogue/secure_layout.h"
#include "coordinator/benchmark/combine.h"
#include "coordinator/store/store.h"
#include "proto/contract/round_spec.h"

namespace waymark::coordinator {

// A secure round as it was opened.
struct SecureRound {
  contract::RoundSpec spec;
  std::string spec_hash;
  std::vector<v1::Metric> definitions;  // of the items, in order
  catalogue::SecureLayout layout;

  std::vector<const v1::Metric*> metrics() const;
};
// FAILED_PRECONDITION where the round asks for no secure sum, or for what cannot be summed. `definitions`: of
// the items, in order.
absl::StatusOr<SecureRound> MakeSecureRound(contract::RoundSpec spec, std::vector<v1::Metric> definitions);
absl::StatusOr<SecureRound> SecureRoundOf(const Round& round);

// What came of a part's session.
struct PartSum {
  std::string code;
  std::vector<std::string> contributors;  // sorted
  std::uint32_t honest_shares = 0;
  std::vector<std::int64_t> cells;
};
// Its tables, with how they were protected. The errors of catalogue::TablesFromCells.
absl::StatusOr<SummedPart> SummedPartOf(const SecureRound& round, PartSum sum);

// The tables of every part that has a sum, with how they were protected.
absl::StatusOr<std::vector<SummedPart>> SummedPartsOf(const SecureRound& round, Store& store);

// Whether every part of the newest roster that the round asks has its sum.
absl::StatusOr<bool> AllPartsAreSummed(const contract::RoundSpec& spec, Store& store);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_ROUNDS_SECURE_ROUND_H_
