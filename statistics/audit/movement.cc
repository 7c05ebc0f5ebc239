#include "statistics/audit/movement.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <unordered_map>

#include "statistics/audit/linear_program.h"

namespace waymark::statistics {
namespace {

constexpr double kTolerance = 1e-6;
// Other cells' moves are bounded, which keeps the numbers small; a table further away is not needed.
constexpr std::int64_t kFarthestWidths = 4;
// Against costs of 1 and more for a cell to be hidden: what a unit of a move that is merely welcome is worth.
constexpr double kWelcome = 0.001;
constexpr int kMostDives = 40;

// The move's linear program. A variable is by how much a cell changes; a shown cell that may be hidden has
// two more, by how much it leaves its interval upwards and downwards.
class MoveProgram {
 public:
  MoveProgram(const ReleaseState& state, const Part& part, const Wish& wish)
      : state_(state), part_(part), wish_(wish) {
    AddChanges();
    AddExtras();
    AddRows();
  }

  std::optional<Move> Solve(int most_iterations) {
    LinearProgram program(variables_, rows_);
    for (int dive = 0; dive <= kMostDives; ++dive) {
      if (program.Minimize(most_iterations) != LinearProgram::End::kOptimal) return std::nullopt;
      const std::optional<std::size_t> broken = FirstFraction(program);
      if (!broken) return Read(program);
      // Held at the nearest whole number, and solved again from there.
      const double whole = std::round(program.Value(*broken));
      program.SetBounds(*broken, whole, whole);
    }
    return std::nullopt;
  }

 private:
  std::int64_t Farthest() const {
    return kFarthestWidths * std::max(wish_.most, state_.task.cells[part_.cells[0]].width);
  }

  void AddChanges() {
    const std::int64_t farthest = Farthest();
    const double direction = wish_.down ? 1 : -1;
    for (std::size_t i = 0; i < part_.cells.size(); ++i) {
      const std::uint32_t number = part_.cells[i];
      const ReleaseCell& cell = state_.task.cells[number];
      const Range& known = state_.Public(number);
      LinearProgram::Variable change{.low = static_cast<double>(std::max(known.low - cell.value, -farthest)),
                                     .high = static_cast<double>(std::min(known.high - cell.value, farthest)),
                                     .cost = state_.IsProtected(number) ? 0 : kWelcome * direction};
      if (i == 0) {
        if (wish_.down) {
          change.low = std::max(change.low, static_cast<double>(-wish_.most));
          change.high = static_cast<double>(-wish_.least);
        } else {
          change.low = static_cast<double>(wish_.least);
          change.high = std::min(change.high, static_cast<double>(wish_.most));
        }
      }
      variables_.push_back(change);
    }
  }

  void AddExtras() {
    const std::int64_t farthest = Farthest();
    extra_.assign(part_.cells.size(), 0);
    for (std::size_t i = 1; i < part_.cells.size(); ++i) {
      const ReleaseCell& cell = state_.task.cells[part_.cells[i]];
      if (!state_.is_shown[part_.cells[i]] || cell.cost == 0) continue;
      const auto cost = static_cast<double>(cell.cost);
      extra_[i] = variables_.size();
      variables_.push_back(
          {.low = 0,
           .high = static_cast<double>(std::min(cell.hidden.high - cell.shown.high, farthest)),
           .cost = cost});
      variables_.push_back({.low = 0,
                            .high = static_cast<double>(std::min(cell.shown.low - cell.hidden.low, farthest)),
                            .cost = cost});
    }
  }

  void AddRows() {
    std::unordered_map<std::uint32_t, std::size_t> place;
    for (std::size_t i = 0; i < part_.cells.size(); ++i) place[part_.cells[i]] = i;
    for (const std::uint32_t r : part_.relations) {
      LinearProgram::Row row;
      for (const Relation::Term& term : state_.task.relations[r].terms) {
        const auto at = place.find(term.cell);
        if (at == place.end()) continue;
        const auto factor = static_cast<double>(term.factor);
        row.terms.push_back({.variable = at->second, .factor = factor});
        if (extra_[at->second] == 0) continue;
        row.terms.push_back({.variable = extra_[at->second], .factor = factor});
        row.terms.push_back({.variable = extra_[at->second] + 1, .factor = -factor});
      }
      const Range& room = state_.room[r];
      row.low = room.low <= -kMostCount ? -LinearProgram::kUnbounded : static_cast<double>(room.low);
      row.high = room.high >= kMostCount ? LinearProgram::kUnbounded : static_cast<double>(room.high);
      rows_.push_back(std::move(row));
    }
  }

  std::optional<std::size_t> FirstFraction(const LinearProgram& program) const {
    for (std::size_t v = 0; v < variables_.size(); ++v) {
      const double value = program.Value(v);
      if (std::abs(value - std::round(value)) > kTolerance) return v;
    }
    return std::nullopt;
  }

  Move Read(const LinearProgram& program) const {
    Move move;
    for (std::size_t i = 0; i < part_.cells.size(); ++i) {
      auto change = static_cast<std::int64_t>(std::llround(program.Value(i)));
      if (extra_[i] != 0) {
        change += std::llround(program.Value(extra_[i])) - std::llround(program.Value(extra_[i] + 1));
      }
      if (change != 0) move.emplace_back(part_.cells[i], change);
    }
    return move;
  }

  const ReleaseState& state_;
  const Part& part_;
  const Wish& wish_;
  std::vector<LinearProgram::Variable> variables_;
  std::vector<std::size_t> extra_;  // by place in the part: its first further variable; 0: none
  std::vector<LinearProgram::Row> rows_;
};

// In whole numbers: what the solver says is not taken on trust.
bool Agrees(const ReleaseState& state, const Part& part, const Wish& wish, const Move& move) {
  std::unordered_map<std::uint32_t, std::int64_t> change(move.begin(), move.end());
  const auto first = change.find(part.cells[0]);
  if (first == change.end()) return false;
  const std::int64_t distance = wish.down ? -first->second : first->second;
  if (distance < wish.least) return false;
  for (const auto& [number, by] : move) {
    const ReleaseCell& cell = state.task.cells[number];
    const bool free = !state.is_shown[number] || cell.cost > 0;
    if (!(free ? cell.hidden : cell.shown).Contains(cell.value + by)) return false;
  }
  for (const std::uint32_t r : part.relations) {
    std::int64_t sum = 0;
    for (const Relation::Term& term : state.task.relations[r].terms) {
      const auto at = change.find(term.cell);
      if (at != change.end()) sum += term.factor * at->second;
    }
    if (!state.room[r].Contains(sum)) return false;
  }
  return true;
}

}  // namespace

Part PartAround(const ReleaseState& state, std::uint32_t cell, std::size_t most_cells, std::size_t partners) {
  Part part{.cells = {cell}, .relations = {}};
  std::vector<bool> has_cell(state.task.cells.size());
  std::vector<bool> has_relation(state.task.relations.size());
  has_cell[cell] = true;
  // Hidden cells move for nothing (best those that have somewhere to go downwards too, and are not
  // everything), shown ones within their rounding, and beyond it at their cost.
  const std::int64_t width = state.task.cells[cell].width;
  const auto rank = [&](std::uint32_t number) {
    const ReleaseCell& at = state.task.cells[number];
    const bool shown = state.is_shown[number];
    const bool stuck = !shown && at.value < at.hidden.low + width;
    const std::int64_t price = shown ? at.cost : (stuck ? -at.value : at.value);
    return std::make_tuple(shown, shown ? at.cost == 0 : stuck, price, number);
  };
  std::vector<std::uint32_t> others;
  for (std::size_t next = 0; next < part.cells.size(); ++next) {
    for (const std::uint32_t r : state.relations_of[part.cells[next]]) {
      if (has_relation[r]) continue;
      has_relation[r] = true;
      part.relations.push_back(r);
      others.clear();
      std::size_t there = 0;
      for (const Relation::Term& term : state.task.relations[r].terms) {
        const ReleaseCell& at = state.task.cells[term.cell];
        const bool fixed = state.Public(term.cell).width() == 0 && (at.cost == 0 || at.hidden.width() == 0);
        if (has_cell[term.cell]) {
          ++there;
        } else if (!fixed) {
          others.push_back(term.cell);
        }
      }
      const std::size_t wanted =
          std::min({others.size(), partners > there ? partners - there : std::size_t{1},
                    most_cells - std::min(most_cells, part.cells.size())});
      std::partial_sort(others.begin(), others.begin() + static_cast<std::ptrdiff_t>(wanted), others.end(),
                        [&](std::uint32_t a, std::uint32_t b) { return rank(a) < rank(b); });
      for (std::size_t i = 0; i < wanted; ++i) {
        has_cell[others[i]] = true;
        part.cells.push_back(others[i]);
      }
    }
  }
  return part;
}

std::optional<Move> FindMove(const ReleaseState& state, const Part& part, const Wish& wish,
                             int most_iterations) {
  std::optional<Move> move = MoveProgram(state, part, wish).Solve(most_iterations);
  if (move && !Agrees(state, part, wish, *move)) return std::nullopt;
  return move;
}

}  // namespace waymark::statistics
