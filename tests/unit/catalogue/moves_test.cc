#include "catalogue/moves.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "catalogue/library.h"
#include "tests/testing/status_matchers.h"

namespace waymark::catalogue {
namespace {

TEST(MoveOf, ReadsBothForms) {
  using Move = std::pair<std::string, std::string>;
  EXPECT_EQ(MoveOf("none>early_help"), Move("none", "early_help"));
  EXPECT_EQ(MoveOf("social_care_early_help"), Move("social_care", "early_help"));
  EXPECT_EQ(MoveOf("cla_cp"), Move("cla", "cp"));
  for (const char* none :
       {"", "none", "none>", "none>none", "early_help", "cla_cp_cin", "nfa", "median", ">none"})
    EXPECT_EQ(MoveOf(none), std::nullopt) << none;
}

TEST(StateLabel, IsInWords_AndStatesAreInTheOrderOfHelp) {
  EXPECT_EQ(StateLabel("early_help"), "Early help");
  EXPECT_EQ(StateLabel("elsewhere"), "elsewhere");
  EXPECT_LT(StatePlace("none"), StatePlace("early_help"));
  EXPECT_LT(StatePlace("early_help"), StatePlace("cin"));
  EXPECT_LT(StatePlace("cin"), StatePlace("cp"));
  EXPECT_LT(StatePlace("cp"), StatePlace("cla"));
  EXPECT_LT(StatePlace("cla"), StatePlace("elsewhere"));
}

TEST(IsOfMoves, IsSoOfTransitionsAndOfMixesOfMoves) {
  ASSERT_OK_AND_ASSIGN(const Library library, Library::Load("catalogue"));
  for (const char* id : {"31", "7"}) EXPECT_TRUE(IsOfMoves(*library.Find(id))) << id;
  for (const char* id : {"1", "9", "19", "16"}) EXPECT_FALSE(IsOfMoves(*library.Find(id))) << id;
}

}  // namespace
}  // namespace waymark::catalogue
