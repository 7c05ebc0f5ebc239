// Daily Kaplan-Meier, Greenwood, log-log intervals and Aalen-Johansen against R's survival package.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "statistics/survival.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/statistics/r.h"

namespace waymark::statistics {
namespace {

// Made-up follow-ups with many ties, heavy censoring and two kinds of event.
std::vector<FollowUp> Made(int size, int most, std::uint64_t seed) {
  std::vector<FollowUp> members;
  std::uint64_t state = seed;
  const auto next = [&state](std::uint64_t bound) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<int>((state >> 33) % bound);
  };
  for (int i = 0; i < size; ++i)
    members.push_back({1 + next(static_cast<std::uint64_t>(most)), next(4) % 3 - 1});
  return members;
}

constexpr char kScript[] = R"(
suppressPackageStartupMessages(library(survival))
days <- input[seq(1, length(input), 2)]
kind <- input[seq(2, length(input), 2)]
km <- survfit(Surv(days, kind >= 0) ~ 1, conf.type = 'log-log')
aj <- survfit(Surv(days, factor(kind, levels = c(-1, 0, 1))) ~ 1)
stopifnot(identical(km$time, aj$time))
cat(sprintf('%.17g %.17g %.17g %.17g %.17g %.17g %.17g\n',
            km$time, km$surv, (km$std.err * km$surv)^2,
            ifelse(km$surv > 0 & km$surv < 1, km$lower, -1), ifelse(km$surv > 0 & km$surv < 1, km$upper, -1),
            aj$pstate[, 2], aj$pstate[, 3]))
)";

TEST(SurvivalAgainstRTest, AgreesToNineDigits_WhenSurvivalIsInstalled) {
  if (!HasR("survival")) GTEST_SKIP() << "skipped: Rscript with the package survival is not installed";
  for (const auto& [size, most, seed] : {std::tuple{40, 25, 1u}, {500, 365, 2u}, {3000, 730, 3u}}) {
    const std::vector<FollowUp> members = Made(size, most, seed);
    std::vector<double> input;
    for (const FollowUp& member : members) {
      input.push_back(member.days);
      input.push_back(member.kind);
    }
    const auto wanted = RunR(kScript, input);
    ASSERT_TRUE(wanted.has_value());
    ASSERT_GT(wanted->size(), 0u);
    ASSERT_EQ(wanted->size() % 7, 0u);
    ASSERT_OK_AND_ASSIGN(const SurvivalCurve curve, SurvivalCurve::FromDays(members, 2));
    for (std::size_t i = 0; i < wanted->size(); i += 7) {
      const double* row = wanted->data() + i;
      const auto at = curve.At(static_cast<std::uint32_t>(row[0]));
      ASSERT_TRUE(at.has_value()) << row[0];
      EXPECT_NEAR(at->survival, row[1], 1e-9) << "day " << row[0] << ", seed " << seed;
      // R has no standard error where S is 0.
      if (row[1] > 0) {
        EXPECT_NEAR(at->variance, row[2], 1e-9) << "day " << row[0] << ", seed " << seed;
      }
      EXPECT_EQ(at->interval.has_value(), row[3] >= 0) << "day " << row[0] << ", seed " << seed;
      if (at->interval.has_value()) {
        EXPECT_NEAR(at->interval->lower, row[3], 1e-9) << "day " << row[0] << ", seed " << seed;
        EXPECT_NEAR(at->interval->upper, row[4], 1e-9) << "day " << row[0] << ", seed " << seed;
      }
      EXPECT_NEAR(at->incidence[0], row[5], 1e-9) << "day " << row[0] << ", seed " << seed;
      EXPECT_NEAR(at->incidence[1], row[6], 1e-9) << "day " << row[0] << ", seed " << seed;
    }
  }
}

}  // namespace
}  // namespace waymark::statistics
