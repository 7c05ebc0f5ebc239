// One council beside its region and all participants. Pure functions; thread-safe.
#ifndef WAYMARK_COORDINATOR_CLI_COMPARE_H_
#define WAYMARK_COORDINATOR_CLI_COMPARE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "proto/contract/succession.h"
#include "waymark/v1/benchmark.pb.h"
#include "waymark/v1/catalogue.pb.h"
#include "waymark/v1/federation.pb.h"

namespace waymark::coordinator {

struct ComparedPlaces {
  std::string council;  // codes
  std::string region;
};

// What became of the councils of a comparison, of those that succeeded others or ended: first the one that is
// compared, then those that contributed to what it is compared with. A sentence each, of which council it is:
// "E10000006 split into E06000063, E06000064 on 2023-04-01".
std::vector<std::string> SuccessionsCompared(const v1::QueryResponse& response, const std::string& council,
                                             const contract::Successions& successions);

// A table for each window and unit, a row a figure, at most 100 columns wide; then notes. `metric` may be
// null; `successions`: as SuccessionsCompared has them.
std::string ComparisonText(const v1::QueryResponse& response, const ComparedPlaces& places,
                           const v1::Metric* metric, const std::vector<std::string>& successions = {});

// FigureJson with the list "successions".
std::string ComparisonJson(const v1::QueryResponse& response, const std::vector<std::string>& successions);

// The region of a council: a member's by the roster, of one that ended that of who succeeded it, since a
// region stays as it is. NOT_FOUND names the nearest and all members.
absl::StatusOr<std::string> RegionCompared(const v1::RosterResponse& roster,
                                           const contract::Successions& successions,
                                           const std::string& council);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_CLI_COMPARE_H_
