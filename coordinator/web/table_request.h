// From the words of an address to what is asked of the benchmarks, for the API and the pages alike. Pure but
// for what it reads of the benchmarks; thread-safe.
#ifndef WAYMARK_COORDINATOR_WEB_TABLE_REQUEST_H_
#define WAYMARK_COORDINATOR_WEB_TABLE_REQUEST_H_

#include <string>

#include "absl/status/statusor.h"
#include "coordinator/benchmark/query.h"
#include "coordinator/benchmark/scope.h"
#include "coordinator/export/figure_table.h"
#include "http/message.h"

namespace waymark::coordinator {

// The first of the name; "" where there is none.
std::string ValueOf(const http::Words& words, const std::string& name);

// version, period, round, geography (codes joined by commas), window, unit, curve, standardise; not the
// breakdown. INVALID_ARGUMENT names the word that is not understood.
absl::StatusOr<v1::QueryRequest> QueryRequestOf(const std::string& metric, const http::Words& words);

// All figures that the words are about: each breakdown, and every place that the scope sees.
absl::StatusOr<PublishedTable> PublishedTableOf(BenchmarkQuery& benchmarks, const std::string& metric,
                                                const http::Words& words, const Scope& scope);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_WEB_TABLE_REQUEST_H_
