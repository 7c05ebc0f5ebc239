// Made-up tables with margins, as tasks and as systems.
#ifndef WAYMARK_TESTS_UNIT_STATISTICS_AUDIT_MADE_UP_TABLES_H_
#define WAYMARK_TESTS_UNIT_STATISTICS_AUDIT_MADE_UP_TABLES_H_

#include <cstdint>
#include <random>
#include <vector>

#include "statistics/audit/suppression.h"

namespace waymark::statistics {

struct MadeUpRule {
  std::int64_t threshold = 7;  // 1 to this is hidden, and wide is as much
  std::int64_t rounding = 5;
};

// Shown, unless `value` is 1 to the threshold.
ReleaseCell MadeUpCell(std::int64_t value, const MadeUpRule& rule);

// rows × columns inner cells, row-major, then the row totals, the column totals and the grand total.
ReleaseTask TwoWayTask(const std::vector<std::vector<std::int64_t>>& inner, const MadeUpRule& rule);

// Values of 0 to `most`, more small ones than large ones.
std::vector<std::vector<std::int64_t>> MadeUpValues(std::size_t rows, std::size_t columns, std::int64_t most,
                                                    std::mt19937& random);

std::vector<bool> ShownAtFirst(const ReleaseTask& task);
std::vector<std::uint32_t> Hidden(const std::vector<bool>& is_shown);

}  // namespace waymark::statistics

#endif  // WAYMARK_TESTS_UNIT_STATISTICS_AUDIT_MADE_UP_TABLES_H_
