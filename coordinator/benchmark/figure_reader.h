// The one place that reads published figures. Those of regions, of all and of secure sums are stored;
// councils' own follow from what each council gave, so they are made when somebody asks, by the code that
// combines rounds.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_FIGURE_READER_H_
#define WAYMARK_COORDINATOR_BENCHMARK_FIGURE_READER_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/benchmark/answer_cache.h"
#include "coordinator/benchmark/cell_bounds.h"
#include "coordinator/store/store.h"
#include "proto/contract/release.h"
#include "proto/contract/round_spec.h"
#include "waymark/v1/benchmark.pb.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::coordinator {

// Thread-safe. The store must outlive it.
class FigureReader {
 public:
  explicit FigureReader(Store& store) : store_(store) {}

  // Of a published item's breakdown, place by place as asked for, or where none is named of every place above
  // a council. Nothing of a place that has none. Stored are also the own figures of councils under no name,
  // and of all councils in rounds that were published before theirs were made. Errors of the store.
  absl::StatusOr<std::vector<v1::Figure>> Of(const PublishedItem& item, const std::string& breakdown,
                                             const std::vector<std::string>& geographies);

 private:
  // Of a council whose own figures are made.
  struct Source {
    std::string release_id;  // "": it gave nothing
    std::string name;
    v1::Absence absence = v1::ABSENCE_UNSPECIFIED;
  };
  // What a published item was asked for, of whom.
  struct Asked {
    contract::RoundSpec spec;
    contract::RoundItem item;
    v1::Metric metric;
    std::map<std::string, Source> sources;  // by council
  };
  // What one council gave to an item, made ready.
  struct Given {
    contract::Release release;
    TableBounds bounds;
  };

  static std::size_t BytesOfAsked(const Asked& asked);
  absl::StatusOr<std::map<std::string, Source>> SourcesOf(const PublishedItem& item);
  absl::StatusOr<std::vector<v1::Figure>> Stored(const PublishedItem& item, const std::string& breakdown,
                                                 const std::vector<std::string>& geographies);
  absl::StatusOr<Asked> Read(const PublishedItem& item);
  absl::StatusOr<Given> ReadGiven(const Asked& asked, const std::string& council,
                                  const std::string& release_id);

  Store& store_;
  AnswerCache<Asked> asked_{std::size_t{16} << 20};
  AnswerCache<Given> given_{std::size_t{64} << 20};
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_FIGURE_READER_H_
