#include "node/ingest/number_format.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace waymark::node {
namespace {

TEST(NumberFormat, IsADate_WhenItsCodeShowsADayOrAYear) {
  for (const char* code : {"dd/mm/yyyy;@", "yyyy-mm-dd", "[$-809]dd mmmm yyyy;@", "d-mmm-yy", "mmm-yy",
                           "dd/mm/yyyy hh:mm", "yyyy\\-mm\\-dd", "[Red]dd/mm/yy", "\"on \"d.m.yy"}) {
    EXPECT_TRUE(IsDateFormat(code)) << code;
  }
  for (const char* code : {"General", "GENERAL", "0", "0.00", "@", "#,##0", "hh:mm", "mm:ss", "[h]:mm:ss",
                           "\"day\" 0", "0\\d", "[Red]0;[Blue]d", "_d0", "0 \"years\"", ""}) {
    EXPECT_FALSE(IsDateFormat(code)) << code;
  }
}

TEST(NumberFormat, IsADate_WhenItsNumberIsOneOfThoseThatEveryWorkbookHas) {
  for (const int number : {14, 15, 16, 17, 22, 27, 31, 36, 50, 57, 58})
    EXPECT_TRUE(IsDateFormat(number)) << number;
  for (const int number : {0, 1, 2, 13, 18, 19, 20, 21, 23, 32, 37, 45, 46, 47, 49, 55, 164}) {
    EXPECT_FALSE(IsDateFormat(number)) << number;
  }
}

TEST(SerialDate, CountsFrom1900WithTheLeapDayThatNeverWas) {
  const auto day = [](double serial) { return SerialDate(serial, false); };
  EXPECT_EQ(day(1), "1900-01-01");
  EXPECT_EQ(day(59), "1900-02-28");
  EXPECT_EQ(day(60), "1900-02-29");
  EXPECT_EQ(day(61), "1900-03-01");
  EXPECT_EQ(day(25569), "1970-01-01");
  EXPECT_EQ(day(44090), "2020-09-16");
  EXPECT_EQ(day(45351), "2024-02-29");
  EXPECT_EQ(day(2958465), "9999-12-31");
}

TEST(SerialDate, CountsFrom1904_WhenTheWorkbookDoes) {
  EXPECT_EQ(SerialDate(0, true), "1904-01-01");
  EXPECT_EQ(SerialDate(60, true), "1904-03-01");
  EXPECT_EQ(SerialDate(44090 - 1462, true), "2020-09-16");
}

TEST(SerialDate, KeepsTheTimeToTheSecond) {
  EXPECT_EQ(SerialDate(44090.5, false), "2020-09-16 12:00:00");
  EXPECT_EQ(SerialDate(44090.604166666664, false), "2020-09-16 14:30:00");
  EXPECT_EQ(SerialDate(44090.999994, false), "2020-09-16 23:59:59");
  EXPECT_EQ(SerialDate(44090.999999, false), "2020-09-17");
  EXPECT_EQ(SerialDate(44090.000001, false), "2020-09-16");
}

TEST(SerialDate, IsNothing_WhenThereIsNoSuchDay) {
  EXPECT_EQ(SerialDate(-1, false), std::nullopt);
  EXPECT_EQ(SerialDate(0.5, false), std::nullopt);
  EXPECT_EQ(SerialDate(2958466, false), std::nullopt);
  EXPECT_EQ(SerialDate(2958465, true), std::nullopt);
  EXPECT_EQ(SerialDate(1e300, false), std::nullopt);
  EXPECT_EQ(SerialDate(std::stod("nan"), false), std::nullopt);
}

TEST(NumberText, WritesWholeNumbersPlainly) {
  EXPECT_EQ(NumberText("9212044"), "9212044");
  EXPECT_EQ(NumberText("0012"), "0012");
  EXPECT_EQ(NumberText("9.212044E6"), "9212044");
  EXPECT_EQ(NumberText("1.23456789012E+11"), "123456789012");
  EXPECT_EQ(NumberText("7961370.0"), "7961370");
  EXPECT_EQ(NumberText("-3"), "-3");
  EXPECT_EQ(NumberText("6.1382614647501708"), "6.138261464750171");
  EXPECT_EQ(NumberText("0.1"), "0.1");
  EXPECT_EQ(NumberText("12345678901234567890"), "12345678901234567890");
  EXPECT_EQ(NumberText("N1"), "N1");
  EXPECT_EQ(NumberText("inf"), "inf");
}

}  // namespace
}  // namespace waymark::node
