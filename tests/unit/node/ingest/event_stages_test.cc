#include "node/ingest/event_stages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "absl/strings/str_cat.h"

namespace waymark::node {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr StageAction kHelp{StageAction::Kind::kOpen, Level::kEarlyHelp};
constexpr StageAction kCinStage{StageAction::Kind::kOpen, Level::kCin};
constexpr StageAction kClose{StageAction::Kind::kClose, Level::kEarlyHelp};

std::vector<std::string> Show(const std::vector<StageSpell>& spells) {
  std::vector<std::string> shown;
  for (const StageSpell& spell : spells) {
    shown.push_back(absl::StrCat(static_cast<int>(spell.level), " ", spell.start, "..",
                                 spell.end == kNoDay ? "" : absl::StrCat(spell.end)));
  }
  return shown;
}

TEST(SpellsOf, OpensAndCloses) {
  EXPECT_THAT(Show(SpellsOf({{10, kHelp}, {20, kHelp}, {30, kClose}, {40, kHelp}}, {}, false)),
              ElementsAre("0 10..30", "0 40.."));
  EXPECT_THAT(Show(SpellsOf({{10, kHelp}, {20, kHelp}}, {}, true)), ElementsAre("0 10..20"));
  EXPECT_THAT(Show(SpellsOf({}, {}, true)), IsEmpty());
}

TEST(SpellsOf, ChangesLevelOnTheDay) {
  EXPECT_THAT(Show(SpellsOf({{10, kHelp}, {20, kCinStage}, {20, kHelp}, {30, kClose}}, {}, false)),
              ElementsAre("0 10..20", "1 20..20", "0 20..30"));
}

TEST(SpellsOf, DoesNothing_WhenNothingIsOpenToClose) {
  EXPECT_THAT(Show(SpellsOf({{10, kClose}, {20, kHelp}, {20, kClose}, {21, kClose}}, {}, false)),
              ElementsAre("0 20..20"));
}

TEST(SpellsOf, EndsAtTheEarlierEvent_WhenTooLongPasses) {
  EXPECT_THAT(Show(SpellsOf({{10, kHelp}, {40, kHelp}}, 30, false)), ElementsAre("0 10.."));
  EXPECT_THAT(Show(SpellsOf({{10, kHelp}, {41, kHelp}}, 30, false)), ElementsAre("0 10..10", "0 41.."));
  EXPECT_THAT(Show(SpellsOf({{10, kHelp}, {15, kHelp}, {50, kCinStage}, {60, kClose}}, 30, false)),
              ElementsAre("0 10..15", "1 50..60"));
  // A late "close" finds nothing open.
  EXPECT_THAT(Show(SpellsOf({{10, kHelp}, {90, kClose}}, 30, false)), ElementsAre("0 10..10"));
}

TEST(SpellsOf, TellsWhichEventsOpenAndClose) {
  const auto spells = SpellsOf({{10, kHelp}, {12, kHelp}, {60, kHelp}, {61, kClose}}, 30, false);
  ASSERT_EQ(spells.size(), 2U);
  EXPECT_EQ(spells[0].opened_by, 0U);
  EXPECT_EQ(spells[0].closed_by, 1U);
  EXPECT_EQ(spells[1].opened_by, 2U);
  EXPECT_EQ(spells[1].closed_by, 3U);
}

TEST(StageRules, TakesExactBeforePrefix_AndTheLongerPrefix) {
  StageRules rules({{"01_*", kHelp}, {"01_2*", kCinStage}, {"01_25", kClose}});
  EXPECT_EQ(rules.Find("01_1")->level, Level::kEarlyHelp);
  EXPECT_EQ(rules.Find("01_24")->level, Level::kCin);
  EXPECT_EQ(rules.Find("01_25")->kind, StageAction::Kind::kClose);
  EXPECT_EQ(rules.Find("01_255")->level, Level::kCin);
  EXPECT_FALSE(rules.Find("02_1").has_value());
  EXPECT_FALSE(rules.Find("02_1").has_value());
  EXPECT_TRUE(StageRules({{"*", kHelp}}).Find("anything").has_value());
}

// On every day d the level that is open at the day's end, told by walking back from d: independent of
// SpellsOf.
int LevelAtEndOf(Day day, const std::vector<StageEvent>& events, std::optional<int> inactivity,
                 bool end_at_last) {
  std::size_t count = 0;
  while (count < events.size() && events[count].day <= day) ++count;
  if (count == 0) return -1;
  // Inactivity that began by this day ends the spell from its first day on.
  const bool more = count < events.size();
  const bool lapses = more && inactivity && events[count].day - events[count - 1].day > *inactivity;
  if (lapses || (!more && end_at_last)) return -1;
  const StageEvent& last = events[count - 1];
  return last.action.kind == StageAction::Kind::kClose ? -1 : static_cast<int>(last.action.level);
}

TEST(SpellsOf, AgreesWithTheStateOfEachDay_WhenEventsAreRandom) {
  constexpr unsigned kSeed = 5;
  SCOPED_TRACE(kSeed);
  std::mt19937 random(kSeed);
  const auto number = [&](int most) { return std::uniform_int_distribution<int>(0, most)(random); };
  for (int round = 0; round < 20'000; ++round) {
    std::vector<StageEvent> events(static_cast<std::size_t>(number(8)));
    Day day = 0;
    for (StageEvent& event : events) {
      day += number(12);
      event = {day, number(3) == 0 ? kClose
                                   : StageAction{StageAction::Kind::kOpen, static_cast<Level>(number(3))}};
    }
    const std::optional<int> inactivity = number(1) == 0 ? std::nullopt : std::optional<int>(1 + number(8));
    const bool end_at_last = number(1) == 0;
    const auto spells = SpellsOf(events, inactivity, end_at_last);
    for (Day d = 0; d <= day + 20; ++d) {
      int open = -1;
      for (const StageSpell& spell : spells) {
        ASSERT_LE(spell.start, spell.end);
        if (spell.start <= d && d < spell.end) {
          ASSERT_EQ(open, -1) << "two open at once";
          open = static_cast<int>(spell.level);
        }
      }
      ASSERT_EQ(open, LevelAtEndOf(d, events, inactivity, end_at_last)) << "round " << round << " day " << d;
    }
  }
}

}  // namespace
}  // namespace waymark::node
