// Six years of a federation that nobody looks after: a schedule, councils that answer when they like, and a
// coordinator that is killed in the middle of whatever it does, or away for weeks. A fake clock; seeded, so a
// failure comes again.
#include <cmath>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "base/london_time.h"
#include "coordinator/benchmark/query.h"
#include "coordinator/rounds/publication.h"
#include "coordinator/schedule/schedules.h"
#include "coordinator/store/open_store.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/schedule/quarterly.h"
#include "tests/unit/coordinator/testing/crash.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using testing::kCouncils;
using testing::Scene;

constexpr int kQuarters = 24;
constexpr absl::Duration kStep = absl::Hours(8);

class QuartersTest : public ::testing::TestWithParam<unsigned> {
 protected:
  using Acknowledged = std::map<std::string, std::set<std::string>>;  // councils by round

  QuartersTest() : random_(GetParam()) {
    for (const std::string& council : kCouncils) scene_.Join(council);
  }

  // What the council with this number gives to any round.
  static std::int64_t MembersOf(std::size_t council) { return 100 + 5 * static_cast<std::int64_t>(council); }

  bool Chance(double probability) { return std::bernoulli_distribution(probability)(random_); }
  absl::Duration Days(int most) {
    return absl::Hours(24) * std::uniform_int_distribution<int>(1, most)(random_);
  }

  // Everything that is done at one moment, by a coordinator that has this store, for councils that call.
  absl::Status Work(Store& store, const std::vector<std::size_t>& calling, Acknowledged& acknowledged) {
    Rounds rounds(store, scene_.library(), scene_.key(), scene_.clock());
    Schedules schedules(store, rounds, scene_.library(), scene_.clock(), London().value());
    RETURN_IF_ERROR(schedules.Fire().status());
    RETURN_IF_ERROR(rounds.CloseDue().status());
    for (const std::size_t i : calling) {
      ASSIGN_OR_RETURN(const std::vector<WatchedRound> open, rounds.Watch(kCouncils[i]));
      for (const WatchedRound& round : open) {
        // Whoever has no receipt sends again, and so does one here who has.
        if (round.answered && acknowledged[round.spec.round_id].contains(kCouncils[i])) continue;
        const contract::ProtectedTable table = scene_.Table(round.spec.items[0], 0, {20, MembersOf(i)});
        RETURN_IF_ERROR(
            rounds.Submit(kCouncils[i], scene_.Release(kCouncils[i], round.spec, {table})).status());
        acknowledged[round.spec.round_id].insert(kCouncils[i]);
      }
    }
    return absl::OkStatus();
  }

  // In a process that dies at some call to the store, if it comes so far.
  void WorkAndDie(const std::vector<std::size_t>& calling) {
    const int point = std::uniform_int_distribution<int>(0, 80)(random_);
    const bool survived = testing::SurvivesCrashAt(point, scene_, [&](Store& store) {
      Acknowledged forgotten;
      return Work(store, calling, forgotten);
    });
    killed_ += survived ? 0 : 1;
  }

  std::vector<std::size_t> Calling() {
    std::vector<std::size_t> calling;
    for (std::size_t i = 0; i < kCouncils.size(); ++i) {
      absl::Time& back = away_until_[i];
      if (back < scene_.clock().Now() && Chance(0.005)) back = scene_.clock().Now() + Days(60);
      if (back < scene_.clock().Now() && Chance(0.08)) calling.push_back(i);
    }
    return calling;
  }

  Scene scene_;
  std::mt19937 random_;
  std::map<std::size_t, absl::Time> away_until_;
  int killed_ = 0;
};

TEST_P(QuartersTest, EveryRoundOpensOnceAndIsPublishedOnce_WithAllThatWasAcknowledged) {
  Schedules adding(scene_.store(), scene_.rounds(), scene_.library(), scene_.clock(), London().value());
  ASSERT_OK(adding.Add(testing::Quarterly()).status());

  Acknowledged acknowledged;
  const absl::Time end = scene_.clock().Now() + absl::Hours(24) * 365.25 * kQuarters / 4;
  absl::Time down_until;
  while (scene_.clock().Now() < end) {
    scene_.clock().Advance(kStep);
    if (down_until > scene_.clock().Now()) continue;
    if (Chance(0.004)) down_until = scene_.clock().Now() + Days(Chance(0.1) ? 200 : 30);
    if (Chance(0.05)) {
      ASSERT_NO_FATAL_FAILURE(WorkAndDie(Calling()));
    } else {
      ASSERT_OK(Work(scene_.store(), Calling(), acknowledged));
    }
  }
  // Then all is well for as long as a round is open.
  for (const absl::Time calm = end + absl::Hours(24) * 60; scene_.clock().Now() < calm;) {
    scene_.clock().Advance(kStep);
    ASSERT_OK(Work(scene_.store(), {}, acknowledged));
  }
  EXPECT_GT(killed_, 10);

  ASSERT_OK_AND_ASSIGN(const std::vector<StoredFiring> firings, scene_.store().Firings("quarterly", 1000));
  ASSERT_GE(firings.size(), static_cast<std::size_t>(kQuarters));
  for (const StoredFiring& firing : firings) EXPECT_EQ(firing.state, v1::FIRING_STATE_OPENED) << firing.note;
  ASSERT_OK_AND_ASSIGN(const std::vector<Round> rounds, scene_.store().Rounds(std::nullopt));
  EXPECT_EQ(rounds.size(), firings.size());
  std::set<std::string> periods;
  for (const Round& round : rounds) {
    ASSERT_OK_AND_ASSIGN(const contract::RoundSpec spec, SpecOf(round));
    EXPECT_TRUE(periods.insert(spec.items[0].period).second) << spec.items[0].period << " was asked twice";
  }
  // The quarters follow each other without a gap.
  ASSERT_EQ(periods.size(), firings.size());
  EXPECT_EQ(*periods.begin(), "2025-26-Q2");

  std::map<std::string, int> published;
  ASSERT_OK_AND_ASSIGN(const std::vector<StoredLogEntry> log, scene_.store().LogEntries(0, 1000));
  for (const StoredLogEntry& entry : log)
    published[entry.subject] += entry.kind == LogKind::kPublication ? 1 : 0;
  BenchmarkQuery query(scene_.store(), scene_.library());
  int figures = 0;
  for (const Round& round : rounds) {
    SCOPED_TRACE(round.round_id);
    ASSERT_EQ(round.state, RoundState::kPublished);
    EXPECT_EQ(published[round.round_id], 1);
    ASSERT_OK_AND_ASSIGN(const contract::RoundSpec spec, SpecOf(round));
    v1::QueryRequest request;
    request.set_metric("19");
    request.set_period(spec.items[0].period);
    request.add_geographies("participants");
    ASSERT_OK_AND_ASSIGN(const v1::QueryResponse response, query.Answer(request, Scope::Everything()));
    std::int64_t members = 0;
    std::uint32_t contributed = 0;
    for (std::size_t i = 0; i < kCouncils.size(); ++i) {
      const auto& council = response.coverage(static_cast<int>(i));
      ASSERT_EQ(council.council(), kCouncils[i]);
      const bool is_in = council.absence() == v1::ABSENCE_UNSPECIFIED;
      EXPECT_TRUE(is_in || !acknowledged[round.round_id].contains(kCouncils[i]))
          << "what was acknowledged is lost";
      contributed += is_in ? 1 : 0;
      members += is_in ? MembersOf(i) : 0;
    }
    for (const v1::Figure& figure : response.figures()) {
      EXPECT_EQ(figure.contributors(), contributed);
      if (contributed < 3) continue;
      EXPECT_EQ(figure.denominator(), 10 * std::floor(static_cast<double>(members) / 10 + 0.5));
      ++figures;
    }
  }
  EXPECT_GT(figures, kQuarters / 2);
}

INSTANTIATE_TEST_SUITE_P(Seeds, QuartersTest, ::testing::Values(1U, 2U));

}  // namespace
}  // namespace waymark::coordinator
