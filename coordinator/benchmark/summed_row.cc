#include "coordinator/benchmark/summed_row.h"

#include <algorithm>
#include <limits>

#include "proto/contract/modes.h"

namespace waymark::coordinator {
namespace {

std::int64_t SaturatingAdd(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return b > 0 ? std::numeric_limits<std::int64_t>::max() : std::numeric_limits<std::int64_t>::min();
}

void Add(CellBounds& sum, const CellBounds& more) {
  sum.low = SaturatingAdd(sum.low, more.low);
  sum.high = SaturatingAdd(sum.high, more.high);
}

}  // namespace

void SummedRow::AddValues(const contract::ProtectedTable& given, std::size_t row, double left) {
  for (std::size_t column = 0; column < values.size(); ++column) {
    values[column] = SaturatingAdd(values[column], given.table.At(row, column));
  }
  if (!contract::HasNoise(given.protection.mode)) return;
  noise.Add(given.protection, left);
  councils += given.protection.mode == v1::MODE_SECURE_SUM ? given.protection.contributors : 1;
}

void SummedRow::AddBounds(absl::Span<const CellBounds> bounds) {
  const CellBounds& denominator = bounds.back();
  for (std::size_t column = 0; column < cells.size(); ++column) {
    Add(cells[column], bounds[column]);
    Add(rests[column], {.low = std::max<std::int64_t>(0, denominator.low - bounds[column].high),
                        .high = std::max<std::int64_t>(0, denominator.high - bounds[column].low)});
  }
}

}  // namespace waymark::coordinator
