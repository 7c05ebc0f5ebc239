#include "coordinator/benchmark/reconcile.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <numeric>

#include "coordinator/benchmark/series.h"

namespace waymark::coordinator {
namespace {

constexpr int kMostRounds = 2000;
constexpr double kNear = 1e-3;  // counts are whole in the end

// The rows of `parts` under each row of `whole`; both are places among the tables.
struct Margin {
  std::size_t whole = 0;
  std::size_t parts = 0;
  std::vector<std::vector<std::size_t>> under;
};

// Largest remainders: whole numbers near `values` that add up to `sum`.
std::vector<std::int64_t> RoundTo(const std::vector<double>& values, std::int64_t sum) {
  std::vector<std::int64_t> rounded;
  for (const double value : values) rounded.push_back(static_cast<std::int64_t>(std::floor(value)));
  const auto count = static_cast<std::int64_t>(values.size());
  const std::int64_t left = sum - std::accumulate(rounded.begin(), rounded.end(), std::int64_t{0});
  const std::int64_t more = ((left % count) + count) % count;
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return values[a] - std::floor(values[a]) > values[b] - std::floor(values[b]);
  });
  for (std::int64_t i = 0; i < count; ++i) {
    rounded[order[static_cast<std::size_t>(i)]] += (left - more) / count + (i < more ? 1 : 0);
  }
  return rounded;
}

// The tables of one window, one disjoint column of them at a time.
class Hierarchy {
 public:
  explicit Hierarchy(std::vector<contract::ProtectedTable*> tables) : tables_(std::move(tables)) {
    // Crossed ones first: their margins follow from them.
    std::stable_sort(tables_.begin(), tables_.end(), [](const auto* a, const auto* b) {
      return a->table.dimensions.size() > b->table.dimensions.size();
    });
  }

  // False where the tables cannot be compared.
  bool FindMargins() {
    for (std::size_t whole = 0; whole < tables_.size(); ++whole) {
      if (!(tables_[whole]->protection == tables_[0]->protection)) return false;
      const auto& status = tables_[whole]->table.status;
      const auto shown = [](v1::CellStatus one) { return one == v1::CELL_STATUS_SHOWN; };
      if (!std::all_of(status.begin(), status.end(), shown)) return false;
      for (std::size_t parts = 0; parts < tables_.size(); ++parts) {
        if (!contract::IsMargin(tables_[whole]->table, tables_[parts]->table)) continue;
        Margin margin{.whole = whole, .parts = parts, .under = {}};
        margin.under.resize(tables_[whole]->table.rows.size());
        const std::vector<std::size_t> belongs =
            contract::RowsOfWhole(tables_[whole]->table, tables_[parts]->table);
        for (std::size_t row = 0; row < belongs.size(); ++row) {
          if (belongs[row] >= margin.under.size()) return false;
          margin.under[belongs[row]].push_back(row);
        }
        margins_.push_back(std::move(margin));
      }
    }
    return !margins_.empty();
  }

  void Reconcile(std::size_t column) {
    counts_.clear();
    for (const contract::ProtectedTable* one : tables_) {
      std::vector<double>& counts = counts_.emplace_back();
      for (std::size_t row = 0; row < one->table.rows.size(); ++row) {
        counts.push_back(static_cast<double>(one->table.At(row, column)));
      }
    }
    for (int round = 0; round < kMostRounds; ++round) {
      double farthest = 0;
      for (const Margin& margin : margins_) farthest = std::max(farthest, Project(margin));
      if (farthest < kNear) break;
    }
    MakeWhole(column);
  }

 private:
  // To the nearest counts in which this margin adds up; by how much it did not.
  double Project(const Margin& margin) {
    double farthest = 0;
    for (std::size_t row = 0; row < margin.under.size(); ++row) {
      double& whole = counts_[margin.whole][row];
      double sum = 0;
      for (const std::size_t part : margin.under[row]) sum += counts_[margin.parts][part];
      const double over = whole - sum;
      const double share = over / (1 + static_cast<double>(margin.under[row].size()));
      whole -= share;
      for (const std::size_t part : margin.under[row]) counts_[margin.parts][part] += share;
      farthest = std::max(farthest, std::abs(over));
    }
    return farthest;
  }

  // The first table is rounded and gives the counts of all its margins; every other one is rounded to what is
  // decided above it.
  void MakeWhole(std::size_t column) {
    std::vector<bool> decided(tables_.size());
    for (std::size_t i = 0; i < counts_[0].size(); ++i) {
      tables_[0]->table.At(i, column) = std::llround(counts_[0][i]);
    }
    decided[0] = true;
    for (const Margin& margin : margins_) {
      if (margin.parts != 0) continue;
      for (std::size_t row = 0; row < margin.under.size(); ++row) {
        std::int64_t sum = 0;
        for (const std::size_t part : margin.under[row]) sum += tables_[0]->table.At(part, column);
        tables_[margin.whole]->table.At(row, column) = sum;
      }
      decided[margin.whole] = true;
    }
    // From few dimensions to many, each below the closest of its wholes that is decided.
    for (std::size_t i = tables_.size(); i-- > 0;) {
      const Margin* closest = nullptr;
      for (const Margin& margin : margins_) {
        const bool closer = closest == nullptr || margin.whole < closest->whole;
        if (margin.parts == i && decided[margin.whole] && closer) closest = &margin;
      }
      if (!decided[i] && closest != nullptr) RoundBelow(*closest, column);
      decided[i] = true;
    }
  }

  void RoundBelow(const Margin& margin, std::size_t column) {
    for (std::size_t row = 0; row < margin.under.size(); ++row) {
      if (margin.under[row].empty()) continue;
      std::vector<double> values;
      for (const std::size_t part : margin.under[row]) values.push_back(counts_[margin.parts][part]);
      const std::vector<std::int64_t> rounded = RoundTo(values, tables_[margin.whole]->table.At(row, column));
      for (std::size_t i = 0; i < rounded.size(); ++i) {
        tables_[margin.parts]->table.At(margin.under[row][i], column) = rounded[i];
      }
    }
  }

  std::vector<contract::ProtectedTable*> tables_;
  std::vector<Margin> margins_;
  std::vector<std::vector<double>> counts_;  // by table and row, of one column
};

// A proportion's denominator as the count of those without its first outcome, whose noise is its own; and
// back.
void ShiftDenominators(contract::Table& table, int sign) {
  const std::size_t last = table.columns.size() - 1;
  for (std::size_t row = 0; row < table.rows.size(); ++row) table.At(row, last) += sign * table.At(row, 0);
}

}  // namespace

void ReconcileMargins(const v1::Metric& metric, const contract::RoundItem& item,
                      std::vector<contract::ProtectedTable>& tables) {
  std::map<std::uint32_t, std::vector<contract::ProtectedTable*>> by_window;
  for (contract::ProtectedTable& one : tables) {
    if (!IsOfItem(one.table, item) || one.table.unit != v1::UNIT_EPISODES) continue;
    by_window[one.table.window_days].push_back(&one);
  }
  const bool proportion = metric.kind() == v1::METRIC_KIND_PROPORTION;
  for (const auto& [window, group] : by_window) {
    Hierarchy hierarchy(group);
    if (!hierarchy.FindMargins()) continue;
    for (contract::ProtectedTable* one : group) {
      if (proportion) ShiftDenominators(one->table, -1);
    }
    const std::size_t columns = group[0]->table.columns.size();
    for (std::size_t column = 0; column < columns; ++column) hierarchy.Reconcile(column);
    for (contract::ProtectedTable* one : group) {
      if (proportion) ShiftDenominators(one->table, 1);
    }
  }
}

double VarianceLeft(const contract::RoundItem& item, const std::vector<contract::ProtectedTable>& tables,
                    const contract::ProtectedTable& table) {
  if (table.table.unit != v1::UNIT_EPISODES || table.table.dimensions.size() > 1) return 1;
  double inverse_rows = 0;
  bool has_whole = false;
  for (const contract::ProtectedTable& one : tables) {
    const contract::Table& other = one.table;
    if (!IsOfItem(other, item) || other.unit != table.table.unit ||
        other.window_days != table.table.window_days)
      continue;
    const auto shown = [](v1::CellStatus status) { return status == v1::CELL_STATUS_SHOWN; };
    // One that cannot be compared leaves all as they are.
    if (!(one.protection == table.protection) ||
        !std::all_of(other.status.begin(), other.status.end(), shown))
      return 1;
    has_whole |= other.dimensions.empty();
    if (other.dimensions.size() == 1 && !other.rows.empty())
      inverse_rows += 1 / static_cast<double>(other.rows.size());
  }
  if (!has_whole) return 1;
  const double whole = 1 / (1 + inverse_rows);
  if (table.table.dimensions.empty()) return whole;
  const auto rows = static_cast<double>(table.table.rows.size());
  return 1 - 1 / rows + whole / (rows * rows);
}

}  // namespace waymark::coordinator
