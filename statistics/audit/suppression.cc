#include "statistics/audit/suppression.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "base/threads.h"
#include "statistics/audit/cell_attempt.h"
#include "statistics/audit/merged_task.h"
#include "statistics/audit/movement.h"

namespace waymark::statistics {
namespace {

// Of the widest cell: how far cells are moved at most, which keeps the numbers small.
constexpr std::int64_t kFarthestWidths = 8;
constexpr int kMostPasses = 50;

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
      : state_(std::move(state)), limits_(limits) {
    const std::size_t threads = std::clamp<std::size_t>(limits.threads, 1, kAtOnce);
    for (std::size_t i = 0; i < threads; ++i) searches_.push_back(std::make_unique<CellSearch>(state_));
  }

  SuppressionResult Run() {
    for (std::uint32_t cell = 0; cell < state_.task.cells.size(); ++cell) {
      if (!state_.is_shown[cell]) waiting_.push_back(cell);
    }
    Interleave();
    for (std::vector<std::uint32_t> some = TakeSome(); !some.empty(); some = TakeSome()) ProtectSome(some);
    // A later move may have done what its own could not.
    std::erase_if(result_.unprotected, [&](std::uint32_t cell) { return state_.IsProtected(cell); });
    result_.is_shown = std::move(state_.is_shown);
    result_.possible = std::move(state_.possible);
    return std::move(result_);
  }

 private:
  // Cells of different lines and tables beside one another: a move for one of them seldom does for the next.
  void Interleave() {
    const std::size_t stretch = (waiting_.size() + kAtOnce - 1) / kAtOnce;
    std::vector<std::uint32_t> order;
    for (std::size_t i = 0; i < stretch; ++i) {
      for (std::size_t at = i; at < waiting_.size(); at += stretch) order.push_back(waiting_[at]);
    }
    waiting_ = std::move(order);
  }

  // The next that are not protected yet; those that could not be are set aside.
  std::vector<std::uint32_t> TakeSome() {
    std::vector<std::uint32_t> some;
    while (some.size() < kAtOnce && next_ < waiting_.size()) {
      const std::uint32_t cell = waiting_[next_++];
      if (state_.IsProtected(cell)) continue;
      if (IsLost(cell)) {
        result_.unprotected.push_back(cell);
        continue;
      }
      some.push_back(cell);
    }
    return some;
  }

  // Whatever is hidden beside it.
  bool IsLost(std::uint32_t cell) const {
    return state_.task.cells[cell].hidden.width() < state_.task.cells[cell].width;
  }

  // First without hiding anything, then by programs, which hide as little as they can: all of them from the
  // same state, whoever works on which, so that the result does not depend on how many do.
  void ProtectSome(std::vector<std::uint32_t>& some) {
    TryAll(some, false);
    const auto is_done = [this](std::uint32_t cell) { return state_.IsProtected(cell); };
    std::erase_if(some, is_done);
    const std::vector<bool> moved = TryAll(some, true);
    for (std::size_t i = 0; i < some.size(); ++i) {
      if (is_done(some[i])) continue;
      if (!moved[i] || !ProtectAlone(some[i])) FallBack(some[i]);
    }
  }

  // Says for which a move was found.
  std::vector<bool> TryAll(const std::vector<std::uint32_t>& some, bool may_hide) {
    std::vector<Attempt> made(some.size());
    const SuppressionLimits left = WorkLeft();
    std::atomic<std::size_t> next = 0;
    InParallel(std::min(searches_.size(), std::max<std::size_t>(1, some.size())), [&](std::size_t thread) {
      for (std::size_t i = next++; i < some.size(); i = next++) {
        made[i] = searches_[thread]->Try(some[i], may_hide, left);
      }
    });
    const std::size_t hidden_before = waiting_.size();
    std::vector<bool> moved(some.size());
    for (std::size_t i = 0; i < some.size(); ++i) {
      work_ += made[i].work;
      moved[i] = !made[i].moves.empty();
      if (state_.IsProtected(some[i])) continue;
      // What was hidden for the others may do for this one.
      if (waiting_.size() > hidden_before) Apply(TryNow(some[i], false).moves);
      if (!state_.IsProtected(some[i])) Apply(made[i].moves);
    }
    return moved;
  }

  SuppressionLimits WorkLeft() const {
    SuppressionLimits left = limits_;
    left.most_work -= std::min(work_, left.most_work);
    return left;
  }

  Attempt TryNow(std::uint32_t cell, bool may_hide) {
    Attempt made = searches_[0]->Try(cell, may_hide, WorkLeft());
    work_ += made.work;
    return made;
  }

  // While there are moves, of which each hides something or is the last.
  bool ProtectAlone(std::uint32_t cell) {
    if (IsLost(cell)) return false;
    for (bool hides = true; hides && work_ < limits_.most_work;) {
      Apply(TryNow(cell, false).moves);
      if (state_.IsProtected(cell)) return true;
      const std::size_t hidden_before = waiting_.size();
      Apply(TryNow(cell, true).moves);
      hides = waiting_.size() > hidden_before;
    }
    return state_.IsProtected(cell);
  }

  void FallBack(std::uint32_t cell) {
    if (work_ < limits_.most_work) {
      ++result_.fallbacks;
      HideLines(cell);
      if (ProtectAlone(cell)) return;
      HideAllLinkedWith(cell);
      if (ProtectAlone(cell)) return;
    }
    result_.unprotected.push_back(cell);
  }

  // What each move shows to be possible once what it hides is hidden.
  void Apply(const std::vector<Move>& moves) {
    for (const Move& move : moves) {
      const std::size_t hidden_before = waiting_.size();
      for (const auto& [moved, by] : move) {
        const std::int64_t value = state_.task.cells[moved].value + by;
        if (state_.is_shown[moved] && !state_.task.cells[moved].shown.Contains(value)) Hide(moved);
      }
      Note(move);
      if (waiting_.size() == hidden_before) continue;
      for (const Move& times : SeveralTimes(state_, move)) Note(times);
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

  // So many are looked at from one state, whatever threads there are.
  static constexpr std::size_t kAtOnce = 4;

  ReleaseState state_;
  const SuppressionLimits& limits_;
  std::uint64_t work_ = 0;
  std::vector<std::unique_ptr<CellSearch>> searches_;  // by thread
  std::vector<std::uint32_t> waiting_;  // hidden cells: those of the outset, then as they were hidden
  std::size_t next_ = 0;
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
