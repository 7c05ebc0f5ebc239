#include "node/ingest/zip_archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/ingest/folder.h"
#include "tests/unit/node/ingest/workbook_builder.h"

namespace waymark::node {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::waymark::node::testing::Folder;
using ::waymark::node::testing::MakeZip;
using ::waymark::testing::StatusIs;

absl::StatusOr<std::string> ReadWhole(ByteSource& bytes) {
  std::string whole;
  char block[1000];
  while (true) {
    ASSIGN_OR_RETURN(const std::size_t count, bytes.Read(block, sizeof(block)));
    if (count == 0) return whole;
    whole.append(block, count);
  }
}

absl::StatusOr<std::string> ReadEntry(const ZipArchive& archive, const std::string& entry) {
  ASSIGN_OR_RETURN(auto bytes, archive.OpenEntry(entry));
  return ReadWhole(*bytes);
}

// Text that packs well, but not absurdly well, and whose beginning is not its end.
std::string SomeText(std::size_t bytes) {
  std::string text;
  for (std::uint32_t i = 0; text.size() < bytes; ++i) absl::StrAppend(&text, i * 2654435761U, ";");
  text.resize(bytes);
  return text;
}

void Put(std::string& bytes, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<char>(value >> (8 * i));
}

// The entry's record in the list of contents (APPNOTE.TXT, section 4.3.12).
std::size_t CentralRecord(const std::string& zip, int entry) {
  std::size_t at = zip.find("PK\x01\x02");
  while (entry-- > 0) at = zip.find("PK\x01\x02", at + 4);
  return at;
}
constexpr std::size_t kPackedSizeAt = 20;
constexpr std::size_t kSizeAt = 24;

TEST(ZipArchive, GivesEveryByteOfAnEntry_InWhateverPiecesItIsAskedFor) {
  const std::string text = SomeText(300'000);
  const std::string zip = MakeZip({{"a.xml", text}, {"b.xml", ""}});
  ASSERT_OK_AND_ASSIGN(const ZipArchive archive, ZipArchive::Over(zip, "w.xlsx"));
  EXPECT_TRUE(archive.Has("a.xml"));
  EXPECT_FALSE(archive.Has("c.xml"));
  ASSERT_OK_AND_ASSIGN(const std::string a, ReadEntry(archive, "a.xml"));
  EXPECT_TRUE(a == text);
  ASSERT_OK_AND_ASSIGN(const std::string b, ReadEntry(archive, "b.xml"));
  EXPECT_EQ(b, "");
  EXPECT_THAT(archive.OpenEntry("c.xml"), StatusIs(absl::StatusCode::kNotFound, HasSubstr("no part c.xml")));
}

TEST(ZipArchive, EntriesAreReadSideBySide_WhereTwoAreOpen) {
  const std::string first = SomeText(100'000), second = SomeText(50'001);
  const std::string zip = MakeZip({{"a", first}, {"b", second}});
  ASSERT_OK_AND_ASSIGN(const ZipArchive archive, ZipArchive::Over(zip, "w.xlsx"));
  ASSERT_OK_AND_ASSIGN(auto a, archive.OpenEntry("a"));
  ASSERT_OK_AND_ASSIGN(auto b, archive.OpenEntry("b"));
  std::string read_a, read_b;
  char block[777];
  for (bool more = true; more;) {
    ASSERT_OK_AND_ASSIGN(const std::size_t from_a, a->Read(block, sizeof(block)));
    read_a.append(block, from_a);
    ASSERT_OK_AND_ASSIGN(const std::size_t from_b, b->Read(block, sizeof(block)));
    read_b.append(block, from_b);
    more = from_a + from_b > 0;
  }
  EXPECT_TRUE(read_a == first);
  EXPECT_TRUE(read_b == second);
}

TEST(ZipArchive, SaysWhatTheFileIs_WhenItIsNoArchive) {
  const auto open = [](absl::string_view bytes) { return ZipArchive::Over(bytes, "w.xlsx"); };
  EXPECT_THAT(open("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("w.xlsx"), HasSubstr(".xls)"), HasSubstr("password"),
                             HasSubstr("save it as .xlsx"))));
  EXPECT_THAT(open("Child Unique ID,Gender\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("no workbook")));
  EXPECT_THAT(open(""), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("empty")));
  EXPECT_THAT(open("PK\x03\x04"), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("export it again")));
}

TEST(ZipArchive, IsRefused_WhereverItIsCutShort) {
  const std::string zip = MakeZip({{"a", SomeText(5000)}, {"b", SomeText(500)}});
  for (std::size_t bytes = 0; bytes < zip.size(); ++bytes) {
    EXPECT_FALSE(ZipArchive::Over(absl::string_view(zip).substr(0, bytes), "w.xlsx").ok()) << bytes;
  }
}

TEST(ZipArchive, NoDamagePassesUnseen_WhicheverByteOfAnEntryIsChanged) {
  const std::string text = SomeText(2000);
  const std::string zip = MakeZip({{"a", text}});
  const std::size_t begin = 31, end = CentralRecord(zip, 0);
  for (std::size_t at = begin; at < end; ++at) {
    std::string damaged = zip;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    ASSERT_OK_AND_ASSIGN(const ZipArchive archive, ZipArchive::Over(damaged, "w.xlsx"));
    const absl::StatusOr<std::string> read = ReadEntry(archive, "a");
    if (read.ok()) {
      EXPECT_TRUE(*read == text) << at;  // a bit that stands for nothing
    } else {
      EXPECT_THAT(read, StatusIs(absl::StatusCode::kDataLoss, HasSubstr("part a is damaged")));
    }
  }
}

TEST(ZipArchive, IsRefused_WhenAnEntryIsEncrypted) {
  const std::string zip = MakeZip({{"xl/workbook.xml", "<a/>"}}, "secret");
  EXPECT_THAT(ZipArchive::Over(zip, "w.xlsx"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("encrypted"), HasSubstr("without a password"))));
}

TEST(ZipArchive, IsRefused_WhenItHasMoreThanALimitAllows) {
  const std::string zip =
      MakeZip({{"a", SomeText(60'000)}, {"b", SomeText(60'000)}, {"c", std::string(60'000, 'x')}});
  const auto open = [&](const ZipLimits& limits) { return ZipArchive::Over(zip, "w.xlsx", limits); };
  EXPECT_OK(open({.entries = 3, .entry_bytes = 60'000, .total_bytes = 180'000}));
  EXPECT_THAT(open({.entries = 2}),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("3 parts; a workbook has at most 2")));
  EXPECT_THAT(open({.entry_bytes = 59'999}),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("part a is")));
  EXPECT_THAT(open({.total_bytes = 179'999}),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("unpacked")));
  EXPECT_THAT(
      open({.ratio = 100, .small_bytes = 1000}),
      StatusIs(absl::StatusCode::kResourceExhausted, AllOf(HasSubstr("part c"), HasSubstr("100 times"))));
}

TEST(ZipArchive, IsRefusedBeforeAnythingIsUnpacked_WhenItIsABomb) {
  // 70 MB of one letter: packed 1000 times smaller.
  const std::string zip = MakeZip({{"xl/worksheets/sheet1.xml", std::string(70'000'000, 'a')}});
  EXPECT_LT(zip.size(), 100'000U);
  EXPECT_THAT(ZipArchive::Over(zip, "w.xlsx"),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("is the file what it should be")));
}

TEST(ZipArchive, IsRefused_WhenEntriesShareTheirBytes) {
  std::string zip = MakeZip({{"a", SomeText(50'000)}, {"b", "x"}});
  Put(zip, CentralRecord(zip, 1) + kPackedSizeAt, static_cast<std::uint32_t>(zip.size() - 100));
  EXPECT_THAT(ZipArchive::Over(zip, "w.xlsx"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("overlap")));
}

TEST(ZipArchive, AnEntryGivesNoMoreThanItSays_WhenItsSizeIsALie) {
  for (const std::uint32_t said : {0U, 1U, 59'999U, 60'001U, 100'000U}) {
    std::string zip = MakeZip({{"a", SomeText(60'000)}});
    Put(zip, CentralRecord(zip, 0) + kSizeAt, said);
    ASSERT_OK_AND_ASSIGN(const ZipArchive archive, ZipArchive::Over(zip, "w.xlsx"));
    ASSERT_OK_AND_ASSIGN(auto bytes, archive.OpenEntry("a"));
    std::size_t given = 0;
    absl::StatusOr<std::size_t> count = 1;
    char block[1000];
    while (count.ok() && *count > 0) {
      count = bytes->Read(block, sizeof(block));
      if (count.ok()) given += *count;
    }
    EXPECT_THAT(count, StatusIs(absl::StatusCode::kDataLoss, HasSubstr("damaged")));
    EXPECT_LE(given, said);
  }
}

TEST(ZipArchive, IsRefused_WhenANameStandsTwice) {
  std::string zip = MakeZip({{"first", "1"}, {"secon", "2"}});
  zip.replace(CentralRecord(zip, 1) + 46, 5, "first");
  EXPECT_THAT(ZipArchive::Over(zip, "w.xlsx"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("the part first twice")));
}

TEST(ZipArchive, ReadingFails_WhenTheFileChangesMeanwhile) {
  const Folder folder;
  const std::string zip = MakeZip({{"a", SomeText(5'000'000)}});
  const std::string path = folder.Write("w.xlsx", zip);
  ASSERT_OK_AND_ASSIGN(const ZipArchive archive, ZipArchive::Open(path));
  ASSERT_OK_AND_ASSIGN(auto bytes, archive.OpenEntry("a"));
  char block[1000];
  ASSERT_OK(bytes->Read(block, sizeof(block)));
  std::ofstream(path, std::ios::app) << "more";
  EXPECT_THAT(ReadWhole(*bytes),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("changed while it was read")));
}

TEST(ZipArchive, ReadingFails_WhenTheFileIsCutShortMeanwhile) {
  const Folder folder;
  const std::string path = folder.Write("w.xlsx", MakeZip({{"a", SomeText(5'000'000)}}));
  ASSERT_OK_AND_ASSIGN(const ZipArchive archive, ZipArchive::Open(path));
  ASSERT_OK_AND_ASSIGN(auto bytes, archive.OpenEntry("a"));
  std::filesystem::resize_file(path, 1000);
  EXPECT_THAT(ReadWhole(*bytes), StatusIs(absl::StatusCode::kDataLoss, HasSubstr("shrank")));
}

TEST(ZipArchive, SaysSo_WhenThePathIsNoFile) {
  const Folder folder;
  EXPECT_THAT(ZipArchive::Open(folder.path()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("is a folder")));
  EXPECT_THAT(ZipArchive::Open(folder.path() + "/none.xlsx"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("check the path")));
}

}  // namespace
}  // namespace waymark::node
