// Linked items of one round are judged with those that come after them: what the first show has to leave the
// later ones a way to be protected.
#include <gtest/gtest.h>

#include <random>

#include "absl/strings/str_cat.h"
#include "node/disclose/door.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"
#include "tests/unit/node/journey/records_builder.h"

namespace waymark::node {
namespace {

const std::vector<std::string> kLinked = {"1", "16", "2", "5", "16-known"};

class JourneyTables final : public ItemTables {
 public:
  explicit JourneyTables(Journeys journeys) : journeys_(std::move(journeys)) {}
  absl::StatusOr<std::vector<Measured>> Exact(const contract::RoundItem& item,
                                              const std::optional<ContributionLimit>& limit) override {
    return Measure(journeys_, {.metric = &EntryNamed(item.metric),
                               .period = ParsePeriod(item.period).value(),
                               .breakdowns = item.breakdowns,
                               .window_days = item.window_days,
                               .units = item.units,
                               .limit = limit});
  }
  bool HasFamilies() const override { return journeys_.has_families(); }

 private:
  Journeys journeys_;
};

// A small council: early help that ended in a quarter, and for some social care after it.
Journeys SmallCouncil(unsigned seed) {
  std::mt19937 random(seed);
  const auto below = [&random](unsigned bound) { return static_cast<int>(random() % bound); };
  RecordsBuilder records;
  const int children = 40 + below(120);
  for (int i = 0; i < children; ++i) {
    const std::string id = absl::StrCat("c", i);
    records.Person(id, {.birth = FormatDay(D("2006-01-01") + below(16 * 365)),
                        .family = absl::StrCat("f", below(static_cast<unsigned>(children))),
                        .sex = below(10) == 0  ? "other"
                               : below(2) == 0 ? "female"
                                               : "male"});
    const Day end = D("2022-07-01") + below(92);
    const char* const reasons[] = {"outcomes_met", "nfa", "moved", ""};
    records.EarlyHelp(id, FormatDay(end - 20 - below(200)), FormatDay(end),
                      {.end_reason = reasons[below(4)]});
    if (below(6) == 0) records.Cin(id, FormatDay(end + 1 + below(300)), FormatDay(end + 400));
    if (below(6) == 0)
      records.Referral(id, FormatDay(end + 1 + below(300)), "school", "no", absl::StrCat("r", i));
  }
  return records.Build();
}

contract::RoundItem Linked(const std::string& metric) {
  contract::RoundItem item = ItemFor(metric, v1::MODE_THRESHOLDED, {"sex", "age_band"});
  item.period = "2022-23-Q2";
  return item;
}

// How many of the linked items the audit held back.
std::size_t HeldBack(unsigned seed, bool together) {
  std::string policy = "[release]\napproval = \"automatic\"\n[floors]\nleast_contributors = 3\n";
  for (const std::string& metric : kLinked) {
    policy += "[[allow]]\nmetric = \"" + metric +
              "\"\nversion = 1\nmode = \"thresholded\"\nbreakdowns = [\"sex\", \"age_band\"]\n";
  }
  MadeUpCouncil council(policy);
  EXPECT_OK(council.Open());
  JourneyTables tables(SmallCouncil(seed));
  std::vector<contract::RoundSpec> rounds;
  for (const std::string& metric : kLinked) {
    if (rounds.empty() || !together) rounds.push_back(SpecOf(absl::StrCat("q", rounds.size()), {}));
    rounds.back().items.push_back(Linked(metric));
  }
  std::size_t held_back = 0;
  for (const contract::RoundSpec& round : rounds) {
    const auto answered = council.MakeDoor().Answer(round, tables);
    EXPECT_OK(answered);
    if (!answered.ok()) continue;
    for (const Explanation& each : answered->explanations) {
      EXPECT_TRUE(each.rule == "released" || each.rule == "audit") << each.metric << ": " << each.text;
      held_back += each.rule == "audit" ? 1 : 0;
    }
  }
  return held_back;
}

// Councils found by trying: judged one after the other, each without those that follow, some entry has no way
// left to be protected by the time it is asked for. In one round all of them leave.
TEST(StillToCome, LinkedItemsOfARoundLeaveEachOtherAWay) {
  for (const unsigned seed : {15, 17, 23, 52, 76}) {
    EXPECT_GT(HeldBack(seed, false), 0u) << "seed " << seed << " shows nothing any more; look for another";
    EXPECT_EQ(HeldBack(seed, true), 0u) << "seed " << seed;
  }
}

}  // namespace
}  // namespace waymark::node
