#include "node/ingest/source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "folder.h"
#include "node/ingest/formats.h"
#include "tests/testing/status_matchers.h"

namespace waymark::node {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::waymark::testing::StatusIs;

absl::StatusOr<std::vector<SourceConfig>> Read(const std::string& toml) {
  ASSIGN_OR_RETURN(ConfigTable root, ConfigTable::Parse(toml, "node.toml"));
  std::vector<SourceConfig> sources = ReadSources(root, "/etc/waymark");
  RETURN_IF_ERROR(root.Finish());
  return sources;
}

constexpr char kHead[] =
    "[[source]]\nformat = \"event-log\"\npath = \"a.csv\"\ncovered_from = 2020-01-01\n"
    "extract_date = 2025-01-01\n";

TEST(ReadSources, ReadsAMappedLog) {
  ASSERT_OK_AND_ASSIGN(const auto sources, Read(absl::StrCat(kHead, R"(delimiter = "\t"
encoding = "latin-1"
carries = ["early_help", "contacts"]
[source.mapping]
shape = "events"
person = "id"
activity = "a"
timestamp = "t"
inactivity_days = 60
end_at_last_event = true
[source.mapping.stages]
"01_*" = "early_help"
"end" = "close"
[source.mapping.codes.end_reason]
"Done" = "outcomes_met"
[[source]]
format = "ssd"
path = "/data/ssd"
covered_from = "2021-01-01"
extract_date = 2025-01-01
)")));
  ASSERT_EQ(sources.size(), 2U);
  EXPECT_EQ(sources[0].path, "/etc/waymark/a.csv");
  EXPECT_EQ(sources[0].csv.delimiter, '\t');
  EXPECT_EQ(sources[0].csv.encoding, Encoding::kWindows1252);
  EXPECT_TRUE(sources[0].carries->contacts);
  EXPECT_FALSE(sources[0].carries->social_care);
  EXPECT_EQ(sources[0].mapping.inactivity_days, 60);
  EXPECT_TRUE(sources[0].mapping.end_at_last_event);
  EXPECT_EQ(sources[0].mapping.stages.at("end").kind, StageAction::Kind::kClose);
  EXPECT_EQ(sources[0].codes.at(CodeField::kEndReason).at("Done"), "outcomes_met");
  EXPECT_EQ(sources[1].format, FormatNamed("ssd"));
  EXPECT_EQ(sources[1].path, "/data/ssd");
  EXPECT_EQ(FormatDay(sources[1].covered_from), "2021-01-01");
  EXPECT_FALSE(sources[1].carries.has_value());
}

TEST(ReadSources, SaysWhatIsMissing) {
  EXPECT_THAT(Read("x = 1\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("add a [[source]] table")));
  EXPECT_THAT(Read("[[source]]\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("format: missing; expected one of ")));
  EXPECT_THAT(Read("[[source]]\nformat = \"ssd\"\n"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("path: missing"), HasSubstr("covered_from: missing"),
                             HasSubstr("extract_date: missing"))));
  EXPECT_THAT(Read(kHead), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("add [source.mapping]")));
  EXPECT_THAT(Read(absl::StrCat(kHead, "[source.mapping]\n")),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("shape: missing; expected one of episodes, events"),
                             HasSubstr("person: missing"))));
  EXPECT_THAT(
      Read(absl::StrCat(kHead, "[source.mapping]\nshape = \"episodes\"\nperson = \"p\"\n")),
      StatusIs(absl::StatusCode::kInvalidArgument,
               AllOf(HasSubstr("start: missing"), HasSubstr("end: missing"), HasSubstr("level: missing"))));
  EXPECT_THAT(Read(absl::StrCat(kHead, "[source.mapping]\nshape = \"events\"\nperson = \"p\"\n")),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("activity: missing"), HasSubstr("timestamp: missing"),
                             HasSubstr("stages: missing"))));
}

TEST(ReadSources, SaysWhatIsWrong_WithItsLine) {
  EXPECT_THAT(Read("[[source]]\nformat = \"annexa\"\nworkbook = \"y\"\n"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("node.toml:2"), HasSubstr("is \"annexa\"; expected one of"),
                             ::testing::Not(HasSubstr("workbook")))));
  EXPECT_THAT(
      Read(absl::StrCat(kHead, R"(delimiter = ";;"
encoding = "utf-16"
carries = ["contact"]
[source.mapping]
shape = "events"
person = "p"
activity = "a"
timestamp = "t"
date_format = "%Y-%Q"
inactivity_days = 0
pair = "x"
[source.mapping.stages]
"A" = "early help"
"B*C" = "cin"
[source.mapping.codes.end_reason]
"Done" = "met"
)")),
      StatusIs(absl::StatusCode::kInvalidArgument,
               AllOf(HasSubstr("node.toml:6"), HasSubstr("expected one character"), HasSubstr("utf-16"),
                     HasSubstr("\"contact\" is none of early_help, social_care, contacts"),
                     HasSubstr("is no date format"), HasSubstr("expected a whole number from 1"),
                     HasSubstr("pair: unknown key"), HasSubstr("is \"early help\"; expected early_help"),
                     HasSubstr("a * may stand at the end only"),
                     HasSubstr("\"met\" is no code of end_reason; expected one of outcomes_met"))));
  EXPECT_THAT(Read("[[source]]\nformat = \"ssd\"\npath = \"x\"\ncovered_from = 2025-01-02\nextract_date = "
                   "2025-01-01\n"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("is after extract_date")));
  EXPECT_THAT(
      Read(absl::StrCat(kHead,
                        "[source.mapping]\nshape = \"episodes\"\nperson = \"p\"\nstart = \"s\"\nend = "
                        "\"e\"\nlevel = \"cp\"\nlocal_zone = \"Nowhere\"\n")),
      StatusIs(absl::StatusCode::kInvalidArgument,
               HasSubstr("local_zone: \"Nowhere\" is no known time zone")));
  EXPECT_THAT(
      Read(absl::StrCat(kHead,
                        "[source.mapping]\nshape = \"events\"\nperson = \"p\"\nactivity = \"a\"\ntimestamp "
                        "= \"t\"\nstages = { x = \"close\" }\n")),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("no activity opens a level")));
}

}  // namespace
}  // namespace waymark::node
