#include "statistics/binned.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"

namespace waymark::statistics {
namespace {

absl::Status CheckEdges(absl::Span<const std::uint32_t> edges, std::size_t counts) {
  if (edges.empty() || counts != edges.size() + 1) {
    return absl::InvalidArgumentError(absl::StrCat("counts: expected one more than the edges (", edges.size(),
                                                   ", at least 1), got ", counts));
  }
  for (std::size_t i = 0; i < edges.size(); ++i) {
    if (edges[i] <= (i == 0 ? 0 : edges[i - 1])) {
      return absl::InvalidArgumentError(
          absl::StrCat("upper_edges: expected rising days from above 0, got ", edges[i], " at position ", i));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::optional<double>> QuantileOfBins(absl::Span<const std::uint32_t> upper_edges,
                                                     absl::Span<const std::int64_t> counts, double p) {
  if (absl::Status status = CheckEdges(upper_edges, counts.size()); !status.ok()) return status;
  if (!(p > 0 && p <= 1))
    return absl::InvalidArgumentError(absl::StrCat("p: expected above 0 and at most 1, got ", p));
  double members = 0;
  for (const std::int64_t count : counts) members += static_cast<double>(std::max<std::int64_t>(count, 0));
  if (members <= 0) return std::nullopt;
  const double wanted = p * members;
  double before = 0;
  for (std::size_t i = 0; i < upper_edges.size(); ++i) {
    const double count = static_cast<double>(std::max<std::int64_t>(counts[i], 0));
    if (count > 0 && before + count >= wanted) {
      const double low = i == 0 ? 0 : upper_edges[i - 1];
      const double days = upper_edges[i] - low;
      // The first of the bin's days by which enough members are reached.
      const double day = std::ceil((wanted - before) * days / count);
      return low + std::clamp(day, 1.0, days) - 1;
    }
    before += count;
  }
  return std::nullopt;
}

std::optional<std::int64_t> QuantileOfDays(absl::Span<const UpTo> rising, double p) {
  if (rising.empty() || !(p > 0 && p <= 1)) return std::nullopt;
  const std::int64_t members = rising.back().members;
  const double rank = std::max(std::ceil(p * static_cast<double>(members)), 1.0);
  const auto wanted = std::min(static_cast<std::int64_t>(rank), members);
  return std::partition_point(rising.begin(), rising.end(),
                              [wanted](const UpTo& some) { return some.members < wanted; })
      ->days;
}

absl::StatusOr<Interval> QuantileShares(double p, double members) {
  return WilsonInterval(p * members, members);
}

}  // namespace waymark::statistics
