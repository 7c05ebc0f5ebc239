#include "node/ingest/date_format.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/status_matchers.h"

namespace waymark::node {
namespace {

using ::testing::HasSubstr;
using ::waymark::testing::StatusIs;

std::string Read(absl::string_view format, absl::string_view text,
                 absl::string_view time_zone = "Europe/London",
                 absl::string_view local_zone = "Europe/London") {
  const auto compiled = DateFormat::Compile(format, time_zone, local_zone);
  if (!compiled.ok()) return std::string(compiled.status().message());
  const auto day = compiled->Parse(text);
  if (!day) return "none";
  return *day == kFarFuture ? "far future" : FormatDay(*day);
}

TEST(DateFormat, ReadsDates) {
  EXPECT_EQ(Read("%Y-%m-%d", "2024-02-29"), "2024-02-29");
  EXPECT_EQ(Read("%Y-%m-%d", "  2024-02-29 "), "2024-02-29");
  EXPECT_EQ(Read("%Y-%m-%d", "2024-2-9"), "2024-02-09");
  EXPECT_EQ(Read("%d/%m/%Y", "01/04/2025"), "2025-04-01");
  EXPECT_EQ(Read("%d/%m/%Y", "1/4/2025"), "2025-04-01");
  EXPECT_EQ(Read("%d-%b-%Y", "01-Apr-2025"), "2025-04-01");
  EXPECT_EQ(Read("%d %b %Y", "1 september 2025"), "2025-09-01");
  EXPECT_EQ(Read("%d/%m/%y", "01/04/49"), "2049-04-01");
  EXPECT_EQ(Read("%d/%m/%y", "01/04/50"), "1950-04-01");
  EXPECT_EQ(Read("%Y%m%d", "20250401"), "2025-04-01");
}

TEST(DateFormat, ReadsNone_WhenThereIsNoSuchDate) {
  for (const char* text :
       {"2023-02-29", "2024-04-31", "2024-13-01", "2024-00-10", "2024-01-00", "0024-01-01", "01/04/2025",
        "2024-01-01x", "x2024-01-01", "2024-01", "", " ", "2024-01-01 00:00:00"}) {
    EXPECT_EQ(Read("%Y-%m-%d", text), "none") << text;
  }
  EXPECT_EQ(Read("%d/%m/%Y", "13/13/2024"), "none");
  EXPECT_EQ(Read("%Y%m%d", "2025041"), "none");
  EXPECT_EQ(Read("%Y-%m-%d %H:%M", "2024-01-01 24:00"), "none");
  EXPECT_EQ(Read("%Y-%m-%d %H:%M", "2024-01-01 10:60"), "none");
}

TEST(DateFormat, TellsTheFarFuture_WhenADateStandsForNoEnd) {
  EXPECT_EQ(Read("%Y-%m-%d", "9999-12-31"), "far future");
  EXPECT_EQ(Read("%d/%m/%Y", "31/12/2999"), "far future");
  EXPECT_EQ(Read("%Y-%m-%d", "9999-02-30"), "none");
}

TEST(DateFormat, TakesTheDayInTheLocalZone_WhenTheTextHasAnOffset) {
  // 22:00 in Greenwich is midnight of the next day in Amsterdam in summer, 23:00 in winter.
  constexpr absl::string_view kFormat = "%Y-%m-%d %H:%M:%S%z";
  EXPECT_EQ(Read(kFormat, "2014-04-10 22:00:00+00:00", "UTC", "Europe/Amsterdam"), "2014-04-11");
  EXPECT_EQ(Read(kFormat, "2014-04-10 21:59:59+00:00", "UTC", "Europe/Amsterdam"), "2014-04-10");
  EXPECT_EQ(Read(kFormat, "2014-01-09 23:00:00Z", "UTC", "Europe/Amsterdam"), "2014-01-10");
  EXPECT_EQ(Read(kFormat, "2014-01-09 22:59:59+0000", "UTC", "Europe/Amsterdam"), "2014-01-09");
  EXPECT_EQ(Read(kFormat, "2014-01-01 00:30:00+01:00", "UTC", "Europe/London"), "2013-12-31");
  EXPECT_EQ(Read(kFormat, "2013-12-31 23:30:00-01", "UTC", "Europe/London"), "2014-01-01");
}

TEST(DateFormat, TakesTheTimeZone_WhenTheTextHasNone) {
  constexpr absl::string_view kFormat = "%Y-%m-%d %H:%M:%S";
  EXPECT_EQ(Read(kFormat, "2024-07-01 23:30:00", "UTC", "Europe/London"), "2024-07-02");
  EXPECT_EQ(Read(kFormat, "2024-01-01 23:30:00", "UTC", "Europe/London"), "2024-01-01");
  EXPECT_EQ(Read(kFormat, "2024-07-01 23:30:00.123", "Europe/London", "Europe/London"), "2024-07-01");
  // An hour that the clocks skip, and one that they repeat.
  EXPECT_EQ(Read(kFormat, "2024-03-31 01:30:00", "Europe/London", "UTC"), "2024-03-31");
  EXPECT_EQ(Read(kFormat, "2024-10-27 01:30:00", "Europe/London", "UTC"), "2024-10-27");
}

TEST(DateFormat, PassesThroughNoZone_WhenThereIsNoTime) {
  EXPECT_EQ(Read("%Y-%m-%d", "2024-07-01", "Pacific/Auckland", "America/Los_Angeles"), "2024-07-01");
}

TEST(DateFormat, Refuses_WhenTheFormatCannotGiveADay) {
  const auto compile = [](absl::string_view format, absl::string_view zone) {
    return DateFormat::Compile(format, zone, "Europe/London").status();
  };
  EXPECT_THAT(compile("%Q", "UTC"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("no date format")));
  EXPECT_THAT(compile("%Y-%m-%d%", "UTC"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("no date format")));
  EXPECT_THAT(compile("%Y-%m", "UTC"), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("lacks")));
  EXPECT_THAT(compile("", "UTC"), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("lacks")));
  EXPECT_THAT(compile("%Y-%m-%d", "Mars/Base"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("no known time zone")));
}

// Every day of thirty years, at every half hour of two of its days: against Abseil's own formatting.
TEST(DateFormat, AgreesWithAnotherReader) {
  absl::TimeZone london;
  ASSERT_TRUE(absl::LoadTimeZone("Europe/London", &london));
  ASSERT_OK_AND_ASSIGN(const DateFormat format,
                       DateFormat::Compile("%Y-%m-%dT%H:%M:%S%z", "UTC", "Europe/London"));
  for (absl::Time at = absl::FromUnixSeconds(0); at < absl::FromUnixSeconds(946'684'800);
       at += absl::Minutes(997)) {
    const std::string text = absl::FormatTime("%Y-%m-%dT%H:%M:%S%Ez", at, absl::UTCTimeZone());
    ASSERT_EQ(FormatDay(format.Parse(text).value_or(0)), absl::FormatTime("%Y-%m-%d", at, london)) << text;
  }
}

}  // namespace
}  // namespace waymark::node
