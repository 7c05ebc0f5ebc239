#include "coordinator/schedule/schedules.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/london_time.h"
#include "base/period.h"
#include "coordinator/rounds/publication.h"
#include "coordinator/schedule/firing.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/schedule/quarterly.h"
#include "tests/unit/coordinator/testing/crash.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::kCouncils;
using testing::Quarterly;
using testing::Scene;
using waymark::testing::StatusIs;

absl::Time At(const std::string& text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime("%Y-%m-%d %H:%M", text, London().value(), &time, &error)) << error;
  return time;
}

class SchedulesTest : public ::testing::Test {
 protected:
  SchedulesTest() { MoveTo("2026-09-01 12:00"); }

  void MoveTo(const std::string& local) {
    ASSERT_GE(At(local), scene_.clock().Now());
    scene_.clock().Advance(At(local) - scene_.clock().Now());
  }
  Schedules Make() {
    return Schedules(scene_.store(), scene_.rounds(), scene_.library(), scene_.clock(), London().value());
  }
  // Round → what it asks, as "metric period".
  std::map<std::string, std::set<std::string>> Asked() {
    std::map<std::string, std::set<std::string>> asked;
    const std::vector<Round> rounds = scene_.store().Rounds(std::nullopt).value();
    for (const Round& round : rounds) {
      std::set<std::string>& items = asked[round.round_id];
      const contract::RoundSpec spec = SpecOf(round).value();
      for (const contract::RoundItem& item : spec.items) {
        items.insert(item.metric + " " + item.period);
      }
    }
    return asked;
  }
  std::vector<std::pair<std::string, int>> Firings() {
    std::vector<std::pair<std::string, int>> firings;
    const std::vector<StoredFiring> latest_first = scene_.store().Firings("quarterly", 1000).value();
    for (const StoredFiring& firing : latest_first) {
      firings.insert(firings.begin(),
                     {LocalTime(absl::FromUnixSeconds(firing.due_unix_s), London().value()), firing.state});
    }
    return firings;
  }

  Scene scene_;
};

using Rounds_ = std::map<std::string, std::set<std::string>>;

TEST_F(SchedulesTest, OpensARound_WhenItIsDueAndNotBefore) {
  Schedules schedules = Make();
  ASSERT_OK(schedules.Add(Quarterly()).status());
  MoveTo("2026-10-15 05:59");
  EXPECT_EQ(schedules.Fire().value(), 0);
  EXPECT_TRUE(Asked().empty());
  MoveTo("2026-10-15 06:00");
  EXPECT_EQ(schedules.Fire().value(), 1);
  EXPECT_EQ(schedules.Fire().value(), 0);
  EXPECT_EQ(Asked(), (Rounds_{{"quarterly-20261015-0600", {"19 2026-27-Q2"}}}));
  ASSERT_OK_AND_ASSIGN(const std::optional<Round> round, scene_.store().FindRound("quarterly-20261015-0600"));
  const contract::RoundSpec spec = SpecOf(*round).value();
  EXPECT_EQ(spec.title, "Every quarter");
  EXPECT_EQ(spec.opens_unix_s, absl::ToUnixSeconds(At("2026-10-15 06:00")));
  EXPECT_EQ(spec.deadline_unix_s - spec.opens_unix_s, 28 * 24 * 3600);
}

TEST_F(SchedulesTest, CatchesUpWhatItMissed_EachForItsOwnPeriodAndOnce) {
  ASSERT_OK(Make().Add(Quarterly()).status());
  MoveTo("2027-08-01 00:00");
  Schedules later = Make();
  EXPECT_EQ(later.Fire().value(), 4);
  EXPECT_EQ(later.Fire().value(), 0);
  EXPECT_EQ(Asked(), (Rounds_{{"quarterly-20261015-0600", {"19 2026-27-Q2"}},
                              {"quarterly-20270115-0600", {"19 2026-27-Q3"}},
                              {"quarterly-20270415-0600", {"19 2026-27-Q4"}},
                              {"quarterly-20270715-0600", {"19 2027-28-Q1"}}}));
}

TEST_F(SchedulesTest, AsksForAPeriodOnce_HoweverOftenItFires) {
  v1::Schedule weekly = Quarterly();
  weekly.set_cron("0 6 * * mon");
  Schedules schedules = Make();
  ASSERT_OK(schedules.Add(weekly).status());
  MoveTo("2026-10-20 00:00");
  EXPECT_EQ(schedules.Fire().value(), 2);
  EXPECT_EQ(Asked(), (Rounds_{{"quarterly-20260907-0600", {"19 2026-27-Q1"}},
                              {"quarterly-20261005-0600", {"19 2026-27-Q2"}}}));
  int nothing_new = 0;
  for (const auto& [due, state] : Firings()) nothing_new += state == v1::FIRING_STATE_NOTHING_NEW ? 1 : 0;
  EXPECT_EQ(nothing_new, 5);
  EXPECT_EQ(Firings().size(), 7u);
}

TEST_F(SchedulesTest, NeverAsksForACohortThatIsNotComplete) {
  // 22 follows closures for up to a year; 19 needs nothing more.
  Schedules schedules = Make();
  v1::Schedule schedule = Quarterly({"19", "5"});
  ASSERT_OK(schedules.Add(schedule).status());
  MoveTo("2026-10-15 06:00");
  ASSERT_OK(schedules.Fire().status());
  const v1::Metric* const followed = scene_.library().Find("5");
  ASSERT_NE(followed, nullptr);
  std::uint32_t longest = 0;
  for (const std::uint32_t days : followed->window_days()) longest = std::max(longest, days);
  ASSERT_GE(longest, 183u);
  ASSERT_OK_AND_ASSIGN(const std::optional<Round> round, scene_.store().FindRound("quarterly-20261015-0600"));
  const contract::RoundSpec spec = SpecOf(*round).value();
  for (const contract::RoundItem& item : spec.items) {
    const Period period = ParsePeriod(item.period).value();
    const Day followed_to = period.last + static_cast<Day>(item.metric == "5" ? longest : 0);
    EXPECT_LT(followed_to, *ParseIsoDay("2026-10-15")) << item.metric;
    EXPECT_GE(followed_to + 93, *ParseIsoDay("2026-10-15")) << "a later quarter is complete";
  }
}

TEST_F(SchedulesTest, FiresOnce_WhereTheClocksChange) {
  v1::Schedule nightly = Quarterly();
  nightly.set_cron("30 1 * * *");
  Schedules schedules = Make();
  MoveTo("2026-10-24 12:00");
  ASSERT_OK(schedules.Add(nightly).status());
  // Every ten minutes through the hour that comes twice, and through the one that is left out.
  for (int i = 0; i < 6 * 36; ++i) {
    scene_.clock().Advance(absl::Minutes(10));
    ASSERT_OK(schedules.Fire().status());
  }
  MoveTo("2027-03-27 12:00");
  ASSERT_OK(schedules.Fire().status());
  for (int i = 0; i < 6 * 36; ++i) {
    scene_.clock().Advance(absl::Minutes(10));
    ASSERT_OK(schedules.Fire().status());
  }
  std::map<std::string, int> a_day;
  for (const auto& [due, state] : Firings()) ++a_day[due.substr(0, 10)];
  EXPECT_EQ(a_day.size(), 7u + 30 + 31 + 31 + 28 + 28) << "25 October to 28 March";
  for (const auto& [day, times] : a_day) EXPECT_EQ(times, 1) << day;
  EXPECT_EQ(Firings().front().first, "2026-10-25 01:30 BST");
  EXPECT_EQ(Firings().back().first, "2027-03-28 02:00 BST");
}

// Every call to the store is a place to die; afterwards another process goes on.
TEST_F(SchedulesTest, OpensEachRoundOnce_WhereverItIsKilled) {
  for (int point = 0;; ++point) {
    SCOPED_TRACE(point);
    Scene scene;
    scene.clock().Advance(At("2026-09-01 12:00") - scene.clock().Now());
    Schedules after(scene.store(), scene.rounds(), scene.library(), scene.clock(), London().value());
    ASSERT_OK(after.Add(Quarterly()).status());
    scene.clock().Advance(At("2027-01-20 00:00") - scene.clock().Now());
    const bool survived = testing::SurvivesCrashAt(point, scene, [&](Store& store) {
      Rounds rounds(store, scene.library(), scene.key(), scene.clock());
      Schedules schedules(store, rounds, scene.library(), scene.clock(), London().value());
      return schedules.Fire().status();
    });
    // An hour later, so that the round would get other times if it were made again.
    scene.clock().Advance(absl::Hours(1));
    ASSERT_OK(after.Fire().status());
    ASSERT_OK_AND_ASSIGN(const std::vector<Round> rounds, scene.store().Rounds(std::nullopt));
    ASSERT_EQ(rounds.size(), 2u);
    EXPECT_EQ(rounds[0].round_id, "quarterly-20261015-0600");
    EXPECT_EQ(rounds[1].round_id, "quarterly-20270115-0600");
    ASSERT_OK_AND_ASSIGN(const std::vector<StoredFiring> firings, scene.store().Firings("quarterly", 10));
    ASSERT_EQ(firings.size(), 2u);
    for (const StoredFiring& firing : firings) EXPECT_EQ(firing.state, v1::FIRING_STATE_OPENED);
    if (survived) {
      EXPECT_GT(point, 20) << "it died at too few places to show anything";
      break;
    }
  }
}

TEST_F(SchedulesTest, OpensEachRoundOnce_WhereTwoCoordinatorsFire) {
  v1::Schedule often = Quarterly();
  often.set_cron("5 12 * * *");
  ASSERT_OK(Make().Add(often).status());
  MoveTo("2026-09-29 20:00");
  ASSERT_OK_AND_ASSIGN(const std::unique_ptr<Store> second_store,
                       OpenStore({.sqlite_path = scene_.folder() + "/waymark.db"}));
  Rounds second_rounds(*second_store, scene_.library(), scene_.key(), scene_.clock());
  Schedules first = Make();
  Schedules second(*second_store, second_rounds, scene_.library(), scene_.clock(), London().value());
  std::thread other([&] {
    for (int i = 0; i < 30; ++i) EXPECT_OK(second.Fire().status());
  });
  for (int i = 0; i < 30; ++i) EXPECT_OK(first.Fire().status());
  other.join();
  EXPECT_EQ(Asked(), (Rounds_{{"quarterly-20260901-1205", {"19 2026-27-Q1"}}}));
  EXPECT_EQ(Firings().size(), 29u) << "every day of September";
}

TEST_F(SchedulesTest, WaitsForMembers_WhileItsRoundWouldBeOpen) {
  Schedules schedules = Make();
  v1::Schedule regional = Quarterly();
  regional.add_geographies("E12000001");
  ASSERT_OK(schedules.Add(regional).status());
  MoveTo("2026-10-15 06:00");
  EXPECT_EQ(schedules.Fire().value(), 0) << "no members are too few";
  const auto latest = [&] { return schedules.List().value().at(0).firings(0); };
  EXPECT_EQ(latest().state(), v1::FIRING_STATE_PENDING);
  EXPECT_THAT(latest().note(), HasSubstr("E12000001 has 0 members"));
  for (std::size_t i = 0; i < 3; ++i) scene_.Join(kCouncils[i]);
  MoveTo("2026-10-20 06:00");
  EXPECT_EQ(schedules.Fire().value(), 1);
  EXPECT_EQ(latest().state(), v1::FIRING_STATE_OPENED);
  EXPECT_EQ(Asked(), (Rounds_{{"quarterly-20261015-0600", {"19 2026-27-Q2"}}}));
}

TEST_F(SchedulesTest, SettlesAsFailed_WhatCouldNotBeOpenedInItsTime) {
  Schedules schedules = Make();
  v1::Schedule regional = Quarterly();
  regional.add_geographies("E12000001");
  ASSERT_OK(schedules.Add(regional).status());
  MoveTo("2026-10-15 06:00");
  EXPECT_EQ(schedules.Fire().value(), 0);
  MoveTo("2026-11-20 06:00");
  EXPECT_EQ(schedules.Fire().value(), 0);
  const v1::Firing firing = schedules.List().value().at(0).firings(0);
  EXPECT_EQ(firing.state(), v1::FIRING_STATE_FAILED);
  EXPECT_THAT(firing.note(), HasSubstr("E12000001 has 0 members"));
}

TEST_F(SchedulesTest, TakesNoOthersRoundForItsOwn) {
  Schedules schedules = Make();
  ASSERT_OK(schedules.Add(Quarterly()).status());
  MoveTo("2026-10-14 06:00");
  contract::RoundItem item = scene_.Item("19", v1::MODE_THRESHOLDED);
  item.period = "2026-27-Q2";
  contract::RoundSpec by_hand = scene_.Spec("quarterly-20261015-0600", {item});
  by_hand.title = "Every quarter";
  by_hand.least_contributors = 4;
  ASSERT_OK(scene_.rounds().Open(by_hand).status());
  MoveTo("2026-10-15 06:00");
  EXPECT_EQ(schedules.Fire().value(), 0);
  const v1::Firing firing = schedules.List().value().at(0).firings(0);
  EXPECT_EQ(firing.state(), v1::FIRING_STATE_FAILED);
  EXPECT_THAT(firing.note(), HasSubstr("another round has this name"));
}

// At midnight in summer it is the day before by Greenwich's clock.
TEST_F(SchedulesTest, AsksForTheQuarterThatHasJustEnded_AtMidnightInSummer) {
  v1::Schedule midnight = Quarterly();
  midnight.set_cron("0 0 1 1,4,7,10 *");
  Schedules schedules = Make();
  ASSERT_OK(schedules.Add(midnight).status());
  MoveTo("2026-10-01 00:00");
  EXPECT_EQ(schedules.Fire().value(), 1);
  EXPECT_EQ(Asked(), (Rounds_{{"quarterly-20261001-0000", {"19 2026-27-Q2"}}}));
}

TEST_F(SchedulesTest, IsNeverChanged_AndItsNameUsedOnce) {
  Schedules schedules = Make();
  ASSERT_OK_AND_ASSIGN(const v1::ScheduleStatus status, schedules.Add(Quarterly()));
  EXPECT_EQ(status.next_unix_s_size(), 10);
  EXPECT_EQ(status.next_unix_s(0), absl::ToUnixSeconds(At("2026-10-15 06:00")));
  EXPECT_OK(schedules.Add(Quarterly()).status()) << "the same again";
  v1::Schedule other = Quarterly();
  other.set_title("Another");
  EXPECT_THAT(schedules.Add(other).status(),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("is called quarterly")));
  EXPECT_THAT(schedules.Remove("quaterly"), StatusIs(absl::StatusCode::kNotFound, HasSubstr("quarterly")));
  ASSERT_OK(schedules.Remove("quarterly"));
  EXPECT_OK(schedules.Remove("quarterly")) << "the same again";
  EXPECT_THAT(schedules.Add(Quarterly()).status(),
              StatusIs(absl::StatusCode::kAlreadyExists, HasSubstr("was called quarterly")));
  MoveTo("2027-01-20 00:00");
  EXPECT_EQ(schedules.Fire().value(), 0);
}

TEST_F(SchedulesTest, RefusesWhatNoRoundCouldAsk) {
  Schedules schedules = Make();
  const auto refused = [&](auto change, const std::string& message) {
    v1::Schedule schedule = Quarterly();
    change(schedule);
    EXPECT_THAT(schedules.Add(schedule).status(),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(message)));
  };
  refused([](v1::Schedule& s) { s.set_name(""); }, "name");
  refused([](v1::Schedule& s) { s.set_name("Every Quarter"); }, "name");
  refused([](v1::Schedule& s) { s.set_name(std::string(41, 'a')); }, "name");
  refused([](v1::Schedule& s) { s.set_cron("0 6 31 2 *"); }, "never fires");
  refused([](v1::Schedule& s) { s.set_cron("* * * * *"); }, "is due 1440 times a day");
  refused([](v1::Schedule& s) { s.set_cron("0 6,18 * * *"); }, "is due 2 times a day");
  refused([](v1::Schedule& s) { s.set_period(v1::PERIOD_RULE_UNSPECIFIED); }, "previous-quarter");
  refused([](v1::Schedule& s) { s.set_open_hours(0); }, "open_hours");
  refused([](v1::Schedule& s) { s.set_open_hours(10'000); }, "open_hours");
  refused([](v1::Schedule& s) { s.set_least_contributors(2); }, "least_contributors");
  refused([](v1::Schedule& s) { s.clear_items(); }, "items");
  refused([](v1::Schedule& s) { s.mutable_items(0)->set_metric("no-such"); }, "no-such");
  refused([](v1::Schedule& s) { s.mutable_items(0)->set_period("2026-27-Q1"); }, "period of its own");
  refused([](v1::Schedule& s) { s.mutable_items(0)->add_breakdowns("shoe_size"); }, "shoe_size");
  refused([](v1::Schedule& s) { *s.add_items() = s.items(0); }, "asked for twice");
  refused([](v1::Schedule& s) { s.add_geographies("E99999999"); }, "no region");
  ASSERT_OK_AND_ASSIGN(const std::vector<v1::ScheduleStatus> none, schedules.List());
  EXPECT_TRUE(none.empty());
}

TEST_F(SchedulesTest, AsksTheCouncilsOfItsRegionsAlone) {
  for (const std::string& council : kCouncils) scene_.Join(council);
  Schedules schedules = Make();
  v1::Schedule regional = Quarterly();
  regional.add_geographies("E12000001");
  ASSERT_OK(schedules.Add(regional).status());
  MoveTo("2026-10-15 06:00");
  ASSERT_EQ(schedules.Fire().value(), 1);
  EXPECT_EQ(scene_.rounds().Watch(kCouncils[0]).value().size(), 1u);
  EXPECT_EQ(scene_.rounds().Watch(kCouncils.back()).value().size(), 0u);
  const contract::RoundSpec spec =
      SpecOf(*scene_.store().FindRound("quarterly-20261015-0600").value()).value();
  EXPECT_THAT(spec.geographies, ElementsAre("E12000001"));
  const contract::Release stranger =
      scene_.Release(kCouncils.back(), spec, {scene_.Table(spec.items[0], 0, {20, 100})});
  EXPECT_THAT(scene_.rounds().Submit(kCouncils.back(), stranger).status(),
              StatusIs(absl::StatusCode::kFailedPrecondition, HasSubstr("alone")));
  // It closes when those that it asks have answered, and counts nobody else as absent.
  for (std::size_t i = 0; i < 5; ++i) {
    ASSERT_OK(scene_.rounds()
                  .Submit(kCouncils[i],
                          scene_.Release(kCouncils[i], spec, {scene_.Table(spec.items[0], 0, {20, 100})}))
                  .status());
  }
  EXPECT_EQ(scene_.rounds().CloseDue().value(), 1);
  const std::vector<v1::RoundStatus> listed = scene_.rounds().List().value();
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0].state(), v1::ROUND_STATE_PUBLISHED);
  EXPECT_EQ(listed[0].councils_size(), 5);
}

}  // namespace
}  // namespace waymark::coordinator
