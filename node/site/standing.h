// How a council's own exact figure stands beside a published one: worked out at the node, from the benchmark
// that every council gets alike. Nothing about it is sent. Pure; thread-safe.
#ifndef WAYMARK_NODE_SITE_STANDING_H_
#define WAYMARK_NODE_SITE_STANDING_H_

#include <optional>
#include <string>

#include "catalogue/figures.h"
#include "statistics/intervals.h"
#include "waymark/v1/benchmark.pb.h"

namespace waymark::node {

// Between which a share would lie at a council of this size that is like all participants, in %. The lower
// limits are those of the lower end of the benchmark's interval, the upper ones of its upper end, so that
// what is not known of the benchmark is not held against a council.
struct Funnel {
  statistics::Interval warning;  // 95%
  statistics::Interval alarm;    // 99.8%
};

struct Standing {
  std::optional<double> gap;  // own less the benchmark's, in its unit
  // "lowest quarter", or where noise in the quartiles leaves it open "lowest to second quarter"; "": unknown.
  std::string quarter;
  std::optional<Funnel> funnel;    // of shares in %
  std::optional<double> expected;  // for the council's deprivation, in the benchmark's unit
  std::optional<double> gap_to_expected;
  std::string verdict;  // "within 95% limits", "above 99.8% limits", …; "": no funnel
};

// `deprivation`: the council's points on the roster; 0: not stated.
Standing StandingOf(const catalogue::RowFigure& own, const v1::Figure& benchmark, std::uint32_t deprivation);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_SITE_STANDING_H_
