#include "statistics/audit/linear_program.h"

namespace waymark::statistics {
namespace {

constexpr double kExact = 1e-9;

// Least of x + 2y with x + y >= 4, x <= 3: x = 3, y = 1.
TEST(LinearProgram, FindsTheLeast_WhenItIsKnownByHand) {
  LinearProgram program(
      {{.low = 0, .high = 3, .cost = 1}, {.cost = 2}},
      {{.terms = {{.variable = 0}, {.variable = 1}}, .low = 4, .high = LinearProgram::kUnbounded}});
  ASSERT_EQ(program.Minimize(100), LinearProgram::End::kOptimal);
  EXPECT_NEAR(program.Objective(), 5, kExact);
  EXPECT_NEAR(program.Value(0), 3, kExact);
  EXPECT_NEAR(program.Value(1), 1, kExact);
  // Again with another bound, and then with other costs.
  program.SetBounds(0, 0, 1);
  ASSERT_EQ(program.Minimize(100), LinearProgram::End::kOptimal);
  EXPECT_NEAR(program.Objective(), 7, kExact);
  program.SetCost(1, 0.5);
  program.SetCost(0, 1);
  ASSERT_EQ(program.Minimize(100), LinearProgram::End::kOptimal);
  EXPECT_NEAR(program.Objective(), 2, kExact);
}

TEST(LinearProgram, SaysWhatIsSo_WhenThereIsNoLeast) {
  LinearProgram none({{.low = 0, .high = 1}}, {{.terms = {{.variable = 0}}, .low = 2, .high = 3}});
  EXPECT_EQ(none.Minimize(100), LinearProgram::End::kInfeasible);
  LinearProgram boundless({{.low = 0, .high = LinearProgram::kUnbounded, .cost = -1}, {}},
                          {{.terms = {{.variable = 0}, {.variable = 1, .factor = -1}}, .low = 0, .high = 0}});
  EXPECT_EQ(boundless.Minimize(100), LinearProgram::End::kUnbounded);
}

TEST(LinearProgram, SaysThatItDidNotFinish_WhenIterationsRunOut) {
  std::vector<LinearProgram::Variable> variables;
  std::vector<LinearProgram::Row> rows;
  for (std::size_t i = 0; i < 50; ++i) {
    variables.push_back({.low = 0, .high = 10, .cost = 1.0 + static_cast<double>(i % 7)});
    rows.push_back({.terms = {{.variable = i}, {.variable = (i + 1) % 50}, {.variable = (i + 9) % 50}},
                    .low = 5,
                    .high = 9});
  }
  LinearProgram program(variables, rows);
  EXPECT_EQ(program.Minimize(2), LinearProgram::End::kNotFinished);
  EXPECT_EQ(program.Minimize(10'000), LinearProgram::End::kOptimal);
}

}  // namespace
}  // namespace waymark::statistics
