// A published item combined again (combine.h) from the answers or sums that the store keeps: for other
// councils together, or to read a survival curve at every day that its bins tell of. Nothing here is stored.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_RECOMBINED_H_
#define WAYMARK_COORDINATOR_BENCHMARK_RECOMBINED_H_

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "catalogue/library.h"
#include "coordinator/benchmark/combine.h"
#include "coordinator/store/store.h"
#include "waymark/v1/benchmark.pb.h"

namespace waymark::coordinator {

// The summed parts of a secure round.
using SumSource = std::function<absl::StatusOr<std::vector<SummedPart>>(const Round&)>;

struct RecombineRequest {
  const PublishedItem& item;
  const std::string& breakdown;             // as published; "": all
  const std::vector<std::string>& members;  // codes, whom the round asked; none of a secure sum's left out
  const std::set<std::string>& own;         // those whose own figures are wanted too
  bool curve = false;                       // a survival entry at every edge of its bins
  // The members became one council: however few they are.
  bool is_one_council = false;
};

// Figures of `own`, of the members' regions, and of all members. Errors of the store and of `sums`.
absl::StatusOr<std::vector<v1::Figure>> Recombined(const RecombineRequest& request,
                                                   const catalogue::Library& library, Store& store,
                                                   const SumSource& sums);

// The round of a published item as it was asked. Errors of the store.
absl::StatusOr<contract::RoundSpec> SpecOfPublished(const PublishedItem& item, Store& store);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_RECOMBINED_H_
