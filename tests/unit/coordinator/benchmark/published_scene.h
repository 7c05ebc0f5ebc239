// A scene whose councils' rounds are published, and the query of what was.
#ifndef WAYMARK_TESTS_UNIT_COORDINATOR_BENCHMARK_PUBLISHED_SCENE_H_
#define WAYMARK_TESTS_UNIT_COORDINATOR_BENCHMARK_PUBLISHED_SCENE_H_

#include <cstddef>
#include <string>

#include "absl/functional/function_ref.h"
#include "coordinator/benchmark/query.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator::testing {

class PublishedScene {
 protected:
  // The first councils of kCouncils join.
  explicit PublishedScene(std::size_t councils, const std::string& catalogue = "catalogue")
      : councils_(councils), scene(catalogue), query(scene.store(), scene.library()) {
    for (std::size_t i = 0; i < councils; ++i) scene.Join(kCouncils[i]);
  }

  // A round with this item alone, to which the first `answers` councils give their tables.
  void PublishTables(const std::string& round_id, const contract::RoundItem& item, std::size_t answers,
                     absl::FunctionRef<contract::ProtectedTable(std::size_t council)> table) {
    const contract::RoundSpec spec = scene.Spec(round_id, {item});
    ASSERT_OK(scene.rounds().Open(spec));
    for (std::size_t i = 0; i < answers; ++i) {
      ASSERT_OK(scene.rounds().Submit(kCouncils[i], scene.Release(kCouncils[i], spec, {table(i)})));
    }
    // Where all have answered it is due at once.
    ASSERT_EQ(scene.rounds().CloseDue().value(), 1);
  }
  void PublishTables(const std::string& round_id, const contract::RoundItem& item,
                     absl::FunctionRef<contract::ProtectedTable(std::size_t council)> table) {
    PublishTables(round_id, item, councils_, table);
  }

  const std::size_t councils_;
  Scene scene;
  BenchmarkQuery query;
};

}  // namespace waymark::coordinator::testing

#endif  // WAYMARK_TESTS_UNIT_COORDINATOR_BENCHMARK_PUBLISHED_SCENE_H_
