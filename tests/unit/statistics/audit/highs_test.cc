// Our intervals beside those of HiGHS, an independent solver, as scipy has it.
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <string>

#include "statistics/audit/attack.h"
#include "tests/unit/statistics/audit/made_up_tables.h"

namespace waymark::statistics {
namespace {

constexpr char kOracle[] = "tests/unit/statistics/audit/highs_oracle.py";

// A Python that has scipy: Debian's own where another stands before it in the path. "" where there is none.
std::string PythonWithScipy() {
  for (const std::string python : {"python3", "/usr/bin/python3"}) {
    const std::string command = python + " -c 'from scipy.optimize import milp' 2>/dev/null";
    std::FILE* pipe = popen(command.c_str(), "r");
    if (pipe != nullptr && pclose(pipe) == 0) return python;
  }
  return "";
}

void Write(const CellSystem& system, std::ostream& out) {
  out << system.cells.size() << " " << system.relations.size() << "\n";
  for (const Range& cell : system.cells) out << cell.low << " " << cell.high << "\n";
  for (const Relation& relation : system.relations) {
    out << relation.low << " " << relation.high << " " << relation.terms.size();
    for (const Relation::Term& term : relation.terms) out << " " << term.cell << " " << term.factor;
    out << "\n";
  }
}

std::vector<Range> AskOracle(const std::string& python, const std::vector<CellSystem>& systems) {
  const std::string file = ::testing::TempDir() + "waymark_highs_" + std::to_string(getpid());
  {
    std::ofstream out(file);
    out << systems.size() << "\n";
    for (const CellSystem& system : systems) Write(system, out);
  }
  std::vector<Range> answers;
  std::FILE* pipe = popen((python + " " + kOracle + " < " + file).c_str(), "r");
  long long low = 0;
  long long high = 0;
  while (pipe != nullptr && std::fscanf(pipe, "%lld %lld", &low, &high) == 2) {
    answers.push_back({.low = low, .high = high});
  }
  if (pipe != nullptr) pclose(pipe);
  std::remove(file.c_str());
  return answers;
}

TEST(BestIntervals, AreThoseOfHighs_WhenTablesWithMarginsAndPartsAreAttacked) {
  const std::string python = PythonWithScipy();
  if (python.empty()) GTEST_SKIP() << "no Python with scipy (python3-scipy) is installed";
  std::mt19937 random(20243);
  std::vector<CellSystem> systems;
  for (int i = 0; i < 12; ++i) {
    ReleaseTask task =
        TwoWayTask(MadeUpValues(4, 4, 40, random), {.threshold = 7, .rounding = i % 3 == 0 ? 1 : 5});
    // Inequalities too, where the truth allows them.
    for (std::uint32_t cell = 0; cell + 5 < 16; cell += 3) {
      if (task.cells[cell].value <= task.cells[cell + 5].value)
        task.relations.push_back(AtMost(cell, cell + 5));
    }
    systems.push_back(PublicKnowledge(task, ShownAtFirst(task)));
  }
  const std::vector<Range> answers = AskOracle(python, systems);
  std::size_t next = 0;
  for (const CellSystem& system : systems) {
    std::vector<std::uint32_t> all;
    for (std::uint32_t cell = 0; cell < system.cells.size(); ++cell) all.push_back(cell);
    const auto found = BestIntervals(system, all);
    ASSERT_OK(found);
    for (const KnownInterval& known : *found) {
      ASSERT_LT(next + 1, answers.size());
      const Range linear = answers[next++];
      const Range whole = answers[next++];
      // Never wider than the program says, never narrower than whole numbers allow.
      EXPECT_GE(known.interval.low, linear.low);
      EXPECT_LE(known.interval.high, linear.high);
      EXPECT_LE(known.interval.low, whole.low);
      EXPECT_GE(known.interval.high, whole.high);
    }
  }
  EXPECT_EQ(next, answers.size());
}

TEST(SuppressUntilProtected, KeepsItsWidths_WhenHighsAttacksInWholeNumbers) {
  const std::string python = PythonWithScipy();
  if (python.empty()) GTEST_SKIP() << "no Python with scipy (python3-scipy) is installed";
  std::mt19937 random(20244);
  std::vector<CellSystem> systems;
  std::vector<std::vector<bool>> shown;
  for (int i = 0; i < 12; ++i) {
    const ReleaseTask task =
        TwoWayTask(MadeUpValues(5, 4, 40, random), {.threshold = 7, .rounding = i % 2 == 0 ? 1 : 5});
    const auto result = SuppressUntilProtected(task);
    ASSERT_OK(result);
    shown.push_back(result->is_shown);
    systems.push_back(PublicKnowledge(task, result->is_shown));
  }
  const std::vector<Range> answers = AskOracle(python, systems);
  std::size_t next = 0;
  for (const std::vector<bool>& table : shown) {
    for (const bool is_shown : table) {
      ASSERT_LT(next + 1, answers.size());
      const Range whole = answers[next + 1];
      next += 2;
      EXPECT_TRUE(is_shown || whole.width() >= 7);
    }
  }
}

}  // namespace
}  // namespace waymark::statistics
