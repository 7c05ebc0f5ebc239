// How a cell can be moved: another whole-number table that agrees with everything public and differs in that
// cell. Part of suppression.h, which says what for.
#ifndef WAYMARK_STATISTICS_AUDIT_MOVEMENT_H_
#define WAYMARK_STATISTICS_AUDIT_MOVEMENT_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "statistics/audit/cell_system.h"
#include "statistics/audit/linear_program.h"
#include "statistics/audit/suppression.h"

namespace waymark::statistics {

// A task with what is hidden so far.
struct ReleaseState {
  const ReleaseTask& task;
  std::vector<std::vector<std::uint32_t>> relations_of;  // by cell
  std::vector<Range> room;                               // by relation: by how much its sum may change
  std::int64_t farthest = 0;  // no cell is moved further: no table so far away is needed
  std::vector<bool> is_shown;
  std::vector<Range> possible;

  bool IsProtected(std::uint32_t cell) const {
    return is_shown[cell] || possible[cell].width() >= task.cells[cell].width;
  }
  bool MayHide(std::uint32_t cell) const { return is_shown[cell] && task.cells[cell].cost > 0; }
  const Range& Public(std::uint32_t cell) const {
    return is_shown[cell] ? task.cells[cell].shown : task.cells[cell].hidden;
  }
  // Never moves, whatever is hidden.
  bool IsFixed(std::uint32_t cell) const {
    return Public(cell).width() == 0 && (!MayHide(cell) || task.cells[cell].hidden.width() == 0);
  }
  // Whether moves within `farthest` can break it.
  bool Binds(std::uint32_t relation) const;
};

// Cells that may move, all others staying as they are, and every relation that names one of them and binds.
struct Part {
  std::vector<std::uint32_t> cells;  // the cell it was made for first
  std::vector<std::uint32_t> relations;
};

// At most `most_cells`, near `cell`: of each relation those `partners` that cost least to move.
Part PartAround(const ReleaseState& state, std::uint32_t cell, std::size_t most_cells, std::size_t partners);

// How far a cell is to go: at least `least` and at most `most`, both above 0, downwards where `down`.
struct Wish {
  bool down = false;
  std::int64_t least = 1;
  std::int64_t most = 1;
};

// By how much each cell of a part changes. Shown cells that may be hidden may leave their interval, at their
// cost: they have to be hidden for the move to be possible.
using Move = std::vector<std::pair<std::uint32_t, std::int64_t>>;

// The linear program of a part, which may be kept from one move to the next: it sees what is hidden
// meanwhile. The state outlives it. Not thread-safe.
class MoveProgram {
 public:
  MoveProgram(const ReleaseState& state, Part part);

  // A move of `cell`, which is in the part. Nothing where the solver finds none in time, or none in whole
  // numbers. Adds to `work` what was done: cells and simplex iterations.
  std::optional<Move> Find(std::uint32_t cell, const Wish& wish, int most_iterations, std::uint64_t& work);

 private:
  // A variable: by how much a cell changes in one direction, within what being shown tells or beyond that.
  struct Arc {
    std::uint32_t cell;
    bool up;
    bool beyond;
    std::int64_t most;
  };
  void AddArcs();
  std::vector<LinearProgram::Row> Rows() const;
  LinearProgram::Variable Usual(std::size_t arc, bool down) const;
  void Tell(std::size_t arc, const LinearProgram::Variable& wanted);
  bool Aim(std::uint32_t cell, const Wish& wish);
  bool Minimize(int most_iterations, std::uint64_t& work);
  std::optional<Move> Dive(int most_iterations, std::uint64_t& work);
  std::optional<std::size_t> FirstFraction() const;
  void Hold(std::size_t arc, double value);
  Move Read() const;

  const ReleaseState& state_;
  const Part part_;
  std::map<std::uint32_t, std::size_t> place_;  // of a cell in the part
  std::vector<Arc> arcs_;
  std::vector<std::size_t> first_arc_;         // by place, and the end
  std::vector<LinearProgram::Variable> told_;  // what the program knows of each arc
  std::unique_ptr<LinearProgram> program_;
};

}  // namespace waymark::statistics

#endif  // WAYMARK_STATISTICS_AUDIT_MOVEMENT_H_
