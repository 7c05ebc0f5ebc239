// Councils' answers to a round as the store has them, for combining (combine.h).
#ifndef WAYMARK_COORDINATOR_BENCHMARK_STORED_ANSWERS_H_
#define WAYMARK_COORDINATOR_BENCHMARK_STORED_ANSWERS_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "coordinator/benchmark/combine.h"
#include "coordinator/benchmark/stored_tables.h"
#include "coordinator/store/store.h"

namespace waymark::coordinator {

// Thread-safe. The store must outlive it.
class StoredAnswers {
 public:
  // `releases`: by council, the id of the one that counts.
  StoredAnswers(Store& store, std::map<std::string, std::string> releases)
      : store_(store), releases_(std::move(releases)) {}

  // Of the councils, in their order, each of which has one. Errors of the store.
  absl::StatusOr<AnswerHeads> Heads(absl::Span<const contract::RoundItem> items,
                                    const std::vector<std::string>& councils) const;
  // Good as long as this.
  AnswerSource source() const;

 private:
  absl::StatusOr<StoredTables> Read(const std::string& council) const;

  Store& store_;
  const std::map<std::string, std::string> releases_;
};

// What is stored of a release that is known to be there. INTERNAL where it is not.
absl::StatusOr<StoredTables> ReadTables(Store& store, const std::string& release_id,
                                        const std::string& council);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_STORED_ANSWERS_H_
