// Answers queries from what was published.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_QUERY_H_
#define WAYMARK_COORDINATOR_BENCHMARK_QUERY_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "catalogue/library.h"
#include "coordinator/benchmark/answer_cache.h"
#include "coordinator/benchmark/figure_reader.h"
#include "coordinator/benchmark/recombined.h"
#include "coordinator/benchmark/scope.h"
#include "coordinator/federation/successions.h"
#include "coordinator/store/store.h"
#include "waymark/v1/benchmark.pb.h"

namespace waymark::coordinator {

// Thread-safe. The references must outlive this.
class BenchmarkQuery {
 public:
  // `known`: what the catalogue knows of what became of councils. Without `sums` there are no curves of
  // secure rounds.
  BenchmarkQuery(Store& store, const catalogue::Library& library, contract::Successions known = {},
                 SumSource sums = nullptr)
      : store_(store), library_(library), known_(std::move(known)), sums_(std::move(sums)), reader_(store) {}

  // The newest version and period where the request leaves them open; of two rounds that published the same,
  // the later. INVALID_ARGUMENT: a word that is not known, with those that are. NOT_FOUND: known, and nothing
  // published under it, with what is.
  // Of councils and regions out of the scope nothing is said, in figures, coverage or messages;
  // PERMISSION_DENIED where the request names one, or a metric out of it, whatever is published. Standings
  // are among the councils of the scope. Groups: errors of GroupFigures.
  // Curves are read from the answers again (recombined.h), of at most kMostCurves places (query_checks.h).
  // Answers are kept until something else is published or withdrawn.
  absl::StatusOr<v1::QueryResponse> Answer(const v1::QueryRequest& asked, const Scope& scope);
  // The same as a message's bytes.
  absl::StatusOr<std::shared_ptr<const std::string>> AnswerBytes(const v1::QueryRequest& asked,
                                                                 const Scope& scope);
  // The same, and nothing is kept: for who reads everything once.
  absl::StatusOr<v1::QueryResponse> AnswerOnce(const v1::QueryRequest& asked, const Scope& scope) {
    return Made(asked, scope, false);
  }

  // The councils' figures added up as one council's, which they became: as of a group, however few they are.
  // Of the request metric, version, period and so on count. Not kept.
  absl::StatusOr<v1::QueryResponse> Together(const v1::QueryRequest& asked,
                                             const std::vector<std::string>& councils, const Scope& scope);

  // What became of councils.
  absl::StatusOr<contract::Successions> Successions() { return HeldSuccessions(store_, known_); }

  // Another text whenever an answer may be another than before.
  absl::StatusOr<std::string> Mark() { return store_.PublishedMark(); }

  absl::StatusOr<v1::ListPublishedResponse> ListPublished(const Scope& scope);

 private:
  absl::StatusOr<v1::QueryResponse> Made(const v1::QueryRequest& asked, const Scope& scope,
                                         bool is_one_council);
  absl::StatusOr<std::vector<PublishedItem>> Visible(const Scope& scope);
  absl::StatusOr<PublishedItem> FindItem(const v1::QueryRequest& request, const Scope& scope);
  using Figures = absl::StatusOr<std::vector<v1::Figure>>;
  Figures NamedCouncils(const PublishedItem& item, const std::string& breakdown,
                        const v1::QueryResponse& response);
  Figures Curves(const v1::QueryRequest& request, const PublishedItem& item);
  absl::Status AddStandardised(const v1::QueryRequest& asked, const v1::QueryRequest& request,
                               const PublishedItem& item, const v1::QueryResponse& response,
                               std::vector<v1::Figure>& figures);
  Figures FiguresOf(const v1::QueryRequest& asked, const v1::QueryRequest& request, const PublishedItem& item,
                    const v1::QueryResponse& response, bool is_one_council);
  Figures Wanted(const v1::QueryRequest& asked, const v1::QueryRequest& request, const PublishedItem& item,
                 const v1::QueryResponse& response, bool is_one_council);

  Store& store_;
  const catalogue::Library& library_;
  const contract::Successions known_;
  const SumSource sums_;
  FigureReader reader_;
  AnswerCache<std::vector<PublishedItem>> items_{std::size_t{64} << 20};
  AnswerCache<v1::QueryResponse> answers_{std::size_t{64} << 20};
  AnswerCache<std::string> bytes_{std::size_t{64} << 20};
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_QUERY_H_
