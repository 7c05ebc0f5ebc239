#include "statistics/audit/movement.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

namespace waymark::statistics {
namespace {

constexpr double kTolerance = 1e-6;
// Against costs of 1 and more for a cell to be hidden: what a unit of a move that protects nothing costs.
// None gains anything, so the program starts from a solution that lacks nothing but the move that is asked
// for, and changes little else; and what it finds is nearly always whole.
constexpr double kIdle = 0.001;
constexpr int kMostDives = 40;

// In whole numbers: what the solver says is not taken on trust.
bool Agrees(const ReleaseState& state, std::uint32_t cell, const Wish& wish, const Move& move) {
  std::map<std::uint32_t, std::int64_t> sums;
  bool reaches = false;
  for (const auto& [number, by] : move) {
    const ReleaseCell& at = state.task.cells[number];
    const Range& allowed = state.MayHide(number) ? at.hidden : state.Public(number);
    if (!allowed.Contains(at.value + by)) return false;
    if (number == cell) reaches = (wish.down ? -by : by) >= wish.least;
    for (const std::uint32_t r : state.relations_of[number]) {
      for (const Relation::Term& term : state.task.relations[r].terms) {
        if (term.cell == number) sums[r] += term.factor * by;
      }
    }
  }
  return reaches && std::all_of(sums.begin(), sums.end(),
                                [&](const auto& sum) { return state.room[sum.first].Contains(sum.second); });
}

}  // namespace

bool ReleaseState::Binds(std::uint32_t relation) const {
  const std::int64_t most = static_cast<std::int64_t>(task.relations[relation].terms.size()) * farthest;
  return room[relation].low > -most || room[relation].high < most;
}

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
      if (has_relation[r] || !state.Binds(r)) continue;
      has_relation[r] = true;
      part.relations.push_back(r);
      others.clear();
      std::size_t there = 0;
      for (const Relation::Term& term : state.task.relations[r].terms) {
        if (has_cell[term.cell]) {
          ++there;
        } else if (!state.IsFixed(term.cell)) {
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

MoveProgram::MoveProgram(const ReleaseState& state, Part part) : state_(state), part_(std::move(part)) {
  for (std::size_t i = 0; i < part_.cells.size(); ++i) place_[part_.cells[i]] = i;
  AddArcs();
  std::vector<LinearProgram::Variable> variables;
  for (std::size_t a = 0; a < arcs_.size(); ++a) variables.push_back(Usual(a, false));
  told_ = variables;
  program_ = std::make_unique<LinearProgram>(variables, Rows());
}

void MoveProgram::AddArcs() {
  first_arc_.push_back(0);
  for (const std::uint32_t number : part_.cells) {
    const ReleaseCell& cell = state_.task.cells[number];
    for (const bool up : {true, false}) {
      const Range& all = state_.MayHide(number) || !state_.is_shown[number] ? cell.hidden : cell.shown;
      const std::int64_t near =
          std::min(up ? cell.shown.high - cell.value : cell.value - cell.shown.low, state_.farthest);
      const std::int64_t far = std::min(up ? all.high - cell.value : cell.value - all.low, state_.farthest);
      if (near > 0) arcs_.push_back({.cell = number, .up = up, .beyond = false, .most = near});
      if (far > near) arcs_.push_back({.cell = number, .up = up, .beyond = true, .most = far - near});
    }
    first_arc_.push_back(arcs_.size());
  }
}

std::vector<LinearProgram::Row> MoveProgram::Rows() const {
  std::vector<LinearProgram::Row> rows;
  for (const std::uint32_t r : part_.relations) {
    LinearProgram::Row row;
    for (const Relation::Term& term : state_.task.relations[r].terms) {
      const auto at = place_.find(term.cell);
      if (at == place_.end()) continue;
      for (std::size_t a = first_arc_[at->second]; a < first_arc_[at->second + 1]; ++a) {
        row.terms.push_back(
            {.variable = a, .factor = static_cast<double>(arcs_[a].up ? term.factor : -term.factor)});
      }
    }
    const Range& room = state_.room[r];
    row.low = room.low <= -kMostCount ? -LinearProgram::kUnbounded : static_cast<double>(room.low);
    row.high = room.high >= kMostCount ? LinearProgram::kUnbounded : static_cast<double>(room.high);
    rows.push_back(std::move(row));
  }
  return rows;
}

LinearProgram::Variable MoveProgram::Usual(std::size_t arc, bool down) const {
  const Arc& at = arcs_[arc];
  LinearProgram::Variable usual{.low = 0, .high = static_cast<double>(at.most), .cost = kIdle};
  if (state_.is_shown[at.cell]) {
    if (at.beyond) usual.cost = static_cast<double>(state_.task.cells[at.cell].cost);
  } else if (!state_.IsProtected(at.cell) && at.up != down) {
    usual.cost = 0;
  }
  return usual;
}

void MoveProgram::Tell(std::size_t arc, const LinearProgram::Variable& wanted) {
  LinearProgram::Variable& told = told_[arc];
  if (told.cost != wanted.cost) program_->SetCost(arc, wanted.cost);
  if (told.low != wanted.low || told.high != wanted.high) program_->SetBounds(arc, wanted.low, wanted.high);
  told = wanted;
}

bool MoveProgram::Aim(std::uint32_t cell, const Wish& wish) {
  for (std::size_t arc = 0; arc < arcs_.size(); ++arc) Tell(arc, Usual(arc, wish.down));
  const std::size_t place = place_.at(cell);
  std::int64_t least = wish.least;
  std::int64_t most = wish.most;
  for (std::size_t arc = first_arc_[place]; arc < first_arc_[place + 1]; ++arc) {
    LinearProgram::Variable aimed = told_[arc];
    if (arcs_[arc].up == wish.down) {
      aimed.high = 0;
    } else {
      aimed.low = static_cast<double>(std::min(least, arcs_[arc].most));
      aimed.high = static_cast<double>(std::min(most, arcs_[arc].most));
      least -= std::min(least, arcs_[arc].most);
      most -= std::min(most, arcs_[arc].most);
    }
    Tell(arc, aimed);
  }
  program_->Restart();
  return least == 0;
}

std::optional<Move> MoveProgram::Find(std::uint32_t cell, const Wish& wish, int most_iterations,
                                      std::uint64_t& work) {
  if (!Aim(cell, wish) || !Minimize(most_iterations, work)) return std::nullopt;
  std::optional<Move> move = Dive(most_iterations, work);
  if (move && !Agrees(state_, cell, wish, *move)) return std::nullopt;
  return move;
}

bool MoveProgram::Minimize(int most_iterations, std::uint64_t& work) {
  const bool optimal = program_->Minimize(most_iterations) == LinearProgram::End::kOptimal;
  work += part_.cells.size() + static_cast<std::uint64_t>(program_->iterations());
  return optimal;
}

std::optional<Move> MoveProgram::Dive(int most_iterations, std::uint64_t& work) {
  for (int dive = 0; dive <= kMostDives; ++dive) {
    const std::optional<std::size_t> broken = FirstFraction();
    if (!broken) return Read();
    // Held at the nearest whole number, or else at the one on the other side, and solved again from there.
    const double value = program_->Value(*broken);
    const double nearest = std::round(value);
    Hold(*broken, nearest);
    if (Minimize(most_iterations, work)) continue;
    Hold(*broken, nearest > value ? nearest - 1 : nearest + 1);
    if (!Minimize(most_iterations, work)) return std::nullopt;
  }
  return std::nullopt;
}

std::optional<std::size_t> MoveProgram::FirstFraction() const {
  for (std::size_t arc = 0; arc < arcs_.size(); ++arc) {
    const double value = program_->Value(arc);
    if (std::abs(value - std::round(value)) > kTolerance) return arc;
  }
  return std::nullopt;
}

void MoveProgram::Hold(std::size_t arc, double value) {
  Tell(arc, {.low = value, .high = value, .cost = told_[arc].cost});
}

Move MoveProgram::Read() const {
  Move move;
  for (std::size_t place = 0; place < part_.cells.size(); ++place) {
    std::int64_t change = 0;
    for (std::size_t arc = first_arc_[place]; arc < first_arc_[place + 1]; ++arc) {
      change += (arcs_[arc].up ? 1 : -1) * std::llround(program_->Value(arc));
    }
    if (change != 0) move.emplace_back(part_.cells[place], change);
  }
  return move;
}

}  // namespace waymark::statistics
