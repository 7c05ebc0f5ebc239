#include "node/ingest/workbook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/ingest/folder.h"
#include "tests/unit/node/ingest/workbook_builder.h"

namespace waymark::node {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::waymark::node::testing::CountOf;
using ::waymark::node::testing::MakeZip;
using ::waymark::node::testing::RowOf;
using ::waymark::node::testing::WorkbookBuilder;
using ::waymark::node::testing::ZipEntries;
using ::waymark::testing::StatusIs;

using Row = std::vector<std::string>;
using Needed = std::vector<std::vector<std::string>>;

absl::StatusOr<Workbook> OpenBytes(const std::string& bytes, const WorkbookLimits& limits = {}) {
  ASSIGN_OR_RETURN(ZipArchive archive, ZipArchive::Over(bytes, "w.xlsx", limits.zip));
  return Workbook::Over(std::move(archive), limits);
}

struct Sheet {
  Row header = {};
  std::vector<Row> rows = {};
  std::vector<std::int64_t> lines = {};
  std::map<std::string, Tally> notes = {};
};

absl::StatusOr<Sheet> ReadSheet(const std::string& bytes, const Needed& needed = {{"id"}},
                                const WorkbookLimits& limits = {}) {
  ASSIGN_OR_RETURN(Workbook workbook, OpenBytes(bytes, limits));
  ASSIGN_OR_RETURN(const auto rows, workbook.OpenSheet(0, needed));
  Sheet sheet{.header = rows->header()};
  while (true) {
    ASSIGN_OR_RETURN(const bool any, rows->Next());
    if (!any) break;
    Row& row = sheet.rows.emplace_back();
    for (std::size_t i = 0; i < rows->fields(); ++i) row.emplace_back(rows->field(i));
    sheet.lines.push_back(rows->line());
  }
  sheet.notes = rows->notes();
  return sheet;
}

// The value of one cell, given as XML, below a header of one column.
std::string ValueOf(const std::string& cell, WorkbookBuilder builder = {}) {
  builder.sheets = {{"List 1", RowOf({"id"}) + RowOf({"=" + cell})}};
  const absl::StatusOr<Sheet> sheet = ReadSheet(builder.Bytes());
  if (!sheet.ok()) return sheet.status().ToString();
  return sheet->rows.empty() ? "(blank)" : sheet->rows[0][0];
}

TEST(Workbook, ReadsEachKindOfCell) {
  EXPECT_EQ(ValueOf("<c t=\"inlineStr\"><is><t>a &amp; b</t></is></c>"), "a & b");
  EXPECT_EQ(ValueOf("<c><v>9212044</v></c>"), "9212044");
  EXPECT_EQ(ValueOf("<c t=\"n\"><v>9.212044E6</v></c>"), "9212044");
  EXPECT_EQ(ValueOf("<c t=\"b\"><v>1</v></c>"), "TRUE");
  EXPECT_EQ(ValueOf("<c t=\"b\"><v>0</v></c>"), "FALSE");
  EXPECT_EQ(ValueOf("<c t=\"str\"><f>A1&amp;\"x\"</f><v>idx</v></c>"), "idx");
  EXPECT_EQ(ValueOf("<c><f>1+1</f><v>2</v></c>"), "2");
  EXPECT_EQ(ValueOf("<c t=\"d\"><v>2020-09-16</v></c>"), "2020-09-16");
  EXPECT_EQ(ValueOf("<c t=\"d\"><v>2020-09-16T00:00:00.000Z</v></c>"), "2020-09-16");
  EXPECT_EQ(ValueOf("<c t=\"d\"><v>2020-09-16T14:30:00</v></c>"), "2020-09-16T14:30:00");
  EXPECT_EQ(ValueOf("<c/>"), "(blank)");
  EXPECT_EQ(ValueOf("<c t=\"inlineStr\"><is><t xml:space=\"preserve\">  two  </t></is></c>"), "  two  ");
  EXPECT_EQ(ValueOf("<c t=\"inlineStr\"><is><t>line_x000D_\nbreak _x005F_x000D_</t></is></c>"),
            "line \nbreak _x000D_");
}

TEST(Workbook, ReadsSharedTexts_WithTheirRunsAndWithoutReadingAids) {
  WorkbookBuilder builder;
  builder.texts = {
      "<t>plain</t>",
      "<r><t>rich </t></r><r><rPr><b/></rPr><t>text</t></r><rPh sb=\"0\" eb=\"1\"><t>aid</t></rPh>", "<t/>"};
  EXPECT_EQ(ValueOf("<c t=\"s\"><v>0</v></c>", builder), "plain");
  EXPECT_EQ(ValueOf("<c t=\"s\"><v>1</v></c>", builder), "rich text");
  EXPECT_EQ(ValueOf("<c t=\"s\"><v>2</v></c>", builder), "(blank)");
  EXPECT_THAT(ValueOf("<c t=\"s\"><v>3</v></c>", builder),
              HasSubstr("w.xlsx, sheet List 1:2: a cell whose text is not in the workbook"));
  EXPECT_THAT(ValueOf("<c t=\"s\"><v>-1</v></c>", builder), HasSubstr("not in the workbook"));
}

TEST(Workbook, ANumberIsADate_OnlyWhereItsFormatShowsOne) {
  WorkbookBuilder builder;
  builder.formats = {"#0", "#14", "dd/mm/yyyy;@", "[h]:mm", "0.00"};
  const auto styled = [](int style, const char* value) {
    return absl::StrCat("<c s=\"", style, "\"><v>", value, "</v></c>");
  };
  EXPECT_EQ(ValueOf(styled(0, "44090"), builder), "44090");
  EXPECT_EQ(ValueOf(styled(1, "44090"), builder), "2020-09-16");
  EXPECT_EQ(ValueOf(styled(2, "44090.75"), builder), "2020-09-16 18:00:00");
  EXPECT_EQ(ValueOf(styled(2, "60"), builder), "1900-02-29");
  EXPECT_EQ(ValueOf(styled(2, "-5"), builder), "-5");
  EXPECT_EQ(ValueOf(styled(3, "1.5"), builder), "1.5");
  EXPECT_EQ(ValueOf(styled(4, "44090"), builder), "44090");
  EXPECT_EQ(ValueOf(styled(9, "44090"), builder), "44090");
  EXPECT_EQ(ValueOf("<c s=\"2\" t=\"inlineStr\"><is><t>16/09/2020</t></is></c>", builder), "16/09/2020");
  builder.from_1904 = true;
  EXPECT_EQ(ValueOf(styled(1, "42628"), builder), "2020-09-16");
  EXPECT_EQ(ValueOf(styled(1, "0"), builder), "1904-01-01");
}

TEST(Workbook, BlanksAreTold_WhereACellShouldHaveHeldSomething) {
  WorkbookBuilder builder;
  builder.sheets = {{"1", RowOf({"id", "x"}) + RowOf({"a", "=<c><f>NOW()</f></c>"}) +
                              RowOf({"b", "=<c t=\"e\"><v>#N/A</v></c>"}) +
                              RowOf({"c", "=<c><f>\"\"</f><v></v></c>", "stray"})}};
  builder.after_rows =
      "<mergeCells count=\"2\"><mergeCell ref=\"A1:B1\"/><mergeCell ref=\"A3:A4\"/></mergeCells>";
  ASSERT_OK_AND_ASSIGN(const Sheet sheet, ReadSheet(builder.Bytes()));
  EXPECT_THAT(sheet.rows, ElementsAre(Row{"a", ""}, Row{"b", ""}, Row{"c", ""}));
  EXPECT_EQ(sheet.notes.size(), 4U);
  EXPECT_EQ(
      CountOf(
          sheet.notes,
          "a formula without the value it gives: taken as blank (open the workbook in Excel and save it)"),
      1);
  EXPECT_EQ(CountOf(sheet.notes, "an error in a cell (as #N/A or #REF!): taken as blank"), 1);
  EXPECT_EQ(CountOf(sheet.notes, "a value to the right of the last column name: not used"), 1);
  EXPECT_EQ(CountOf(sheet.notes, "merged cells: the first has the value, the others are blank"), 1);
  EXPECT_THAT(sheet.notes.at("an error in a cell (as #N/A or #REF!): taken as blank").lines(),
              ElementsAre(3));
}

TEST(Workbook, CellsStandWhereTheySay_AndNextToTheLastWhereTheySayNothing) {
  WorkbookBuilder builder;
  builder.sheets = {{"1",
                     "<row r=\"2\"><c r=\"B2\"><v>1</v></c><c><v>2</v></c><c r=\"E2\" "
                     "t=\"inlineStr\"><is><t>id</t></is></c></row>"
                     "<row r=\"7\"><c r=\"E7\"><v>5</v></c></row><row><c><v>6</v></c></row>"}};
  ASSERT_OK_AND_ASSIGN(const Sheet sheet, ReadSheet(builder.Bytes()));
  EXPECT_EQ(sheet.header, (Row{"", "1", "2", "", "id"}));
  EXPECT_THAT(sheet.rows, ElementsAre(Row{"", "", "", "", "5"}, Row{"6", "", "", "", ""}));
  EXPECT_THAT(sheet.lines, ElementsAre(7, 8));
}

TEST(Workbook, TheTableBeginsWithTheRowThatHasTheColumns_BelowTitles) {
  WorkbookBuilder builder;
  builder.sheets = {{"1", RowOf({"Annex A, list 1"}) + "<row/>" + RowOf({"Id", "as at"}) +
                              RowOf({"Child Unique\nID ", "Date of  contact?"}) + RowOf({"1", "2"})}};
  ASSERT_OK_AND_ASSIGN(const Sheet sheet, ReadSheet(builder.Bytes(), {{"child unique id"},
                                                                      {"Contact date", "Date of Contact"}}));
  EXPECT_THAT(sheet.rows, ElementsAre(Row{"1", "2"}));
  EXPECT_THAT(sheet.lines, ElementsAre(5));
}

TEST(Workbook, SaysWhatTheNearestRowLacks_WhenNoneHasTheColumns) {
  WorkbookBuilder builder;
  builder.sheets = {{"List 1", RowOf({"Annex A"}) + RowOf({"id", "name"}) + RowOf({"Mary", "7"})}};
  const absl::StatusOr<Sheet> sheet = ReadSheet(builder.Bytes(), {{"id"}, {"Date of Contact"}});
  EXPECT_THAT(sheet, StatusIs(absl::StatusCode::kInvalidArgument,
                              AllOf(HasSubstr("w.xlsx, sheet List 1"),
                                    HasSubstr("row 2, the nearest, lacks Date of Contact"))));
  EXPECT_THAT(std::string(sheet.status().message()), ::testing::Not(HasSubstr("Mary")));
  std::string many;
  for (int i = 0; i < 60; ++i) many += RowOf({"x"});
  builder.sheets = {{"List 1", many + RowOf({"id"})}};
  EXPECT_THAT(ReadSheet(builder.Bytes()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("lacks id")));
  builder.sheets = {{"List 1", "<row/><row><c/></row>"}};
  EXPECT_THAT(ReadSheet(builder.Bytes()), StatusIs(absl::StatusCode::kNotFound, HasSubstr("is blank")));
}

TEST(Workbook, IsReadAlike_WhenItIsStrictOpenXml) {
  WorkbookBuilder builder;
  builder.strict = true;
  builder.texts = {"<t>id</t>"};
  builder.formats = {"#0", "#14"};
  builder.sheets = {{"List 1", "<row><c t=\"s\"><v>0</v></c></row><row><c s=\"1\"><v>44090</v></c></row>"}};
  ASSERT_OK_AND_ASSIGN(const Sheet sheet, ReadSheet(builder.Bytes()));
  EXPECT_THAT(sheet.rows, ElementsAre(Row{"2020-09-16"}));
}

TEST(Workbook, NamesTheFormat_WhenItIsAnother) {
  EXPECT_THAT(
      OpenBytes(
          MakeZip({{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"}, {"content.xml", "<a/>"}})),
      StatusIs(absl::StatusCode::kInvalidArgument, AllOf(HasSubstr(".ods"), HasSubstr("save it as .xlsx"))));
  const std::string relation =
      "<Relationships><Relationship Id=\"r\" Type=\"x/officeDocument\" "
      "Target=\"xl/workbook.bin\"/></Relationships>";
  EXPECT_THAT(
      OpenBytes(MakeZip({{"_rels/.rels", relation}})),
      StatusIs(absl::StatusCode::kInvalidArgument, AllOf(HasSubstr(".xlsb"), HasSubstr("save it as .xlsx"))));
  EXPECT_THAT(OpenBytes(MakeZip({{"Annex_A.xlsx", "x"}})),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("unpack it")));
}

TEST(Workbook, NamesThePart_WhenOneIsMissing) {
  WorkbookBuilder builder;
  builder.texts = {"<t>id</t>"};
  builder.sheets = {{"List 1", RowOf({"id"}) + RowOf({"1"})}};
  const ZipEntries whole = builder.Entries();
  ASSERT_OK(ReadSheet(MakeZip(whole)));
  for (std::size_t without = 0; without < whole.size(); ++without) {
    ZipEntries entries = whole;
    entries.erase(entries.begin() + static_cast<std::ptrdiff_t>(without));
    const absl::StatusOr<Sheet> sheet = ReadSheet(MakeZip(entries));
    const std::string part = whole[without].first == "_rels/.rels" ? "no workbook" : whole[without].first;
    EXPECT_FALSE(sheet.ok());
    EXPECT_THAT(std::string(sheet.status().message()), HasSubstr(part));
  }
}

TEST(Workbook, IsRefused_WhenAPartDeclaresEntities) {
  WorkbookBuilder builder;
  builder.sheets = {{"List 1", RowOf({"id"})}};
  ZipEntries entries = builder.Entries();
  entries[0].second = "<!DOCTYPE worksheet [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>" +
                      entries[0].second.substr(56);
  EXPECT_THAT(ReadSheet(MakeZip(entries)),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("document type")));
}

TEST(Workbook, IsRefused_WhenRowsOrCellsGoBackwards) {
  WorkbookBuilder builder;
  const std::string header = RowOf({"id"});
  for (const char* rows :
       {"<row r=\"5\"/><row r=\"5\"/>", "<row r=\"5\"/><row r=\"4\"/>", "<row r=\"x\"/>",
        "<row r=\"1048577\"/>", "<row r=\"99999999999999999999\"/>", "<row><c r=\"B2\"/><c r=\"B2\"/></row>",
        "<row><c r=\"B2\"/><c r=\"A2\"/></row>", "<row><c r=\"XFE2\"/></row>", "<row><c r=\"2B\"/></row>",
        "<row><c r=\"XFD2\"/><c/></row>", "<row><c t=\"new\"/></row>"}) {
    builder.sheets = {{"List 1", header + rows}};
    EXPECT_THAT(ReadSheet(builder.Bytes()),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("sheet List 1:")))
        << rows;
  }
}

TEST(Workbook, IsRefused_AboveALimit) {
  WorkbookBuilder builder;
  builder.texts = {"<t>id</t>", absl::StrCat("<t>", std::string(1000, 'x'), "</t>")};
  builder.sheets = {{"List 1", RowOf({"id", "b"}) + RowOf({std::string(600, 'a'), std::string(600, 'b')})}};
  const std::string bytes = builder.Bytes();
  EXPECT_OK(ReadSheet(bytes, {{"id"}}, {.text_bytes = 1100, .record_bytes = 1200}));
  EXPECT_THAT(ReadSheet(bytes, {{"id"}}, {.text_bytes = 1000}),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("its texts take more than")));
  EXPECT_THAT(ReadSheet(bytes, {{"id"}}, {.record_bytes = 1199}),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("sheet List 1:2: a row of more")));
}

TEST(Workbook, AMillionRowsWithoutValuesAreNone) {
  std::string rows = RowOf({"id"});
  for (int i = 2; i <= 1'000'000; ++i)
    absl::StrAppend(&rows, "<row r=\"", i, "\" spans=\"1:7\"><c r=\"A", i, "\" s=\"1\"/></row>");
  rows += "<row><c><v>7</v></c></row>";
  WorkbookBuilder builder;
  builder.sheets = {{"List 1", std::move(rows)}};
  ASSERT_OK_AND_ASSIGN(const Sheet sheet, ReadSheet(builder.Bytes()));
  EXPECT_THAT(sheet.rows, ElementsAre(Row{"7"}));
  EXPECT_THAT(sheet.lines, ElementsAre(1'000'001));
  EXPECT_THAT(sheet.notes, IsEmpty());
}

TEST(Workbook, RowsAreTheSame_HoweverManyABlockHolds) {
  // Rows of very different lengths, so that blocks end everywhere in them.
  std::string rows = RowOf({"id", "b", "c"});
  std::vector<Row> expected;
  for (std::size_t i = 0; i < 5000; ++i) {
    expected.push_back({absl::StrCat(i), std::string(i * 7919 % 301, 'b'), absl::StrCat("c", i % 7)});
    rows += RowOf({absl::StrCat("=<c><v>", i, "</v></c>"), expected.back()[1], expected.back()[2]});
  }
  WorkbookBuilder builder;
  builder.sheets = {{"List 1", std::move(rows)}};
  ASSERT_OK_AND_ASSIGN(const Sheet sheet, ReadSheet(builder.Bytes()));
  EXPECT_TRUE(sheet.rows == expected);
}

TEST(Workbook, EqualRowsHaveEqualHashes_WhereverTheirTextsStand) {
  WorkbookBuilder builder;
  builder.texts = {"<t>x</t>"};
  builder.sheets = {{"1", RowOf({"id", "b"}) + RowOf({"x"}) + "<row><c t=\"s\"><v>0</v></c><c/></row>" +
                              RowOf({"x", "y"}) + RowOf({"", "x"})}};
  const std::string bytes = builder.Bytes();
  ASSERT_OK_AND_ASSIGN(Workbook workbook, OpenBytes(bytes));
  ASSERT_OK_AND_ASSIGN(const auto rows, workbook.OpenSheet(0, {{"id"}}));
  std::vector<std::uint64_t> hashes;
  for (int i = 0; i < 4; ++i) {
    ASSERT_OK_AND_ASSIGN(const bool any, rows->Next());
    ASSERT_TRUE(any);
    hashes.push_back(rows->hash());
  }
  EXPECT_EQ(hashes[0], hashes[1]);
  EXPECT_NE(hashes[0], hashes[2]);
  EXPECT_NE(hashes[0], hashes[3]);
}

}  // namespace
}  // namespace waymark::node
