#include "node/disclose/noise.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "catalogue/columns.h"
#include "node/disclose/budget.h"
#include "node/disclose/request.h"
#include "proto/contract/names.h"
#include "proto/contract/release.h"
#include "statistics/noise_interval.h"

namespace waymark::node {
namespace {

// The disjoint cells behind `exact`'s row: for a PROPORTION the last is "no" of the first outcome, not the
// denominator; of columns that are not counted one by one the nearest whole number of their units.
absl::Status TakeDisjoint(bool proportion, absl::Span<const std::int64_t> units, const contract::Table& exact,
                          std::size_t row, absl::Span<std::int64_t> out) {
  const std::size_t last = out.size() - 1;
  for (std::size_t column = 0; column <= last; ++column) {
    const std::int64_t value = exact.At(row, column);
    const bool above = proportion && value > exact.At(row, last);
    if (value < 0 || value > contract::kMaxCellValue || above) {
      return absl::InternalError(
          "a measured count is impossible; nothing of it may leave. Please report this");
    }
    out[column] = (value + units[column] / 2) / units[column];
  }
  if (proportion) out[last] -= out[0];
  return absl::OkStatus();
}

// A column that the sources cannot fill is not available in any row; that is no matter of counts.
void MarkUnavailable(const contract::Table& exact, contract::Table& out) {
  for (std::size_t column = 0; column < exact.columns.size(); ++column) {
    bool available = true;
    for (std::size_t row = 0; row < exact.rows.size(); ++row) {
      available = available && exact.status[exact.Index(row, column)] == v1::CELL_STATUS_SHOWN;
    }
    if (available) continue;
    for (std::size_t row = 0; row < out.rows.size(); ++row) {
      out.At(row, column) = 0;
      out.status[out.Index(row, column)] = v1::CELL_STATUS_NOT_AVAILABLE;
    }
  }
}

// value += addend, within the contract's bound of a cell.
absl::Status AddChecked(std::int64_t addend, std::int64_t& value) {
  if (__builtin_add_overflow(value, addend, &value) || value > contract::kMaxCellValue ||
      value < -contract::kMaxCellValue) {
    return absl::InternalError("a noised count is out of range; nothing of it may leave. Please report this");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Noise> Noise::Create(const contract::RoundItem& item, const NoisePlan& plan) {
  if (item.rho_numerator == 0) {
    const crypto::Epsilon epsilon{.numerator = item.epsilon_numerator,
                                  .denominator = item.epsilon_denominator};
    ASSIGN_OR_RETURN(auto law, crypto::DiscreteLaplace::Create(epsilon, plan.sensitivity));
    return Noise(std::move(law));
  }
  // Both products stay below 2^64, their parts being at most 10^9.
  const crypto::Variance variance{.numerator = plan.sensitivity_square * item.rho_denominator,
                                  .denominator = 2 * item.rho_numerator};
  ASSIGN_OR_RETURN(auto law, crypto::DiscreteGaussian::Create(variance));
  return Noise(std::move(law));
}

absl::StatusOr<Noise> Noise::ShareOf(const catalogue::SecureCells& cells, Fraction epsilon,
                                     std::uint32_t honest_shares) {
  if (cells.variance != 0) {
    ASSIGN_OR_RETURN(auto share, crypto::SkellamShare::Create({.variance_numerator = cells.variance,
                                                               .variance_denominator = 1,
                                                               .honest_shares = honest_shares}));
    return Noise(std::move(share));
  }
  ASSIGN_OR_RETURN(auto share, crypto::PolyaShare::Create({.epsilon_numerator = epsilon.numerator,
                                                           .epsilon_denominator = epsilon.denominator,
                                                           .sensitivity = cells.plan.sensitivity,
                                                           .honest_shares = honest_shares}));
  return Noise(std::move(share));
}

absl::Status Noise::Sample(crypto::RandomSource& random, absl::Span<std::int64_t> out) const {
  return std::visit([&](const auto& law) { return law.Sample(random, out); }, law_);
}

std::uint64_t Noise::distance() const {
  return std::visit([](const auto& law) { return law.delta_units_of_2_to_minus_128(); }, law_);
}

absl::StatusOr<std::uint64_t> DeltaLeft(const contract::RoundItem& item, const Noise& noise,
                                        std::uint64_t cells) {
  // Beyond 64 bits both are refused in the same words.
  std::uint64_t distance = 0;
  if (__builtin_mul_overflow(cells, noise.distance(), &distance)) {
    distance = std::numeric_limits<std::uint64_t>::max();
  }
  const Fraction epsilon{.numerator = item.epsilon_numerator, .denominator = item.epsilon_denominator};
  return DeltaOfDistance(item.rho_numerator == 0 ? epsilon : Fraction{}, distance);
}

absl::StatusOr<std::uint64_t> DeltaOfDistance(Fraction epsilon, std::uint64_t distance) {
  std::uint64_t factor = kDeltaOfDistance;
  bool overflow = false;
  if (epsilon.numerator != 0) {
    factor = 1;  // e^ε by powers of 3
    const std::uint64_t whole = (epsilon.numerator - 1) / epsilon.denominator + 1;
    for (std::uint64_t i = 0; i < whole && !overflow; ++i) {
      overflow = __builtin_mul_overflow(factor, std::uint64_t{3}, &factor);
    }
    overflow = overflow || __builtin_add_overflow(factor, std::uint64_t{1}, &factor);
  }
  std::uint64_t delta = 0;
  overflow = overflow || __builtin_mul_overflow(factor, distance, &delta);
  if (!overflow) return delta;
  return absl::ResourceExhaustedError(
      "epsilon, or the number of cells, is too great for what the samplers leave; ask for less at once");
}

absl::StatusOr<DisjointCells> DisjointCellsOf(const v1::Metric& metric, const contract::Table& planned,
                                              const contract::Table& exact) {
  if (exact.columns != planned.columns || exact.status.size() != exact.values.size() ||
      exact.values.size() != exact.rows.size() * exact.columns.size()) {
    return absl::InternalError(absl::StrCat("metric ", metric.id(),
                                            ": the measured table does not have the definition's columns; "
                                            "nothing of it may leave. Please report this"));
  }
  const bool proportion = metric.kind() == v1::METRIC_KIND_PROPORTION;
  const std::size_t columns = planned.columns.size();
  std::vector<std::int64_t> units(columns);
  for (std::size_t column = 0; column < columns; ++column) {
    ASSIGN_OR_RETURN(units[column], catalogue::NoisedUnitOf(planned.columns[column], planned.period));
  }
  DisjointCells out{.values = std::vector<std::int64_t>(planned.values.size())};
  for (std::size_t row = 0; row < exact.rows.size(); ++row) {
    const auto found = std::lower_bound(planned.rows.begin(), planned.rows.end(), exact.rows[row]);
    const bool is_planned = found != planned.rows.end() && *found == exact.rows[row];
    const auto at = is_planned ? static_cast<std::size_t>(found - planned.rows.begin()) : 0;
    std::vector<std::int64_t> left_out(columns);
    const absl::Span<std::int64_t> into =
        is_planned ? absl::MakeSpan(out.values).subspan(at * columns, columns) : absl::MakeSpan(left_out);
    RETURN_IF_ERROR(TakeDisjoint(proportion, units, exact, row, into));
    if (!is_planned) ++out.dropped_rows;
  }
  return out;
}

absl::StatusOr<NoisedTable> ProtectNoised(const v1::Metric& metric, const contract::Table& planned,
                                          const contract::Table& exact, const Noise& noise,
                                          crypto::RandomSource& random) {
  ASSIGN_OR_RETURN(const DisjointCells cells, DisjointCellsOf(metric, planned, exact));
  NoisedTable out{.table = planned, .dropped_rows = cells.dropped_rows};
  // The noise in one batch whose size is public; then the counts are added to it.
  RETURN_IF_ERROR(noise.Sample(random, absl::MakeSpan(out.table.values)));
  for (std::size_t i = 0; i < cells.values.size(); ++i) {
    RETURN_IF_ERROR(AddChecked(cells.values[i], out.table.values[i]));
  }
  RETURN_IF_ERROR(catalogue::RestoreTotals(metric, out.table));
  MarkUnavailable(exact, out.table);
  return out;
}

ExpectedError ExpectedErrorOf(const contract::RoundItem& item, const NoisePlan& plan) {
  constexpr double kAlpha = 0.05;
  if (item.rho_numerator == 0) {
    const double rate = static_cast<double>(item.epsilon_numerator) /
                        static_cast<double>(item.epsilon_denominator) / static_cast<double>(plan.sensitivity);
    const double q = std::exp(-rate);
    // Where q is 0 to a double there is no noise.
    return {.standard_deviation = std::sqrt(2 * q) / -std::expm1(-rate),
            .radius_95 = statistics::NoiseRadius(q, kAlpha).value_or(0)};
  }
  const double variance = static_cast<double>(plan.sensitivity_square) *
                          static_cast<double>(item.rho_denominator) /
                          (2 * static_cast<double>(item.rho_numerator));
  const auto radius = statistics::GaussianNoiseRadius(variance, kAlpha);
  return {.standard_deviation = std::sqrt(variance), .radius_95 = radius.value_or(0)};
}

ExpectedError ExpectedErrorOf(const contract::RoundItem& item, const catalogue::SecureCells& counts) {
  if (item.rho_numerator == 0) return ExpectedErrorOf(item, counts.plan);
  const auto variance = static_cast<double>(counts.variance);
  const auto law = statistics::NoiseSum::Create({{.count = 1, .variance = variance, .skellam = true}});
  return {.standard_deviation = std::sqrt(variance),
          .radius_95 = law.ok() ? law->Radius(0.05).value_or(0) : 0};
}

}  // namespace waymark::node
