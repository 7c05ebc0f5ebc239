// A round as an operator writes it down: TOML, checked whole. docs/operations.md lists the keys.
#ifndef WAYMARK_COORDINATOR_CLI_ROUND_FILE_H_
#define WAYMARK_COORDINATOR_CLI_ROUND_FILE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "catalogue/library.h"
#include "waymark/v1/round.pb.h"

namespace waymark::coordinator {

// The spec, with each item's definition hash from the library. It opens now, and closes at `deadline` or
// `open_minutes` after now. INVALID_ARGUMENT with every error, a line each.
absl::StatusOr<v1::RoundSpec> ParseRoundFile(const std::string& text, const std::string& file,
                                             const catalogue::Library& library, absl::Time now);

// The items of a schedule: tables as a round's file has them, without version and period, which every firing
// fills in. INVALID_ARGUMENT with every error, a line each.
absl::StatusOr<std::vector<v1::RoundItem>> ParseScheduleItems(const std::string& text,
                                                              const std::string& file,
                                                              const catalogue::Library& library);

// ε exactly: "1/2", "0.5", "4" as a fraction in lowest terms whose parts are at most 10^9. INVALID_ARGUMENT
// otherwise.
struct EpsilonFraction {
  std::uint64_t numerator = 0;
  std::uint64_t denominator = 1;
};
absl::StatusOr<EpsilonFraction> ParseEpsilon(absl::string_view text);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_CLI_ROUND_FILE_H_
