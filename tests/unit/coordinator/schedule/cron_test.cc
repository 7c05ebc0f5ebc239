#include "coordinator/schedule/cron.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/london_time.h"
#include "tests/testing/status_matchers.h"

namespace waymark::coordinator {
namespace {

using ::testing::HasSubstr;
using waymark::testing::StatusIs;

absl::Time Utc(const std::string& text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime("%Y-%m-%d %H:%M", text, absl::UTCTimeZone(), &time, &error)) << error;
  return time;
}

std::string Text(absl::Time time) {
  return absl::FormatTime("%Y-%m-%d %H:%M", time, absl::UTCTimeZone());
}

// The due times in (from, to], in UTC.
std::vector<std::string> Due(const std::string& line, const std::string& from, const std::string& to) {
  const Cron cron = Cron::Parse(line).value();
  const absl::TimeZone zone = London().value();
  std::vector<std::string> due;
  for (absl::Time time = cron.Next(Utc(from), zone); time <= Utc(to); time = cron.Next(time, zone)) {
    due.push_back(Text(time));
  }
  return due;
}

using Times = std::vector<std::string>;

TEST(Cron, FiresOnTheClocksOfLondon_InSummerAndWinter) {
  EXPECT_EQ(Due("0 6 15 1,4,7,10 *", "2026-01-01 00:00", "2026-12-31 00:00"),
            (Times{"2026-01-15 06:00", "2026-04-15 05:00", "2026-07-15 05:00", "2026-10-15 05:00"}));
}

TEST(Cron, FiresAtTheChange_WhereTheClocksLeaveItsHourOut) {
  // 29 March 2026, 01:00 GMT is 02:00 BST.
  EXPECT_EQ(Due("30 1 * * *", "2026-03-28 00:00", "2026-03-30 23:59"),
            (Times{"2026-03-28 01:30", "2026-03-29 01:00", "2026-03-30 00:30"}));
  EXPECT_EQ(Due("*/15 1 29 3 *", "2026-03-28 00:00", "2026-03-31 00:00"), (Times{"2026-03-29 01:00"}));
  EXPECT_EQ(Due("0 1,2 29 3 *", "2026-03-28 00:00", "2026-03-31 00:00"), (Times{"2026-03-29 01:00"}))
      << "what is left out and what is due at the change itself are one";
}

TEST(Cron, FiresOnce_WhereTheClocksBringItsHourTwice) {
  // 25 October 2026, 01:00 GMT is 02:00 BST: the hour from 00:00 to 01:00 UTC comes again.
  EXPECT_EQ(Due("30 1 * * *", "2026-10-24 00:00", "2026-10-26 23:59"),
            (Times{"2026-10-24 00:30", "2026-10-25 00:30", "2026-10-26 01:30"}));
  EXPECT_EQ(Due("0 * 25 10 *", "2026-10-24 23:30", "2026-10-25 03:00"),
            (Times{"2026-10-25 00:00", "2026-10-25 02:00", "2026-10-25 03:00"}))
      << "01:00, 02:00 and 03:00 on the clock";
  const Cron cron = Cron::Parse("30 1 * * *").value();
  EXPECT_EQ(Text(cron.Next(Utc("2026-10-25 00:45"), London().value())), "2026-10-26 01:30")
      << "asked in the hour that has come once";
}

TEST(Cron, TakesEitherDay_WhereBothAreRestricted) {
  EXPECT_EQ(Due("0 12 13 * fri", "2026-11-01 00:00", "2026-11-30 00:00"),
            (Times{"2026-11-06 12:00", "2026-11-13 12:00", "2026-11-20 12:00", "2026-11-27 12:00"}));
  EXPECT_EQ(Due("0 12 * * 7", "2026-11-01 00:00", "2026-11-10 00:00"),
            (Times{"2026-11-01 12:00", "2026-11-08 12:00"}));
  EXPECT_EQ(Due("0 12 * * 5-7", "2026-11-02 00:00", "2026-11-09 00:00"),
            (Times{"2026-11-06 12:00", "2026-11-07 12:00", "2026-11-08 12:00"}));
}

TEST(Cron, WaitsForALeapDay_EvenAroundTheCentury) {
  EXPECT_EQ(Due("0 0 29 2 *", "2096-03-01 00:00", "2104-12-31 00:00"), (Times{"2104-02-29 00:00"}));
}

// Minute by minute over two years, each judged by itself from the local time; written from the header alone.
class MinuteByMinute {
 public:
  explicit MinuteByMinute(const std::string& line) : fields_(absl::StrSplit(line, ' ')) {}

  std::vector<std::string> Due(absl::Time from, absl::Time to, const absl::TimeZone& zone) const {
    std::set<absl::Time> due;
    std::set<std::string> seen;  // labels that have come
    absl::Duration offset_before = absl::Seconds(zone.At(from).offset);
    for (absl::Time time = from + absl::Minutes(1); time <= to; time += absl::Minutes(1)) {
      const absl::TimeZone::CivilInfo now = zone.At(time);
      const absl::Duration jump = absl::Seconds(now.offset) - offset_before;
      offset_before = absl::Seconds(now.offset);
      // Labels that were left out just before this minute.
      for (absl::Duration back = jump; back > absl::ZeroDuration(); back -= absl::Minutes(1)) {
        if (Matches(now.cs - absl::ToInt64Seconds(back))) due.insert(time);
      }
      if (Matches(now.cs) && seen.insert(absl::FormatCivilTime(now.cs)).second) due.insert(time);
    }
    std::vector<std::string> texts;
    for (const absl::Time time : due) texts.push_back(Text(time));
    return texts;
  }

 private:
  static bool Holds(const std::string& field, int value) {
    for (const std::string& part : std::vector<std::string>(absl::StrSplit(field, ','))) {
      const std::vector<std::string> step = absl::StrSplit(part, '/');
      const int every = step.size() == 2 ? std::stoi(step[1]) : 1;
      int low = 0;
      int high = 1000;
      bool star = step[0] == "*";
      if (!star) {
        const std::vector<std::string> ends = absl::StrSplit(step[0], '-');
        low = std::stoi(ends[0]);
        high = ends.size() == 2 ? std::stoi(ends[1]) : step.size() == 2 ? 1000 : low;
      }
      // Days and months begin at 1, which the lines below only meet with a whole "*".
      if (value >= low && value <= high && (value - low) % every == 0) return true;
    }
    return false;
  }
  bool Matches(absl::CivilSecond at) const {
    const int weekday = (static_cast<int>(absl::GetWeekday(at)) + 1) % 7;
    const bool of_month = Holds(fields_[2], at.day());
    const bool of_week = Holds(fields_[4], weekday);
    const bool day = fields_[2] == "*" ? of_week : fields_[4] == "*" ? of_month : of_month || of_week;
    return day && Holds(fields_[0], at.minute()) && Holds(fields_[1], at.hour()) &&
           Holds(fields_[3], at.month());
  }
  std::vector<std::string> fields_;
};

TEST(Cron, AgreesWithAWalkOverEveryMinuteOfTwoYears) {
  const absl::TimeZone zone = London().value();
  for (const char* line :
       {"30 1 * * *", "0 * * * *", "*/7 0-2 * 3,10 *", "59 1 25-31 * 0", "0 6 15 1,4,7,10 *", "5/20 23 1 * 3",
        "15 1,2 * * 6-6", "0 0 29 2 *", "1-59/29 */5 28 * *"}) {
    SCOPED_TRACE(line);
    EXPECT_EQ(Due(line, "2026-01-01 00:00", "2028-03-01 00:00"),
              MinuteByMinute(line).Due(Utc("2026-01-01 00:00"), Utc("2028-03-01 00:00"), zone));
  }
}

TEST(Cron, Refuses_NamingTheField) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "five fields"},
      {"0 6 15 1", "five fields"},
      {"0 6 15 1 * *", "five fields"},
      {"@daily", "five fields"},
      {absl::StrCat(std::string(300, '1'), " 1 1 1 1"), "200 bytes"},
      {"60 6 15 1 *", "cron: minute \"60\""},
      {"0 24 15 1 *", "cron: hour \"24\""},
      {"0 6 0 1 *", "day of the month \"0\""},
      {"0 6 32 1 *", "day of the month \"32\""},
      {"0 6 1 13 *", "month \"13\""},
      {"0 6 1 foo *", "month \"foo\": expected *, or numbers from 1 to 12 or jan to dec"},
      {"0 6 1 1 8", "day of the week \"8\""},
      {"5-1 6 1 1 *", "minute \"5-1\""},
      {"*/0 6 1 1 *", "minute \"*/0\""},
      {"1/2/3 6 1 1 *", "minute"},
      {"1, 6 1 1 *", "minute \"1,\""},
      {"-1 6 1 1 *", "minute \"-1\""},
      {"999999999999999999999 6 1 1 *", "minute"},
      {"0 6 31 2 *", "never fires"},
      {"0 6 31 4,6,9,11 *", "never fires"}};
  for (const auto& [line, message] : cases) {
    EXPECT_THAT(Cron::Parse(line).status(), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(message)))
        << line;
  }
  EXPECT_OK(Cron::Parse("0 6 31 2 mon").status()) << "Mondays there are";
  EXPECT_EQ(Cron::Parse("  0 6\t15 JAN  * ").value().line(), "0 6 15 jan *");
}

}  // namespace
}  // namespace waymark::coordinator
