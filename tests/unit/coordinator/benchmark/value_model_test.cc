#include "coordinator/benchmark/value_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "base/file.h"
#include "tests/testing/status_matchers.h"

namespace waymark::coordinator {
namespace {

using ::testing::HasSubstr;
using ::waymark::testing::StatusIs;

ValueAssumptions Installed() {
  return ReadValueAssumptions(ReadFile("catalogue/value.toml", 1 << 20).value(), "value.toml").value();
}

// The discovery's own case: 7 councils × £6.16m, 3.6% over five years: benefits £7.05m, costs £1.89m. It
// prints the uplift with one decimal, so its benefits may lie between those of 3.55% and 3.65%.
TEST(ValueModelTest, GivesTheReportsOwnCase_WithinItsRounding) {
  const ValueAssumptions assumptions = Installed();
  ASSERT_EQ(assumptions.scenarios[0].id, "report");
  const Value value = ValueOf(assumptions, assumptions.scenarios[0]);
  EXPECT_NEAR(value.benefits, 7.05e6, 0.05e6);
  EXPECT_NEAR(value.costs, 1.89e6, 0.005e6);
  EXPECT_NEAR(value.benefits, 7 * 6.16e6 * 1.52 * 0.6 * 0.036 * 5, 1);
  ValueAssumptions::Scenario low = assumptions.scenarios[0];
  ValueAssumptions::Scenario high = low;
  low.uplift = 0.0355;
  high.uplift = 0.0365;
  EXPECT_LT(ValueOf(assumptions, low).benefits, 7.05e6);
  EXPECT_GT(ValueOf(assumptions, high).benefits, 7.05e6);
}

TEST(ValueModelTest, TheReportsOtherAverageGivesTenMillion) {
  const ValueAssumptions assumptions = Installed();
  ASSERT_EQ(assumptions.scenarios[1].id, "seven_year_average");
  EXPECT_NEAR(ValueOf(assumptions, assumptions.scenarios[1]).benefits, 10.2e6, 0.05e6);
  ValueAssumptions::Scenario seven = assumptions.scenarios[1];
  seven.years = 7;
  EXPECT_NEAR(ValueOf(assumptions, seven).benefits, 14.3e6, 0.05e6);
}

TEST(ValueModelTest, BenefitsAddUp_AndACostIsBelowZero) {
  const ValueAssumptions assumptions = Installed();
  const Value value = ValueOf(assumptions, assumptions.scenarios[0]);
  ASSERT_EQ(value.by_benefit.size(), 6u);
  EXPECT_NEAR(std::accumulate(value.by_benefit.begin(), value.by_benefit.end(), 0.0), value.benefits, 1e-6);
  EXPECT_LT(value.by_benefit[1], 0) << "protection plans";
  EXPECT_NEAR(value.net(), value.benefits - value.costs, 1e-9);
}

TEST(ValueModelTest, NamesEveryFault_WithItsLine) {
  const absl::Status refused =
      ReadValueAssumptions(
          "source = \"s\"\ncouncils = 7\nspend = \"much\"\ncost = \"1\"\nconfidence = \"1.5\"\n"
          "[[benefit]]\nid = \"a\"\ntitle = \"A\"\npounds = \"nan\"\n"
          "[[scenario]]\nid = \"b\"\ntitle = \"B\"\nuplift = \"0.02\"\nyears = 99\n",
          "value.toml")
          .status();
  for (const char* word : {"value.toml:3", "value.toml:5", "value.toml:9", "value.toml:14"})
    EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(word)));
  EXPECT_THAT(ReadValueAssumptions("", "value.toml").status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("[[benefit]]")));
}

TEST(ValueModelTest, NumbersAreWithinTheirRange_OrNone) {
  EXPECT_EQ(ValueNumber("0.5", 0, 1), 0.5);
  for (const char* wrong : {"", "x", "1.1", "-1", "nan", "inf"})
    EXPECT_FALSE(ValueNumber(wrong, 0, 1).has_value()) << wrong;
}

}  // namespace
}  // namespace waymark::coordinator
