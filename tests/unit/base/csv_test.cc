#include "base/csv.h"

#include "tests/testing/status_matchers.h"

namespace waymark {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::StatusIs;

TEST(CsvTest, ReadsFieldsAndLines_WithMarkQuotesAndBothLineEnds) {
  ASSERT_OK_AND_ASSIGN(
      const CsvTable table,
      ParseCsv("\xEF\xBB\xBF Code ,\"Na\"\"me\"\r\n1,\"a, b\nc\"\n\n,\"\"\r\nlast,row", "f.csv"));
  EXPECT_THAT(table.header, ElementsAre("Code", "Na\"me"));
  ASSERT_EQ(table.rows.size(), 3u);
  EXPECT_THAT(table.rows[0].fields, ElementsAre("1", "a, b\nc"));
  EXPECT_EQ(table.rows[0].line, 2);
  EXPECT_THAT(table.rows[1].fields, ElementsAre("", ""));
  EXPECT_EQ(table.rows[1].line, 5);
  EXPECT_THAT(table.rows[2].fields, ElementsAre("last", "row"));
}

TEST(CsvTest, FindsColumns_InAnyCase) {
  ASSERT_OK_AND_ASSIGN(const CsvTable table, ParseCsv("LA_Name,value\n", "f.csv"));
  EXPECT_EQ(table.Column("la_name"), 0u);
  EXPECT_EQ(table.Column("VALUE"), 1u);
  EXPECT_EQ(table.Column("name"), CsvTable::kNoColumn);
}

TEST(CsvTest, NamesFileAndLine_WhenMalformed) {
  const auto bad = absl::StatusCode::kInvalidArgument;
  EXPECT_THAT(ParseCsv("", "f.csv"), StatusIs(bad, HasSubstr("f.csv:1: is empty")));
  EXPECT_THAT(ParseCsv("a,b\n1,2\n3\n", "f.csv"), StatusIs(bad, HasSubstr("f.csv:3: expected 2 fields")));
  EXPECT_THAT(ParseCsv("a,b\n1,2,3\n", "f.csv"), StatusIs(bad, HasSubstr("got 3")));
  EXPECT_THAT(ParseCsv("a\n\n\"x\ny\n", "f.csv"), StatusIs(bad, HasSubstr("f.csv:3: a quoted field")));
  EXPECT_THAT(ParseCsv("a\n\"x\"y\n", "f.csv"), StatusIs(bad, HasSubstr("f.csv:2: text follows")));
  EXPECT_THAT(ParseCsv(absl::string_view("P\0K\0", 4), "f.csv"), StatusIs(bad, HasSubstr("NUL")));
}

TEST(CsvTest, WrittenFieldsReadBack) {
  for (const std::string text : {"plain", "a,b", "say \"so\"", "two\nlines", ""}) {
    ASSERT_OK_AND_ASSIGN(const CsvTable table, ParseCsv("h,i\n1," + CsvField(text) + "\n", "f.csv"));
    ASSERT_EQ(table.rows.size(), 1u);
    EXPECT_EQ(table.rows[0].fields[1], text);
  }
}

}  // namespace
}  // namespace waymark
