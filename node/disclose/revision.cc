#include "node/disclose/revision.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/period.h"
#include "base/status.h"
#include "node/disclose/request.h"

namespace waymark::node {
namespace {

using contract::ProtectedTable;
using contract::Table;
using statistics::Range;

constexpr std::size_t kNone = std::string::npos;

std::size_t RowNamed(const Table& table, const std::string& name) {
  const auto at = std::lower_bound(table.rows.begin(), table.rows.end(), name);
  return at != table.rows.end() && *at == name ? static_cast<std::size_t>(at - table.rows.begin()) : kNone;
}

// What one table says of a cell. A row that is not there is of nobody.
struct Said {
  v1::CellStatus status = v1::CELL_STATUS_SHOWN;
  std::int64_t value = 0;
  friend bool operator==(const Said&, const Said&) = default;
  bool IsHidden() const { return status == v1::CELL_STATUS_SUPPRESSED; }
  bool IsShown() const { return status == v1::CELL_STATUS_SHOWN || status == v1::CELL_STATUS_LOW; }
};

Said SaidBy(const Table& table, std::size_t row, std::size_t column) {
  if (row == kNone) return {};
  const std::size_t at = table.Index(row, column);
  return {.status = table.status[at], .value = table.values[at]};
}

Range operator-(const Range& a, const Range& b) {
  return {.low = a.low - b.high, .high = a.high - b.low};
}

// Whether it is known that something changed, and by perhaps no more than the threshold.
bool IsFew(const Range& change, std::int64_t threshold) {
  return (change.low > 0 && change.low <= threshold) || (change.high < 0 && -change.high <= threshold);
}

// One table that left, beside the one about to leave, column by column and row by row of either.
class Pair {
 public:
  static absl::StatusOr<Pair> Of(const ProtectedTable& before, const ProtectedTable& now) {
    if (before.table.columns != now.table.columns) {
      return absl::FailedPreconditionError("the tables that left before had other columns");
    }
    ASSIGN_OR_RETURN(const Period period, ParsePeriod(now.table.period));
    return Pair(before, now, period.days());
  }

  const Table& now() const { return now_.table; }
  const std::vector<std::string>& rows() const { return rows_; }
  std::size_t columns() const { return now_.table.columns.size(); }

  Said Before(std::size_t row, std::size_t column) const {
    return SaidBy(before_.table, RowNamed(before_.table, rows_[row]), column);
  }
  Said Now(std::size_t row, std::size_t column) const {
    return SaidBy(now_.table, RowNamed(now_.table, rows_[row]), column);
  }
  bool AreShown(std::size_t row, std::size_t column) const {
    return Before(row, column).IsShown() && Now(row, column).IsShown();
  }
  std::int64_t ThresholdOf(std::size_t column) const {
    return std::min(LimitsIn(before_, column).threshold, LimitsIn(now_, column).threshold);
  }
  Range RangeBefore(std::size_t row, std::size_t column) const {
    return RangeOf(Before(row, column), LimitsIn(before_, column));
  }
  Range RangeNow(std::size_t row, std::size_t column) const {
    return RangeOf(Now(row, column), LimitsIn(now_, column));
  }
  // What the two tell of how much a shown count changed.
  Range ChangeOf(std::size_t row, std::size_t column) const {
    return RangeNow(row, column) - RangeBefore(row, column);
  }

 private:
  Pair(const ProtectedTable& before, const ProtectedTable& now, std::int64_t days)
      : before_(before), now_(now), days_(days) {
    std::set_union(before.table.rows.begin(), before.table.rows.end(), now.table.rows.begin(),
                   now.table.rows.end(), std::back_inserter(rows_));
  }

  CellLimits LimitsIn(const ProtectedTable& given, std::size_t column) const {
    return LimitsOf(given.table.columns[column],
                    {.threshold = given.protection.suppressed_to, .rounding = given.protection.rounded_to},
                    days_);
  }
  static Range RangeOf(const Said& said, const CellLimits& limits) {
    return ToldBy(said.status, said.value, limits);
  }

  const ProtectedTable& before_;
  const ProtectedTable& now_;
  std::int64_t days_ = 0;
  std::vector<std::string> rows_;
};

std::string Where(const Pair& pair, std::size_t row, std::size_t column) {
  const Table& table = pair.now();
  return absl::StrCat(
      table.columns[column], table.dimensions.empty() ? "" : " of ",
      table.dimensions.empty() ? "" : pair.rows()[row],
      table.dimensions.empty() ? "" : absl::StrCat(" (by ", absl::StrJoin(table.dimensions, " and "), ")"));
}

std::string Few(const Pair& pair, std::size_t row, std::size_t column, absl::string_view what) {
  return absl::StrCat(what, Where(pair, row, column), " changes by an amount that may be ",
                      pair.ThresholdOf(column), " or fewer");
}

// Cells, and what numerators leave of their groups.
std::optional<std::string> IsolatedIn(const Pair& pair, bool is_proportion) {
  const std::size_t group = pair.columns() - 1;
  for (std::size_t row = 0; row < pair.rows().size(); ++row) {
    for (std::size_t column = 0; column < pair.columns(); ++column) {
      const Said before = pair.Before(row, column);
      const Said now = pair.Now(row, column);
      if (before.IsHidden() != now.IsHidden() || before.IsShown() != now.IsShown()) {
        return absl::StrCat(Where(pair, row, column), " is shown in one and not in the other");
      }
      if (!pair.AreShown(row, column)) continue;
      if (IsFew(pair.ChangeOf(row, column), pair.ThresholdOf(column))) return Few(pair, row, column, "");
      if (!is_proportion || column == group || !pair.AreShown(row, group)) continue;
      if (IsFew(pair.ChangeOf(row, group) - pair.ChangeOf(row, column), pair.ThresholdOf(column))) {
        return Few(pair, row, column, "what is left of the group beside ");
      }
    }
  }
  return std::nullopt;
}

// What the shown rows of a breakdown leave of their whole.
std::optional<std::string> IsolatedBetween(const Pair& whole, const Pair& parts) {
  // Rows that only one of the two tables has are nobody's in the other, so their union is every row's whole.
  Table all_rows = parts.now();
  all_rows.rows = parts.rows();
  Table whole_rows = whole.now();
  whole_rows.rows = whole.rows();
  const std::vector<std::size_t> belongs = contract::RowsOfWhole(whole_rows, all_rows);
  for (std::size_t column = 0; column < whole.columns(); ++column) {
    for (std::size_t row = 0; row < whole.rows().size(); ++row) {
      if (!whole.AreShown(row, column)) continue;
      Range left = whole.ChangeOf(row, column);
      for (std::size_t part = 0; part < parts.rows().size(); ++part) {
        if (belongs[part] == row && parts.AreShown(part, column)) left = left - parts.ChangeOf(part, column);
      }
      if (!IsFew(left, whole.ThresholdOf(column))) continue;
      return Few(
          whole, row, column,
          absl::StrCat("what the rows by ", absl::StrJoin(parts.now().dimensions, " and "), " leave of "));
    }
  }
  return std::nullopt;
}

const ProtectedTable* TableLike(const std::vector<ProtectedTable>& tables, const Table& table) {
  const auto at = std::find_if(tables.begin(), tables.end(),
                               [&](const ProtectedTable& one) { return KeyOf(one.table) == KeyOf(table); });
  return at == tables.end() ? nullptr : &*at;
}

}  // namespace

void HideAsBefore(const Table& before, ThresholdedTable& released) {
  if (before.columns != released.table.columns) return;
  for (std::size_t row = 0; row < released.table.rows.size(); ++row) {
    for (std::size_t column = 0; column < before.columns.size(); ++column) {
      const std::size_t at = released.table.Index(row, column);
      const Said said = SaidBy(before, RowNamed(before, released.table.rows[row]), column);
      if (!said.IsHidden() || released.table.status[at] == v1::CELL_STATUS_SUPPRESSED) continue;
      released.table.values[at] = 0;
      released.table.status[at] = v1::CELL_STATUS_SUPPRESSED;
      released.rules[at] = CellRule::kHiddenBefore;
    }
  }
}

void MarkChanged(const Table& before, LinkedTable& now) {
  const Table& table = now.released.table;
  if (before.columns != table.columns) return;
  now.known.resize(table.values.size());
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    for (std::size_t column = 0; column < before.columns.size(); ++column) {
      const Said was = SaidBy(before, RowNamed(before, table.rows[row]), column);
      const Said is = SaidBy(table, row, column);
      if (was.IsShown() && is.IsShown() && was != is) now.known[table.Index(row, column)] = true;
    }
  }
}

absl::StatusOr<std::optional<std::string>> Isolates(const std::vector<ProtectedTable>& before,
                                                    const std::vector<ProtectedTable>& now,
                                                    const v1::Metric& metric) {
  std::vector<Pair> pairs;
  for (const ProtectedTable& table : now) {
    const ProtectedTable* const earlier = TableLike(before, table.table);
    if (earlier == nullptr) return std::optional<std::string>("a table is given that was not given before");
    ASSIGN_OR_RETURN(Pair pair, Pair::Of(*earlier, table));
    pairs.push_back(std::move(pair));
  }
  const bool is_proportion =
      metric.kind() == v1::METRIC_KIND_PROPORTION || metric.kind() == v1::METRIC_KIND_QUALITY;
  for (const Pair& pair : pairs) {
    if (auto what = IsolatedIn(pair, is_proportion)) return what;
  }
  for (const Pair& whole : pairs) {
    for (const Pair& parts : pairs) {
      if (!contract::IsMargin(whole.now(), parts.now())) continue;
      if (auto what = IsolatedBetween(whole, parts)) return what;
    }
  }
  return std::optional<std::string>();
}

bool ShowsTheSame(const std::vector<ProtectedTable>& before, const std::vector<ProtectedTable>& now) {
  return before.size() == now.size() && std::all_of(now.begin(), now.end(), [&](const ProtectedTable& one) {
           const ProtectedTable* const earlier = TableLike(before, one.table);
           return earlier != nullptr && earlier->table == one.table;
         });
}

}  // namespace waymark::node
