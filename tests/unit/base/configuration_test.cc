#include "base/configuration.h"

#include "tests/testing/status_matchers.h"

namespace waymark {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

TEST(Configuration, ReadsEveryKind) {
  ASSERT_OK_AND_ASSIGN(ConfigTable root, ConfigTable::Parse(R"(
name = "Barking"
count = 3
on = true
since = 2024-04-01
list = ["a", "b"]
[inner]
mode = "noised"
[[source]]
path = "x.csv"
[[source]]
path = "y.csv"
)",
                                                            "node.toml"));
  EXPECT_EQ(root.String("name", "give a name"), "Barking");
  EXPECT_EQ(root.IntOr("count", 0, 1, 5), 3);
  EXPECT_TRUE(root.BoolOr("on", false));
  EXPECT_EQ(FormatDay(root.DayOr("since", kNoDay)), "2024-04-01");
  EXPECT_EQ(root.Strings("list"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(root.Table("inner").OneOf("mode", {"noised", "thresholded"}, ""), "noised");
  auto sources = root.Tables("source");
  ASSERT_EQ(sources.size(), 2u);
  EXPECT_EQ(sources[0].String("path", ""), "x.csv");
  EXPECT_EQ(sources[1].String("path", ""), "y.csv");
  EXPECT_OK(root.Finish());
}

TEST(Configuration, CollectsEveryError_WithFileLineAndFix) {
  ASSERT_OK_AND_ASSIGN(ConfigTable root, ConfigTable::Parse("count = 9\nnmae = \"x\"\nwhen = \"31/03/2025\"\n"
                                                            "[[source]]\nformat = \"exel\"\n",
                                                            "node.toml"));
  root.String("name", "write the council's name");
  root.IntOr("count", 1, 1, 5);
  root.DayOr("when", kNoDay);
  root.Tables("source")[0].OneOf("format", {"ssd", "event-log"}, "");
  const absl::Status status = root.Finish();
  for (const char* line : {"node.toml:1: count: expected a whole number from 1 to 5",
                           "node.toml:1: name: missing; write the council's name",
                           "node.toml:2: nmae: unknown key; did you mean name?",
                           "node.toml:3: when: expected a date, as 2025-03-31",
                           "node.toml:5: source[1].format: is \"exel\"; expected one of ssd, event-log"}) {
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(line)));
  }
}

TEST(Configuration, ReadsAListOfNumbers_AndNamesARangeThatIsBroken) {
  ASSERT_OK_AND_ASSIGN(
      ConfigTable root,
      ConfigTable::Parse("good = [183, 365]\nbig = [5, 99]\ntext = [\"5\"]\nno = 5\n", "r.toml"));
  EXPECT_EQ(root.Integers("good", 1, 3660), (std::vector<std::int64_t>{183, 365}));
  EXPECT_TRUE(root.Integers("absent", 1, 9).empty());
  root.Integers("big", 1, 9);
  root.Integers("text", 1, 9);
  root.Integers("no", 1, 9);
  const absl::Status status = root.Finish();
  for (const char* line : {"r.toml:2: big: expected a list of whole numbers from 1 to 9",
                           "r.toml:3: text: expected", "r.toml:4: no: expected"}) {
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(line)));
  }
}

TEST(Configuration, NamesFileAndLine_WhenTheSyntaxIsBad) {
  EXPECT_THAT(ConfigTable::Parse("a = 1\nb = [1,\n", "p.toml"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("p.toml:")));
}

TEST(Configuration, AMissingTableMakesItsRequiredKeysErrors) {
  ASSERT_OK_AND_ASSIGN(ConfigTable root, ConfigTable::Parse("", "node.toml"));
  root.Table("council").String("code", "write the ONS code");
  EXPECT_THAT(root.Finish(), StatusIs(absl::StatusCode::kInvalidArgument,
                                      HasSubstr("council.code: missing; write the ONS code")));
}

}  // namespace
}  // namespace waymark
