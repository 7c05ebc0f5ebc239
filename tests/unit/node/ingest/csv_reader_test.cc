#include "node/ingest/csv_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "tests/testing/status_matchers.h"

namespace waymark::node {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::waymark::testing::StatusIs;

using Row = std::vector<std::string>;

Row FieldsOf(const CsvReader& reader) {
  Row row;
  for (std::size_t i = 0; i < reader.fields(); ++i) row.emplace_back(reader.field(i));
  return row;
}

absl::StatusOr<std::vector<Row>> ReadAll(std::unique_ptr<ByteSource> bytes, const CsvOptions& options = {}) {
  ASSIGN_OR_RETURN(auto reader, CsvReader::Open(std::move(bytes), "cases.csv", options));
  std::vector<Row> rows = {reader->header()};
  while (true) {
    ASSIGN_OR_RETURN(const bool any, reader->Next());
    if (!any) return rows;
    rows.push_back(FieldsOf(*reader));
  }
}

absl::StatusOr<std::vector<Row>> ReadAll(absl::string_view text, const CsvOptions& options = {}) {
  return ReadAll(OverText(text), options);
}

// Gives out `text` in pieces of `piece` bytes, then `last` for ever.
class Pieces final : public ByteSource {
 public:
  Pieces(std::string text, std::size_t piece, absl::Status last = absl::OkStatus())
      : text_(std::move(text)), piece_(piece), last_(std::move(last)) {}
  absl::StatusOr<std::size_t> Read(char* to, std::size_t most) override {
    const std::size_t count = std::min({most, piece_, text_.size() - at_});
    if (count == 0 && !last_.ok()) return last_;
    std::memcpy(to, text_.data() + at_, count);
    at_ += count;
    return count;
  }

 private:
  std::string text_;
  std::size_t piece_;
  std::size_t at_ = 0;
  absl::Status last_;
};

// As many bytes of one letter as anybody asks for, up to `size`; counts how many were taken.
class Endless final : public ByteSource {
 public:
  Endless(std::string start, std::uint64_t size, std::uint64_t& taken)
      : start_(std::move(start)), left_(size), taken_(taken) {}
  absl::StatusOr<std::size_t> Read(char* to, std::size_t most) override {
    const std::size_t count = static_cast<std::size_t>(std::min<std::uint64_t>(most, left_));
    std::memset(to, 'x', count);
    std::memcpy(to, start_.data(), std::min(count, start_.size()));
    start_.clear();
    left_ -= count;
    taken_ += count;
    return count;
  }

 private:
  std::string start_;
  std::uint64_t left_;
  std::uint64_t& taken_;
};

TEST(CsvReader, GivesFields_WhenPlain) {
  ASSERT_OK_AND_ASSIGN(const auto rows, ReadAll("a,b,c\n1,2,3\n,,x\n"));
  EXPECT_THAT(rows, ElementsAre(Row{"a", "b", "c"}, Row{"1", "2", "3"}, Row{"", "", "x"}));
}

TEST(CsvReader, GivesTheSame_WhenLinesEndInCrlf) {
  ASSERT_OK_AND_ASSIGN(const auto rows, ReadAll("a,b\r\n1,2\r\n\"3\",\"4\"\r\n5,\"6\"\r\n7,8\r\n"));
  EXPECT_THAT(rows, ElementsAre(Row{"a", "b"}, Row{"1", "2"}, Row{"3", "4"}, Row{"5", "6"}, Row{"7", "8"}));
}

TEST(CsvReader, DropsTheByteOrderMark_WhenThereIsOne) {
  ASSERT_OK_AND_ASSIGN(const auto rows, ReadAll("\xEF\xBB\xBF\"a\",b\n1,2\n"));
  EXPECT_THAT(rows, ElementsAre(Row{"a", "b"}, Row{"1", "2"}));
}

TEST(CsvReader, KeepsDelimitersBreaksAndQuotes_WhenQuoted) {
  ASSERT_OK_AND_ASSIGN(const auto rows, ReadAll("a,b\n\"1,\r\n2\",\"say \"\"hé\"\"\"\n\"\",\"\"\"\"\n"));
  EXPECT_THAT(rows, ElementsAre(Row{"a", "b"}, Row{"1,\r\n2", "say \"hé\""}, Row{"", "\""}));
}

TEST(CsvReader, KeepsAQuote_WhenInsideAnUnquotedField) {
  ASSERT_OK_AND_ASSIGN(const auto rows, ReadAll("a,b\n5\" pipe,x\"\n1,2\n"));
  EXPECT_THAT(rows, ElementsAre(Row{"a", "b"}, Row{"5\" pipe", "x\""}, Row{"1", "2"}));
}

TEST(CsvReader, ReadsTheLastLine_WhenItHasNoEnd) {
  for (const std::string text : {"a,b\n1,2", "a,b\n1,2\r", "a,b\n1,\"2\"", "a,b\n1,\"2\"\r"}) {
    ASSERT_OK_AND_ASSIGN(const auto rows, ReadAll(text));
    EXPECT_THAT(rows, ElementsAre(Row{"a", "b"}, Row{"1", "2"}));
  }
}

TEST(CsvReader, SkipsAndCountsBlankLines) {
  ASSERT_OK_AND_ASSIGN(auto reader, CsvReader::Open(OverText("\n\r\na,b\n\n1,2\n\r\n\n"), "x", {}));
  EXPECT_THAT(reader->header(), ElementsAre("a", "b"));
  ASSERT_OK(reader->Next());
  EXPECT_EQ(reader->line(), 5);
  EXPECT_FALSE(reader->Next().value());
  EXPECT_EQ(reader->blank_lines(), 5);
}

TEST(CsvReader, TellsLines_WhenFieldsHoldBreaks) {
  ASSERT_OK_AND_ASSIGN(auto reader, CsvReader::Open(OverText("a,b\n\"1\n\n\",2\n3,4\n"), "x", {}));
  ASSERT_TRUE(reader->Next().value());
  EXPECT_EQ(reader->line(), 2);
  ASSERT_TRUE(reader->Next().value());
  EXPECT_EQ(reader->line(), 5);
}

TEST(CsvReader, TellsTheShape_WhenARowIsMalformed) {
  ASSERT_OK_AND_ASSIGN(auto reader,
                       CsvReader::Open(OverText("a,b\n1\n1,2,3\n\"1\"x,2\n\"1\" ,2\n1,2\n"), "x", {}));
  std::vector<RowShape> shapes;
  while (reader->Next().value()) shapes.push_back(reader->shape());
  EXPECT_THAT(shapes, ElementsAre(RowShape::kTooFewFields, RowShape::kTooManyFields,
                                  RowShape::kTextAfterQuote, RowShape::kTextAfterQuote, RowShape::kRegular));
}

TEST(CsvReader, GivesTheSame_WhateverThePiecesItIsGiven) {
  const std::string text =
      "\xEF\xBB\xBF"
      "a,b,c\r\n\"1,\"\"é\"\"\r\n2\",\"\",\"\"\"\"\r\n4,5\"5,\"6\"\r\n\r\n7,8,\"9\"";
  ASSERT_OK_AND_ASSIGN(const auto whole, ReadAll(text));
  ASSERT_EQ(whole.size(), 4U);
  for (std::size_t piece = 1; piece < text.size(); ++piece) {
    ASSERT_OK_AND_ASSIGN(const auto rows, ReadAll(std::make_unique<Pieces>(text, piece)));
    EXPECT_EQ(rows, whole) << "pieces of " << piece;
  }
}

TEST(CsvReader, NamesTheDelimiter_WhenTheFileHasAnother) {
  EXPECT_THAT(ReadAll("id;start;end\n1;2;3\n"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       ::testing::AllOf(HasSubstr("cases.csv"), HasSubstr("\";\" 2 times"),
                                        HasSubstr("set delimiter = \";\""))));
  EXPECT_THAT(ReadAll("id\tstart\n1\t2\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("set delimiter = \"\\t\"")));
  EXPECT_THAT(ReadAll("id,start\n1,2\n", {.delimiter = ';'}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("set delimiter = \",\"")));
}

TEST(CsvReader, ReadsOtherDelimiters_WhenToldTo) {
  ASSERT_OK_AND_ASSIGN(const auto semicolon, ReadAll("a;b\n1,5;\"2;3\"\n", {.delimiter = ';'}));
  EXPECT_THAT(semicolon, ElementsAre(Row{"a", "b"}, Row{"1,5", "2;3"}));
  ASSERT_OK_AND_ASSIGN(const auto tab, ReadAll("a\tb\n\t2\n", {.delimiter = '\t'}));
  EXPECT_THAT(tab, ElementsAre(Row{"a", "b"}, Row{"", "2"}));
}

TEST(CsvReader, NamesTheLineAndTheFix_WhenTheFileIsLatin1) {
  EXPECT_THAT(ReadAll("a,b\n1,2\nZo\xEB,2\n"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       ::testing::AllOf(HasSubstr("cases.csv:3"), HasSubstr("encoding = \"windows-1252\""))));
  // On the second line of a field with a break.
  EXPECT_THAT(ReadAll("a,b\n\"1\n\xEB\",2\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("cases.csv:3")));
}

TEST(CsvReader, Converts_WhenTheEncodingIsStated) {
  const CsvOptions options{.encoding = Encoding::kWindows1252};
  ASSERT_OK_AND_ASSIGN(const auto rows, ReadAll("a,b\nZo\xEB,\x80\x93\n", options));
  EXPECT_THAT(rows, ElementsAre(Row{"a", "b"}, Row{"Zoë", "€“"}));
  EXPECT_THAT(ReadAll("\xEF\xBB\xBF"
                      "a,b\n",
                      options),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("remove encoding")));
}

TEST(CsvReader, Converts_WhenEveryByteGrows) {
  // 600,000 bytes of the euro sign become 1,800,000: over the limit, though the file's line is not.
  const CsvOptions options{.encoding = Encoding::kWindows1252, .max_field_bytes = 2'000'000};
  ASSERT_OK_AND_ASSIGN(const auto rows, ReadAll("a\n" + std::string(600'000, '\x80') + "\n", options));
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1][0].size(), 1'800'000U);
}

TEST(CsvReader, Refuses_WhenTheFileIsNoCsv) {
  EXPECT_THAT(ReadAll(""), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("is empty")));
  EXPECT_THAT(ReadAll("\xEF\xBB\xBF"), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("is empty")));
  EXPECT_THAT(ReadAll("\n\n"), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("is empty")));
  EXPECT_THAT(ReadAll("PK\x03\x04xxxx"), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("workbook")));
  EXPECT_THAT(ReadAll(absl::string_view("\xFF\xFE"
                                        "a\0b\0",
                                        6)),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("UTF-16")));
  EXPECT_THAT(ReadAll("a,b\r1,2\r"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("carriage returns")));
  EXPECT_THAT(ReadAll(absl::string_view("a,b\n1,2\n3,\0004\n", 13)),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("cases.csv:3: a NUL byte")));
  EXPECT_THAT(ReadAll("\"a\"b,c\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("closing quote")));
  EXPECT_THAT(ReadAll(std::string(5000, ',') + "\n"),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("5001 columns")));
}

TEST(CsvReader, NamesTheLine_WhenAQuoteIsNeverClosed) {
  EXPECT_THAT(
      ReadAll("a,b\n1,2\n\"3\n4\",\"5,6\n7,8\n"),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("cases.csv:4: a quote opened on this line")));
}

TEST(CsvReader, StopsEarly_WhenALineHasTwoGigabytes) {
  std::uint64_t taken = 0;
  EXPECT_THAT(
      ReadAll(std::make_unique<Endless>("a,b\n1,2\n3,", std::uint64_t{2} << 30, taken)),
      StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("cases.csv:3: a field of more than 1048576")));
  EXPECT_LT(taken, std::uint64_t{4} << 20);
  taken = 0;
  EXPECT_THAT(
      ReadAll(std::make_unique<Endless>("a,b\n1,2\n3,\"", std::uint64_t{2} << 30, taken)),
      StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("is a quote opened there and not closed?")));
  EXPECT_LT(taken, std::uint64_t{4} << 20);
}

TEST(CsvReader, StopsEarly_WhenARecordHasTooManyBytes) {
  std::string text = "a,b\n";
  for (int i = 0; i < 200'000; ++i) text += std::string(99, 'x') + ",";
  EXPECT_THAT(ReadAll(text),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("cases.csv:2: a record of more")));
}

TEST(CsvReader, KeepsToTheLimit_WhenAFieldIsJustAsLong) {
  const std::string longest(std::size_t{1} << 20, 'x');
  EXPECT_OK(ReadAll("a,b\n1," + longest + "\n"));
  EXPECT_THAT(ReadAll("a,b\n1," + longest + "x\n2,3\n"),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr(":2")));
  EXPECT_FALSE(ReadAll("a,b\n1,2,3," + longest + "x\n").ok());
}

TEST(CsvReader, PassesOnTheError_WhenReadingFails) {
  const auto status = ReadAll(std::make_unique<Pieces>("a,b\n1,2\n3", 4, absl::DataLossError("disk gone")));
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kDataLoss, HasSubstr("disk gone")));
}

}  // namespace
}  // namespace waymark::node
