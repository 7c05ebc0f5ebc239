#include "coordinator/benchmark/export_parts.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"

namespace waymark::coordinator {
namespace {

constexpr int kCouncilsAtOnce = 20;

absl::Status CheckMetrics(const v1::ExportRequest& request, const Scope& scope,
                          const v1::ListPublishedResponse& listed) {
  std::set<std::string> published;
  for (const auto& entry : listed.entries()) published.insert(entry.metric());
  for (const std::string& metric : request.metrics()) {
    if (!scope.SeesMetric(metric)) {
      return absl::PermissionDeniedError(
          absl::StrCat("metrics: this access is for ", absl::StrJoin(*scope.metrics, ", "), " alone"));
    }
    if (!published.contains(metric)) {
      return absl::InvalidArgumentError(absl::StrCat("metrics: \"", metric, "\" is not published; there are ",
                                                     absl::StrJoin(published, ", ")));
    }
  }
  return absl::OkStatus();
}

absl::Status Send(v1::QueryResponse response, const std::string& metric, const PartSink& sink) {
  v1::ExportPart part;
  part.set_metric(metric);
  part.set_version(response.version());
  part.set_period(response.period());
  part.set_round_id(response.round_id());
  part.set_published_unix_s(response.published_unix_s());
  part.mutable_figures()->Swap(response.mutable_figures());
  part.mutable_editions()->Swap(response.mutable_editions());
  return sink(std::move(part));
}

// All places of one published table: above councils, then councils, some at a time.
absl::Status SendTable(v1::QueryRequest request, const Scope& scope, BenchmarkQuery& query,
                       const PartSink& sink) {
  const absl::StatusOr<v1::QueryResponse> answer = query.AnswerOnce(request, scope);
  // A round that asked everyone may hold nobody of the caller's regions.
  if (absl::IsNotFound(answer.status()) && scope.regions) return absl::OkStatus();
  if (!answer.ok()) return answer.status();
  const v1::QueryResponse& above = *answer;
  const bool is_secure = !above.figures().empty() && above.figures(0).mode() == v1::MODE_SECURE_SUM;
  std::vector<std::string> councils;
  for (const auto& council : above.coverage()) councils.push_back(council.council());
  RETURN_IF_ERROR(Send(above, request.metric(), sink));
  for (std::size_t first = 0; !is_secure && first < councils.size(); first += kCouncilsAtOnce) {
    const std::size_t end = std::min(first + kCouncilsAtOnce, councils.size());
    request.mutable_geographies()->Assign(councils.begin() + static_cast<std::ptrdiff_t>(first),
                                          councils.begin() + static_cast<std::ptrdiff_t>(end));
    ASSIGN_OR_RETURN(v1::QueryResponse some, query.AnswerOnce(request, scope));
    RETURN_IF_ERROR(Send(std::move(some), request.metric(), sink));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status ExportParts(const v1::ExportRequest& request, const Scope& scope, BenchmarkQuery& query,
                         const PartSink& sink) {
  ASSIGN_OR_RETURN(const v1::ListPublishedResponse listed, query.ListPublished(scope));
  RETURN_IF_ERROR(CheckMetrics(request, scope, listed));
  if (listed.entries().empty())
    return absl::NotFoundError("nothing is published yet, so there is nothing to export");
  for (const auto& entry : listed.entries()) {
    const auto& wanted = request.metrics();
    if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), entry.metric()) == wanted.end()) continue;
    v1::QueryRequest table;
    table.set_metric(entry.metric());
    table.set_version(entry.version());
    table.set_period(entry.period());
    table.set_round_id(entry.round_id());
    RETURN_IF_ERROR(SendTable(table, scope, query, sink));
    for (const std::string& breakdown : entry.breakdowns()) {
      table.set_breakdown(breakdown);
      RETURN_IF_ERROR(SendTable(table, scope, query, sink));
    }
  }
  return absl::OkStatus();
}

}  // namespace waymark::coordinator
