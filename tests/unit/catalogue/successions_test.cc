#include "catalogue/successions.h"

#include <gmock/gmock.h>

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
  ASSERT_OK_AND_ASSIGN(const contract::Successions known, LoadSuccessions("catalogue", library));
  EXPECT_EQ(known.size(), 6u);
  EXPECT_THAT(contract::PredecessorsOf(known, "E06000065"), ElementsAre("E10000023"));  // North Yorkshire
  EXPECT_THAT(contract::EndOf(known, "E10000006")->after, ElementsAre("E06000063", "E06000064"));  // Cumbria
  EXPECT_THAT(contract::EndOf(known, "E10000021")->after, ElementsAre("E06000061", "E06000062"));
  EXPECT_THAT(contract::PredecessorsOf(known, "E06000058"),
              ElementsAre("E06000028", "E06000029", "E10000009"));
  for (const contract::Succession& one : known) {
    for (const std::string& code : one.after) EXPECT_NE(library.FindArea(code), nullptr) << code;
    for (const std::string& code : one.before) EXPECT_EQ(library.FindArea(code), nullptr) << code;
  }
}

}  // namespace
}  // namespace waymark::catalogue
