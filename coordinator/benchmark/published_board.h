// Scorecards from the published files that were imported (`waymark-coordinator import-published`).
#ifndef WAYMARK_COORDINATOR_BENCHMARK_PUBLISHED_BOARD_H_
#define WAYMARK_COORDINATOR_BENCHMARK_PUBLISHED_BOARD_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "base/clock.h"
#include "catalogue/library.h"
#include "coordinator/benchmark/scope.h"
#include "coordinator/store/store.h"
#include "published/collection.h"
#include "published/mapping.h"
#include "waymark/v1/benchmark.pb.h"
#include "waymark/v1/scorecard.pb.h"

namespace waymark::coordinator {

// Reads the files, checks that each is of a layout that is known, and puts all of them into the store, or
// none. `paths` are files or folders (of *.csv; those of no known layout in a folder are left alone). With
// `alone`, what was imported before goes. The collection is that of the new files. Errors: those of
// Collection::Read and the store; INVALID_ARGUMENT where two files have one name.
absl::StatusOr<published::Collection> ImportPublished(const std::vector<std::string>& paths, bool alone,
                                                      const published::Mapping& mapping, const Clock& clock,
                                                      Store& store);

// Keeps what it has read until other files are imported, also by another coordinator on the same store.
// Thread-safe.
class PublishedBoard {
 public:
  // All outlive it.
  PublishedBoard(Store& store, const catalogue::Library& library, const published::Mapping& mapping)
      : store_(store), library_(library), mapping_(mapping) {}

  // The lines whose metrics `scope` sees; published statistics are public, so every place is seen.
  // INVALID_ARGUMENT names the field; NOT_FOUND: no such authority; FAILED_PRECONDITION: nothing was
  // imported.
  absl::StatusOr<v1::Scorecard> Scorecard(const v1::ScorecardRequest& request, const Scope& scope);

  // Of every authority what came and what was expected, of the entry of the library that says so. Nothing of
  // an authority whose figure cannot be made. PERMISSION_DENIED where the scope has no such metric.
  struct Expectation {
    std::string code, name;
    std::optional<double> actual, expected;
  };
  struct Expectations {
    std::string metric, title, unit;
    std::vector<Expectation> authorities;
  };
  absl::StatusOr<Expectations> Expected(const Scope& scope);

  // Of the councils that contributed to `answer`, which was given to that scope: over the nation, where the
  // scope is of every region, and each region of one of them. FAILED_PRECONDITION also where the councils are
  // not named.
  absl::StatusOr<v1::RepresentationResponse> Represented(const v1::QueryResponse& answer, const Scope& scope);

 private:
  absl::StatusOr<std::shared_ptr<const published::Collection>> Current();

  Store& store_;
  const catalogue::Library& library_;
  const published::Mapping& mapping_;
  absl::Mutex mutex_;
  std::string hashes_ ABSL_GUARDED_BY(mutex_);  // of the files that were read
  std::shared_ptr<const published::Collection> collection_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_PUBLISHED_BOARD_H_
