// Two nodes on one ledger, at once: a council that runs its node twice, by mistake or on purpose.
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>

#include "base/file.h"
#include "node/disclose/door.h"
#include "tests/attacks/release/forked.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/node/disclose/made_up.h"

namespace waymark::node {
namespace {

using ::testing::SizeIs;

constexpr int kProcesses = 3;

// Runs `body` in several processes that begin together.
void Together(const std::function<int(int)>& body) {
  int gate[2];
  ASSERT_EQ(pipe(gate), 0);
  std::array<pid_t, kProcesses> children{};
  for (int i = 0; i < kProcesses; ++i) {
    children[static_cast<std::size_t>(i)] = testing::BeginForked([&, i] {
      close(gate[1]);
      char byte = 0;
      if (read(gate[0], &byte, 1) != 0) return 99;  // the end of file opens the gate
      return body(i);
    });
  }
  close(gate[1]);
  for (const pid_t child : children) EXPECT_EQ(testing::Finish(child), 0);
  close(gate[0]);
}

TEST(DoubleSpendTest, CapHolds_WhenSeveralProcessesSpendAtOnce) {
  MadeUpCouncil council;
  ASSERT_OK(council.Open());
  Together([&](int process) {
    if (!council.Open().ok()) return 1;
    Door door = council.MakeDoor();
    MadeUpTables tables;
    for (std::uint32_t i = 0; i < 6; ++i) {
      contract::RoundSpec spec =
          SpecOf(absl::StrCat("q", process, "-", i), {NoisedItem("19", 1, 2, {"sex"})});
      spec.data_version = static_cast<std::uint32_t>(1 + process * 100) + i;
      if (!door.Answer(spec, tables).ok()) return 2;
    }
    return 0;
  });
  ASSERT_OK(council.Open());
  ASSERT_OK_AND_ASSIGN(const auto budget, council.ledger().Budget({.epsilon = {4, 1}}));
  ASSERT_THAT(budget, SizeIs(1));
  EXPECT_EQ(budget[0].spent, 4 * kBudgetUnits);  // all of it, and not a unit more
  ASSERT_OK_AND_ASSIGN(const auto entries, council.ledger().Entries());
  std::size_t items = 0;
  std::size_t releases = 0;
  for (const LedgerEntry& entry : entries) {
    items += entry.kind == EntryKind::kItem ? 1 : 0;
    releases += entry.kind == EntryKind::kRelease ? 1 : 0;
  }
  EXPECT_EQ(items, 8u);
  EXPECT_EQ(releases, 18u);
}

TEST(DoubleSpendTest, OneQueryHasOneAnswer_WhenSeveralProcessesAnswerIt) {
  for (int trial = 0; trial < 5; ++trial) {
    MadeUpCouncil council;
    ASSERT_OK(council.Open());
    const contract::RoundSpec spec =
        SpecOf("q1", {NoisedItem("19", 1, 10, {"sex"}), ItemFor("16", v1::MODE_THRESHOLDED, {"sex"})});
    Together([&](int process) {
      if (!council.Open().ok()) return 1;
      MadeUpTables tables;
      const auto answered = council.MakeDoor().Answer(spec, tables);
      if (!answered.ok()) return 2;
      const std::string path = council.folder.Path(absl::StrCat("sent-", process));
      return WriteFileAtomically(path, answered->release.bytes(), 0600).ok() ? 0 : 3;
    });
    ASSERT_OK_AND_ASSIGN(const std::string first, ReadFile(council.folder.Path("sent-0"), 1 << 20));
    for (int process = 1; process < kProcesses; ++process) {
      ASSERT_OK_AND_ASSIGN(const std::string other,
                           ReadFile(council.folder.Path(absl::StrCat("sent-", process)), 1 << 20));
      EXPECT_EQ(first, other);
    }
    ASSERT_OK(council.Open());
    ASSERT_OK_AND_ASSIGN(const auto entries, council.ledger().Entries());
    std::size_t items = 0;
    for (const LedgerEntry& entry : entries) items += entry.kind == EntryKind::kItem ? 1 : 0;
    EXPECT_EQ(items, 2u);
  }
}

TEST(DoubleSpendTest, OneOfTwoContradictingQueriesLeaves_WhenTheyRace) {
  // The same metric with and without a breakdown: one could be subtracted from the other.
  for (int trial = 0; trial < 5; ++trial) {
    MadeUpCouncil council;
    ASSERT_OK(council.Open());
    Together([&](int process) {
      if (!council.Open().ok()) return 1;
      MadeUpTables tables;
      const auto item = process == 0 ? ItemFor("16", v1::MODE_THRESHOLDED, {"sex"})
                                     : ItemFor("16", v1::MODE_THRESHOLDED, {"area"});
      return council.MakeDoor().Answer(SpecOf(absl::StrCat("q", process), {item}), tables).ok() ? 0 : 2;
    });
    ASSERT_OK(council.Open());
    ASSERT_OK_AND_ASSIGN(const auto entries, council.ledger().Entries());
    std::size_t items = 0;
    for (const LedgerEntry& entry : entries) items += entry.kind == EntryKind::kItem ? 1 : 0;
    EXPECT_EQ(items, 1u);
  }
}

TEST(DoubleSpendTest, ProcessesThatMakeTheLedgerTogetherShareIt) {
  MadeUpCouncil council;
  Together([&](int process) {
    if (!council.Open().ok()) return 1;
    MadeUpTables tables;
    contract::RoundSpec spec = SpecOf(absl::StrCat("q", process), {NoisedItem("19", 1, 2)});
    spec.data_version = static_cast<std::uint32_t>(process + 1);
    return council.MakeDoor().Answer(spec, tables).ok() ? 0 : 2;
  });
  ASSERT_OK(council.Open());
  ASSERT_OK_AND_ASSIGN(const auto entries, council.ledger().Entries());
  EXPECT_THAT(entries, SizeIs(3 * kProcesses));
}

}  // namespace
}  // namespace waymark::node
