// A coordinator's store in which all of England's authorities but one gave a table: for pages with many
// councils. Releases, round and publication are made by the code that makes them for real; the numbers are
// made up.
//
//   waymark-many-councils STORE.db     in the repository's folder, whose catalogue it reads
#include <cmath>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

void Require(const absl::Status& status) {
  if (!status.ok()) throw std::runtime_error(status.ToString());
}

// Of all sizes, in steps of 5; shares around a quarter, in every tenth council a third; every twentieth
// suppressed.
contract::ProtectedTable TableOf(const testing::Scene& scene, const contract::RoundItem& item,
                                 std::size_t council) {
  const std::int64_t cohort = 60 + static_cast<std::int64_t>(council * council * 7 % 380) * 5;
  const double share = (council % 10 == 0 ? 0.33 : 0.25) + 0.03 * std::sin(static_cast<double>(council));
  const auto ended = static_cast<std::int64_t>(share * static_cast<double>(cohort) / 5) * 5;
  contract::ProtectedTable table = scene.Table(item, 0, {ended, cohort});
  if (council % 20 == 7) {
    table.table.values[0] = 0;
    table.table.status[0] = v1::CELL_STATUS_SUPPRESSED;
  }
  return table;
}

void Make(const std::string& out) {
  testing::Scene scene;
  const contract::RoundItem item = scene.Item("19", v1::MODE_THRESHOLDED);
  const contract::RoundSpec spec = scene.Spec("autumn", {item});
  const std::vector<v1::Area>& areas = scene.library().areas();
  for (const v1::Area& area : areas) scene.Join(area.code());
  Require(scene.rounds().Open(spec).status());
  for (std::size_t i = 0; i + 1 < areas.size(); ++i) {
    Require(scene.rounds()
                .Submit(areas[i].code(), scene.Release(areas[i].code(), spec, {TableOf(scene, item, i)}))
                .status());
  }
  scene.clock().Advance(absl::Hours(2));
  if (scene.rounds().CloseDue().value() != 1) throw std::runtime_error("the round was not published");
  for (const char* part : {"", "-wal"}) {
    const std::string file = scene.folder() + "/waymark.db" + part;
    if (std::filesystem::exists(file)) std::filesystem::copy_file(file, out + part);
  }
}

}  // namespace
}  // namespace waymark::coordinator

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: waymark-many-councils STORE.db\n");
    return 2;
  }
  try {
    waymark::coordinator::Make(argv[1]);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
