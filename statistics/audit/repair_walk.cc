#include "statistics/audit/repair_walk.h"

#include <algorithm>
#include <cstdlib>

namespace waymark::statistics {
namespace {

constexpr std::size_t kWhole = static_cast<std::size_t>(-1);
constexpr std::int64_t kNever = -1'000'000;
// Moves of whole patterns take some hundred steps.
constexpr std::int64_t kMostSteps = 400;
constexpr int kStarts = 6;
constexpr std::size_t kMostBroken = 60;
// For so many steps a cell is not moved back.
constexpr std::int64_t kLately = 8;
// Of a short sum.
constexpr std::size_t kShort = 3;
// A program's cells and iterations, in which work is counted, take as long as so many sums that are looked
// at.
constexpr std::uint64_t kSumsOfOneWork = 256;
// Against what is broken by one unit: a cell that cannot mend all, and one that needs no other table.
constexpr std::int64_t kUnit = 16;
constexpr std::int64_t kNotAll = 8;
constexpr std::int64_t kNotNeeded = 1;

std::int64_t Outside(const Range& room, std::int64_t sum) {
  if (sum < room.low) return room.low - sum;
  return sum > room.high ? room.high - sum : 0;
}

}  // namespace

RepairWalk::RepairWalk(const ReleaseState& state)
    : state_(state),
      slack_(state.task.relations.size()),
      by_(state.task.cells.size()),
      when_(state.task.cells.size(), kNever),
      sum_(state.task.relations.size()),
      place_(state.task.relations.size(), kWhole) {
  for (std::uint32_t cell = 0; cell < state.task.cells.size(); ++cell) {
    std::vector<ReleaseState::Naming> binding;
    for (const ReleaseState::Naming& in : state.named_in[cell]) {
      if (state.binds[in.relation]) binding.push_back(in);
    }
    if (binding.size() != 1 || state.task.relations[binding[0].relation].terms.size() > kShort) continue;
    Slack& slack = slack_[binding[0].relation];
    if (slack.cell == ReleaseCell::kNone) slack = {.cell = cell, .factor = binding[0].factor};
  }
}

std::optional<Move> RepairWalk::Find(std::uint32_t cell, const Wish& wish, std::uint64_t& work) {
  aimed_ = cell;
  aim_ =
      wish.down ? Range{.low = -wish.most, .high = -wish.least} : Range{.low = wish.least, .high = wish.most};
  drawn_ = cell;
  looked_at_ = 0;
  std::optional<Move> found;
  for (int start = 0; start < kStarts && !found; ++start) {
    Clear();
    if (!Walk(wish)) continue;
    MoveSlack();
    Move move;
    std::sort(moved_.begin(), moved_.end());
    for (const std::uint32_t moved : moved_) {
      if (by_[moved] != 0) move.emplace_back(moved, by_[moved]);
    }
    if (Agrees(state_, move)) found = std::move(move);
  }
  work += 1 + looked_at_ / kSumsOfOneWork;
  return found;
}

void RepairWalk::Clear() {
  for (const std::uint32_t cell : moved_) {
    by_[cell] = 0;
    when_[cell] = kNever;
  }
  for (const std::uint32_t relation : changed_) {
    sum_[relation] = 0;
    place_[relation] = kWhole;
  }
  moved_.clear();
  changed_.clear();
  broken_.clear();
  step_ = 0;
}

bool RepairWalk::Walk(const Wish& wish) {
  Change(aimed_, wish.down ? -wish.least : wish.least);
  for (step_ = 1; step_ <= kMostSteps && !broken_.empty(); ++step_) {
    if (broken_.size() > kMostBroken) return false;
    const Choice choice = ChooseAnywhere();
    if (choice.by == 0) return false;
    Change(choice.cell, choice.by);
  }
  return broken_.empty();
}

void RepairWalk::Change(std::uint32_t cell, std::int64_t by) {
  if (when_[cell] == kNever) moved_.push_back(cell);
  when_[cell] = step_;
  by_[cell] += by;
  for (const ReleaseState::Naming& in : state_.named_in[cell]) {
    const std::uint32_t relation = in.relation;
    if (!state_.binds[relation]) continue;
    changed_.push_back(relation);
    sum_[relation] += in.factor * by;
    const bool was_broken = place_[relation] != kWhole;
    const bool is_broken = Lacking(relation, sum_[relation]) != 0;
    if (is_broken && !was_broken) {
      place_[relation] = broken_.size();
      broken_.push_back(relation);
    } else if (was_broken && !is_broken) {
      broken_[place_[relation]] = broken_.back();
      place_[broken_.back()] = place_[relation];
      broken_.pop_back();
      place_[relation] = kWhole;
    }
  }
}

Range RepairWalk::Reach(std::uint32_t cell) const {
  if (cell == aimed_) return aim_;
  const Range& open = state_.Public(cell);
  const std::int64_t value = state_.task.cells[cell].value;
  return {.low = std::max(open.low - value, -state_.farthest),
          .high = std::min(open.high - value, state_.farthest)};
}

Range RepairWalk::RoomWithSlack(std::uint32_t relation) const {
  const Slack& slack = slack_[relation];
  Range room = state_.room[relation];
  if (slack.cell == ReleaseCell::kNone || slack.cell == aimed_) return room;
  const Range reach = Reach(slack.cell);
  room.low -= slack.factor > 0 ? reach.high : -reach.low;
  room.high -= slack.factor > 0 ? reach.low : -reach.high;
  return room;
}

std::int64_t RepairWalk::Lacking(std::uint32_t relation, std::int64_t sum) const {
  return Outside(RoomWithSlack(relation), sum);
}

RepairWalk::Choice RepairWalk::ChooseAnywhere() {
  Choice choice = Choose(broken_[Draw() % broken_.size()], kLately);
  for (std::size_t i = 0; i < broken_.size() && choice.by == 0; ++i) choice = Choose(broken_[i], kLately);
  return choice.by != 0 ? choice : Choose(broken_[Draw() % broken_.size()], 0);
}

RepairWalk::Choice RepairWalk::Choose(std::uint32_t relation, std::int64_t lately) {
  const std::int64_t lacking = Lacking(relation, sum_[relation]);
  Choice best;
  std::int64_t least = 0;
  std::uint64_t best_draw = 0;
  for (const Relation::Term& term : state_.task.relations[relation].terms) {
    const std::uint32_t cell = term.cell;
    if (cell != aimed_ && (state_.IsFixed(cell) || slack_[relation].cell == cell)) continue;
    const std::int64_t wanted = term.factor * lacking;
    const Range reach = Reach(cell);
    const std::int64_t by = std::clamp<std::int64_t>(wanted, std::min<std::int64_t>(reach.low - by_[cell], 0),
                                                     std::max<std::int64_t>(reach.high - by_[cell], 0));
    const bool is_back = (by > 0) != (by_[cell] > 0);
    if (by == 0 || (is_back && step_ - when_[cell] < lately)) continue;
    const std::int64_t worse = kUnit * BrokenBy(cell, by) + (by != wanted ? kNotAll : 0) +
                               (state_.IsProtected(cell) ? kNotNeeded : 0);
    looked_at_ += state_.named_in[cell].size();
    const std::uint64_t draw = Draw();
    if (best.by != 0 && (worse > least || (worse == least && draw <= best_draw))) continue;
    best = {.cell = cell, .by = by};
    least = worse;
    best_draw = draw;
  }
  return best;
}

// By how much more the sums would be broken, all together.
std::int64_t RepairWalk::BrokenBy(std::uint32_t cell, std::int64_t by) const {
  std::int64_t more = 0;
  for (const ReleaseState::Naming& in : state_.named_in[cell]) {
    if (!state_.binds[in.relation]) continue;
    const Range room = RoomWithSlack(in.relation);
    const std::int64_t sum = sum_[in.relation];
    more += std::abs(Outside(room, sum + in.factor * by)) - std::abs(Outside(room, sum));
  }
  return more;
}

void RepairWalk::MoveSlack() {
  const std::vector<std::uint32_t> changed = changed_;
  for (const std::uint32_t relation : changed) {
    const Slack& slack = slack_[relation];
    if (slack.cell == ReleaseCell::kNone || slack.cell == aimed_) continue;
    const std::int64_t lacking = Outside(state_.room[relation], sum_[relation]);
    if (lacking != 0) Change(slack.cell, slack.factor * lacking);
  }
}

// The multiplier and the increment of Knuth's MMIX.
std::uint64_t RepairWalk::Draw() {
  drawn_ = drawn_ * 6364136223846793005U + 1442695040888963407U;
  return drawn_ >> 33U;
}

}  // namespace waymark::statistics
