#include "statistics/standardised.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"

namespace waymark::statistics {
namespace {

// Finite and from 0.
bool IsAmount(double number) {
  return std::isfinite(number) && number >= 0;
}

absl::Status CheckStratum(CountLaw law, const Stratum& stratum) {
  if (IsAmount(stratum.events) && IsAmount(stratum.exposure) && stratum.exposure > 0 &&
      IsAmount(stratum.standard) && IsAmount(stratum.noise_variance) &&
      (law == CountLaw::kRate || stratum.events <= stratum.exposure)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat("stratum: expected events from 0", law == CountLaw::kShare ? " to the members" : "",
                   ", exposure above 0, standard and noise from 0, got ", stratum.events, ", ",
                   stratum.exposure, ", ", stratum.standard, " and ", stratum.noise_variance));
}

// Sums over strata: Σ O, Σ w, Σ w O/n, Σ w² V, Σ w²/n.
struct Sums {
  double events = 0;
  double standard = 0;
  double value = 0;
  double variance = 0;
  double inverse_size = 0;
};

std::optional<Interval> IntervalOf(CountLaw law, double value, const Sums& sums) {
  const double variance = sums.variance / (sums.standard * sums.standard);
  if (law == CountLaw::kShare) {
    const double size = variance > 0 && value > 0 && value < 1
                            ? value * (1 - value) / variance
                            : sums.standard * sums.standard / sums.inverse_size;
    const absl::StatusOr<Interval> wilson = WilsonInterval(value * size, size);
    return wilson.ok() ? std::optional(*wilson) : std::nullopt;
  }
  if (sums.events < kLeastEventsForInterval) return std::nullopt;
  const absl::StatusOr<Interval> byar = ByarInterval(sums.events, 1);
  if (!byar.ok()) return std::nullopt;
  const double scale = std::sqrt(variance / sums.events);
  return Interval{.lower = std::max(0.0, value + scale * (byar->lower - sums.events)),
                  .upper = value + scale * (byar->upper - sums.events)};
}

}  // namespace

absl::StatusOr<Standardised> DirectlyStandardised(CountLaw law, absl::Span<const Stratum> strata) {
  Sums sums;
  for (const Stratum& stratum : strata) {
    if (absl::Status status = CheckStratum(law, stratum); !status.ok()) return status;
    const double own = stratum.events / stratum.exposure;
    const double chance =
        law == CountLaw::kRate ? own / stratum.exposure : own * (1 - own) / stratum.exposure;
    const double weight = stratum.standard;
    sums.events += stratum.events;
    sums.standard += weight;
    sums.value += weight * own;
    sums.variance += weight * weight * (chance + stratum.noise_variance);
    sums.inverse_size += weight * weight / stratum.exposure;
  }
  if (!(sums.standard > 0))
    return absl::InvalidArgumentError("strata: expected a standard population above 0");
  const double value = sums.value / sums.standard;
  return Standardised{.value = value, .interval = IntervalOf(law, value, sums)};
}

}  // namespace waymark::statistics
