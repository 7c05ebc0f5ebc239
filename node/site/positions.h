// The council's own exact figures beside a published benchmark: worked out here, and nobody else learns it.
// Pure; thread-safe.
#ifndef WAYMARK_NODE_SITE_POSITIONS_H_
#define WAYMARK_NODE_SITE_POSITIONS_H_

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "node/measure/measurer.h"
#include "node/site/figure_rows.h"
#include "node/site/standing.h"
#include "waymark/v1/benchmark.pb.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::node {

// The council's own exact figure beside region and all participants. Only the question for the whole
// benchmark is sent, the same for every council; the comparison is made here.
struct Position {
  FigureRow own;
  std::optional<v1::Figure> region;
  std::optional<v1::Figure> everyone;
  Standing in_region;
  Standing among_all;
};

// The row's categories joined by '|'; "" for all.
std::string CategoryOf(const FigureRow& row);
// "12.3 (11.0 to 13.5)", or the shorthand for why there is no value; "" where there is no figure.
std::string BenchmarkText(const std::optional<v1::Figure>& figure);

// What a benchmark is looked up by, of this council.
struct Whereabouts {
  std::string region_code;
  std::uint32_t deprivation = 0;  // points on the roster held; 0: not stated
};

// Of those own figures that the benchmark has too, for the region or for all.
std::vector<Position> PositionsOf(const v1::QueryResponse& benchmark, const v1::Metric& metric,
                                  const Whereabouts& here, const std::vector<Measured>& tables);

nlohmann::ordered_json PositionJson(const Position& position);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_SITE_POSITIONS_H_
