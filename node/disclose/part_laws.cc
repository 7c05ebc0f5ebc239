#include "node/disclose/part_laws.h"

namespace waymark::node {

using statistics::AtMost;
using statistics::SumOf;

void AddPartsOf(const CountedColumn& whole, const CountedColumn& parts,
                const std::vector<std::size_t>& belongs, statistics::ReleaseTask& task) {
  if (!whole.is_measured || !parts.is_measured || whole.cells.empty()) return;
  std::vector<std::vector<std::uint32_t>> cells(whole.cells.size());
  std::vector<std::int64_t> sums(whole.cells.size());
  bool within = true;
  for (std::size_t row = 0; row < parts.cells.size(); ++row) {
    if (belongs[row] >= whole.cells.size()) {
      if (parts.values[row] != 0) return;
      continue;
    }
    cells[belongs[row]].push_back(parts.cells[row]);
    sums[belongs[row]] += parts.values[row];
    within = within && parts.values[row] <= whole.values[belongs[row]];
  }
  bool covered = true;
  for (std::size_t row = 0; row < sums.size(); ++row) covered = covered && sums[row] >= whole.values[row];
  for (std::size_t row = 0; row < sums.size(); ++row) {
    if (sums == whole.values) {
      task.relations.push_back(SumOf(cells[row], whole.cells[row]));
      continue;
    }
    if (covered) {
      task.relations.push_back(SumOf(cells[row], whole.cells[row]));
      task.relations.back().high = statistics::kMostCount;
    }
    for (const std::uint32_t part : cells[row]) {
      if (within) task.relations.push_back(AtMost(part, whole.cells[row]));
    }
  }
}

}  // namespace waymark::node
