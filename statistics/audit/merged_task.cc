#include "statistics/audit/merged_task.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <utility>

namespace waymark::statistics {
namespace {

// Sets of cells; the least of each leads it.
class Sets {
 public:
  explicit Sets(std::size_t cells) : leader_(cells) { std::iota(leader_.begin(), leader_.end(), 0U); }
  std::uint32_t Find(std::uint32_t cell) {
    while (leader_[cell] != cell) cell = leader_[cell] = leader_[leader_[cell]];
    return cell;
  }
  void Join(std::uint32_t one, std::uint32_t other) {
    one = Find(one);
    other = Find(other);
    leader_[std::max(one, other)] = std::min(one, other);
  }

 private:
  std::vector<std::uint32_t> leader_;
};

bool SaysEqual(const Relation& relation) {
  return relation.terms.size() == 2 && relation.low == 0 && relation.high == 0 &&
         relation.terms[0].factor != relation.terms[1].factor;
}

Range Both(const Range& one, const Range& other) {
  return {.low = std::max(one.low, other.low), .high = std::min(one.high, other.high)};
}

bool MayHide(const ReleaseCell& cell) {
  return cell.is_shown && cell.cost > 0;
}

ReleaseCell MergedCell(const ReleaseTask& task, const std::vector<std::uint32_t>& members) {
  ReleaseCell merged{.value = task.cells[members[0]].value, .shown = {}, .hidden = {}};
  bool some_may_hide = false;
  bool some_hidden = false;
  bool has_to_be_wide = false;
  for (const std::uint32_t member : members) {
    const ReleaseCell& cell = task.cells[member];
    some_may_hide |= MayHide(cell);
    some_hidden |= !cell.is_shown;
    has_to_be_wide |= !cell.is_shown && cell.width > 0;
    merged.hidden = Both(merged.hidden, cell.is_shown && cell.cost == 0 ? cell.shown : cell.hidden);
    if (cell.is_shown) merged.shown = Both(merged.shown, cell.shown);
    merged.width = std::max(merged.width, cell.width);
    if (MayHide(cell)) merged.cost += cell.cost;
  }
  merged.shown = Both(merged.shown, merged.hidden);
  merged.is_shown = some_may_hide ? !has_to_be_wide : !some_hidden;
  if (!merged.is_shown) merged.shown = merged.hidden;
  return merged;
}

// With the merged cells in place of their members; nothing where one would count twice.
std::optional<Relation> Merged(const Relation& relation, const std::vector<std::uint32_t>& place) {
  std::map<std::uint32_t, std::int32_t> factors;
  for (const Relation::Term& term : relation.terms) factors[place[term.cell]] += term.factor;
  Relation merged{.terms = {}, .low = relation.low, .high = relation.high};
  for (const auto& [cell, factor] : factors) {
    if (factor < -1 || factor > 1) return std::nullopt;
    if (factor != 0) merged.terms.push_back({.cell = cell, .factor = factor});
  }
  if (merged.terms.empty() || merged.terms[0].factor > 0) return merged;
  for (Relation::Term& term : merged.terms) term.factor = -term.factor;
  merged.low = -relation.high;
  merged.high = -relation.low;
  return merged;
}

// Each combination of terms once, with the narrowest bounds, in the order of the first.
std::optional<std::vector<Relation>> MergedRelations(const std::vector<Relation>& relations,
                                                     const std::vector<std::uint32_t>& place) {
  std::vector<Relation> kept;
  std::map<std::vector<std::pair<std::uint32_t, std::int32_t>>, std::size_t> known;
  for (const Relation& relation : relations) {
    std::optional<Relation> merged = Merged(relation, place);
    if (!merged) return std::nullopt;
    if (merged->terms.empty()) continue;
    std::vector<std::pair<std::uint32_t, std::int32_t>> key;
    for (const Relation::Term& term : merged->terms) key.emplace_back(term.cell, term.factor);
    const auto [at, is_new] = known.emplace(std::move(key), kept.size());
    if (is_new) {
      kept.push_back(*std::move(merged));
    } else {
      Relation& same = kept[at->second];
      same.low = std::max(same.low, merged->low);
      same.high = std::min(same.high, merged->high);
    }
  }
  return kept;
}

// Sets of what is hidden together, as rings.
void JoinCompanions(const ReleaseTask& task, MergedTask& merged) {
  Sets together(merged.task.cells.size());
  for (std::uint32_t cell = 0; cell < task.cells.size(); ++cell) {
    const std::uint32_t other = task.cells[cell].hidden_with;
    if (other != ReleaseCell::kNone) together.Join(merged.place[cell], merged.place[other]);
  }
  std::vector<std::uint32_t> last(merged.task.cells.size(), ReleaseCell::kNone);
  for (std::uint32_t cell = 0; cell < merged.task.cells.size(); ++cell) {
    const std::uint32_t first = together.Find(cell);
    if (first == cell) {
      last[cell] = cell;
      continue;
    }
    merged.task.cells[std::exchange(last[first], cell)].hidden_with = cell;
    merged.task.cells[cell].hidden_with = first;
  }
}

MergedTask AsItIs(const ReleaseTask& task) {
  MergedTask merged{.task = task, .place = std::vector<std::uint32_t>(task.cells.size())};
  std::iota(merged.place.begin(), merged.place.end(), 0U);
  return merged;
}

}  // namespace

MergedTask MergeEqualCells(const ReleaseTask& task) {
  Sets equal(task.cells.size());
  for (const Relation& relation : task.relations) {
    if (SaysEqual(relation)) equal.Join(relation.terms[0].cell, relation.terms[1].cell);
  }
  MergedTask merged{.task = {}, .place = std::vector<std::uint32_t>(task.cells.size())};
  std::vector<std::vector<std::uint32_t>> members;
  for (std::uint32_t cell = 0; cell < task.cells.size(); ++cell) {
    const std::uint32_t first = equal.Find(cell);
    if (first == cell) {
      merged.place[cell] = static_cast<std::uint32_t>(members.size());
      members.emplace_back();
    }
    merged.place[cell] = merged.place[first];
    members[merged.place[cell]].push_back(cell);
  }
  auto relations = MergedRelations(task.relations, merged.place);
  if (!relations) return AsItIs(task);
  merged.task.relations = *std::move(relations);
  for (const auto& cells : members) merged.task.cells.push_back(MergedCell(task, cells));
  JoinCompanions(task, merged);
  return merged;
}

SuppressionResult Unmerged(const ReleaseTask& task, const MergedTask& merged,
                           const SuppressionResult& result) {
  SuppressionResult each{.is_shown = {}, .possible = {}, .unprotected = {}, .fallbacks = result.fallbacks};
  for (std::uint32_t i = 0; i < task.cells.size(); ++i) {
    const ReleaseCell& cell = task.cells[i];
    const std::uint32_t at = merged.place[i];
    const bool is_shown = cell.is_shown && (cell.cost == 0 || result.is_shown[at]);
    each.is_shown.push_back(is_shown);
    each.possible.push_back(result.possible[at]);
    if (!is_shown && result.possible[at].width() < cell.width) each.unprotected.push_back(i);
  }
  return each;
}

}  // namespace waymark::statistics
