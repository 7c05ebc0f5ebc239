// Linked items of one round are judged with those that come after them: what the first show has to leave the
// later ones a way to be protected.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "absl/strings/str_cat.h"
#include "node/disclose/audit.h"
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

std::string PolicyOfLinked() {
  std::string policy = "[release]\napproval = \"automatic\"\n[floors]\nleast_contributors = 3\n";
  for (const std::string& metric : kLinked) {
    policy += "[[allow]]\nmetric = \"" + metric +
              "\"\nversion = 1\nmode = \"thresholded\"\nbreakdowns = [\"sex\", \"age_band\"]\n";
  }
  return policy;
}

// How many of the linked items the audit held back.
std::size_t HeldBack(unsigned seed, bool together) {
  MadeUpCouncil council(PolicyOfLinked());
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

// The least that an attacker can work out of a suppressed cell, who has all that left.
std::int64_t Narrowest(const contract::Release& release, JourneyTables& tables) {
  std::vector<LinkedTable> left;
  for (const contract::ProtectedTable& given : release.tables) {
    const auto exact = tables.Exact(Linked(given.table.metric), std::nullopt);
    EXPECT_OK(exact);
    for (const Measured& one : *exact) {
      if (one.table.dimensions != given.table.dimensions) continue;
      left.push_back({.metric = &EntryNamed(given.table.metric),
                      .exact = one.table,
                      .released = {.table = given.table, .rules = {}},
                      .limits = {.threshold = 7, .rounding = 5},
                      .left_in = ""});
    }
  }
  std::int64_t narrowest = statistics::kMostCount;
  const auto known = AttackersIntervals(left);
  EXPECT_OK(known);
  for (const KnownCells& table : *known) {
    for (const auto& cell : table) {
      if (cell && cell->best) narrowest = std::min(narrowest, cell->interval.width());
    }
  }
  return narrowest;
}

// A node that died in the middle of a round finds what it had stored of it, and the rest is judged beside
// that, even where it would be otherwise now (here its first item had been judged alone). Councils found by
// trying: where the rest is judged beside what the first would be now, cells are known to less than the
// threshold.
TEST(StillToCome, WhatAnInterruptedRoundStoredCountsAsItLeft) {
  for (const unsigned seed : {15, 29, 160, 198, 283}) {
    JourneyTables tables(SmallCouncil(seed));
    MadeUpCouncil alone(PolicyOfLinked());
    MadeUpCouncil council(PolicyOfLinked());
    ASSERT_OK(alone.Open());
    ASSERT_OK(council.Open());
    ASSERT_OK(alone.MakeDoor().Answer(SpecOf("q", {Linked(kLinked[0])}), tables));
    ASSERT_OK_AND_ASSIGN(const auto entries, alone.ledger().Entries());
    const auto item = std::find_if(entries.begin(), entries.end(),
                                   [](const LedgerEntry& entry) { return entry.kind == EntryKind::kItem; });
    ASSERT_NE(item, entries.end());
    ASSERT_OK_AND_ASSIGN(const auto stored, alone.ledger().FindItem(item->subject));
    ASSERT_OK(council.ledger().StoreItem("q", item->subject, item->claim, {}, *stored));

    contract::RoundSpec spec = SpecOf("q", {});
    for (const std::string& metric : kLinked) spec.items.push_back(Linked(metric));
    ASSERT_OK_AND_ASSIGN(const Answered answered, council.MakeDoor().Answer(spec, tables));
    EXPECT_EQ(answered.explanations[0].rule, "replayed");
    EXPECT_GE(Narrowest(Read(answered.release), tables), 7) << "seed " << seed;
  }
}

// An interrupted round goes on as if nothing had been.
TEST(StillToCome, AnInterruptedRoundEndsAsItWouldHave) {
  JourneyTables tables(SmallCouncil(15));
  contract::RoundSpec spec = SpecOf("q", {});
  for (const std::string& metric : kLinked) spec.items.push_back(Linked(metric));
  MadeUpCouncil whole(PolicyOfLinked());
  ASSERT_OK(whole.Open());
  ASSERT_OK_AND_ASSIGN(const Answered first, whole.MakeDoor().Answer(spec, tables));
  MadeUpCouncil council(PolicyOfLinked());
  ASSERT_OK(council.Open());
  ASSERT_OK_AND_ASSIGN(const auto entries, whole.ledger().Entries());
  std::uint64_t stored = 0;
  for (const LedgerEntry& entry : entries) {
    if (entry.kind != EntryKind::kItem || stored == 2) continue;
    ASSERT_OK_AND_ASSIGN(const auto payload, whole.ledger().FindItem(entry.subject));
    ASSERT_OK(council.ledger().StoreItem("q", entry.subject, entry.claim, {.items = stored++}, *payload));
  }
  ASSERT_OK_AND_ASSIGN(const Answered second, council.MakeDoor().Answer(spec, tables));
  EXPECT_EQ(Read(second.release).tables, Read(first.release).tables);
}

}  // namespace
}  // namespace waymark::node
