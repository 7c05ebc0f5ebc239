#include "node/disclose/audit.h"

#include <algorithm>
#include <utility>

#include "base/status.h"

namespace waymark::node {
namespace {

// A preview waits for no more than this; cells that are then not known are said to be so.
constexpr statistics::AttackLimits kPreviewLimits{.most_iterations = 200'000};

// The table that a cell is in, or that its row implies: tables' cells and then their unseen counts follow one
// another in the tables' order.
std::size_t TableOf(const LinkedCells& cells, std::uint32_t cell) {
  const auto after = std::upper_bound(cells.first.begin(), cells.first.end(), cell);
  return static_cast<std::size_t>(after - cells.first.begin()) - 1;
}

}  // namespace

absl::StatusOr<AuditResult> SuppressSecondary(std::vector<LinkedTable>& tables) {
  ASSIGN_OR_RETURN(const LinkedCells cells, LinkCells(tables));
  ASSIGN_OR_RETURN(const statistics::SuppressionResult found, statistics::SuppressUntilProtected(cells.task));
  AuditResult result{.fallbacks = found.fallbacks, .too_narrow = {}};
  for (std::size_t t = 0; t < tables.size(); ++t) {
    ThresholdedTable& released = tables[t].released;
    for (std::size_t at = 0; at < released.table.values.size() && tables[t].left_in.empty(); ++at) {
      const std::uint32_t cell = cells.CellOf(t, at);
      if (found.is_shown[cell] || !cells.task.cells[cell].is_shown) continue;
      released.table.values[at] = 0;
      released.table.status[at] = v1::CELL_STATUS_SUPPRESSED;
      released.rules[at] = CellRule::kSecondary;
      ++result.suppressed;
    }
  }
  for (const std::uint32_t cell : found.unprotected) {
    const std::size_t table = TableOf(cells, cell);
    if (result.too_narrow.empty() || result.too_narrow.back() != table) result.too_narrow.push_back(table);
  }
  return result;
}

absl::StatusOr<std::vector<KnownCells>> AttackersIntervals(const std::vector<LinkedTable>& tables) {
  ASSIGN_OR_RETURN(const LinkedCells cells, LinkCells(tables));
  std::vector<KnownCells> known(tables.size());
  std::vector<std::uint32_t> targets;
  std::vector<std::pair<std::size_t, std::size_t>> places;  // table, cell of it
  for (std::size_t t = 0; t < tables.size(); ++t) {
    const std::vector<v1::CellStatus>& status = tables[t].released.table.status;
    known[t].resize(status.size());
    for (std::size_t at = 0; at < status.size() && tables[t].left_in.empty(); ++at) {
      if (status[at] != v1::CELL_STATUS_SUPPRESSED) continue;
      targets.push_back(cells.CellOf(t, at));
      places.emplace_back(t, at);
    }
  }
  std::vector<bool> is_shown;
  for (const statistics::ReleaseCell& cell : cells.task.cells) is_shown.push_back(cell.is_shown);
  ASSIGN_OR_RETURN(const auto found,
                   statistics::BestIntervals(PublicKnowledge(cells.task, is_shown), targets, kPreviewLimits));
  for (std::size_t i = 0; i < found.size(); ++i) known[places[i].first][places[i].second] = found[i];
  return known;
}

}  // namespace waymark::node
