// One row of the tables of several councils, added up, with what is known of the truth behind the sums.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_SUMMED_ROW_H_
#define WAYMARK_COORDINATOR_BENCHMARK_SUMMED_ROW_H_

#include <cstddef>
#include <cstdint>

#include "absl/container/inlined_vector.h"
#include "absl/types/span.h"
#include "coordinator/benchmark/cell_bounds.h"
#include "coordinator/benchmark/sum_noise.h"
#include "proto/contract/release.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::coordinator {

// Sums are saturating: no release can make one overflow.
struct SummedRow {
  SummedRow(std::size_t columns, NoiseRadii& radii)
      : values(columns), cells(columns), rests(columns), noise(radii) {}

  // Of most metrics all of a row lies in one place: there are as many as groups times rows, and each
  // council's row meets some of them.
  template <typename Value>
  using ByColumn = absl::InlinedVector<Value, 2>;

  ByColumn<std::int64_t> values;  // of the released cells
  // Thresholded: between which the true sums lie, of the cells and (PROPORTION, QUALITY) of denominator −
  // cell.
  ByColumn<CellBounds> cells;
  ByColumn<CellBounds> rests;
  SumNoise noise;              // noised
  std::uint64_t councils = 0;  // noised: whose cells are in it

  // `left`: as SumNoise::Add has it.
  void AddValues(const contract::ProtectedTable& given, std::size_t row, double left = 1);
  void AddBounds(absl::Span<const CellBounds> bounds);
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_SUMMED_ROW_H_
