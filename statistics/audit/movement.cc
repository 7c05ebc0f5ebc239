#include "statistics/audit/movement.h"

#include <algorithm>
#include <array>
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
// What a unit of a broken sum costs: more than hiding whatever there is.
constexpr double kBroken = 1e6;
// What a cell outside has to be worth, for each unit, to be let in: more than idling, less than a hidden
// cell.
constexpr double kWorth = 0.5;
constexpr int kMostDives = 40;
// How often a program grows to be feasible, and then to hide less.
constexpr int kMostRounds = 40;
constexpr int kMostCheaperRounds = 6;
// Of each broken sum, the cells that are let in at once.
constexpr std::size_t kPartners = 5;
constexpr std::size_t kShort = 3;

}  // namespace

std::vector<std::pair<std::uint32_t, std::int64_t>> SumsOf(const ReleaseState& state, const Move& move) {
  std::vector<std::pair<std::uint32_t, std::int64_t>> sums;
  for (const auto& [cell, by] : move) {
    for (const ReleaseState::Naming& in : state.named_in[cell])
      sums.emplace_back(in.relation, in.factor * by);
  }
  std::sort(sums.begin(), sums.end());
  std::size_t last = 0;
  for (std::size_t i = 1; i < sums.size(); ++i) {
    if (sums[i].first == sums[last].first) {
      sums[last].second += sums[i].second;
    } else {
      sums[++last] = sums[i];
    }
  }
  if (!sums.empty()) sums.resize(last + 1);
  return sums;
}

std::int64_t MovedBy(const Move& move, std::uint32_t cell) {
  const auto at = std::find_if(move.begin(), move.end(), [&](const auto& one) { return one.first == cell; });
  return at == move.end() ? 0 : at->second;
}

bool Agrees(const ReleaseState& state, const Move& move) {
  for (const auto& [number, by] : move) {
    const ReleaseCell& at = state.task.cells[number];
    const Range& allowed = state.MayHide(number) ? at.hidden : state.Public(number);
    if (!allowed.Contains(at.value + by)) return false;
  }
  const auto sums = SumsOf(state, move);
  return std::all_of(sums.begin(), sums.end(),
                     [&](const auto& sum) { return state.room[sum.first].Contains(sum.second); });
}

MoveSearch::MoveSearch(const ReleaseState& state)
    : state_(state),
      has_cell_(state.task.cells.size()),
      row_(state.task.relations.size(), kOutside),
      worth_(state.task.cells.size()) {}

void MoveSearch::Clear() {
  for (const std::uint32_t cell : cells_) has_cell_[cell] = false;
  for (const std::uint32_t relation : relations_) row_[relation] = kOutside;
  cells_.clear();
  relations_.clear();
}

void MoveSearch::Add(std::uint32_t cell) {
  if (has_cell_[cell]) return;
  has_cell_[cell] = true;
  cells_.push_back(cell);
  for (const ReleaseState::Naming& in : state_.named_in[cell]) {
    if (row_[in.relation] != kOutside || !state_.binds[in.relation]) continue;
    row_[in.relation] = static_cast<std::uint32_t>(relations_.size());
    relations_.push_back(in.relation);
    // What is named nowhere else goes along with a short sum: a complement with its numerator and its group.
    const std::vector<Relation::Term>& terms = state_.task.relations[in.relation].terms;
    if (terms.size() > kShort) continue;
    for (const Relation::Term& term : terms) {
      if (state_.named_in[term.cell].size() == 1 && !state_.IsFixed(term.cell)) Add(term.cell);
    }
  }
}

std::vector<MoveSearch::Arc> MoveSearch::ArcsOf(std::uint32_t number, bool down) const {
  const ReleaseCell& cell = state_.task.cells[number];
  const bool shown = state_.is_shown[number];
  const Range& near = shown ? cell.shown : cell.hidden;
  const Range& all = state_.MayHide(number) ? cell.hidden : near;
  std::vector<Arc> arcs;
  for (const bool up : {true, false}) {
    const auto reach = [&](const Range& range) {
      return std::min(up ? range.high - cell.value : cell.value - range.low, state_.farthest);
    };
    const bool protects = !shown && !state_.IsProtected(number) && up != down;
    const std::int64_t within = reach(near);
    const std::int64_t beyond = reach(all) - within;
    if (within > 0) {
      arcs.push_back(
          {.cell = number, .up = up, .most = static_cast<double>(within), .cost = protects ? 0 : kIdle});
    }
    if (beyond > 0) {
      arcs.push_back({.cell = number,
                      .up = up,
                      .most = static_cast<double>(beyond),
                      .cost = static_cast<double>(cell.cost)});
    }
  }
  return arcs;
}

// Of the arcs of the cell that is to be moved.
void MoveSearch::AimAt(const Wish& wish, std::vector<Arc>& arcs) const {
  auto least = static_cast<double>(wish.least);
  auto most = static_cast<double>(wish.most);
  for (Arc& arc : arcs) {
    if (arc.up == wish.down) {
      arc.most = 0;
      continue;
    }
    const double reach = arc.most;
    arc.least = std::min(least, reach);
    arc.most = std::min(most, reach);
    least -= arc.least;
    most -= arc.most;
  }
}

void MoveSearch::Build(std::uint32_t aimed, const Wish& wish) {
  arcs_.clear();
  breaks_.clear();
  std::vector<LinearProgram::Variable> variables;
  std::vector<LinearProgram::Row> rows(relations_.size());
  for (const std::uint32_t cell : cells_) {
    std::vector<Arc> arcs = ArcsOf(cell, wish.down);
    if (cell == aimed) AimAt(wish, arcs);
    for (const Arc& arc : arcs) {
      for (const ReleaseState::Naming& in : state_.named_in[cell]) {
        if (row_[in.relation] == kOutside) continue;
        rows[row_[in.relation]].terms.push_back(
            {.variable = variables.size(), .factor = static_cast<double>(arc.up ? in.factor : -in.factor)});
      }
      variables.push_back({.low = arc.least, .high = arc.most, .cost = arc.cost});
      arcs_.push_back(arc);
    }
  }
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const Range& room = state_.room[relations_[r]];
    LinearProgram::Row& row = rows[r];
    breaks_.push_back(variables.size());
    const bool has_low = room.low > -kMostCount;
    const bool has_high = room.high < kMostCount;
    row.low = has_low ? static_cast<double>(room.low) : -LinearProgram::kUnbounded;
    row.high = has_high ? static_cast<double>(room.high) : LinearProgram::kUnbounded;
    for (const double factor : {1.0, -1.0}) {
      if (!(factor > 0 ? has_low : has_high)) continue;
      row.terms.push_back({.variable = variables.size(), .factor = factor});
      variables.push_back({.cost = kBroken});
    }
  }
  breaks_.push_back(variables.size());
  program_ = std::make_unique<LinearProgram>(variables, rows);
}

bool MoveSearch::Minimize(const SuppressionLimits& limits, std::uint64_t& work) {
  const bool optimal = program_->Minimize(limits.most_iterations) == LinearProgram::End::kOptimal;
  work += cells_.size() + static_cast<std::uint64_t>(program_->iterations());
  return optimal;
}

bool MoveSearch::IsBroken() const {
  for (std::size_t v = breaks_.front(); v < breaks_.back(); ++v) {
    if (program_->Value(v) > kTolerance) return true;
  }
  return false;
}

bool MoveSearch::Hides() const {
  for (std::size_t a = 0; a < arcs_.size(); ++a) {
    if (arcs_[a].cost >= 1 && program_->Value(a) > kTolerance) return true;
  }
  return false;
}

// A cell outside that would make the program's cost less.
struct MoveSearch::Candidate {
  std::uint32_t cell;
  bool hides;
  double worth;  // for each unit
  double reach;
  std::size_t relations;
};

std::vector<MoveSearch::Candidate> MoveSearch::Helpful(const Wish& wish) {
  std::vector<std::uint32_t> touched;
  for (std::size_t r = 0; r < relations_.size(); ++r) {
    const double price = program_->Price(r);
    if (std::abs(price) < kWorth) continue;
    for (const Relation::Term& term : state_.task.relations[relations_[r]].terms) {
      if (has_cell_[term.cell] || state_.IsFixed(term.cell)) continue;
      if (worth_[term.cell] == 0) touched.push_back(term.cell);
      worth_[term.cell] += price * term.factor;
    }
  }
  std::vector<Candidate> helpful;
  for (const std::uint32_t cell : touched) {
    const double worth = std::exchange(worth_[cell], 0);
    if (std::abs(worth) < kWorth) continue;
    for (const Arc& arc : ArcsOf(cell, wish.down)) {
      const double gain = (arc.up ? worth : -worth) - arc.cost;
      if (gain < kWorth) continue;
      helpful.push_back({.cell = cell,
                         .hides = arc.cost >= 1,
                         .worth = gain,
                         .reach = std::min(arc.most, static_cast<double>(wish.least)),
                         .relations = state_.named_in[cell].size()});
    }
  }
  std::sort(helpful.begin(), helpful.end(), [](const Candidate& a, const Candidate& b) {
    return std::make_tuple(a.hides, -a.worth, -a.reach, a.relations, a.cell) <
           std::make_tuple(b.hides, -b.worth, -b.reach, b.relations, b.cell);
  });
  return helpful;
}

// Lets in those that help most, so many for each row. Says whether there were any.
bool MoveSearch::Grow(const Wish& wish, std::size_t partners, std::size_t most_cells) {
  // Free ones, and those that would be hidden.
  std::vector<std::array<std::size_t, 2>> let_in(relations_.size());
  bool grown = false;
  const std::size_t few = std::max<std::size_t>(1, partners / 3);
  for (const Candidate& candidate : Helpful(wish)) {
    if (cells_.size() >= most_cells) break;
    bool wanted = false;
    for (const ReleaseState::Naming& in : state_.named_in[candidate.cell]) {
      const std::uint32_t row = row_[in.relation];
      if (row >= let_in.size() || std::abs(program_->Price(row)) < kWorth) continue;
      wanted = wanted || let_in[row][candidate.hides ? 1 : 0] < (candidate.hides ? few : partners);
    }
    if (!wanted || has_cell_[candidate.cell]) continue;
    for (const ReleaseState::Naming& in : state_.named_in[candidate.cell]) {
      if (row_[in.relation] < let_in.size()) ++let_in[row_[in.relation]][candidate.hides ? 1 : 0];
    }
    Add(candidate.cell);
    grown = true;
  }
  return grown;
}

std::optional<Move> MoveSearch::Find(std::uint32_t cell, const Wish& wish, const SuppressionLimits& limits,
                                     std::uint64_t& work) {
  Clear();
  Add(cell);
  int cheaper = 0;
  std::size_t partners = kPartners;
  for (int round = 0;; ++round) {
    Build(cell, wish);
    if (work >= limits.most_work || !Minimize(limits, work)) return std::nullopt;
    const bool broken = IsBroken();
    if (!broken && (!Hides() || ++cheaper > kMostCheaperRounds)) break;
    if (broken && round >= kMostRounds) return std::nullopt;
    if (!Grow(wish, partners++, limits.most_cells)) {
      if (broken) return std::nullopt;
      break;
    }
  }
  for (std::size_t v = breaks_.front(); v < breaks_.back(); ++v) program_->SetBounds(v, 0, 0);
  std::optional<Move> move = Dive(limits, work);
  if (!move || !Agrees(state_, *move)) return std::nullopt;
  const std::int64_t reached = wish.down ? -MovedBy(*move, cell) : MovedBy(*move, cell);
  return reached >= wish.least ? move : std::nullopt;
}

std::optional<Move> MoveSearch::Dive(const SuppressionLimits& limits, std::uint64_t& work) {
  for (int dive = 0; dive <= kMostDives; ++dive) {
    const std::optional<std::size_t> broken = FirstFraction();
    if (!broken) return Read();
    // Held at the nearest whole number, or else at the one on the other side, and solved again from there.
    const double value = program_->Value(*broken);
    const double nearest = std::round(value);
    program_->SetBounds(*broken, nearest, nearest);
    if (Minimize(limits, work)) continue;
    const double other = nearest > value ? nearest - 1 : nearest + 1;
    program_->SetBounds(*broken, other, other);
    if (!Minimize(limits, work)) return std::nullopt;
  }
  return std::nullopt;
}

std::optional<std::size_t> MoveSearch::FirstFraction() const {
  for (std::size_t arc = 0; arc < arcs_.size(); ++arc) {
    const double value = program_->Value(arc);
    if (std::abs(value - std::round(value)) > kTolerance) return arc;
  }
  return std::nullopt;
}

Move MoveSearch::Read() const {
  std::map<std::uint32_t, std::int64_t> changes;
  for (std::size_t a = 0; a < arcs_.size(); ++a) {
    changes[arcs_[a].cell] += (arcs_[a].up ? 1 : -1) * std::llround(program_->Value(a));
  }
  std::erase_if(changes, [](const auto& change) { return change.second == 0; });
  return {changes.begin(), changes.end()};
}

}  // namespace waymark::statistics
