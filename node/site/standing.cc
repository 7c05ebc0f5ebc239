#include "node/site/standing.h"

#include <array>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "statistics/funnel.h"

namespace waymark::node {
namespace {

// Where a quartile is known to lie; both the quartile itself where nothing is said of it.
struct Boundary {
  double from;
  double to;
};

std::string QuarterOf(double own, const v1::Figure& figure) {
  static constexpr std::array<const char*, 4> kQuarters = {"lowest", "second", "third", "highest"};
  if (!figure.has_lowest_quartile() || !figure.has_middle_quartile() || !figure.has_highest_quartile()) {
    return "";
  }
  const auto boundary = [](double at, bool known, double from, double to) {
    return known ? Boundary{from, to} : Boundary{at, at};
  };
  const std::array<Boundary, 3> boundaries = {
      boundary(figure.lowest_quartile(), figure.has_lowest_quartile_from(), figure.lowest_quartile_from(),
               figure.lowest_quartile_to()),
      boundary(figure.middle_quartile(), figure.has_middle_quartile_from(), figure.middle_quartile_from(),
               figure.middle_quartile_to()),
      boundary(figure.highest_quartile(), figure.has_highest_quartile_from(), figure.highest_quartile_from(),
               figure.highest_quartile_to())};
  std::size_t least = 0;  // quartiles that are certainly not above the own value
  std::size_t most = 0;   // those that may not be
  for (const Boundary& one : boundaries) {
    least += one.to <= own ? 1 : 0;
    most += one.from <= own ? 1 : 0;
  }
  return least == most ? absl::StrCat(kQuarters[least], " quarter")
                       : absl::StrCat(kQuarters[least], " to ", kQuarters[most], " quarter");
}

std::optional<Funnel> FunnelOf(const catalogue::RowFigure& own, const v1::Figure& figure) {
  if (figure.display_unit() != "%" || !own.numerator || !own.denominator || *own.denominator < 1) {
    return std::nullopt;
  }
  const double lowest = (figure.has_lower() ? figure.lower() : figure.value()) / 100;
  const double highest = (figure.has_upper() ? figure.upper() : figure.value()) / 100;
  const auto members = static_cast<std::int64_t>(std::llround(*own.denominator));
  const auto limits = [&](double level) -> std::optional<statistics::Interval> {
    statistics::Interval joined{.lower = 0, .upper = 1};
    // An end of 0 or 100% leaves nothing beyond it.
    if (lowest > 0) {
      const auto low = statistics::FunnelLimits(lowest, members, level);
      if (!low.ok()) return std::nullopt;
      joined.lower = low->lower;
    }
    if (highest < 1) {
      const auto high = statistics::FunnelLimits(highest, members, level);
      if (!high.ok()) return std::nullopt;
      joined.upper = high->upper;
    }
    return statistics::Interval{.lower = 100 * joined.lower, .upper = 100 * joined.upper};
  };
  const auto warning = limits(statistics::kFunnelWarning);
  const auto alarm = limits(statistics::kFunnelAlarm);
  if (!warning || !alarm) return std::nullopt;
  return Funnel{.warning = *warning, .alarm = *alarm};
}

}  // namespace

Standing StandingOf(const catalogue::RowFigure& own, const v1::Figure& benchmark, std::uint32_t deprivation) {
  Standing standing;
  if (!own.value) return standing;
  standing.quarter = QuarterOf(*own.value, benchmark);
  if (benchmark.has_expected_slope() && deprivation != 0) {
    standing.expected = benchmark.expected_at_zero() + benchmark.expected_slope() * deprivation;
    standing.gap_to_expected = *own.value - *standing.expected;
  }
  if (!benchmark.has_value()) return standing;
  standing.gap = *own.value - benchmark.value();
  standing.funnel = FunnelOf(own, benchmark);
  if (standing.funnel) {
    standing.verdict =
        std::string(statistics::PlaceInFunnel(*own.value, standing.funnel->warning, standing.funnel->alarm));
  }
  return standing;
}

}  // namespace waymark::node
