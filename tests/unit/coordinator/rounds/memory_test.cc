// Closing a round reads one release at a time: memory does not grow with the number of councils, but for one
// number a council and published figure, from which quartiles are taken.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "absl/strings/str_cat.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using testing::Scene;

constexpr int kRows = 2000;
constexpr int kFailed = 255;

int PeakMegabytes() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  return static_cast<int>(used.ru_maxrss / 1024);
}

contract::ProtectedTable ByTeam(const Scene& scene, const contract::RoundItem& item) {
  contract::ProtectedTable table = scene.Table(item, 0, {20, 100});
  table.table.dimensions = {"team"};
  table.table.rows.clear();
  for (int row = 0; row < kRows; ++row) table.table.rows.push_back(absl::StrCat("team ", 10'000 + row));
  table.table.Resize();
  for (std::size_t at = 0; at < table.table.values.size(); ++at)
    table.table.values[at] = at % 2 == 0 ? 20 : 100;
  return table;
}

// By how much the peak rises when a round with so many releases is closed.
int Growth(std::size_t releases) {
  Scene scene;
  const contract::RoundItem item = scene.Item("19", v1::MODE_THRESHOLDED, {"team"});
  const contract::RoundSpec spec = scene.Spec("autumn", {item});
  if (!scene.rounds().Open(spec).ok()) return kFailed;
  const contract::ProtectedTable by_team = ByTeam(scene, item);
  std::size_t answered = 0;
  for (const v1::Area& area : scene.library().areas()) {
    if (answered == releases) break;
    scene.Join(area.code());
    if (!scene.rounds().Submit(area.code(), scene.Release(area.code(), spec, {by_team})).ok()) return kFailed;
    ++answered;
  }
  const int before = PeakMegabytes();
  const absl::StatusOr<v1::RoundStatus> closed = scene.rounds().Close("autumn");
  const auto figures = scene.store().Figures("autumn", 0, "team", {});
  if (!closed.ok() || answered != releases || !figures.ok() || figures->size() < kRows) return kFailed;
  return std::min(PeakMegabytes() - before, kFailed - 1);
}

// In a process of its own, so that nothing earlier has used the memory already.
int GrowthApart(std::size_t releases) {
  const pid_t child = fork();
  if (child == 0) _exit(Growth(releases));
  int status = 0;
  if (waitpid(child, &status, 0) != child || !WIFEXITED(status)) return kFailed;
  return WEXITSTATUS(status);
}

TEST(Memory, DoesNotGrowWithTheNumberOfReleases) {
  const int few = GrowthApart(10);
  const int many = GrowthApart(100);
  ASSERT_NE(few, kFailed);
  ASSERT_NE(many, kFailed);
  std::cout << "closing rose the peak by " << few << " MB with 10 releases, by " << many << " MB with 100\n";
  // 90 more of 4,000 cells each; read all at once, they and their figures took 187 MB more and beyond.
  EXPECT_LE(many, few + 30);
}

}  // namespace
}  // namespace waymark::coordinator
