#include "coordinator/benchmark/noised_intervals.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "catalogue/figures.h"
#include "statistics/noised.h"

namespace waymark::coordinator {
namespace {

using statistics::NoiseCumulants;

constexpr double kPercent = 100;

class NoisedRow {
 public:
  NoisedRow(const RowContext& context, const SummedRow& row, absl::Span<const std::int64_t> possible)
      : metric_(context.figures.metric()), row_(row), possible_(possible), cell_(row.noise.Cumulants()) {}

  std::vector<bool> Join(std::vector<Estimate>& estimates) const {
    std::vector<bool> joined(estimates.size());
    // A curve keeps what the bounds of its bins leave: over noise that is much of those at risk it is not
    // straight.
    if (metric_.kind() == v1::METRIC_KIND_SURVIVAL) return joined;
    for (std::size_t i = 0; i < estimates.size(); ++i) {
      switch (metric_.kind()) {
        case v1::METRIC_KIND_COUNT:
          joined[i] = JoinCount(i, estimates[i]);
          break;
        case v1::METRIC_KIND_DURATION:
          joined[i] = JoinQuantile(estimates[i]);
          break;
        default:
          joined[i] = JoinShare(i, estimates[i]);
      }
    }
    return joined;
  }

 private:
  // A count was not sampled: what noise alone may have made of it, from the released sum itself, which may
  // lie below zero.
  bool JoinCount(std::size_t column, Estimate& estimate) const {
    const auto released = static_cast<double>(row_.values[column]);
    // Of noise as it was drawn the exact one; what is left of it has no law of its own. Both are whole.
    const double one[] = {1};
    const double radius = std::min(static_cast<double>(row_.noise.RadiusOfOne()),
                                   std::ceil(statistics::NoiseReach(one, cell_)));
    estimate.lower = std::max(0.0, released - radius);
    estimate.upper = std::max(0.0, released + radius);
    return true;
  }

  std::optional<statistics::ShareCells> CellsOf(std::size_t quantity) const {
    switch (metric_.kind()) {
      case v1::METRIC_KIND_MIX:
      case v1::METRIC_KIND_SCORE_CHANGE:
        return statistics::ShareCells{
            .inside = 1, .rest = static_cast<int>(possible_.size()) - 1, .apart = 0};
      case v1::METRIC_KIND_PROPORTION:
      case v1::METRIC_KIND_QUALITY:
        // The first outcome and its rest are noised apart; the denominator is their sum, so that a further
        // outcome's cell is beside two others.
        return quantity == 0 ? statistics::ShareCells{.inside = 1, .rest = 1, .apart = 0}
                             : statistics::ShareCells{.inside = 0, .rest = 2, .apart = 1};
      default:
        return std::nullopt;
    }
  }

  bool JoinShare(std::size_t quantity, Estimate& estimate) const {
    const std::optional<statistics::ShareCells> cells = CellsOf(quantity);
    if (!cells || !std::isfinite(cell_.variance) || !estimate.numerator || !estimate.denominator)
      return false;
    const double inside = std::clamp(*estimate.numerator, 0.0, std::max(0.0, *estimate.denominator));
    const auto interval = statistics::NoisedShareInterval(inside, *estimate.denominator, *cells, cell_);
    if (!interval.ok()) return false;
    estimate.lower = kPercent * interval->lower;
    estimate.upper = kPercent * interval->upper;
    return true;
  }

  bool JoinQuantile(Estimate& estimate) const {
    const std::optional<double> share = catalogue::ShareOfQuantile(estimate.quantity);
    if (!share || !std::isfinite(cell_.variance)) return false;
    const absl::Span<const std::uint32_t> edges(metric_.bins().data(), possible_.size() - 1);
    const auto ends = statistics::NoisedQuantileInterval(edges, possible_, *share, cell_);
    if (!ends.ok() || !ends->has_value()) return false;
    estimate.lower = (*ends)->lower;
    estimate.upper = (*ends)->upper;
    return true;
  }

  const v1::Metric& metric_;
  const SummedRow& row_;
  const absl::Span<const std::int64_t> possible_;
  const NoiseCumulants cell_;  // of one cell of every council
};

}  // namespace

std::vector<bool> JoinWithNoise(const RowContext& context, const SummedRow& row,
                                absl::Span<const std::int64_t> possible, std::vector<Estimate>& estimates) {
  return NoisedRow(context, row, possible).Join(estimates);
}

}  // namespace waymark::coordinator
