#include "node/disclose/cell_laws.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "node/disclose/days.h"
#include "node/disclose/outcome_nesting.h"
#include "node/disclose/time_laws.h"

namespace waymark::node {
namespace {

using statistics::AtMost;
using statistics::Relation;
using statistics::SumOf;

// More outcomes than this are not tried in all combinations.
constexpr std::size_t kMostOutcomes = 6;

// A column of one table, with its rows' names.
struct Series {
  const CountedTable* table = nullptr;
  const CountedColumn* column = nullptr;
  std::size_t rows() const { return column->cells.size(); }
};

class Laws {
 public:
  Laws(const std::vector<CountedTable>& tables, statistics::ReleaseTask& task)
      : tables_(tables), task_(task) {}

  void Add() {
    std::map<const v1::Metric*, std::vector<const CountedTable*>> by_metric;
    for (const CountedTable& table : tables_) by_metric[table.metric].push_back(&table);
    // By metric in the tables' order, so that the result does not depend on addresses.
    std::set<const v1::Metric*> done;
    for (const CountedTable& table : tables_) {
      if (!done.insert(table.metric).second) continue;
      const std::vector<const CountedTable*>& own = by_metric[table.metric];
      if (table.metric->kind() == v1::METRIC_KIND_PROPORTION) AddOutcomes(own);
      for (const CountedTable* first : own) {
        for (const CountedTable* second : own) {
          if (contract::IsMargin(*first->exact, *second->exact)) AddMargin(*first, *second);
          if (IsNested(*first, *second, own)) AddNested(*first, *second);
        }
      }
    }
    AddLinkedMetrics();
  }

 private:
  void AddMargin(const CountedTable& whole, const CountedTable& parts) {
    const std::vector<std::size_t> belongs = contract::RowsOfWhole(*whole.exact, *parts.exact);
    for (std::size_t i = 0; i < std::min(whole.columns.size(), parts.columns.size()); ++i) {
      AddPartsOf(whole.columns[i], parts.columns[i], belongs, task_);
    }
    if (!whole.total_is_column) AddPartsOf(whole.total, parts.total, belongs, task_);
  }

  // The same breakdown, in the next unit or window that there is: what holds between those holds beyond.
  static bool IsNested(const CountedTable& a, const CountedTable& b,
                       const std::vector<const CountedTable*>& all) {
    return IsBefore(a, b) && std::none_of(all.begin(), all.end(), [&](const CountedTable* between) {
             return IsBefore(a, *between) && IsBefore(*between, b);
           });
  }

  static bool IsBefore(const CountedTable& a, const CountedTable& b) {
    if (a.exact->dimensions != b.exact->dimensions) return false;
    const bool units = a.exact->window_days == b.exact->window_days && a.exact->unit < b.exact->unit;
    const bool windows = a.exact->unit == b.exact->unit && a.exact->window_days < b.exact->window_days;
    return units || windows;
  }

  void AddNested(const CountedTable& a, const CountedTable& b) {
    const auto each = [&](const CountedColumn& left, const CountedColumn& right) {
      Compare({.table = &a, .column = &left}, {.table = &b, .column = &right});
    };
    for (std::size_t i = 0; i < std::min(a.columns.size(), b.columns.size()); ++i) {
      each(a.columns[i], b.columns[i]);
    }
    if (!a.total_is_column) each(a.total, b.total);
    if (a.total_is_column && b.total_is_column) AddNestedRests(a, b);
  }

  // What a numerator leaves of its group, in one unit or window and in another.
  void AddNestedRests(const CountedTable& a, const CountedTable& b) {
    const std::vector<std::size_t> rows =
        SameRows({.table = &a, .column = &a.total}, {.table = &b, .column = &b.total});
    for (std::size_t i = 0; i + 1 < std::min(a.columns.size(), b.columns.size()); ++i) {
      const CountedColumn& left = a.columns[i];
      const CountedColumn& right = b.columns[i];
      if (!left.is_measured || !right.is_measured || !a.total.is_measured || !b.total.is_measured) continue;
      std::vector<Relation> laws;
      Sums sums;
      for (std::size_t row = 0; row < rows.size(); ++row) {
        if (rows[row] == std::string::npos) continue;
        const std::int64_t more =
            b.total.values[rows[row]] - right.values[rows[row]] - (a.total.values[row] - left.values[row]);
        sums.below = sums.below && more >= 0;
        sums.above = sums.above && more <= 0;
        laws.push_back({.terms = {{.cell = a.total.cells[row], .factor = 1},
                                  {.cell = left.cells[row], .factor = -1},
                                  {.cell = b.total.cells[rows[row]], .factor = -1},
                                  {.cell = right.cells[rows[row]], .factor = 1}},
                        .low = 0,
                        .high = 0});
      }
      for (Relation& law : laws) {
        if (!sums.above) law.low = -statistics::kMostCount;
        if (!sums.below) law.high = statistics::kMostCount;
        if (sums.above || sums.below) task_.relations.push_back(std::move(law));
      }
    }
  }

  // Rows of the same name; npos where `other` has none.
  static std::vector<std::size_t> SameRows(const Series& one, const Series& other) {
    std::vector<std::size_t> rows;
    const std::vector<std::string>& names = other.table->exact->rows;
    for (const std::string& name : one.table->exact->rows) {
      const auto at = std::lower_bound(names.begin(), names.end(), name);
      rows.push_back(at != names.end() && *at == name ? static_cast<std::size_t>(at - names.begin())
                                                      : std::string::npos);
    }
    return rows;
  }

  static bool IsUsable(const Series& series) {
    return series.column->is_measured && !series.column->cells.empty();
  }

  // Equal in every row, or one at most the other in every row, where that is so. Returns whether equal.
  bool Compare(const Series& one, const Series& other) {
    if (!IsUsable(one) || !IsUsable(other)) return false;
    const std::vector<std::size_t> rows = SameRows(one, other);
    bool below = true;
    bool above = true;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      if (rows[row] == std::string::npos) continue;
      below = below && one.column->values[row] <= other.column->values[rows[row]];
      above = above && one.column->values[row] >= other.column->values[rows[row]];
    }
    for (std::size_t row = 0; row < rows.size(); ++row) {
      if (rows[row] == std::string::npos || (!below && !above)) continue;
      const std::uint32_t left = one.column->cells[row];
      const std::uint32_t right = other.column->cells[rows[row]];
      if (below && above) {
        task_.relations.push_back(SumOf({left}, right));
      } else {
        task_.relations.push_back(below ? AtMost(left, right) : AtMost(right, left));
      }
    }
    return below && above;
  }

  // Outcomes of one entry, unit by unit, since a child may have two outcomes of which an episode has one.
  void AddOutcomes(const std::vector<const CountedTable*>& own) {
    std::map<int, std::vector<const CountedTable*>> by_unit;
    for (const CountedTable* table : own) by_unit[static_cast<int>(table->exact->unit)].push_back(table);
    for (const auto& [unit, tables] : by_unit) {
      AddOutcomesByCodes(tables);
      if (tables[0]->columns.size() - 1 <= kMostOutcomes) AddOutcomesAsTheyAre(tables);
    }
  }

  // Within one another, and adding up to one another or to the denominator.
  void AddOutcomesAsTheyAre(const std::vector<const CountedTable*>& own) {
    const std::size_t outcomes = own[0]->columns.size() - 1;
    for (std::size_t whole = 0; whole <= outcomes; ++whole) {
      for (std::size_t set = 1; set < std::size_t{1} << outcomes; ++set) {
        std::vector<std::size_t> parts;
        for (std::size_t i = 0; i < outcomes; ++i) {
          if ((set >> i & 1U) != 0) parts.push_back(i);
        }
        const bool has_whole = std::find(parts.begin(), parts.end(), whole) != parts.end();
        if (has_whole || (whole == outcomes && parts.size() == 1)) continue;
        const Sums sums = Compare(own, parts, whole);
        const bool above = sums.above && MayCover(own[0]->metric->outcomes(), parts, whole);
        const bool below = sums.below && MayFit(own[0]->metric->outcomes(), parts, whole);
        if (above && below) AddSum(own, parts, whole, 0, 0);
        // That several outcomes cover their denominator without adding up to it is no law.
        if (above && !below && whole < outcomes && parts.size() > 1) {
          AddSum(own, parts, whole, 0, statistics::kMostCount);
        }
        if (below && !above && parts.size() == 1) {
          AddSum(own, parts, whole, -statistics::kMostCount, 0);
        }
      }
    }
  }

  // Everything lies within a denominator, and outcomes may add up to it.
  using Outcomes = google::protobuf::RepeatedPtrField<v1::Outcome>;
  static bool MayCover(const Outcomes& outcomes, const std::vector<std::size_t>& parts, std::size_t whole) {
    std::vector<const v1::Outcome*> some;
    for (const std::size_t part : parts) some.push_back(&outcomes[static_cast<int>(part)]);
    return whole >= static_cast<std::size_t>(outcomes.size()) ||
           MayBeCovered(outcomes[static_cast<int>(whole)], some);
  }
  static bool MayFit(const Outcomes& outcomes, const std::vector<std::size_t>& parts, std::size_t whole) {
    if (whole >= static_cast<std::size_t>(outcomes.size())) return true;
    return std::all_of(parts.begin(), parts.end(), [&](std::size_t part) {
      return MayLieWithin(outcomes[static_cast<int>(part)], outcomes[static_cast<int>(whole)]);
    });
  }

  // Outcomes that ask for some of another's codes lie within it, and where they ask for all of them add up to
  // it; those that ask for different codes lie side by side in the denominator.
  void AddOutcomesByCodes(const std::vector<const CountedTable*>& own) {
    const v1::Metric& metric = *own[0]->metric;
    std::vector<std::set<std::string>> codes;
    for (const v1::Outcome& outcome : metric.outcomes()) {
      const auto& some = outcome.has_field() ? outcome.field().any_of() : outcome.follow_up().source_any_of();
      codes.emplace_back(some.begin(), some.end());
    }
    std::set<std::string> all;
    for (const auto& some : codes) all.insert(some.begin(), some.end());
    codes.push_back(all);  // in the denominator's place
    if (codes.size() != own[0]->columns.size()) return;
    for (std::size_t whole = 0; whole < codes.size(); ++whole) {
      const std::vector<std::size_t> parts = SideBySide(codes, whole);
      if (parts.size() < 2) continue;
      const Sums sums = Compare(own, parts, whole);
      const std::int64_t least = sums.above ? 0 : -statistics::kMostCount;
      const std::int64_t most = sums.below ? 0 : statistics::kMostCount;
      if (sums.above || sums.below) AddSum(own, parts, whole, least, most);
      if (sums.below) continue;  // and so each of them is, too
      for (const std::size_t part : parts) {
        if (Compare(own, {part}, whole).below) AddSum(own, {part}, whole, -statistics::kMostCount, 0);
      }
    }
  }

  // Outcomes with some of the codes of `whole` and none in common, the narrowest first.
  static std::vector<std::size_t> SideBySide(const std::vector<std::set<std::string>>& codes,
                                             std::size_t whole) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i + 1 < codes.size(); ++i) {
      const bool within =
          std::includes(codes[whole].begin(), codes[whole].end(), codes[i].begin(), codes[i].end());
      if (i != whole && within && !codes[i].empty()) order.push_back(i);
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return codes[a].size() < codes[b].size(); });
    std::set<std::string> taken;
    std::vector<std::size_t> parts;
    for (const std::size_t i : order) {
      const bool fresh = std::none_of(codes[i].begin(), codes[i].end(),
                                      [&](const std::string& code) { return taken.contains(code); });
      if (!fresh) continue;
      taken.insert(codes[i].begin(), codes[i].end());
      parts.push_back(i);
    }
    return parts;
  }

  // How the parts' sum stands to the whole, in every row of every table.
  struct Sums {
    bool below = true;  // at most the whole
    bool above = true;  // at least
  };
  static Sums Compare(const std::vector<const CountedTable*>& own, const std::vector<std::size_t>& parts,
                      std::size_t whole) {
    Sums sums;
    for (const CountedTable* table : own) {
      bool is_measured = table->columns[whole].is_measured;
      for (const std::size_t part : parts) is_measured = is_measured && table->columns[part].is_measured;
      if (!is_measured) return {.below = false, .above = false};
      for (std::size_t row = 0; row < table->exact->rows.size(); ++row) {
        std::int64_t sum = 0;
        for (const std::size_t part : parts) sum += table->columns[part].values[row];
        const std::int64_t all = table->columns[whole].values[row];
        sums.below = sums.below && sum <= all;
        sums.above = sums.above && sum >= all;
      }
    }
    return sums;
  }

  // low <= parts - whole <= high, in every row of every table.
  void AddSum(const std::vector<const CountedTable*>& own, const std::vector<std::size_t>& parts,
              std::size_t whole, std::int64_t low, std::int64_t high) {
    for (const CountedTable* table : own) {
      for (std::size_t row = 0; row < table->exact->rows.size(); ++row) {
        std::vector<std::uint32_t> cells;
        for (const std::size_t part : parts) cells.push_back(table->columns[part].cells[row]);
        task_.relations.push_back(SumOf(cells, table->columns[whole].cells[row]));
        task_.relations.back().low = low;
        task_.relations.back().high = high;
      }
    }
  }

  // Entries of one linkage group. Their totals: equal, or one within the other. Their outcomes: where two are
  // equal in every row of every breakdown and unit that both entries have, they are the same.
  void AddLinkedMetrics() {
    std::map<std::pair<const v1::Metric*, std::uint32_t>, std::vector<const CountedTable*>> entries;
    std::vector<std::pair<const v1::Metric*, std::uint32_t>> order;
    for (const CountedTable& table : tables_) {
      const std::pair entry(table.metric, table.exact->window_days);
      if (entries[entry].empty()) order.push_back(entry);
      entries[entry].push_back(&table);
    }
    for (std::size_t i = 0; i < order.size(); ++i) {
      for (std::size_t j = i + 1; j < order.size(); ++j) {
        if (order[i].first != order[j].first) LinkTwo(entries[order[i]], entries[order[j]]);
      }
    }
  }

  void LinkTwo(const std::vector<const CountedTable*>& one, const std::vector<const CountedTable*>& other) {
    std::vector<std::pair<const CountedTable*, const CountedTable*>> both;
    for (const CountedTable* a : one) {
      for (const CountedTable* b : other) {
        const bool same = a->exact->dimensions == b->exact->dimensions && a->exact->unit == b->exact->unit;
        if (same) both.emplace_back(a, b);
      }
    }
    if (both.empty()) return;
    for (const auto& [a, b] : both) {
      Compare({.table = a, .column = &a->total}, {.table = b, .column = &b->total});
    }
    for (std::size_t i = 0; i < NumeratorsOf(*both[0].first); ++i) {
      for (std::size_t j = 0; j < NumeratorsOf(*both[0].second); ++j) {
        const bool same = std::all_of(both.begin(), both.end(), [&](const auto& pair) {
          return pair.first->exact->rows == pair.second->exact->rows &&
                 pair.first->columns[i].values == pair.second->columns[j].values;
        });
        if (!same || !IsTelling(both[0].first->columns[i])) continue;
        for (const auto& [a, b] : both) {
          Compare({.table = a, .column = &a->columns[i]}, {.table = b, .column = &b->columns[j]});
        }
      }
    }
  }

  static std::size_t NumeratorsOf(const CountedTable& table) {
    const bool proportion = table.metric->kind() == v1::METRIC_KIND_PROPORTION;
    return table.columns.size() - (proportion ? 1 : 0);
  }

  // Columns of nothing but zeros are alike without being the same.
  static bool IsTelling(const CountedColumn& column) {
    return std::any_of(column.values.begin(), column.values.end(), [](std::int64_t v) { return v > 0; });
  }

  const std::vector<CountedTable>& tables_;
  statistics::ReleaseTask& task_;
};

}  // namespace

void AddLaws(const std::vector<CountedTable>& tables, statistics::ReleaseTask& task) {
  std::vector<std::vector<CountedTable>> by_days;
  for (const CountedTable& table : tables) {
    const auto same = std::find_if(by_days.begin(), by_days.end(), [&](const auto& some) {
      return HaveSameDays(some.front().exact->period, table.exact->period);
    });
    (same != by_days.end() ? *same : by_days.emplace_back()).push_back(table);
  }
  for (const std::vector<CountedTable>& of_days : by_days) Laws(of_days, task).Add();
  if (by_days.size() > 1) AddLawsOverTime(tables, task);
}

}  // namespace waymark::node
