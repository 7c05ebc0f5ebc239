#include "base/working_days.h"

#include <set>
#include <string>

#include "absl/strings/str_replace.h"
#include "tests/testing/status_matchers.h"

namespace waymark {
namespace {

using ::testing::HasSubstr;
using testing::StatusIs;

constexpr char kFile[] = "catalogue/bank-holidays.txt";

Day D(const char* iso) {
  return ParseIsoDay(iso).value();
}

WorkingDays Calendar() {
  return WorkingDays::Load(kFile).value();
}

// The rules of the Banking and Financial Dealings Act 1971 and the days proclaimed since, worked out anew.
class Rules {
 public:
  static std::set<Day> HolidaysOf(int year) {
    std::set<Day> days;
    const Day easter = EasterOf(year);
    days.insert({easter - 2, easter + 1});
    Add(days, *DayOf({year, 1, 1}));
    Add(days, *DayOf({year, 12, 25}));
    Add(days, *DayOf({year, 12, 26}));
    days.insert(year == 1995 || year == 2020 ? *DayOf({year, 5, 8}) : MondayFrom(*DayOf({year, 5, 1})));
    days.insert(MondayFrom(*DayOf({year, 8, 25})));
    switch (year) {
      case 2002:
        days.insert({D("2002-06-03"), D("2002-06-04")});
        break;
      case 2012:
        days.insert({D("2012-06-04"), D("2012-06-05")});
        break;
      case 2022:
        days.insert({D("2022-06-02"), D("2022-06-03")});
        break;
      default:
        days.insert(MondayFrom(*DayOf({year, 5, 25})));
    }
    for (const char* once : {"1999-12-31", "2011-04-29", "2022-09-19", "2023-05-08"}) {
      if (CivilDateOf(D(once)).year == year) days.insert(D(once));
    }
    return days;
  }

  // 0 Monday … 6 Sunday, counted on from a Monday: 3 January 2000.
  static int WeekdayOf(Day day) { return ((day - D("2000-01-03")) % 7 + 7) % 7; }

  // Gauss's rule: the full moon of spring, then the Sunday after it.
  static Day EasterOf(int year) {
    const int century = year / 100;
    const int moon = (15 + century - (13 + 8 * century) / 25 - century / 4) % 30;
    const int sun = (4 + century - century / 4) % 7;
    const int d = (19 * (year % 19) + moon) % 30;
    const int e = (2 * (year % 4) + 4 * (year % 7) + 6 * d + sun) % 7;
    int day = 22 + d + e;
    if (d == 29 && e == 6) day = 50;
    if (d == 28 && e == 6 && (11 * moon + 11) % 30 < 19) day = 49;
    return *DayOf({year, 3, 1}) + day - 1;
  }

 private:
  static Day MondayFrom(Day day) {
    while (WeekdayOf(day) != 0) ++day;
    return day;
  }
  // On the next weekday that is none already.
  static void Add(std::set<Day>& days, Day day) {
    while (WeekdayOf(day) > 4 || days.contains(day)) ++day;
    days.insert(day);
  }
};

TEST(WorkingDays, KnowTheBankHolidaysOfTheRules_ByEveryDayOf33Years) {
  const WorkingDays calendar = Calendar();
  EXPECT_EQ(FormatDay(calendar.first()), "1995-01-01");
  EXPECT_EQ(FormatDay(calendar.last()), "2027-12-31");
  for (Day day = calendar.first(); day <= calendar.last(); ++day) {
    const bool working = Rules::WeekdayOf(day) < 5 && !Rules::HolidaysOf(CivilDateOf(day).year).contains(day);
    ASSERT_EQ(calendar.IsWorkingDay(day), working) << FormatDay(day);
  }
}

TEST(WorkingDays, CountEveryDayAfterTheFirst_AgainstAWalkOverDays) {
  const WorkingDays calendar = Calendar();
  for (Day start = D("2021-12-01"); start <= D("2022-06-30"); ++start) {
    int count = 0;
    for (Day end = start; end <= start + 120; ++end) {
      if (end > start && *calendar.IsWorkingDay(end)) ++count;
      ASSERT_EQ(calendar.Between(start, end), count) << FormatDay(start) << " to " << FormatDay(end);
    }
  }
}

TEST(WorkingDays, CountTheDayAfterAsDayOne) {
  const WorkingDays calendar = Calendar();
  EXPECT_EQ(calendar.Between(D("2024-06-03"), D("2024-06-03")), 0) << "the same day";
  EXPECT_EQ(calendar.Between(D("2024-06-07"), D("2024-06-10")), 1) << "Friday to Monday";
  EXPECT_EQ(calendar.Between(D("2024-06-08"), D("2024-06-10")), 1) << "Saturday to Monday";
  EXPECT_EQ(calendar.Between(D("2024-03-28"), D("2024-04-02")), 1) << "over Easter";
  EXPECT_EQ(calendar.Between(D("2024-06-10"), D("2024-06-07")), std::nullopt) << "backwards";
}

TEST(WorkingDays, SayNothingBeyondTheirYears) {
  const WorkingDays calendar = Calendar();
  EXPECT_EQ(calendar.IsWorkingDay(D("1994-12-31")), std::nullopt);
  EXPECT_EQ(calendar.IsWorkingDay(D("2028-01-01")), std::nullopt);
  EXPECT_EQ(calendar.Between(D("1994-12-31"), D("1995-01-03")), std::nullopt);
  EXPECT_EQ(calendar.Between(D("2027-12-31"), D("2028-01-03")), std::nullopt);
  EXPECT_EQ(calendar.Between(D("2027-12-30"), D("2027-12-31")), 1);
  EXPECT_EQ(calendar.YearsInWords(), "1995 to 2027");
  EXPECT_EQ(WorkingDays().IsWorkingDay(0), std::nullopt);
  EXPECT_EQ(WorkingDays().YearsInWords(), "no year");
}

std::string YearOf2024() {
  return "2024-01-01 a\n2024-03-29 b\n2024-04-01 c\n2024-05-06 d\n2024-05-27 e\n2024-08-26 f\n2024-12-25 "
         "g\n2024-12-26 h\n";
}

TEST(BankHolidays, AreReadWithCommentsAndCarriageReturns) {
  const std::string text = "# from somewhere\r\n\r\n" + absl::StrReplaceAll(YearOf2024(), {{"\n", "\r\n"}});
  ASSERT_OK_AND_ASSIGN(const WorkingDays calendar, WorkingDays::Parse(text, "f"));
  EXPECT_EQ(calendar.IsWorkingDay(D("2024-12-26")), false);
  EXPECT_EQ(calendar.IsWorkingDay(D("2024-12-27")), true);
}

TEST(BankHolidays, AreRefusedWithTheLine_WhenTheyCannotBe) {
  const auto refused = [](const std::string& text, const char* what) {
    EXPECT_THAT(WorkingDays::Parse(text, "f.txt"),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(what)))
        << text;
  };
  refused("", "no bank holiday");
  refused("2024-02-30 no day\n", "f.txt:1: expected a date");
  refused("2024-01-01\n", "f.txt:1: expected a date and a name");
  refused("2024-01-01,New Year\n", "f.txt:1: expected a date and a name");
  refused("# x\n2024-06-01 Saturday\n", "f.txt:2: 2024-06-01 is no weekday");
  refused(YearOf2024() + "2024-12-26 again\n", "f.txt:9: 2024-12-26 does not follow");
  refused(YearOf2024() + "2025-01-01 a\n", "2025 has 1 bank holidays, expected at least 8");
  refused(YearOf2024() + "2026-01-01 a\n", "2025 has 0 bank holidays");
  EXPECT_THAT(WorkingDays::Load("catalogue/no-such-file.txt"),
              StatusIs(absl::StatusCode::kNotFound, HasSubstr("no-such-file")));
}

}  // namespace
}  // namespace waymark
