// A part of a stored release against the whole of it, made by the contract's own code.
#include "coordinator/benchmark/stored_tables.h"

#include <random>

#include "catalogue/columns.h"
#include "coordinator/benchmark/series.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using testing::kCouncils;
using testing::Scene;
using waymark::testing::StatusIs;

class StoredTablesTest : public ::testing::Test {
 protected:
  StoredTablesTest() {
    scene.Join(kCouncils[0]);
    for (const char* period : {"2021-22", "2022-23", "2023-24"}) {
      for (const char* metric : {"19", "10"}) {
        items.push_back(scene.Item(metric, v1::MODE_THRESHOLDED, {"sex"}));
        items.back().period = period;
      }
    }
    std::vector<contract::ProtectedTable> tables;
    for (std::size_t i = 0; i < 5; ++i) {  // nothing of the last item
      const contract::ProtectedTable one = scene.Table(
          items[i], 0, std::vector<std::int64_t>(WidthOf(items[i]), 5 * static_cast<std::int64_t>(i)));
      tables.insert(i % 2 == 0 ? tables.begin() : tables.end(), one);
      tables.push_back(one);
      tables.back().table.dimensions = {"sex"};
      tables.back().table.rows = {"f", "m"};
      tables.back().table.Resize();
    }
    release = scene.Release(kCouncils[0], scene.Spec("autumn", items), std::move(tables));
    release.absent = {{.item = 5, .absence = v1::ABSENCE_NOT_COVERED}};
    release.scope.note = "a note";
    stored = {.round_id = "autumn",
              .council = kCouncils[0],
              .bytes = BytesOf(release),
              .hash = "h",
              .received_unix_s = 1};
  }

  std::size_t WidthOf(const contract::RoundItem& item) const {
    return catalogue::ColumnsOf(*scene.library().Find(item.metric)).size();
  }

  Scene scene;
  std::vector<contract::RoundItem> items;
  contract::Release release;
  StoredRelease stored;
};

TEST_F(StoredTablesTest, HasTheItemsAskedFor_AndEverythingElseOfTheRelease) {
  ASSERT_OK_AND_ASSIGN(const StoredTables scanned, StoredTables::Scan(stored));
  for (std::size_t first = 0; first <= items.size(); ++first) {
    for (std::size_t count = 0; first + count <= items.size(); ++count) {
      const auto asked = absl::MakeConstSpan(items).subspan(first, count);
      contract::Release expected = release;
      expected.tables.clear();
      for (const contract::RoundItem& item : asked) {
        std::size_t cells = 0;
        for (const contract::ProtectedTable& given : release.tables) {
          if (!IsOfItem(given.table, item)) continue;
          expected.tables.push_back(given);
          cells += given.table.values.size();
        }
        EXPECT_EQ(scanned.CellsOf(item), cells);
        EXPECT_EQ(scanned.BytesOf(item).size(), cells == 0 ? 0u : 2u);
      }
      ASSERT_OK_AND_ASSIGN(const contract::Release made, scanned.With(asked));
      EXPECT_EQ(made, expected);
    }
  }
}

TEST_F(StoredTablesTest, DamagedBytesAreSaidToBe_AndCrashNothing) {
  std::mt19937 random(7);
  for (int i = 0; i < 300; ++i) {
    StoredRelease damaged = stored;
    if (i % 2 == 0) {
      damaged.bytes.resize(random() % damaged.bytes.size());
    } else {
      damaged.bytes[random() % damaged.bytes.size()] = static_cast<char>(random());
    }
    const absl::StatusOr<StoredTables> scanned = StoredTables::Scan(damaged);
    if (scanned.ok()) static_cast<void>(scanned->With(items));
  }
  stored.bytes = "\xff\xff\xff";
  EXPECT_THAT(StoredTables::Scan(stored),
              StatusIs(absl::StatusCode::kDataLoss, ::testing::HasSubstr("autumn")));
}

}  // namespace
}  // namespace waymark::coordinator
