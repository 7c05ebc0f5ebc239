#include "statistics/audit/suppression.h"

#include <algorithm>
#include <memory>
#include <optional>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "statistics/audit/merged_task.h"
#include "statistics/audit/movement.h"
#include "statistics/audit/repair_walk.h"

namespace waymark::statistics {
namespace {

// Of the widest cell: how far cells are moved at most, which keeps the numbers small.
constexpr std::int64_t kFarthestWidths = 8;
constexpr int kMostPasses = 50;
// How many times a move that was found is tried, and its reverse.
constexpr std::int64_t kMostTimes = 8;

absl::Status CheckTask(const ReleaseTask& task) {
  CellSystem hidden{.cells = {}, .relations = task.relations};
  for (const ReleaseCell& cell : task.cells) {
    const bool within = cell.shown.Contains(cell.value) && cell.hidden.low <= cell.shown.low &&
                        cell.hidden.high >= cell.shown.high;
    const bool other = cell.hidden_with == ReleaseCell::kNone || cell.hidden_with < task.cells.size();
    if (!within || !other || cell.width < 0 || cell.cost < 0) {
      return absl::InvalidArgumentError(
          "suppression: a cell's value lies outside what is said of it, its width or cost is below 0, or it "
          "is "
          "hidden with a cell that is not there");
    }
    hidden.cells.push_back(cell.hidden);
  }
  return CheckSystem(hidden);
}

absl::StatusOr<std::vector<Range>> RoomOf(const ReleaseTask& task) {
  std::vector<Range> room;
  for (std::size_t r = 0; r < task.relations.size(); ++r) {
    const Relation& relation = task.relations[r];
    __int128 sum = 0;
    for (const Relation::Term& term : relation.terms) {
      sum += term.factor * static_cast<__int128>(task.cells[term.cell].value);
    }
    const bool open_below = relation.low <= -kMostCount;
    const bool open_above = relation.high >= kMostCount;
    if ((!open_below && sum < relation.low) || (!open_above && sum > relation.high)) {
      return absl::InvalidArgumentError(absl::StrCat("suppression: the values break relation ", r));
    }
    const __int128 below = open_below ? -kMostCount : relation.low - sum;
    const __int128 above = open_above ? kMostCount : relation.high - sum;
    room.push_back({.low = static_cast<std::int64_t>(std::max<__int128>(below, -kMostCount)),
                    .high = static_cast<std::int64_t>(std::min<__int128>(above, kMostCount))});
  }
  return room;
}

// What can be known whatever is hidden beside it: each cell's interval is narrowed by that, and shown cells
// that could not be protected, or whose companion could not, are not hidden at all.
ReleaseTask Narrowed(const ReleaseTask& task) {
  CellSystem known{.cells = {}, .relations = task.relations};
  for (const ReleaseCell& cell : task.cells) {
    known.cells.push_back(cell.is_shown && cell.cost == 0 ? cell.shown : cell.hidden);
  }
  Tighten(known, kMostPasses);
  ReleaseTask narrowed = task;
  const auto is_lost = [&](std::uint32_t cell) { return known.cells[cell].width() < task.cells[cell].width; };
  for (std::uint32_t i = 0; i < task.cells.size(); ++i) {
    ReleaseCell& cell = narrowed.cells[i];
    const bool companion = cell.hidden_with != ReleaseCell::kNone && is_lost(cell.hidden_with);
    if (cell.is_shown && (companion || is_lost(i))) cell.cost = 0;
    cell.hidden = known.cells[i];
    cell.shown = {.low = std::max(cell.shown.low, cell.hidden.low),
                  .high = std::min(cell.shown.high, cell.hidden.high)};
  }
  return narrowed;
}

class Suppressor {
 public:
  Suppressor(ReleaseState state, const SuppressionLimits& limits)
      : state_(std::move(state)), limits_(limits), search_(state_), walk_(state_) {}

  SuppressionResult Run() {
    for (std::uint32_t cell = 0; cell < state_.task.cells.size(); ++cell) {
      if (!state_.is_shown[cell]) waiting_.push_back(cell);
    }
    for (std::size_t next = 0; next < waiting_.size(); ++next) {
      const std::uint32_t cell = waiting_[next];
      if (state_.IsProtected(cell) || Protect(cell)) continue;
      if (work_ >= limits_.most_work || IsLost(cell)) {
        result_.unprotected.push_back(cell);
        continue;
      }
      ++result_.fallbacks;
      HideLines(cell);
      if (Protect(cell)) continue;
      HideAllLinkedWith(cell);
      if (!Protect(cell)) result_.unprotected.push_back(cell);
    }
    // A later move may have done what its own could not.
    std::erase_if(result_.unprotected, [&](std::uint32_t cell) { return state_.IsProtected(cell); });
    result_.is_shown = std::move(state_.is_shown);
    result_.possible = std::move(state_.possible);
    return std::move(result_);
  }

 private:
  // Whatever is hidden beside it.
  bool IsLost(std::uint32_t cell) const {
    return state_.task.cells[cell].hidden.width() < state_.task.cells[cell].width;
  }

  // Without hiding anything, if that is found; else by programs, which hide as little as they can.
  bool Protect(std::uint32_t cell) {
    if (IsLost(cell)) return false;
    may_hide_ = false;
    if (ProtectEitherWay(cell)) return true;
    may_hide_ = true;
    return ProtectEitherWay(cell);
  }

  bool ProtectEitherWay(std::uint32_t cell) {
    const ReleaseCell& facts = state_.task.cells[cell];
    const std::int64_t below = std::min(facts.value - facts.hidden.low, (facts.width + 1) / 2);
    if (below > 0 && state_.possible[cell].low == facts.value) {
      Widen(cell, {.down = true, .least = 1, .most = below});
    }
    const std::int64_t found = facts.value - state_.possible[cell].low;
    const std::int64_t above = std::max<std::int64_t>(1, facts.width - found);
    if (facts.value + above <= state_.possible[cell].high) return state_.IsProtected(cell);
    if (facts.value + above <= facts.hidden.high) {
      Widen(cell, {.down = false, .least = above, .most = above + facts.width});
    }
    if (state_.IsProtected(cell)) return true;
    // Nothing that far above: all of it below, then.
    const std::int64_t all = facts.width - (state_.possible[cell].high - facts.value);
    if (all <= facts.value - facts.hidden.low) {
      Widen(cell, {.down = true, .least = all, .most = all});
    }
    return state_.IsProtected(cell) || ProtectOnBothSides(cell, above);
  }

  // As far up as it goes, short of `above`, and the rest below.
  bool ProtectOnBothSides(std::uint32_t cell, std::int64_t above) {
    constexpr std::int64_t kSteps = 8;
    const ReleaseCell& facts = state_.task.cells[cell];
    const Range& possible = state_.possible[cell];
    const std::int64_t step = std::max<std::int64_t>(1, above / kSteps);
    for (std::int64_t up = above - step; up > possible.high - facts.value; up -= step) {
      if (facts.value + up <= facts.hidden.high) Widen(cell, {.down = false, .least = up, .most = above});
    }
    const std::int64_t rest = facts.width - (possible.high - facts.value);
    if (rest > facts.value - possible.low && rest <= facts.value - facts.hidden.low) {
      Widen(cell, {.down = true, .least = rest, .most = rest});
    }
    return state_.IsProtected(cell);
  }

  bool Widen(std::uint32_t cell, const Wish& wish) {
    if (work_ >= limits_.most_work) return false;
    const auto move = may_hide_ ? search_.Find(cell, wish, limits_, work_) : walk_.Find(cell, wish, work_);
    if (move) Apply(*move);
    return move.has_value();
  }

  // What the move shows to be possible, and what a few times it or its reverse does, hiding nothing more.
  void Apply(const Move& move) {
    for (const auto& [moved, by] : move) {
      const std::int64_t value = state_.task.cells[moved].value + by;
      if (state_.is_shown[moved] && !state_.task.cells[moved].shown.Contains(value)) Hide(moved);
    }
    Note(move);
    for (const std::int64_t step : {1, -1}) {
      Move times = move;
      for (std::int64_t n = step; std::abs(n) <= kMostTimes; n += step) {
        for (std::size_t i = 0; i < move.size(); ++i) times[i].second = n * move[i].second;
        const bool hides_nothing = std::all_of(times.begin(), times.end(), [&](const auto& one) {
          return state_.Public(one.first).Contains(state_.task.cells[one.first].value + one.second);
        });
        if (!hides_nothing || !Agrees(state_, times)) break;
        Note(times);
      }
    }
  }

  void Note(const Move& move) {
    for (const auto& [moved, by] : move) {
      const std::int64_t value = state_.task.cells[moved].value + by;
      Range& possible = state_.possible[moved];
      possible = {.low = std::min(possible.low, value), .high = std::max(possible.high, value)};
    }
  }

  void Hide(std::uint32_t cell) {
    if (!state_.is_shown[cell]) return;
    state_.is_shown[cell] = false;
    waiting_.push_back(cell);
    const std::uint32_t other = state_.task.cells[cell].hidden_with;
    if (other != ReleaseCell::kNone) Hide(other);
  }

  void HideLines(std::uint32_t cell) {
    for (const ReleaseState::Naming& in : state_.named_in[cell]) HideLine(in.relation);
  }
  void HideLine(std::uint32_t relation) {
    for (const Relation::Term& term : state_.task.relations[relation].terms) {
      if (state_.is_shown[term.cell] && state_.task.cells[term.cell].cost > 0) Hide(term.cell);
    }
  }
  void HideAllLinkedWith(std::uint32_t cell) {
    std::vector<bool> reached(state_.task.cells.size());
    std::vector<std::uint32_t> linked = {cell};
    reached[cell] = true;
    for (std::size_t next = 0; next < linked.size(); ++next) {
      for (const ReleaseState::Naming& in : state_.named_in[linked[next]]) {
        if (!state_.binds[in.relation]) continue;
        for (const Relation::Term& term : state_.task.relations[in.relation].terms) {
          if (reached[term.cell] || state_.IsFixed(term.cell)) continue;
          reached[term.cell] = true;
          linked.push_back(term.cell);
          if (state_.MayHide(term.cell)) Hide(term.cell);
        }
      }
    }
  }

  ReleaseState state_;
  const SuppressionLimits& limits_;
  std::uint64_t work_ = 0;
  MoveSearch search_;
  RepairWalk walk_;
  bool may_hide_ = false;
  std::vector<std::uint32_t> waiting_;  // hidden cells, in the order in which they were hidden
  SuppressionResult result_;
};

// `room`: of the relations of `task`.
ReleaseState FirstState(const ReleaseTask& task, std::vector<Range> room) {
  std::int64_t widest = 0;
  for (const ReleaseCell& cell : task.cells) widest = std::max(widest, cell.width);
  ReleaseState state{.task = task,
                     .named_in = {},
                     .room = std::move(room),
                     .binds = {},
                     .farthest = kFarthestWidths * widest,
                     .is_shown = {},
                     .possible = {}};
  state.named_in.resize(task.cells.size());
  for (std::uint32_t r = 0; r < task.relations.size(); ++r) {
    const std::vector<Relation::Term>& terms = task.relations[r].terms;
    for (const Relation::Term& term : terms) state.named_in[term.cell].push_back({r, term.factor});
    const std::int64_t most = static_cast<std::int64_t>(terms.size()) * state.farthest;
    state.binds.push_back(state.room[r].low > -most || state.room[r].high < most);
  }
  for (const ReleaseCell& cell : task.cells) {
    state.is_shown.push_back(cell.is_shown);
    state.possible.push_back({.low = cell.value, .high = cell.value});
  }
  return state;
}

}  // namespace

absl::StatusOr<SuppressionResult> SuppressUntilProtected(const ReleaseTask& task,
                                                         const SuppressionLimits& limits) {
  RETURN_IF_ERROR(CheckTask(task));
  RETURN_IF_ERROR(RoomOf(task).status());
  const MergedTask merged = MergeEqualCells(task);
  const ReleaseTask narrowed = Narrowed(merged.task);
  ASSIGN_OR_RETURN(std::vector<Range> room, RoomOf(narrowed));
  return Unmerged(task, merged, Suppressor(FirstState(narrowed, std::move(room)), limits).Run());
}

CellSystem PublicKnowledge(const ReleaseTask& task, const std::vector<bool>& is_shown) {
  CellSystem known{.cells = {}, .relations = task.relations};
  for (std::size_t i = 0; i < task.cells.size(); ++i) {
    known.cells.push_back(is_shown[i] ? task.cells[i].shown : task.cells[i].hidden);
  }
  return known;
}

}  // namespace waymark::statistics
