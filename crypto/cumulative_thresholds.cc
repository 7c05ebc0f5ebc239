#include "crypto/cumulative_thresholds.h"

#include <cstdint>
#include <optional>
#include <utility>

namespace waymark::crypto::internal {
namespace {

constexpr unsigned kFirstPrecision = 256;
constexpr unsigned kLastPrecision = 8'192;

// Nothing where the weights do not settle every threshold.
std::optional<std::vector<Uint128Parts>> ThresholdsOf(const std::vector<ExactInterval>& weights) {
  ExactInterval beyond{0, 0};
  for (const ExactInterval& weight : weights) {
    beyond.low += weight.low;
    beyond.high += weight.high;
  }
  ExactInterval within{0, 0};
  std::vector<Uint128Parts> thresholds;
  const cpp_int low_half = (cpp_int(1) << 64) - 1;
  const cpp_int all_but_one = (cpp_int(1) << 128) - 1;
  for (const ExactInterval& weight : weights) {
    within.low += weight.low;
    within.high += weight.high;
    beyond.low -= weight.low;
    beyond.high -= weight.high;
    const cpp_int threshold = (within.low << 128) / (within.low + beyond.high);
    if (threshold != (within.high << 128) / (within.high + beyond.low)) return std::nullopt;
    if (threshold >= all_but_one) return thresholds;
    thresholds.push_back(
        {static_cast<std::uint64_t>(threshold >> 64), static_cast<std::uint64_t>(threshold & low_half)});
  }
  return std::nullopt;
}

}  // namespace

absl::StatusOr<std::vector<Uint128Parts>> CumulativeThresholds(const WeightsOfLaw& weights) {
  for (unsigned precision = kFirstPrecision; precision <= kLastPrecision; precision *= 2) {
    if (auto thresholds = ThresholdsOf(weights(precision))) return *std::move(thresholds);
  }
  return absl::InternalError("the thresholds of a noise could not be settled. Please report this");
}

}  // namespace waymark::crypto::internal
