// How a cell can be moved: another whole-number table that agrees with everything public and differs in that
// cell. Part of suppression.h, which says what for.
#ifndef WAYMARK_STATISTICS_AUDIT_MOVEMENT_H_
#define WAYMARK_STATISTICS_AUDIT_MOVEMENT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "statistics/audit/cell_system.h"
#include "statistics/audit/suppression.h"

namespace waymark::statistics {

// A task with what is hidden so far.
struct ReleaseState {
  const ReleaseTask& task;
  std::vector<std::vector<std::uint32_t>> relations_of;  // by cell
  std::vector<Range> room;                               // by relation: by how much its sum may change
  std::vector<bool> is_shown;
  std::vector<Range> possible;

  bool IsProtected(std::uint32_t cell) const {
    return is_shown[cell] || possible[cell].width() >= task.cells[cell].width;
  }
  const Range& Public(std::uint32_t cell) const {
    return is_shown[cell] ? task.cells[cell].shown : task.cells[cell].hidden;
  }
};

// Cells that may move, all others staying as they are, and every relation that names one of them.
struct Part {
  std::vector<std::uint32_t> cells;  // the cell it was made for first
  std::vector<std::uint32_t> relations;
};

// At most `most_cells`, near `cell`: of each relation those `partners` that cost least to move.
Part PartAround(const ReleaseState& state, std::uint32_t cell, std::size_t most_cells, std::size_t partners);

// How far the part's first cell is to go: at least `least` and at most `most`, both above 0, downwards where
// `down`; the further the better, where that costs nothing.
struct Wish {
  bool down = false;
  std::int64_t least = 1;
  std::int64_t most = 1;
};

// By how much each cell of the part changes. Shown cells that may be hidden may leave their interval, at
// their cost: they have to be hidden for the move to be possible. Nothing where the solver finds none in
// time, or none in whole numbers.
using Move = std::vector<std::pair<std::uint32_t, std::int64_t>>;
std::optional<Move> FindMove(const ReleaseState& state, const Part& part, const Wish& wish,
                             int most_iterations);

}  // namespace waymark::statistics

#endif  // WAYMARK_STATISTICS_AUDIT_MOVEMENT_H_
