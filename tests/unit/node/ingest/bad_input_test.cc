// Files as they should not be: each a clear message or a line in the report, never a crash, never silence.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "folder.h"
#include "node/ingest/byte_source.h"
#include "tests/testing/status_matchers.h"

namespace waymark::node {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::waymark::testing::StatusIs;

std::string Toml(const std::string& more = "") {
  return absl::StrCat("[[source]]\nformat = \"event-log\"\npath = \"a.csv\"\ncovered_from = 2020-01-01\n",
                      "extract_date = 2025-03-31\n", more,
                      "[source.mapping]\nshape = \"episodes\"\nperson = \"kid\"\n",
                      "start = \"from\"\nend = \"to\"\nlevel = \"early_help\"\nteam = \"team\"\n");
}

absl::StatusOr<IngestResult> Read(const std::string& text, const std::string& more = "") {
  testing::Folder folder;
  folder.Write("a.csv", text);
  return folder.Read(Toml(more));
}

TEST(BadInput, IsReadAll_WhenItIsOnlyUnusual) {
  const std::string plain =
      "kid,from,to,team\na,2024-01-01,2024-02-01,North\nb,2024-03-01,,\"East, \"\"new\"\"\"\n";
  ASSERT_OK_AND_ASSIGN(const IngestResult expected, Read(plain));
  ASSERT_EQ(expected.records.episodes.size(), 2U);
  std::string crlf;
  for (const char c : plain) crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
  for (const std::string& text : {crlf, "\xEF\xBB\xBF" + plain, "\xEF\xBB\xBF" + crlf, plain + "\n\n,,,\n"}) {
    ASSERT_OK_AND_ASSIGN(const IngestResult read, Read(text));
    EXPECT_EQ(testing::Dump(read.records), testing::Dump(expected.records));
    EXPECT_EQ(read.report.files[0].rows_read, 2);
  }
}

TEST(BadInput, KeepsBreaksInsideFields_AndTellsLinesRight) {
  ASSERT_OK_AND_ASSIGN(const IngestResult read,
                       Read("kid,from,to,team\na,2024-01-01,,\"North\r\nOffice\"\nb,2024-99-01,,x\n"));
  EXPECT_EQ(testing::TextOf(read.records, read.records.episodes[0].team), "North\r\nOffice");
  EXPECT_THAT(read.report.files[0].left_out.at("date impossible or in another format").lines(),
              ElementsAre(4));
}

TEST(BadInput, IsRefused_WhenTheDelimiterIsWrong) {
  EXPECT_THAT(Read("kid;from;to;team\na;2024-01-01;;\n"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("a.csv"), HasSubstr("set delimiter = \";\""))));
  ASSERT_OK_AND_ASSIGN(const IngestResult read,
                       Read("kid;from;to;team\na;2024-01-01;;\n", "delimiter = \";\"\n"));
  EXPECT_EQ(read.records.episodes.size(), 1U);
}

TEST(BadInput, IsRefused_WhenItIsLatin1_AndReadWhenThatIsStated) {
  const std::string latin = "kid,from,to,team\na,2024-01-01,,Caf\xE9\n";
  EXPECT_THAT(Read(latin), StatusIs(absl::StatusCode::kInvalidArgument,
                                    AllOf(HasSubstr("a.csv:2"), HasSubstr("encoding = \"windows-1252\""))));
  ASSERT_OK_AND_ASSIGN(const IngestResult read, Read(latin, "encoding = \"windows-1252\"\n"));
  EXPECT_EQ(testing::TextOf(read.records, read.records.episodes[0].team), "Café");
}

TEST(BadInput, IsCounted_WhenRowsHaveTheWrongShape) {
  ASSERT_OK_AND_ASSIGN(
      const IngestResult read,
      Read("kid,from,to,team\na,2024-01-01\nb,2024-01-01,,x,y\nc,2024-01-01,,\"x\"y\nd,2024-01-01,,\n"
           "e,2024-01-02,,\nf,2024-01-02,,\ng,2024-01-02,,\n"));
  const FileReport& file = read.report.files[0];
  EXPECT_THAT(file.left_out.at("fewer fields than the header has").lines(), ElementsAre(2));
  EXPECT_THAT(file.left_out.at("more fields than the header has").lines(), ElementsAre(3));
  EXPECT_THAT(file.left_out.at("text after a closing quote").lines(), ElementsAre(4));
  EXPECT_EQ(file.rows_read, 7);
  EXPECT_EQ(file.rows_used, 4);
  EXPECT_FALSE(read.report.HasErrors());
}

TEST(BadInput, IsRefused_WhenEmptyOrUnreadable) {
  EXPECT_THAT(Read(""), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("a.csv is empty")));
  testing::Folder folder;
  EXPECT_THAT(folder.Read(Toml()),
              StatusIs(absl::StatusCode::kNotFound, AllOf(HasSubstr("a.csv"), HasSubstr("check the path"))));
  std::filesystem::create_directory(folder.path() + "/a.csv");
  EXPECT_THAT(folder.Read(Toml()), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("is a folder")));
}

TEST(BadInput, IsRefused_WhenTheFileMayNotBeRead) {
  testing::Folder folder;
  ASSERT_EQ(::chmod(folder.Write("a.csv", "kid\n").c_str(), 0), 0);
  // Root may read everything, so it is somebody else for a moment.
  const uid_t self = ::geteuid();
  ASSERT_EQ(::seteuid(self == 0 ? 65534 : self), 0);
  const absl::StatusOr<IngestResult> read = folder.Read(Toml());
  ASSERT_EQ(::seteuid(self), 0);
  EXPECT_THAT(read,
              StatusIs(absl::StatusCode::kPermissionDenied, HasSubstr("give the service's user access")));
}

TEST(BadInput, IsRefusedAtOnce_WhenThePathIsAPipe) {
  testing::Folder folder;
  ASSERT_EQ(::mkfifo((folder.path() + "/a.csv").c_str(), 0600), 0);
  EXPECT_THAT(folder.Read(Toml()),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("is not a regular file")));
}

TEST(BadInput, IsRefused_WhenALineHasTwoGigabytes) {
  testing::Folder folder;
  const std::string path = folder.Write("a.csv", "kid,from,to,team\na,2024-01-01,,");
  // A hole: it reads as NUL bytes, and takes no space on the disk.
  std::filesystem::resize_file(path, std::uintmax_t{2} << 30);
  EXPECT_THAT(folder.Read(Toml()),
              StatusIs(absl::StatusCode::kResourceExhausted, HasSubstr("a.csv:2: a field of more")));
}

TEST(BadInput, IsAnErrorOfTheReport_WhenNoRowCanBeUsed) {
  ASSERT_OK_AND_ASSIGN(const IngestResult read, Read("kid,from,to,team\na,01/02/2024,,\nb,01/03/2024,,\n"));
  EXPECT_TRUE(read.report.HasErrors());
  ASSERT_EQ(read.report.issues.size(), 1U);
  EXPECT_THAT(read.report.issues[0].message,
              AllOf(HasSubstr("0 of 2 rows could be used"), HasSubstr("date impossible or in another format"),
                    HasSubstr("are the mapping and the date format right?")));
}

TEST(BadInput, IsAWarning_WhenThereIsOnlyAHeaderOrHalfIsLost) {
  ASSERT_OK_AND_ASSIGN(const IngestResult none, Read("kid,from,to,team\n"));
  EXPECT_FALSE(none.report.HasErrors());
  ASSERT_EQ(none.report.issues.size(), 1U);
  EXPECT_THAT(none.report.issues[0].message, HasSubstr("has a header and no records"));
  ASSERT_OK_AND_ASSIGN(const IngestResult half, Read("kid,from,to,team\na,2024-01-01,,\nb,nonsense,,\n"));
  EXPECT_FALSE(half.report.HasErrors());
  EXPECT_EQ(half.report.issues.size(), 1U);
}

TEST(BadInput, IsToldOfAllSources_WhenSeveralFail) {
  testing::Folder folder;
  folder.Write("a.csv", "kid;from\n");
  std::string toml = Toml();
  std::string second = toml;
  second.replace(second.find("a.csv"), 5, "b.csv");
  EXPECT_THAT(folder.Read(toml + second), StatusIs(absl::StatusCode::kInvalidArgument,
                                                   AllOf(HasSubstr("set delimiter"), HasSubstr("b.csv"))));
}

TEST(FileBytes, TellsThatTheFileShrank_WhileItWasRead) {
  testing::Folder folder;
  const std::string path = folder.Write("a.csv", std::string(100'000, 'x'));
  ASSERT_OK_AND_ASSIGN(auto bytes, OpenFile(path));
  std::vector<char> buffer(10'000);
  ASSERT_OK_AND_ASSIGN(const std::size_t got, bytes->Read(buffer.data(), buffer.size()));
  EXPECT_EQ(got, buffer.size());
  std::filesystem::resize_file(path, 5'000);
  EXPECT_THAT(bytes->Read(buffer.data(), buffer.size()),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("shrank from 100000 to 10000 bytes")));
}

TEST(FileBytes, TellsThatTheFileChanged_WhileItWasRead) {
  testing::Folder folder;
  const std::string path = folder.Write("a.csv", "12345");
  ASSERT_OK_AND_ASSIGN(auto bytes, OpenFile(path));
  char buffer[5];
  ASSERT_OK(bytes->Read(buffer, sizeof buffer));
  std::ofstream(path, std::ios::app) << "67890";
  EXPECT_THAT(bytes->Read(buffer, sizeof buffer),
              StatusIs(absl::StatusCode::kUnavailable, HasSubstr("changed while")));
}

}  // namespace
}  // namespace waymark::node
