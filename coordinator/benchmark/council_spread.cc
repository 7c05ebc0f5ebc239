#include "coordinator/benchmark/council_spread.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "catalogue/council_bands.h"

namespace waymark::coordinator {
namespace {

using catalogue::kRateBands;
using catalogue::kRateBandWidth;

// Below this a quartile would be of almost nobody.
constexpr double kFewestCouncils = 3;

}  // namespace

std::vector<double> NearestParts(const std::vector<std::int64_t>& values, double sum) {
  std::vector<double> falling(values.begin(), values.end());
  std::sort(falling.begin(), falling.end(), std::greater<>());
  // The same is taken off all parts that stay above zero: the greatest ones, as many as can.
  double taken = 0;
  double total = 0;
  for (std::size_t i = 0; i < falling.size(); ++i) {
    total += falling[i];
    const double off = (total - sum) / static_cast<double>(i + 1);
    if (falling[i] - off > 0) taken = off;
  }
  std::vector<double> parts;
  for (const std::int64_t value : values) parts.push_back(std::max(0.0, static_cast<double>(value) - taken));
  return parts;
}

void CouncilSpread::Add(const contract::ProtectedTable& bands, std::size_t row) {
  councils_.resize(kRateBands + 1);
  if (bands.table.columns.size() != councils_.size()) return;
  for (std::size_t band = 0; band < councils_.size(); ++band) councils_[band] += bands.table.At(row, band);
  contributors_ += bands.protection.contributors;
  noise_.Add(bands.protection);
}

// From whichever end is nearer, since the number of all councils is known: the sum then holds the noise of
// the fewest bands.
double CouncilSpread::SumOfFirst(std::size_t bands) const {
  const auto middle = councils_.begin() + static_cast<std::ptrdiff_t>(bands);
  if (2 * bands <= councils_.size()) {
    return static_cast<double>(std::accumulate(councils_.begin(), middle, std::int64_t{0}));
  }
  return static_cast<double>(contributors_ - std::accumulate(middle, councils_.end(), std::int64_t{0}));
}

double CouncilSpread::RadiusOfFirst(std::size_t bands) const {
  return static_cast<double>(noise_.Radius(std::min(bands, councils_.size() - bands)));
}

CouncilSpread::Quartile CouncilSpread::QuartileAt(double share, const std::vector<double>& possible) const {
  // Councils without a rate (the last band) are in no quarter.
  const double wanted = share * (static_cast<double>(contributors_) - possible.back());
  Quartile quartile;
  double before = 0;
  std::size_t band = 0;
  while (band + 1 < kRateBands && before + possible[band] < wanted) before += possible[band++];
  const double within = possible[band] > 0 ? std::clamp((wanted - before) / possible[band], 0.0, 1.0) : 0;
  quartile.value = (static_cast<double>(band) + within) * kRateBandWidth;
  // The quartile lies in the first band at whose end enough councils are counted. Each end is decided by one
  // comparison, so noise beyond its radius anywhere else does not matter.
  const double reach = share * RadiusOfFirst(kRateBands);  // of the number without a rate
  std::size_t first = 0;
  while (first + 1 < kRateBands && SumOfFirst(first + 1) + RadiusOfFirst(first + 1) + reach < wanted) ++first;
  std::size_t last = kRateBands - 1;
  while (last > 0 && SumOfFirst(last) - RadiusOfFirst(last) - reach >= wanted) --last;
  quartile.from = std::min(static_cast<double>(first) * kRateBandWidth, quartile.value);
  quartile.to = std::max(static_cast<double>(last + 1) * kRateBandWidth, quartile.value);
  return quartile;
}

void CouncilSpread::Fill(v1::Figure& figure) const {
  if (contributors_ == 0) return;
  const std::vector<double> possible = NearestParts(councils_, static_cast<double>(contributors_));
  for (std::size_t band = 0; band < kRateBands; ++band) {
    v1::Figure::CouncilBand* const out = figure.add_council_bands();
    out->set_from(static_cast<double>(band) * kRateBandWidth);
    out->set_to(static_cast<double>(band + 1) * kRateBandWidth);
    out->set_councils(possible[band]);
  }
  if (static_cast<double>(contributors_) - possible.back() < kFewestCouncils) return;
  const Quartile lowest = QuartileAt(0.25, possible);
  const Quartile middle = QuartileAt(0.5, possible);
  const Quartile highest = QuartileAt(0.75, possible);
  figure.set_lowest_quartile(lowest.value);
  figure.set_lowest_quartile_from(lowest.from);
  figure.set_lowest_quartile_to(lowest.to);
  figure.set_middle_quartile(middle.value);
  figure.set_middle_quartile_from(middle.from);
  figure.set_middle_quartile_to(middle.to);
  figure.set_highest_quartile(highest.value);
  figure.set_highest_quartile_from(highest.from);
  figure.set_highest_quartile_to(highest.to);
}

}  // namespace waymark::coordinator
