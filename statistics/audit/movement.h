// How a cell can be moved: another whole-number table that agrees with everything public and differs in that
// cell. Part of suppression.h, which says what for.
#ifndef WAYMARK_STATISTICS_AUDIT_MOVEMENT_H_
#define WAYMARK_STATISTICS_AUDIT_MOVEMENT_H_

#include <cstddef>
#include <cstdint>
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
  // By cell: the relations that name it, with its factor.
  struct Naming {
    std::uint32_t relation;
    std::int32_t factor;
  };
  std::vector<std::vector<Naming>> named_in;
  std::vector<Range> room;    // by relation: by how much its sum may change
  std::vector<bool> binds;    // by relation: whether moves within `farthest` can break it
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
};

// How far a cell is to go: at least `least` and at most `most`, both above 0, downwards where `down`.
struct Wish {
  bool down = false;
  std::int64_t least = 1;
  std::int64_t most = 1;
};

// By how much each cell changes. Shown cells that may be hidden may leave their interval, at their cost: they
// have to be hidden for the move to be possible.
using Move = std::vector<std::pair<std::uint32_t, std::int64_t>>;

// By how much the sums that a move touches change, by number; by how much it changes a cell.
std::vector<std::pair<std::uint32_t, std::int64_t>> SumsOf(const ReleaseState& state, const Move& move);
std::int64_t MovedBy(const Move& move, std::uint32_t cell);

// Whether the truth, moved so, agrees with every relation and with what each cell can be. In whole numbers.
bool Agrees(const ReleaseState& state, const Move& move);

// Looks for moves by linear programs of a few cells around the one to be moved, all others staying as they
// are. The sums of such a program may be broken, at a price far above any other; what breaking them is worth
// at the optimum (the rows' prices) says which cells outside would help, and with these it is solved again.
// So a program grows only where it has to, and where nothing outside would help any more there is no move,
// in fractions either. The state outlives it, and may change between calls. Not thread-safe.
class MoveSearch {
 public:
  explicit MoveSearch(const ReleaseState& state);

  // A move of `cell`. Nothing where there is none, where the solver finds none within the limits, or none in
  // whole numbers. Adds to `work` what was done: cells and simplex iterations.
  std::optional<Move> Find(std::uint32_t cell, const Wish& wish, const SuppressionLimits& limits,
                           std::uint64_t& work);

 private:
  // A variable: by how much a cell changes in one direction, within what being shown tells or beyond that.
  struct Arc {
    std::uint32_t cell = 0;
    bool up = false;
    double least = 0;
    double most = 0;
    double cost = 0;
  };
  struct Candidate;

  void Start(std::uint32_t cell);
  void Add(std::uint32_t cell);
  void Clear();
  std::vector<Arc> ArcsOf(std::uint32_t cell, bool down) const;
  void AimAt(const Wish& wish, std::vector<Arc>& arcs) const;
  void Build(std::uint32_t cell, const Wish& wish);
  bool Minimize(const SuppressionLimits& limits, std::uint64_t& work);
  bool IsBroken() const;
  bool Hides() const;
  bool Grow(const Wish& wish, std::size_t partners, std::size_t most_cells);
  std::vector<Candidate> Helpful(const Wish& wish);
  std::optional<Move> Dive(const SuppressionLimits& limits, std::uint64_t& work);
  std::optional<std::size_t> FirstFraction() const;
  Move Read() const;

  static constexpr std::uint32_t kOutside = 0xFFFFFFFF;
  const ReleaseState& state_;
  std::vector<std::uint32_t> cells_;      // of the program; the one to be moved first
  std::vector<std::uint32_t> relations_;  // all that name one of them and bind
  std::vector<bool> has_cell_;            // by cell
  std::vector<std::uint32_t> row_;        // by relation; kOutside: not in the program
  std::vector<Arc> arcs_;                 // the first variables; then what breaks the rows
  std::vector<std::size_t> breaks_;       // the first variable that breaks each row, and the end
  std::unique_ptr<LinearProgram> program_;
  std::vector<double> worth_;  // by cell: scratch
};

}  // namespace waymark::statistics

#endif  // WAYMARK_STATISTICS_AUDIT_MOVEMENT_H_
