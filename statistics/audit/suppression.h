// Secondary suppression: which further cells to hide, so that nobody can work out a hidden one from its
// margins, from other tables or from what was published before.
//
// A hidden cell is protected where two whole-number tables, each of which agrees with everything public,
// differ in it by at least its width. Such tables are found by local search or linear programming and then
// checked in whole numbers, so no rounding error and no unfinished solution can make a cell look protected
// that is not. That is at least what an attacker's interval being so wide asks for, since the interval spans
// both tables. They lie on both sides of the truth wherever anything lies there, so that the truth is not
// simply an end.
//
// Cells that are known to be equal are one (merged_task.h). First the bounds are propagated as if all that
// may be hidden were: what is narrow even then need not be hidden, for it could not be protected. Then, for
// four hidden cells at a time, by several threads (cell_attempt.h): move each, by a local search that hides
// nothing (repair_walk.h), or else by linear programs of a few cells that grow where they have to
// (movement.h), at the least cost of shown cells that would have to change by more than their rounding; those
// cells are hidden. A move that is found is tried a few times over, and backwards. Where the solver does not
// finish, or finds no whole-number table: again after hiding every cell of the lines through it, then after
// hiding every cell that is linked with it. What is hidden stays hidden, so what is protected stays so. The
// four are looked at from one state and their moves made in turn, and the order of work (those hidden at the
// outset by number, from four stretches in turn; others as they are found) depends on nothing else: the same
// task has the same result, however many threads there are. Sources: Fischetti and
// Salazar (2001), "Solving the cell suppression problem on tabular data with linear constraints"; Kelly,
// Golden and Assad (1992) for one cell at a time.
#ifndef WAYMARK_STATISTICS_AUDIT_SUPPRESSION_H_
#define WAYMARK_STATISTICS_AUDIT_SUPPRESSION_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "statistics/audit/cell_system.h"

namespace waymark::statistics {

struct ReleaseCell {
  std::int64_t value = 0;  // the truth
  Range shown;             // what its being shown tells: the truth and what rounds to the same
  Range hidden;            // what is known where it is not shown; contains `shown`
  bool is_shown = true;    // at the outset
  std::int64_t width = 0;  // while it is hidden, two tables must differ in it by this; 0: by nothing
  // What hiding it loses, for each unit that it is moved beyond `shown`. 0: it cannot be hidden (it has left
  // before).
  std::int64_t cost = 0;
  // Another cell of which a rule lets nobody see one without the other (a complement and its numerator): they
  // are hidden together. kNone: there is none.
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;
  std::uint32_t hidden_with = kNone;
};

struct ReleaseTask {
  std::vector<ReleaseCell> cells;
  std::vector<Relation> relations;
};

struct SuppressionLimits {
  int most_iterations = 20'000;    // simplex iterations of one linear program
  std::size_t most_cells = 4'000;  // of one linear program
  // Cells of all programs that are solved, each counted as often as it is, and simplex iterations: about a
  // minute's work. Whatever is not protected by then is `unprotected`: nothing may leave on the strength of
  // an audit that did not finish.
  std::uint64_t most_work = 12'000'000;
  // That look for moves at the same time. The result does not depend on it.
  std::size_t threads = 2;
};

struct SuppressionResult {
  std::vector<bool> is_shown;   // by cell
  std::vector<Range> possible;  // by cell: spanned by the tables found; the truth where none was
  std::vector<std::uint32_t>
      unprotected;            // cells that stay too narrow whatever is hidden, or for want of work
  std::size_t fallbacks = 0;  // cells for which whole lines had to be hidden
};

// INVALID_ARGUMENT as CheckSystem, and where a value lies outside its intervals or the values break a
// relation. Pure; thread-safe.
absl::StatusOr<SuppressionResult> SuppressUntilProtected(const ReleaseTask& task,
                                                         const SuppressionLimits& limits = {});

// What is public after that, as the attacker sees it.
CellSystem PublicKnowledge(const ReleaseTask& task, const std::vector<bool>& is_shown);

}  // namespace waymark::statistics

#endif  // WAYMARK_STATISTICS_AUDIT_SUPPRESSION_H_
