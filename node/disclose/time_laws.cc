#include "node/disclose/time_laws.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "base/period.h"

namespace waymark::node {
namespace {

struct Dated {
  const CountedTable* table = nullptr;
  Period days;
};

bool IsPartOf(const Dated& part, const Dated& whole) {
  return part.days.days() < whole.days.days() && whole.days.Contains(part.days.first) &&
         whole.days.Contains(part.days.last);
}

// The shortest of `tables` within `whole` that begins (or, of a stock, ends) on that day.
const Dated* Shortest(const std::vector<Dated>& tables, const Dated& whole, Day day, Day Period::*end) {
  const Dated* shortest = nullptr;
  for (const Dated& one : tables) {
    if (!IsPartOf(one, whole) || one.days.*end != day) continue;
    if (shortest == nullptr || one.days.days() < shortest->days.days()) shortest = &one;
  }
  return shortest;
}

// None where there is no such division.
std::vector<const CountedTable*> PartsOf(const Dated& whole, const std::vector<Dated>& tables) {
  if (whole.table->metric->cohort().base() == v1::Cohort::BASE_OPEN) {
    const Dated* last = Shortest(tables, whole, whole.days.last, &Period::last);
    if (last == nullptr) return {};
    return {last->table};
  }
  std::vector<const CountedTable*> parts;
  for (Day day = whole.days.first; day <= whole.days.last;) {
    const Dated* next = Shortest(tables, whole, day, &Period::first);
    if (next == nullptr) return {};
    parts.push_back(next->table);
    day = next->days.last + 1;
  }
  return parts;
}

// The parts' rows under one another, and which of the whole's each belongs to.
void AddParts(const CountedTable& whole, const std::vector<const CountedTable*>& parts,
              const CountedColumn CountedTable::*total, std::size_t column, statistics::ReleaseTask& task) {
  const auto of = [&](const CountedTable& table) -> const CountedColumn& {
    return total != nullptr ? table.*total : table.columns[column];
  };
  const std::vector<std::string>& names = whole.exact->rows;
  CountedColumn all;
  std::vector<std::size_t> belongs;
  for (const CountedTable* part : parts) {
    const CountedColumn& one = of(*part);
    all.is_measured = all.is_measured && one.is_measured && !one.cells.empty();
    all.cells.insert(all.cells.end(), one.cells.begin(), one.cells.end());
    all.values.insert(all.values.end(), one.values.begin(), one.values.end());
    for (std::size_t row = 0; row < one.cells.size(); ++row) {
      const auto at = std::lower_bound(names.begin(), names.end(), part->exact->rows[row]);
      const bool is_there = at != names.end() && *at == part->exact->rows[row];
      belongs.push_back(is_there ? static_cast<std::size_t>(at - names.begin()) : names.size());
    }
  }
  AddPartsOf(of(whole), all, belongs, task);
}

}  // namespace

void AddLawsOverTime(const std::vector<CountedTable>& tables, statistics::ReleaseTask& task) {
  using Key = std::tuple<std::string, int, std::uint32_t, std::vector<std::string>>;
  std::map<Key, std::vector<Dated>> alike;
  for (const CountedTable& table : tables) {
    const contract::Table& exact = *table.exact;
    auto days = ParsePeriod(exact.period);
    if (!days.ok()) continue;
    alike[{exact.metric, static_cast<int>(exact.unit), exact.window_days, exact.dimensions}].push_back(
        {.table = &table, .days = *std::move(days)});
  }
  for (const auto& [key, dated] : alike) {
    for (const Dated& whole : dated) {
      const std::vector<const CountedTable*> parts = PartsOf(whole, dated);
      if (parts.empty()) continue;
      for (std::size_t i = 0; i < whole.table->columns.size(); ++i) {
        AddParts(*whole.table, parts, nullptr, i, task);
      }
      if (!whole.table->total_is_column) AddParts(*whole.table, parts, &CountedTable::total, 0, task);
    }
  }
}

}  // namespace waymark::node
