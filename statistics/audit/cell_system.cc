#include "statistics/audit/cell_system.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"

namespace waymark::statistics {
namespace {

// A sum over the largest relation leaves 64 bits.
using Sum = __int128;

bool IsOrdered(const Range& bounds, std::int64_t least) {
  return bounds.low >= least && bounds.low <= bounds.high && bounds.high <= kMostCount;
}

// Narrows the cells of one relation; says whether any changed.
bool TightenBy(const Relation& relation, std::vector<Range>& cells) {
  Sum least = 0;
  Sum most = 0;
  for (const Relation::Term& term : relation.terms) {
    const Range& cell = cells[term.cell];
    least += term.factor > 0 ? cell.low : -cell.high;
    most += term.factor > 0 ? cell.high : -cell.low;
  }
  bool changed = false;
  for (const Relation::Term& term : relation.terms) {
    Range& cell = cells[term.cell];
    // What the term itself can be, given the others at their extremes.
    const Sum others_least = least - (term.factor > 0 ? cell.low : -cell.high);
    const Sum others_most = most - (term.factor > 0 ? cell.high : -cell.low);
    Sum low = 0;
    Sum high = kMostCount;
    if (relation.low > -kMostCount) {
      (term.factor > 0 ? low : high) = term.factor * (relation.low - others_most);
    }
    if (relation.high < kMostCount) {
      (term.factor > 0 ? high : low) = term.factor * (relation.high - others_least);
    }
    const Range before = cell;
    cell.low = static_cast<std::int64_t>(std::min<Sum>(std::max<Sum>(low, cell.low), kMostCount));
    cell.high = static_cast<std::int64_t>(std::max<Sum>(std::min<Sum>(high, cell.high), -1));
    if (cell == before) continue;
    changed = true;
    least = others_least + (term.factor > 0 ? cell.low : -cell.high);
    most = others_most + (term.factor > 0 ? cell.high : -cell.low);
  }
  return changed;
}

}  // namespace

Relation SumOf(absl::Span<const std::uint32_t> parts, std::uint32_t whole) {
  Relation relation;
  for (const std::uint32_t part : parts) relation.terms.push_back({.cell = part, .factor = 1});
  relation.terms.push_back({.cell = whole, .factor = -1});
  return relation;
}

Relation AtMost(std::uint32_t part, std::uint32_t whole) {
  return {
      .terms = {{.cell = whole, .factor = 1}, {.cell = part, .factor = -1}}, .low = 0, .high = kMostCount};
}

absl::Status CheckSystem(const CellSystem& system) {
  for (const Range& cell : system.cells) {
    if (!IsOrdered(cell, 0)) {
      return absl::InvalidArgumentError(absl::StrCat("cell system: expected 0 <= low <= high <= ", kMostCount,
                                                     " for each cell, got ", cell.low, " and ", cell.high));
    }
  }
  std::vector<std::size_t> named_in(system.cells.size(), system.relations.size());
  for (std::size_t r = 0; r < system.relations.size(); ++r) {
    const Relation& relation = system.relations[r];
    const bool bounds = IsOrdered({.low = relation.low, .high = relation.high}, -kMostCount);
    if (!bounds || relation.terms.size() > kMostRelationTerms) {
      return absl::InvalidArgumentError(
          absl::StrCat("cell system: relation ", r, ": its bounds or its length are out of range"));
    }
    for (const Relation::Term& term : relation.terms) {
      const bool there = term.cell < system.cells.size() && named_in[term.cell] != r;
      if (!there || (term.factor != 1 && term.factor != -1)) {
        return absl::InvalidArgumentError(absl::StrCat(
            "cell system: relation ", r, ": expected distinct cells that are there, with factors 1 or -1"));
      }
      named_in[term.cell] = r;
    }
  }
  return absl::OkStatus();
}

std::vector<std::vector<std::uint32_t>> RelationsByCell(std::size_t cells,
                                                        absl::Span<const Relation> relations) {
  std::vector<std::vector<std::uint32_t>> by_cell(cells);
  for (std::uint32_t r = 0; r < relations.size(); ++r) {
    for (const Relation::Term& term : relations[r].terms) by_cell[term.cell].push_back(r);
  }
  return by_cell;
}

void Tighten(CellSystem& system, int most_passes) {
  bool changed = true;
  for (int pass = 0; changed && pass < most_passes; ++pass) {
    changed = false;
    for (const Relation& relation : system.relations) changed |= TightenBy(relation, system.cells);
  }
}

}  // namespace waymark::statistics
