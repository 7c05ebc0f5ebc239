#include "catalogue/library.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/catalogue/catalogue_folder.h"

namespace waymark::catalogue {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::waymark::testing::StatusIs;

std::string Entry(absl::string_view id, int number) {
  const std::string text = WithLine(kSoundEntry, "id: \"m\"", absl::StrCat("  id: \"", id, "\""));
  return WithLine(text, "number:", absl::StrCat("  number: ", number));
}

std::vector<std::string> Ids(const std::vector<const v1::Metric*>& metrics) {
  std::vector<std::string> ids;
  for (const v1::Metric* metric : metrics) ids.push_back(metric->id());
  return ids;
}

class LibraryTest : public ::testing::Test {
 protected:
  LibraryTest() {
    folder_.Metrics("a", absl::StrCat(Entry("22-starts", 22), Entry("1", 1)));
    folder_.Metrics("b", absl::StrCat(Entry("22", 22), Entry("10", 10)));
    folder_.Areas(absl::StrCat(kSoundArea,
                               R"(areas { code: "E06000001" name: "Hartlepool" region_code: "E12000001" )",
                               R"(region_name: "North East" old_code: 805 })"));
  }
  CatalogueFolder folder_;
};

TEST_F(LibraryTest, OrdersEntriesByNumberThenId_AndAreasByCode) {
  ASSERT_OK_AND_ASSIGN(const Library library, Library::Load(folder_.path()));
  std::vector<std::string> ids;
  for (const v1::Metric& metric : library.metrics()) ids.push_back(metric.id());
  EXPECT_THAT(ids, ElementsAre("1", "10", "22", "22-starts"));
  EXPECT_EQ(library.areas()[0].code(), "E06000001");
  EXPECT_EQ(library.areas()[1].code(), "E09000033");
}

TEST_F(LibraryTest, FindsByIdAndCode) {
  ASSERT_OK_AND_ASSIGN(const Library library, Library::Load(folder_.path()));
  EXPECT_EQ(library.Find("22-starts")->number(), 22u);
  EXPECT_EQ(library.Find("2"), nullptr);
  EXPECT_EQ(library.FindArea("E09000033")->name(), "Westminster");
  EXPECT_EQ(library.FindArea("E09000034"), nullptr);
  EXPECT_EQ(library.FindArea(""), nullptr);
}

TEST_F(LibraryTest, SelectsByIdByNumberAndAll) {
  ASSERT_OK_AND_ASSIGN(const Library library, Library::Load(folder_.path()));
  ASSERT_OK_AND_ASSIGN(const auto by_number, library.Select("22, 1"));
  EXPECT_THAT(Ids(by_number), ElementsAre("1", "22", "22-starts"));
  ASSERT_OK_AND_ASSIGN(const auto by_id, library.Select("22-starts"));
  EXPECT_THAT(Ids(by_id), ElementsAre("22-starts"));
  ASSERT_OK_AND_ASSIGN(const auto all, library.Select("all"));
  EXPECT_EQ(all.size(), 4u);
}

TEST_F(LibraryTest, SaysWhichEntryIsUnknown_AndTheNearest) {
  ASSERT_OK_AND_ASSIGN(const Library library, Library::Load(folder_.path()));
  EXPECT_THAT(library.Select("1,22-start"),
              StatusIs(absl::StatusCode::kNotFound,
                       AllOf(HasSubstr("\"22-start\""), HasSubstr("did you mean 22-starts?"))));
  EXPECT_THAT(library.Select(""), StatusIs(absl::StatusCode::kNotFound, HasSubstr("metric \"\"")));
  EXPECT_THAT(library.Select("7"), StatusIs(absl::StatusCode::kNotFound, HasSubstr("\"7\"")));
}

}  // namespace
}  // namespace waymark::catalogue
