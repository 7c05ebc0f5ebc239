// What a council's rate would be expected to be for how deprived its area is, from sums over councils whose
// own rates nobody knows (catalogue/deprivation_moments.h). README.md of this folder has the arithmetic.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_EXPECTED_LINE_H_
#define WAYMARK_COORDINATOR_BENCHMARK_EXPECTED_LINE_H_

#include <string>

#include "proto/contract/release.h"
#include "statistics/regression.h"
#include "waymark/v1/benchmark.pb.h"

namespace waymark::coordinator {

// Not thread-safe.
class ExpectedLine {
 public:
  // One part's counts of all members and its moments, for one outcome. Nothing is added where the tables do
  // not have it.
  void Add(const contract::ProtectedTable& counts, const contract::ProtectedTable& moments,
           const std::string& outcome);

  // Sets the figure's line and the range that noise leaves its slope. Nothing where nothing was added, or
  // where the noise leaves no line.
  void Fill(v1::Figure& figure) const;

 private:
  statistics::Moments sums_;
  statistics::Moments variances_;  // of the noise in each of the sums
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_EXPECTED_LINE_H_
