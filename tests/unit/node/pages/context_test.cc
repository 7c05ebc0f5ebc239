#include "node/pages/context.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "node/pages/refresher.h"
#include "tests/testing/fake_clock.h"
#include "tests/testing/status_matchers.h"

namespace waymark::node {
namespace {

using Json = nlohmann::ordered_json;
using testing::StatusIs;

TEST(ContextTest, WritesAmountsAsPeopleDo) {
  EXPECT_EQ(AmountText(23.44, "%"), "23.4%");
  EXPECT_EQ(AmountText(100, "%"), "100%");
  EXPECT_EQ(AmountText(1204.4, "£"), "£1,204");
  EXPECT_EQ(AmountText(-1204567, "£"), "-£1,204,567");
  EXPECT_EQ(AmountText(112, "days"), "112 days");
  EXPECT_EQ(AmountText(2.305, "per 10,000"), "2.31 per 10,000");
  EXPECT_EQ(AmountText(999, ""), "999");
  EXPECT_EQ(AmountText(-0.001, "%"), "0%");
  EXPECT_EQ(CountText(1234567), "1,234,567");
  EXPECT_EQ(CountText(123), "123");
  EXPECT_EQ(CountText(std::nullopt), "");
  EXPECT_EQ(SpanText(1200, 1300.55), "1,200 to 1,300.5");
  EXPECT_EQ(SpanText(std::nullopt, 3), "3 or less");
  EXPECT_EQ(SpanText(std::nullopt, std::nullopt), "");
}

TEST(ContextTest, NoTwoReasonsForNoFigureAreAlike) {
  std::set<std::string> words;
  for (const v1::FigureStatus status :
       {v1::FIGURE_STATUS_SHOWN, v1::FIGURE_STATUS_SUPPRESSED, v1::FIGURE_STATUS_NOT_APPLICABLE,
        v1::FIGURE_STATUS_NOT_AVAILABLE, v1::FIGURE_STATUS_LOW, v1::FIGURE_STATUS_ABSENT,
        v1::FIGURE_STATUS_TOO_FEW}) {
    EXPECT_TRUE(words.insert(WhyNoFigure(status)).second) << status;
  }
  FigureRow row;
  for (const Completeness completeness :
       {Completeness::kNotYet, Completeness::kNotCovered, Completeness::kNotAvailable}) {
    row.completeness = completeness;
    row.reason = "because";
    EXPECT_TRUE(words.insert(FigureText(row)).second);
  }
  row.completeness = Completeness::kPartial;
  row.figure.value = 3;
  row.unit = "%";
  EXPECT_EQ(FigureText(row), "3% so far");
}

TEST(ContextTest, EveryRowOfATableHasAllItsNames) {
  const Json table = TableContext({.caption = "c", .header = {"Name", ">Count"}, .rows = {{"a", "1"}, {"b"}}},
                                  {"/somewhere"});
  EXPECT_EQ(table["header"][1], Json({{"text", "Count"}, {"is_number", true}}));
  for (const Json& row : table["rows"]) {
    ASSERT_EQ(row["cells"].size(), 2u);
    for (const Json& cell : row["cells"]) {
      for (const char* name : {"text", "is_number", "is_head", "href"})
        EXPECT_TRUE(cell.contains(name)) << name;
    }
  }
  EXPECT_EQ(table["rows"][0]["cells"][0]["href"], "/somewhere");
  EXPECT_EQ(table["rows"][1]["cells"][0]["href"], "");
  EXPECT_EQ(table["rows"][1]["cells"][1]["text"], "");
}

TEST(ContextTest, WritesDays) {
  EXPECT_EQ(DayText(0), "1 January 1970");
  EXPECT_EQ(DayText(*DayOf({.year = 2025, .month = 3, .day = 31})), "31 March 2025");
  EXPECT_EQ(DayText(kNoDay), "");
}

TEST(RefresherTest, ReadsNext_AtTwoInTheMorning) {
  const auto at = [](const char* text) {
    absl::Time time;
    std::string error;
    EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, text, &time, &error)) << error;
    return time;
  };
  EXPECT_EQ(NextNight(at("2026-11-23T01:59:59Z")), at("2026-11-23T02:00:00Z"));
  EXPECT_EQ(NextNight(at("2026-11-23T02:00:00Z")), at("2026-11-24T02:00:00Z"));
  EXPECT_EQ(NextNight(at("2026-12-31T14:00:00Z")), at("2027-01-01T02:00:00Z"));
}

TEST(RefresherTest, SaysWhyAReadingFailed_AndKeepsTheOneBefore) {
  testing::FakeClock clock(absl::FromUnixSeconds(1'780'000'000));
  absl::StatusOr<std::shared_ptr<const Snapshot>> next = std::shared_ptr<const Snapshot>();
  Refresher refresher([&next] { return next; }, clock);
  EXPECT_EQ(refresher.Now().snapshot, nullptr);
  EXPECT_OK(refresher.ReadNow());
  next = absl::InvalidArgumentError("the file is gone");
  EXPECT_THAT(refresher.ReadNow(),
              StatusIs(absl::StatusCode::kInvalidArgument, ::testing::HasSubstr("the file is gone")));
  EXPECT_EQ(refresher.Now().error, "the file is gone");
  EXPECT_FALSE(refresher.Now().is_reading);
}

}  // namespace
}  // namespace waymark::node
