#include "statistics/audit/attack.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "statistics/audit/linear_program.h"

namespace waymark::statistics {
namespace {

// The solver's own tolerance is 10⁻⁷.
constexpr double kTolerance = 1e-6;
constexpr int kMostPasses = 1'000;

// Cells that no relation links, once those that are known are set aside, have nothing to do with one another.
class Groups {
 public:
  explicit Groups(const CellSystem& system) : leader_(system.cells.size()) {
    std::iota(leader_.begin(), leader_.end(), 0U);
    for (const Relation& relation : system.relations) {
      const Relation::Term* first = nullptr;
      for (const Relation::Term& term : relation.terms) {
        if (system.cells[term.cell].width() == 0) continue;
        if (first == nullptr) first = &term;
        leader_[Find(term.cell)] = Find(first->cell);
      }
    }
  }
  std::uint32_t Find(std::uint32_t cell) {
    while (leader_[cell] != cell) cell = leader_[cell] = leader_[leader_[cell]];
    return cell;
  }

 private:
  std::vector<std::uint32_t> leader_;
};

// The linear program of one group. A variable is a cell less its lower bound.
class GroupProgram {
 public:
  GroupProgram(const CellSystem& system, const std::vector<std::uint32_t>& cells,
               const std::vector<std::uint32_t>& relations)
      : system_(system), cells_(cells), program_(Variables(), Rows(relations)) {
    seen_.assign(cells.size(), {.low = kMostCount, .high = 0});
  }

  // The least (direction 1) or greatest (−1) value of the cell at place `at`.
  KnownInterval Best(std::size_t at, std::int64_t& iterations_left) {
    KnownInterval known{.interval = Outer(at)};
    for (const int direction : {1, -1}) {
      std::int64_t& bound = direction > 0 ? known.interval.low : known.interval.high;
      // Another cell's solution may have shown this one at its bound.
      if ((direction > 0 ? seen_[at].low : seen_[at].high) == bound) continue;
      known.best = Solve(at, direction, iterations_left, bound) && known.best;
    }
    return known;
  }

 private:
  const Range& Outer(std::size_t at) const { return system_.cells[cells_[at]]; }

  std::vector<LinearProgram::Variable> Variables() const {
    std::vector<LinearProgram::Variable> variables;
    for (const std::uint32_t cell : cells_) {
      const Range& outer = system_.cells[cell];
      const bool open = outer.high >= kMostCount;
      variables.push_back(
          {.low = 0, .high = open ? LinearProgram::kUnbounded : static_cast<double>(outer.width())});
    }
    return variables;
  }

  std::vector<LinearProgram::Row> Rows(const std::vector<std::uint32_t>& relations) {
    std::map<std::uint32_t, std::size_t> place;
    for (std::size_t i = 0; i < cells_.size(); ++i) place[cells_[i]] = i;
    std::vector<LinearProgram::Row> rows;
    for (const std::uint32_t r : relations) {
      const Relation& relation = system_.relations[r];
      LinearProgram::Row row;
      __int128 known = 0;
      for (const Relation::Term& term : relation.terms) {
        const Range& cell = system_.cells[term.cell];
        known += term.factor * static_cast<__int128>(cell.low);
        if (cell.width() > 0) {
          row.terms.push_back({.variable = place.at(term.cell), .factor = static_cast<double>(term.factor)});
        }
      }
      row.low = relation.low <= -kMostCount ? -LinearProgram::kUnbounded
                                            : static_cast<double>(relation.low - known);
      row.high = relation.high >= kMostCount ? LinearProgram::kUnbounded
                                             : static_cast<double>(relation.high - known);
      rows.push_back(std::move(row));
    }
    return rows;
  }

  bool Solve(std::size_t at, int direction, std::int64_t& iterations_left, std::int64_t& bound) {
    const int allowed =
        static_cast<int>(std::min<std::int64_t>(iterations_left, std::numeric_limits<int>::max()));
    if (allowed <= 0) return false;
    program_.SetCost(at, direction);
    const LinearProgram::End end = program_.Minimize(allowed);
    iterations_left -= program_.iterations();
    program_.SetCost(at, 0);
    if (end == LinearProgram::End::kUnbounded) return true;  // the outer bound is the best one
    if (end != LinearProgram::End::kOptimal) return false;
    Note();
    const double value = program_.Value(at);
    const double whole = direction > 0 ? std::ceil(value - kTolerance) : std::floor(value + kTolerance);
    const std::int64_t found = Outer(at).low + static_cast<std::int64_t>(whole);
    bound = direction > 0 ? std::max(bound, found) : std::min(bound, found);
    return true;
  }

  // Which bounds this solution reaches.
  void Note() {
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      const double value = program_.Value(i);
      if (value < kTolerance) seen_[i].low = Outer(i).low;
      if (value > static_cast<double>(Outer(i).width()) - kTolerance) seen_[i].high = Outer(i).high;
    }
  }

  const CellSystem& system_;
  const std::vector<std::uint32_t>& cells_;
  LinearProgram program_;
  std::vector<Range> seen_;
};

}  // namespace

absl::StatusOr<std::vector<KnownInterval>> BestIntervals(const CellSystem& system,
                                                         absl::Span<const std::uint32_t> targets,
                                                         const AttackLimits& limits) {
  RETURN_IF_ERROR(CheckSystem(system));
  CellSystem known = system;
  Tighten(known, kMostPasses);
  for (const Range& cell : known.cells) {
    if (cell.width() < 0) return absl::InvalidArgumentError("cell system: it has no solution");
  }
  Groups groups(known);
  std::map<std::uint32_t, std::vector<std::size_t>> wanted;  // by group: places in `targets`
  std::vector<KnownInterval> best(targets.size());
  for (std::size_t t = 0; t < targets.size(); ++t) {
    if (targets[t] >= known.cells.size()) {
      return absl::InvalidArgumentError(absl::StrCat("cell system: there is no cell ", targets[t]));
    }
    best[t].interval = known.cells[targets[t]];
    if (best[t].interval.width() > 0) wanted[groups.Find(targets[t])].push_back(t);
  }
  std::map<std::uint32_t, std::vector<std::uint32_t>> cells;
  std::map<std::uint32_t, std::vector<std::uint32_t>> relations;
  std::vector<std::size_t> place(known.cells.size());
  for (std::uint32_t c = 0; c < known.cells.size(); ++c) {
    if (known.cells[c].width() == 0) continue;
    std::vector<std::uint32_t>& group = cells[groups.Find(c)];
    place[c] = group.size();
    group.push_back(c);
  }
  for (std::uint32_t r = 0; r < known.relations.size(); ++r) {
    for (const Relation::Term& term : known.relations[r].terms) {
      if (known.cells[term.cell].width() == 0) continue;
      relations[groups.Find(term.cell)].push_back(r);
      break;
    }
  }
  std::int64_t iterations_left = limits.most_iterations;
  for (const auto& [group, places] : wanted) {
    GroupProgram program(known, cells[group], relations[group]);
    for (const std::size_t t : places) best[t] = program.Best(place[targets[t]], iterations_left);
  }
  return best;
}

}  // namespace waymark::statistics
