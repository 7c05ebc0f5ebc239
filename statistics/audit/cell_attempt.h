// How one hidden cell comes to be wide enough: the moves that show it, looked for while nothing else changes.
// Part of suppression.h, which says what for.
#ifndef WAYMARK_STATISTICS_AUDIT_CELL_ATTEMPT_H_
#define WAYMARK_STATISTICS_AUDIT_CELL_ATTEMPT_H_

#include <cstdint>
#include <vector>

#include "statistics/audit/movement.h"
#include "statistics/audit/repair_walk.h"
#include "statistics/audit/suppression.h"

namespace waymark::statistics {

// What was found for a cell. All moves but the last hide nothing; the last may.
struct Attempt {
  std::vector<Move> moves;
  std::uint64_t work = 0;  // as SuppressionLimits counts it
};

// `move` and, as far as they hide nothing, a few times it and its reverse: one such table often proves many
// cells.
std::vector<Move> SeveralTimes(const ReleaseState& state, const Move& move);

// Depends on the state alone, not on what was looked for before. The state outlives it, and may change
// between calls. Not thread-safe: one for each thread.
class CellSearch {
 public:
  explicit CellSearch(const ReleaseState& state);

  // A walk without hiding, or programs that hide as little as they can; what a cell needs is looked for on
  // both sides of the truth. Stops at the first move that hides, since it changes what is public.
  Attempt Try(std::uint32_t cell, bool may_hide, const SuppressionLimits& limits);

 private:
  void EitherWay();
  void BothWays(std::int64_t above);
  void Widen(const Wish& wish);
  bool IsWide() const { return possible_.width() >= state_.task.cells[cell_].width; }

  const ReleaseState& state_;
  MoveSearch search_;
  RepairWalk walk_;
  std::uint32_t cell_ = 0;
  Range possible_;  // of the cell, by what is found so far
  bool may_hide_ = false;
  bool has_hidden_ = false;
  SuppressionLimits limits_;
  Attempt found_;
};

}  // namespace waymark::statistics

#endif  // WAYMARK_STATISTICS_AUDIT_CELL_ATTEMPT_H_
