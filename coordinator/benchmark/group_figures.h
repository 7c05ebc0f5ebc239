// Figures of any councils taken together, from what each of them released: the round as if they alone had
// been asked (combine.h), so with the same sums, intervals and bounds for what is suppressed.
//
// It can tell nothing new: every release it adds up is published by itself, and whatever two groups differ by
// can be had from those. Councils without a published name are in no group, and sums that were made securely
// have no councils' own figures.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_GROUP_FIGURES_H_
#define WAYMARK_COORDINATOR_BENCHMARK_GROUP_FIGURES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "catalogue/library.h"
#include "coordinator/store/store.h"
#include "waymark/v1/benchmark.pb.h"

namespace waymark::coordinator {

inline constexpr absl::string_view kGroupCode = "group";

struct GroupRequest {
  const PublishedItem& item;
  const std::string& breakdown;              // as published; "": all
  const std::vector<std::string>& councils;  // codes
  const v1::QueryResponse& coverage;         // of the item: who is in it, and under which name
  // They became one council: however few they are, since each is published by itself.
  bool is_one_council = false;
  bool curve = false;  // of a survival entry: at every edge of its bins
};

// INVALID_ARGUMENT: a code that is not in the coverage, or twice, or fewer councils than the round's least
// contributors. FAILED_PRECONDITION: the item was summed securely. Errors of the store.
absl::StatusOr<std::vector<v1::Figure>> GroupFigures(const GroupRequest& request,
                                                     const catalogue::Library& library, Store& store);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_GROUP_FIGURES_H_
