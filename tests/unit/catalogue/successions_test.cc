#include <gmock/gmock.h>

#include <algorithm>

#include "catalogue/library.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/catalogue/catalogue_folder.h"

namespace waymark::catalogue {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::StatusIs;

// The file as it is installed: every case of an upper-tier authority since 2019.
TEST(Successions, OfEnglandAreThere) {
  ASSERT_OK_AND_ASSIGN(const Library library, Library::Load("catalogue"));
  const contract::Successions& known = library.successions();
  EXPECT_EQ(known.size(), 6u);
  EXPECT_THAT(contract::PredecessorsOf(known, "E06000065"), ElementsAre("E10000023"));  // North Yorkshire
  EXPECT_THAT(contract::EndOf(known, "E10000006")->after, ElementsAre("E06000063", "E06000064"));  // Cumbria
  EXPECT_THAT(contract::EndOf(known, "E10000021")->after, ElementsAre("E06000061", "E06000062"));
  EXPECT_THAT(contract::PredecessorsOf(known, "E06000058"),
              ElementsAre("E06000028", "E06000029", "E10000009"));
  for (const contract::Succession& one : known) {
    for (const std::string& code : one.after) EXPECT_NE(library.FindArea(code), nullptr) << code;
    for (const std::string& code : one.before) {
      EXPECT_EQ(library.FindArea(code), nullptr) << code;
      EXPECT_NE(library.FindAreaEver(code), nullptr) << code;
    }
  }
}

TEST(FormerAreas, AreFoundBesideTodays_InOrder) {
  ASSERT_OK_AND_ASSIGN(const Library library, Library::Load("catalogue"));
  EXPECT_EQ(library.former_areas().size(), 8u);
  EXPECT_TRUE(std::is_sorted(library.former_areas().begin(), library.former_areas().end(),
                             [](const v1::Area& a, const v1::Area& b) { return a.code() < b.code(); }));
  EXPECT_EQ(library.FindAreaEver("E10000006")->name(), "Cumbria");
  EXPECT_EQ(library.FindAreaEver("E10000006")->region_name(), "North West");
  EXPECT_EQ(library.FindAreaEver("E09000033"), library.FindArea("E09000033"));
  EXPECT_EQ(library.FindAreaEver("E10000001"), nullptr);
}

constexpr char kFormer[] =
    "former { code: \"E10000006\" name: \"Cumbria\" region_code: \"E12000002\" region_name: \"North West\" "
    "old_code: 909 }\n";

TEST(FormerAreas, AreCheckedWithTheRest) {
  const auto load = [](const std::string& text) {
    CatalogueFolder folder;
    folder.Metrics("a", kSoundEntry);
    folder.File("former_areas.textproto", text);
    return Library::Load(folder.path());
  };
  const auto bad = [](const char* words) {
    return StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(words));
  };
  ASSERT_OK_AND_ASSIGN(const Library library, load(kFormer));
  EXPECT_EQ(library.former_areas().size(), 1u);
  EXPECT_THAT(load(std::string(kFormer) + kFormer).status(), bad("E10000006 is there twice"));
  EXPECT_THAT(
      load("former { code: \"E09000033\" name: \"W\" region_code: \"E12000007\" region_name: \"London\" "
           "old_code: 213 }")
          .status(),
      bad("one of today's"));
  EXPECT_THAT(load("former { code: \"E1\" }").status(), bad("former_areas.textproto:1"));
  EXPECT_THAT(load(std::string(kFormer) +
                   "successions { day: \"2023-04-01\" before: \"E10000006\" after: \"E09000033\" }")
                  .status(),
              bad("is not in the region of"));
  ASSERT_OK_AND_ASSIGN(
      const Library others,
      load("successions { day: \"2023-04-01\" before: \"E99000001\" after: \"E09000033\" }"));
  EXPECT_TRUE(others.successions().empty()) << "of a library with other authorities";
}

}  // namespace
}  // namespace waymark::catalogue
