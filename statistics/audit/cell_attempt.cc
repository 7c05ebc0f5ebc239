#include "statistics/audit/cell_attempt.h"

#include <algorithm>
#include <utility>

namespace waymark::statistics {
namespace {

// How many times a move that was found is tried, and its reverse.
constexpr std::int64_t kMostTimes = 8;

bool HidesNothing(const ReleaseState& state, const Move& move, std::int64_t times) {
  return std::all_of(move.begin(), move.end(), [&](const auto& one) {
    return state.Public(one.first).Contains(state.task.cells[one.first].value + times * one.second);
  });
}

}  // namespace

std::vector<Move> SeveralTimes(const ReleaseState& state, const Move& move) {
  const std::vector<std::pair<std::uint32_t, std::int64_t>> sums = SumsOf(state, move);
  std::vector<Move> moves = {move};
  for (const std::int64_t step : {1, -1}) {
    for (std::int64_t n = step == 1 ? 2 : -1; std::abs(n) <= kMostTimes; n += step) {
      const bool agrees = std::all_of(sums.begin(), sums.end(), [&](const auto& sum) {
        return state.room[sum.first].Contains(n * sum.second);
      });
      if (!agrees || !HidesNothing(state, move, n)) break;
      moves.push_back(move);
      for (auto& [cell, by] : moves.back()) by *= n;
    }
  }
  return moves;
}

CellSearch::CellSearch(const ReleaseState& state) : state_(state), search_(state), walk_(state) {}

Attempt CellSearch::Try(std::uint32_t cell, bool may_hide, const SuppressionLimits& limits) {
  cell_ = cell;
  possible_ = state_.possible[cell];
  may_hide_ = may_hide;
  has_hidden_ = false;
  limits_ = limits;
  found_ = {};
  EitherWay();
  return std::move(found_);
}

void CellSearch::EitherWay() {
  const ReleaseCell& facts = state_.task.cells[cell_];
  const std::int64_t below = std::min(facts.value - facts.hidden.low, (facts.width + 1) / 2);
  if (below > 0 && possible_.low == facts.value) Widen({.down = true, .least = 1, .most = below});
  const std::int64_t found = facts.value - possible_.low;
  const std::int64_t above = std::max<std::int64_t>(1, facts.width - found);
  if (facts.value + above <= possible_.high) return;
  if (facts.value + above <= facts.hidden.high) {
    Widen({.down = false, .least = above, .most = above + facts.width});
  }
  if (IsWide()) return;
  // Nothing that far above: all of it below, then.
  const std::int64_t all = facts.width - (possible_.high - facts.value);
  if (all <= facts.value - facts.hidden.low) Widen({.down = true, .least = all, .most = all});
  if (!IsWide()) BothWays(above);
}

// As far up as it goes, short of `above`, and the rest below.
void CellSearch::BothWays(std::int64_t above) {
  constexpr std::int64_t kSteps = 8;
  const ReleaseCell& facts = state_.task.cells[cell_];
  const std::int64_t step = std::max<std::int64_t>(1, above / kSteps);
  for (std::int64_t up = above - step; up > possible_.high - facts.value; up -= step) {
    if (facts.value + up <= facts.hidden.high) Widen({.down = false, .least = up, .most = above});
  }
  const std::int64_t rest = facts.width - (possible_.high - facts.value);
  if (rest > facts.value - possible_.low && rest <= facts.value - facts.hidden.low) {
    Widen({.down = true, .least = rest, .most = rest});
  }
}

void CellSearch::Widen(const Wish& wish) {
  if (has_hidden_ || found_.work >= limits_.most_work) return;
  const auto move =
      may_hide_ ? search_.Find(cell_, wish, limits_, found_.work) : walk_.Find(cell_, wish, found_.work);
  if (!move) return;
  has_hidden_ = !HidesNothing(state_, *move, 1);
  std::vector<Move> moves = has_hidden_ ? std::vector<Move>{*move} : SeveralTimes(state_, *move);
  for (Move& one : moves) {
    const std::int64_t value = state_.task.cells[cell_].value + MovedBy(one, cell_);
    possible_ = {.low = std::min(possible_.low, value), .high = std::max(possible_.high, value)};
    found_.moves.push_back(std::move(one));
  }
}

}  // namespace waymark::statistics
