#include "statistics/intervals.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"

namespace waymark::statistics {
namespace {

absl::Status CheckZ(double z) {
  if (std::isfinite(z) && z > 0) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat("z: expected a finite number above 0, got ", z));
}

double Cube(double x) {
  return x * x * x;
}

}  // namespace

absl::StatusOr<Interval> WilsonInterval(double successes, double trials, double z) {
  if (absl::Status status = CheckZ(z); !status.ok()) return status;
  if (!std::isfinite(trials) || trials <= 0) {
    return absl::InvalidArgumentError(absl::StrCat("trials: expected a finite number above 0, got ", trials));
  }
  if (!(successes >= 0 && successes <= trials)) {
    return absl::InvalidArgumentError(absl::StrCat("successes: expected 0 to ", trials, ", got ", successes));
  }
  const double z2 = z * z;
  const double middle = successes + z2 / 2;
  const double reach = z * std::sqrt(successes * (trials - successes) / trials + z2 / 4);
  // The exact ends at no and at all successes, which rounding would miss by a hair.
  return Interval{.lower = successes == 0 ? 0 : std::max(0.0, (middle - reach) / (trials + z2)),
                  .upper = successes == trials ? 1 : std::min(1.0, (middle + reach) / (trials + z2))};
}

absl::StatusOr<Interval> ByarInterval(double events, double exposure, double z) {
  if (absl::Status status = CheckZ(z); !status.ok()) return status;
  if (!std::isfinite(exposure) || exposure <= 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("exposure: expected a finite number above 0, got ", exposure));
  }
  if (!std::isfinite(events) || events < 0) {
    return absl::InvalidArgumentError(absl::StrCat("events: expected a finite number from 0, got ", events));
  }
  const double above = events + 1;
  const double upper = above * Cube(1 - 1 / (9 * above) + z / (3 * std::sqrt(above)));
  double lower = 0;
  if (events > 0) lower = std::max(0.0, events * Cube(1 - 1 / (9 * events) - z / (3 * std::sqrt(events))));
  return Interval{.lower = lower / exposure, .upper = upper / exposure};
}

}  // namespace waymark::statistics
