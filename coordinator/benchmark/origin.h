// Whose figures tell of a council before it began: those of councils that became it alone, one by one or
// together, go on under its name; of one that split, no successor is what it was, so its figures stand before
// the break under its own. Pure; thread-safe.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_ORIGIN_H_
#define WAYMARK_COORDINATOR_BENCHMARK_ORIGIN_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "catalogue/library.h"
#include "proto/contract/succession.h"
#include "waymark/v1/benchmark.pb.h"

namespace waymark::coordinator {

struct Origin {
  enum class Kind {
    kOwn,
    kContinued,  // of councils that became it
    kBefore,     // of councils that split
    kMissing,    // not all of them are there: `councils` are those that are not
  };
  Kind kind = Kind::kOwn;
  std::vector<std::string> councils;  // rising
  friend bool operator==(const Origin&, const Origin&) = default;
};

// In a publication with that coverage.
Origin OriginOf(absl::string_view council, const contract::Successions& successions,
                const v1::QueryResponse& coverage);

// Says in the places' names of figures of `origin` what they are of; those that go on under `council` get its
// code. Published figures stay as they were published: this is for a trend's.
void Mark(const Origin& origin, const std::string& council, const catalogue::Library& library,
          v1::QueryResponse& answer);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_ORIGIN_H_
