// A node that dies at any step of an answer. (That a power cut finds the same on disk rests on SQLite with
// synchronous=FULL; here processes die.) Each step is tried in a process that ends
// there without any clean-up; then the ledger is opened again, as after a restart.
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <set>

#include "base/file.h"
#include "node/disclose/door.h"
#include "tests/attacks/release/forked.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"

namespace waymark::node {
namespace {

using ::testing::Contains;
using ::testing::SizeIs;

constexpr int kDied = 77;

contract::RoundSpec Spec() {
  return SpecOf("q1", {NoisedItem("19", 1, 2, {"sex"}), ItemFor("16", v1::MODE_THRESHOLDED, {"sex"}),
                       NoisedItem("19-contacts", 1, 2)});
}

// Dies at the `at`-th step; counts from 1.
StepObserver DieAt(int at) {
  return [at, seen = std::make_shared<int>(0)](absl::string_view) {
    if (++*seen == at) _exit(kDied);
  };
}

// One answer in a new process; what would be sent is left in the file "sent".
int AnswerUntil(MadeUpCouncil& council, int at) {
  return testing::Forked([&] {
    const StepObserver observer = DieAt(at);
    if (!council.Open(observer).ok()) return 1;
    Door door = council.MakeDoor(observer);
    MadeUpTables tables;
    const auto answered = door.Answer(Spec(), tables);
    if (!answered.ok()) return 2;
    return WriteFileAtomically(council.folder.Path("sent"), answered->release.bytes(), 0600).ok() ? 0 : 3;
  });
}

std::vector<std::string> Steps() {
  std::vector<std::string> steps;
  MadeUpCouncil council;
  const StepObserver observer = [&](absl::string_view step) { steps.emplace_back(step); };
  EXPECT_OK(council.Open(observer));
  MadeUpTables tables;
  EXPECT_OK(council.MakeDoor(observer).Answer(Spec(), tables));
  return steps;
}

// What must hold of a ledger at every moment.
void ExpectSound(const std::vector<LedgerEntry>& entries) {
  std::set<std::string> charged;
  std::set<std::string> items;
  std::set<std::string> rounds;
  for (const LedgerEntry& entry : entries) {
    if (entry.kind == EntryKind::kCharge) charged.insert(entry.subject);
    if (entry.kind == EntryKind::kItem) {
      EXPECT_TRUE(items.insert(entry.subject).second) << "two answers to one query";
      if (entry.claim.mode == v1::MODE_NOISED) {
        EXPECT_THAT(charged, Contains(entry.subject)) << "noise without a charge";
      }
    }
    if (entry.kind == EntryKind::kRelease) {
      EXPECT_TRUE(rounds.insert(entry.round_id).second);
    }
  }
}

TEST(CrashTest, StepsAreTheOnesThatMatter) {
  const std::vector<std::string> steps = Steps();
  for (const char* step :
       {"charge begins", "charge written", "charge committed", "noise drawn", "item begins", "item written",
        "item committed", "release begins", "release written", "release committed"}) {
    EXPECT_THAT(steps, Contains(step));
  }
  // Noise comes after its charge, every time.
  int charges = 0;
  for (const std::string& step : steps) {
    charges += step == "charge committed" ? 1 : 0;
    charges -= step == "noise drawn" ? 1 : 0;
    EXPECT_GE(charges, 0);
  }
}

TEST(CrashTest, NothingLeavesUnchargedOrTwice_WhereverTheNodeDies) {
  const std::vector<std::string> steps = Steps();
  for (int at = 1; at <= static_cast<int>(steps.size()); ++at) {
    SCOPED_TRACE(steps[static_cast<std::size_t>(at - 1)]);
    MadeUpCouncil council;
    ASSERT_EQ(AnswerUntil(council, at), kDied);
    ASSERT_FALSE(FileExists(council.folder.Path("sent")));

    ASSERT_OK(council.Open());  // checks the chain
    ASSERT_OK_AND_ASSIGN(const auto before, council.ledger().Entries());
    ExpectSound(before);
    ASSERT_OK_AND_ASSIGN(const auto spent_before, council.ledger().Budget({4, 1}));
    std::map<std::string, std::string> stored;  // by query
    for (const LedgerEntry& entry : before) {
      if (entry.kind != EntryKind::kItem) continue;
      ASSERT_OK_AND_ASSIGN(const auto payload, council.ledger().FindItem(entry.subject));
      stored[entry.subject] = *payload;
    }
    ASSERT_OK_AND_ASSIGN(const auto released, council.ledger().FindRelease("q1"));

    MadeUpTables tables;
    ASSERT_OK_AND_ASSIGN(const Answered answered, council.MakeDoor().Answer(Spec(), tables));
    EXPECT_THAT(Read(answered.release).tables, SizeIs(5));
    ASSERT_OK_AND_ASSIGN(const auto after, council.ledger().Entries());
    ExpectSound(after);
    if (released) {
      EXPECT_EQ(answered.release.bytes(), released->bytes);
    }
    for (const auto& [query, payload] : stored) {
      ASSERT_OK_AND_ASSIGN(const auto now, council.ledger().FindItem(query));
      EXPECT_EQ(*now, payload);
    }
    // What was spent stays spent, and a charge without its item is made anew, not used.
    ASSERT_OK_AND_ASSIGN(const auto spent_after, council.ledger().Budget({4, 1}));
    ASSERT_GE(spent_after.size(), spent_before.size());
    for (std::size_t i = 0; i < spent_before.size(); ++i) {
      EXPECT_GE(spent_after[i].spent, spent_before[i].spent);
    }
    std::size_t charges = 0;
    for (const LedgerEntry& entry : after) charges += entry.kind == EntryKind::kCharge ? 1 : 0;
    const std::string& step = steps[static_cast<std::size_t>(at - 1)];
    const bool burnt = step == "charge committed" || step == "noise drawn";
    if (burnt) {
      EXPECT_EQ(charges, 3u);
    }
    if (!burnt && step.find("item") == std::string::npos) {
      EXPECT_EQ(charges, 2u);
    }
  }
}

TEST(CrashTest, RepeatedDeathsBurnTheBudgetAndThenNothingLeaves) {
  MadeUpCouncil council;
  const std::vector<std::string> steps = Steps();
  int drawn = 0;
  while (steps[static_cast<std::size_t>(drawn)] != "noise drawn") ++drawn;
  // The yearly cap of 4 holds eight charges of 1/2.
  for (int i = 0; i < 8; ++i) ASSERT_EQ(AnswerUntil(council, drawn + 1), kDied) << i;
  ASSERT_OK(council.Open());
  MadeUpTables tables;
  ASSERT_OK_AND_ASSIGN(const Answered answered,
                       council.MakeDoor().Answer(SpecOf("q1", {NoisedItem("19", 1, 2, {"sex"})}), tables));
  EXPECT_THAT(Read(answered.release).tables, SizeIs(0));
  EXPECT_EQ(answered.explanations[0].rule, "yearly budget");
}

TEST(CrashTest, SignalAtAnyMomentLeavesASoundLedger) {
  MadeUpCouncil council;
  for (int i = 0; i < 30; ++i) {
    const pid_t child = testing::BeginForked([&] {
      if (!council.Open().ok()) return 1;
      Door door = council.MakeDoor();
      MadeUpTables tables;
      for (std::uint32_t version = 1;; ++version) {
        contract::RoundSpec spec = SpecOf(absl::StrCat("q", version), {NoisedItem("19", 1, 1000, {"sex"})});
        spec.data_version = version;
        if (!door.Answer(spec, tables).ok()) return 2;
      }
    });
    usleep(static_cast<useconds_t>(3'000 + i * 1'700));
    ASSERT_EQ(kill(child, SIGKILL), 0);
    EXPECT_EQ(testing::Finish(child), -1);
    ASSERT_OK_AND_ASSIGN(const auto ledger, Ledger::Open(council.ledger_path(), council.clock));
    ASSERT_OK_AND_ASSIGN(const auto entries, ledger->Entries());
    ExpectSound(entries);
  }
}

}  // namespace
}  // namespace waymark::node
