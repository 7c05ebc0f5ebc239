#include "coordinator/rounds/table_check.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/period.h"
#include "catalogue/columns.h"

namespace waymark::coordinator {
namespace {

// Above any sum of a table's cells.
constexpr std::int64_t kNoBound = std::numeric_limits<std::int64_t>::max() / 4;

// The truths that a released cell can stand for, by its rounding alone.
struct Range {
  std::int64_t low = 0;
  std::int64_t high = 0;
};

// To what a column's cells are rounded.
std::int64_t BaseOf(const contract::ProtectedTable& given, std::size_t column) {
  return catalogue::RoundingOf(given.table.columns[column], given.protection.rounded_to);
}

// Of a cell whose column has this base. Nothing where it is not applicable or not available: then it takes
// part in no sum.
std::optional<Range> RangeOf(const contract::Table& table, std::size_t row, std::size_t column,
                             std::int64_t base) {
  const std::int64_t above = base - 1 - base / 2;  // halves go up
  const std::int64_t value = table.At(row, column);
  switch (table.status[table.Index(row, column)]) {
    case v1::CELL_STATUS_SHOWN:
      if (value == 0) return Range{};
      return Range{.low = value - base / 2, .high = value + above};
    case v1::CELL_STATUS_LOW:
      return Range{.low = 1, .high = above};
    case v1::CELL_STATUS_SUPPRESSED:
      return Range{.low = 0, .high = kNoBound};
    default:
      return std::nullopt;
  }
}

bool IsSuppressed(const contract::Table& table, std::size_t row, std::size_t column) {
  return table.status[table.Index(row, column)] == v1::CELL_STATUS_SUPPRESSED;
}

bool HoldsDays(const contract::Table& table, std::size_t column) {
  return absl::StartsWith(table.columns[column], catalogue::kDaysPrefix);
}

bool HasDenominator(const v1::Metric& metric) {
  return metric.kind() == v1::METRIC_KIND_PROPORTION || metric.kind() == v1::METRIC_KIND_QUALITY;
}

std::string Place(const contract::Table& table, std::size_t row, std::size_t column) {
  return absl::StrCat("row \"", table.rows[row], "\", column \"", table.columns[column], "\": ");
}

class CountCheck {
 public:
  CountCheck(const contract::ProtectedTable& given, int period_days)
      : given_(given), table_(given.table), period_days_(period_days) {
    for (std::size_t column = 0; column < table_.columns.size(); ++column) {
      bases_.push_back(BaseOf(given, column));
      holds_days_.push_back(HoldsDays(table_, column));
    }
  }

  std::string Cell(std::size_t row, std::size_t column) const {
    const std::optional<Range> range = RangeAt(row, column);
    if (!range || IsSuppressed(table_, row, column)) return "";
    const std::int64_t base = bases_[column];
    if (table_.At(row, column) < 0) return "a thresholded count is negative";
    if (table_.At(row, column) % base != 0) {
      return absl::StrCat("the count is not a multiple of ", base, ", to which the table says it is rounded");
    }
    const bool is_zero =
        range->high == 0 && table_.status[table_.Index(row, column)] == v1::CELL_STATUS_SHOWN;
    const std::int64_t most = holds_days_[column] ? threshold() * period_days_ : threshold();
    if (is_zero || range->high > most) return "";
    return absl::StrCat("a count of 1 to ", most, " is shown, which the table says it suppresses");
  }

  // An outcome beside the denominator in the last column.
  std::string Outcome(std::size_t row, std::size_t column) const {
    const std::size_t last = table_.columns.size() - 1;
    const std::optional<Range> outcome = RangeAt(row, column);
    const std::optional<Range> group = RangeAt(row, last);
    if (!outcome || !group || IsSuppressed(table_, row, column)) return "";
    if (table_.At(row, column) > table_.At(row, last) && !IsSuppressed(table_, row, last)) {
      return "the outcome is above its denominator";
    }
    const std::int64_t most_rest = group->high - outcome->low;
    if (group->low <= outcome->high || most_rest > threshold()) return "";
    return absl::StrCat("the outcome leaves 1 to ", threshold(),
                        " of its denominator, which the table says it suppresses");
  }

  // Moves out of a state, beside the days spent in it.
  std::string Moves(std::size_t row, std::size_t column) const {
    const std::string& move = table_.columns[column];
    const std::string days = absl::StrCat(catalogue::kDaysPrefix, move.substr(0, move.find('>')));
    const auto found = std::find(table_.columns.begin(), table_.columns.end(), days);
    if (found == table_.columns.end()) return "";
    const std::optional<Range> moves = RangeAt(row, column);
    const std::optional<Range> spent = RangeAt(row, static_cast<std::size_t>(found - table_.columns.begin()));
    return moves && spent && moves->low > spent->high ? "more moves than days in the state they leave" : "";
  }

 private:
  std::optional<Range> RangeAt(std::size_t row, std::size_t column) const {
    return RangeOf(table_, row, column, bases_[column]);
  }
  std::int64_t threshold() const { return given_.protection.suppressed_to; }

  const contract::ProtectedTable& given_;
  const contract::Table& table_;
  const int period_days_;
  std::vector<std::int64_t> bases_;  // by column
  std::vector<bool> holds_days_;
};

// The columns whose rows add up in the way that WrongMargin says.
std::vector<std::size_t> AddedColumns(const v1::Metric& metric, const contract::Table& table) {
  const bool all = table.unit == v1::UNIT_EPISODES && metric.kind() != v1::METRIC_KIND_TRANSITION;
  std::vector<std::size_t> columns;
  for (std::size_t column = 0; column < table.columns.size(); ++column) {
    const bool is_denominator = HasDenominator(metric) && column + 1 == table.columns.size();
    if (all || is_denominator) columns.push_back(column);
  }
  return columns;
}

// What a whole's rows' parts can add up to, of one column.
struct Added {
  Range sum;
  std::int64_t greatest_low = 0;  // of one of the parts
  bool is_known = true;           // every part takes part in sums
};

std::vector<Added> AddUp(const contract::ProtectedTable& whole, const contract::ProtectedTable& parts,
                         const std::vector<std::size_t>& belongs, std::size_t column) {
  std::vector<Added> added(whole.table.rows.size() + 1);  // the last: what belongs to none of them
  const std::int64_t base = BaseOf(parts, column);
  for (std::size_t row = 0; row < parts.table.rows.size(); ++row) {
    Added& to = added[belongs[row]];
    const std::optional<Range> range = RangeOf(parts.table, row, column, base);
    to.is_known = to.is_known && range;
    if (!range) continue;
    to.sum.low += range->low;
    to.sum.high = std::min(kNoBound, to.sum.high + range->high);
    to.greatest_low = std::max(to.greatest_low, range->low);
  }
  return added;
}

}  // namespace

std::string WrongCounts(const v1::Metric& metric, const contract::ProtectedTable& given) {
  const contract::Table& table = given.table;
  if (given.protection.suppressed_to == 0) return "it states no threshold";
  const absl::StatusOr<Period> period = ParsePeriod(table.period);
  if (!period.ok()) return std::string(period.status().message());
  const CountCheck check(given, period->days());
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
      std::string wrong = check.Cell(row, column);
      if (wrong.empty() && HasDenominator(metric) && column + 1 < table.columns.size()) {
        wrong = check.Outcome(row, column);
      }
      if (wrong.empty() && metric.kind() == v1::METRIC_KIND_TRANSITION && !HoldsDays(table, column)) {
        wrong = check.Moves(row, column);
      }
      if (!wrong.empty()) return absl::StrCat(Place(table, row, column), wrong);
    }
  }
  return "";
}

std::string WrongStatement(const contract::ProtectedTable& given) {
  const contract::Table& table = given.table;
  if (table.dimensions.empty()) return "what is stated has a row a question, and no table of all";
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    std::size_t given_answers = 0;
    for (std::size_t column = 0; column < table.columns.size(); ++column) {
      const std::int64_t value = table.At(row, column);
      if (table.status[table.Index(row, column)] != v1::CELL_STATUS_SHOWN || value < 0 || value > 1) {
        return absl::StrCat(Place(table, row, column), "a statement is a shown 0 or 1");
      }
      given_answers += value == 1 ? 1 : 0;
    }
    if (given_answers != 1) {
      return absl::StrCat("row \"", table.rows[row], "\": ", given_answers,
                          " answers where a council has one");
    }
  }
  return "";
}

std::string WrongMargin(const v1::Metric& metric, const contract::ProtectedTable& whole,
                        const contract::ProtectedTable& parts) {
  const std::vector<std::size_t> belongs = contract::RowsOfWhole(whole.table, parts.table);
  const bool once = whole.table.unit == v1::UNIT_EPISODES;
  for (const std::size_t column : AddedColumns(metric, whole.table)) {
    const std::vector<Added> added = AddUp(whole, parts, belongs, column);
    const std::int64_t base = BaseOf(whole, column);
    for (std::size_t row = 0; row < whole.table.rows.size(); ++row) {
      const std::optional<Range> all = RangeOf(whole.table, row, column, base);
      if (!all || !added[row].is_known) continue;
      const std::int64_t least = once ? added[row].sum.low : added[row].greatest_low;
      if (least <= all->high && added[row].sum.high >= all->low) continue;
      return absl::StrCat(Place(whole.table, row, column), "is not what its rows by ",
                          absl::StrJoin(parts.table.dimensions, " and "),
                          once ? " add up to, whatever their rounding" : " allow, whatever their rounding");
    }
    if (added.back().sum.low > 0) {
      return absl::StrCat("it counts members in column \"", whole.table.columns[column],
                          "\" whose row the table by fewer dimensions does not have");
    }
  }
  return "";
}

}  // namespace waymark::coordinator
