// What is wrong with a query, by the field that it is about. Pure; thread-safe.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_QUERY_CHECKS_H_
#define WAYMARK_COORDINATOR_BENCHMARK_QUERY_CHECKS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "catalogue/library.h"
#include "coordinator/store/store.h"
#include "waymark/v1/benchmark.pb.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::coordinator {

inline constexpr int kMostCurves = 20;  // places in one answer: a curve has a hundred days

// " did you mean …?", or nothing where no known word is near.
std::string Meant(absl::string_view word, const std::vector<std::string>& known);

// INVALID_ARGUMENT where fields contradict each other, whatever is published.
absl::Status CheckCombination(const v1::QueryRequest& asked);

// INVALID_ARGUMENT where the metric has no curve, with the library's that do.
absl::Status CheckIsCurve(const v1::Metric& metric, const catalogue::Library& library);

// INVALID_ARGUMENT where the item is not published by it, with those that it is; "" is always good.
absl::Status CheckBreakdown(absl::string_view field, const std::string& breakdown, const PublishedItem& item);

// The geographies of the round: its councils, their regions, and all participants. INVALID_ARGUMENT names an
// unknown one, or one that is there twice; NOT_FOUND one that took no part.
absl::Status CheckGeographies(const v1::QueryRequest& request, const v1::QueryResponse& response,
                              const catalogue::Library& library);

// Whether a figure is of this follow-up. A survival curve has one table; the window is where it is read.
bool MatchesWindow(const v1::Figure& figure, std::uint32_t window_days);

// Keeps what the request's window and unit ask for. INVALID_ARGUMENT where nothing is left.
absl::Status Narrow(const v1::QueryRequest& request, v1::QueryResponse& response);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_QUERY_CHECKS_H_
