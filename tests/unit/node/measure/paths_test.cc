// The commonest paths against a walk day by day over random histories.
#include "node/measure/paths.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <utility>

#include "tests/testing/status_matchers.h"
#include "tests/unit/node/journey/records_builder.h"
#include "tests/unit/node/measure/random_histories.h"

namespace waymark::node {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Period P(const std::string& text) {
  return ParsePeriod(text).value();
}

using Counts = std::map<std::vector<State>, std::int64_t>;

// Of each child the states of its days that count, one after another.
Counts DayByDay(const Journeys& journeys, const Period& period, Day until) {
  Counts counts;
  for (PersonIndex person = 0; person < journeys.persons(); ++person) {
    const Person& known = journeys.person(person);
    const Day adult = known.birth == kNoDay ? kNoDay : Birthday(known.birth, 18);
    const Day first_closure = journeys.FirstClosure(person);
    std::vector<State> states;
    bool helped = false;
    for (Day day = period.first; day <= period.last && day <= until && day < known.death && day < adult;
         ++day) {
      const State state = journeys.StateOn(person, day);
      if (state == State::kNone && (first_closure == kNoDay || day < first_closure)) continue;
      helped = helped || state != State::kNone;
      if (states.empty() || states.back() != state) states.push_back(state);
    }
    if (helped) ++counts[states];
  }
  return counts;
}

TEST(Paths, AreThoseOfEveryDay_InRandomHistories) {
  RandomHistories random(20'241'122);
  std::int64_t met = 0;
  for (int council = 0; council < 300; ++council) {
    ASSERT_OK_AND_ASSIGN(const Journeys journeys, BuildJourneys(random.Draw()));
    const Day until = journeys.records().early_help.extract;
    for (const char* const label : {"2022-23", "2023-24", "2024-25", "2023-24-Q3"}) {
      const Counts wanted = DayByDay(journeys, P(label), until);
      const Paths paths = CommonestPaths(journeys, P(label), until, 1000);
      Counts got;
      std::int64_t children = 0;
      for (const Path& path : paths.commonest) {
        got[path.states] = path.children;
        children += path.children;
      }
      ASSERT_EQ(got, wanted) << label << ", council " << council;
      EXPECT_EQ(paths.children, children);
      EXPECT_EQ(paths.different, static_cast<std::int64_t>(wanted.size()));
      met += children;
    }
  }
  EXPECT_GT(met, 1000);
}

TEST(Paths, HaveTheCommonestFirstAndNoMoreThanAsked) {
  RecordsBuilder records;
  for (const char* const child : {"a", "b", "c"}) records.EarlyHelp(child, "2024-05-01", "2024-08-01");
  for (const char* const child : {"d", "e"}) records.Cin(child, "2024-05-01", "");
  records.EarlyHelp("f", "2024-03-01", "2024-05-01").Cin("f", "2024-06-01", "");
  records.EarlyHelp("g", "2023-05-01", "2023-08-01");  // in none all the year
  const Journeys journeys = records.Build();
  const Paths paths = CommonestPaths(journeys, P("2024-25"), journeys.records().early_help.extract, 2);
  EXPECT_EQ(paths.children, 6);
  EXPECT_EQ(paths.different, 3);
  ASSERT_EQ(paths.commonest.size(), 2U);
  EXPECT_EQ(paths.commonest[0].children, 3);
  EXPECT_THAT(paths.commonest[0].states, ElementsAre(State::kEarlyHelp, State::kNone));
  EXPECT_THAT(paths.commonest[1].states, ElementsAre(State::kSocialCare));
}

TEST(Paths, AreNone_WhenNobodyWasHelped) {
  const Paths paths = CommonestPaths(RecordsBuilder().Build(), P("2024-25"), kNoDay - 1, 10);
  EXPECT_EQ(paths.children, 0);
  EXPECT_THAT(paths.commonest, IsEmpty());
}

}  // namespace
}  // namespace waymark::node
