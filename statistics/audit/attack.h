// What an attacker can work out: the narrowest interval of a cell that everything public allows.
//
// Bounds are propagated first (Tighten); then, of each group of cells that are linked with one another, the
// least and the greatest of each cell asked for are found by linear programming, and rounded inwards to whole
// numbers (what is within 10⁻⁶ of a whole number is that number). A whole-number attacker may do better still
// where the relations are not those of a table with margins; suppression.h does not rely on this. Pure;
// deterministic; thread-safe.
#ifndef WAYMARK_STATISTICS_AUDIT_ATTACK_H_
#define WAYMARK_STATISTICS_AUDIT_ATTACK_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "statistics/audit/cell_system.h"

namespace waymark::statistics {

struct AttackLimits {
  // Simplex iterations over the whole attack.
  std::int64_t most_iterations = 2'000'000'000;
};

struct KnownInterval {
  Range interval;
  bool best = true;  // false: the solver did not finish; the truth lies within, and more may be known
};

// One for each of `targets`, which are cells. INVALID_ARGUMENT as CheckSystem, where a target is not a cell,
// or where the system has no solution at all.
absl::StatusOr<std::vector<KnownInterval>> BestIntervals(const CellSystem& system,
                                                         absl::Span<const std::uint32_t> targets,
                                                         const AttackLimits& limits = {});

}  // namespace waymark::statistics

#endif  // WAYMARK_STATISTICS_AUDIT_ATTACK_H_
