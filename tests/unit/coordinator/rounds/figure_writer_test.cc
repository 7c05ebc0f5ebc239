#include "coordinator/rounds/figure_writer.h"

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using ::testing::HasSubstr;
using testing::Scene;
using ::waymark::testing::StatusIs;

class FigureWriterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(scene.rounds().Open(scene.Spec("autumn", {scene.Item("19", v1::MODE_THRESHOLDED, {})})));
  }

  void Fill(int first, int count) {
    figures.Clear();
    for (int i = first; i < first + count; ++i) figures.Add()->set_category(absl::StrCat(i));
  }

  Scene scene;
  PublicationRecord record;
  Figures figures;
};

// More than may wait, and more than go into a transaction.
TEST_F(FigureWriterTest, WritesEveryFigureOnce_InTheOrderGiven) {
  constexpr int kBatch = 700;
  constexpr int kBatches = 70;
  FigureWriter writer(scene.store(), "autumn", record);
  for (int batch = 0; batch < kBatches; ++batch) {
    Fill(batch * kBatch, kBatch);
    ASSERT_OK(writer.Add(0, figures));
  }
  ASSERT_OK(writer.Finish());
  ASSERT_OK_AND_ASSIGN(const auto stored, scene.store().FiguresAfter("autumn", 0, kBatch * kBatches + 1));
  ASSERT_EQ(stored.size(), static_cast<std::size_t>(kBatch * kBatches));
  for (int i = 0; i < kBatch * kBatches; ++i) {
    v1::Figure figure;
    ASSERT_TRUE(figure.ParseFromString(stored[static_cast<std::size_t>(i)].bytes));
    ASSERT_EQ(figure.category(), absl::StrCat(i));
  }
}

TEST_F(FigureWriterTest, GivesTheStoresError_AndWaitsForNothingAfterIt) {
  FigureWriter writer(scene.store(), "no such round", record);
  absl::Status status;
  for (int batch = 0; batch < 100 && status.ok(); ++batch) {
    Fill(0, 1'000);
    status = writer.Add(0, figures);
  }
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kNotFound, HasSubstr("no such round")));
  EXPECT_EQ(writer.Finish(), status);
}

TEST_F(FigureWriterTest, EndsWithoutHavingWrittenAll) {
  {
    FigureWriter writer(scene.store(), "autumn", record);
    Fill(0, 10);
    ASSERT_OK(writer.Add(0, figures));
  }
  EXPECT_LE(scene.store().FiguresAfter("autumn", 0, 100).value().size(), 10u);
}

}  // namespace
}  // namespace waymark::coordinator
