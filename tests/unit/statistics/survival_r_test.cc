// Daily Kaplan-Meier, Greenwood, log-log intervals and Aalen-Johansen against R's survival package.
#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
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

// Input: set, days, kind for each member. Output: ten numbers a set and time. R takes long to start, so
// once for all.
constexpr char kScript[] = R"(
suppressPackageStartupMessages(library(survival))
all <- matrix(input, ncol = 3, byrow = TRUE)
for (set in unique(all[, 1])) {
  days <- all[all[, 1] == set, 2]
  kind <- all[all[, 1] == set, 3]
  km <- survfit(Surv(days, kind >= 0) ~ 1, conf.type = 'log-log')
  aj <- survfit(Surv(days, factor(kind, levels = c(-1, 0, 1))) ~ 1)
  stopifnot(identical(km$time, aj$time))
  inside <- km$surv > 0 & km$surv < 1
  cat(sprintf('%d %.17g %.17g %.17g %.17g %.17g %.17g %.17g %.17g %.17g\n',
              as.integer(set), km$time, km$surv, (km$std.err * km$surv)^2,
              ifelse(inside, km$lower, -1), ifelse(inside, km$upper, -1), aj$pstate[, 2], aj$pstate[, 3],
              aj$std.err[, 2]^2, aj$std.err[, 3]^2))
}
)";

TEST(SurvivalAgainstRTest, AgreesToNineDigits_WhenSurvivalIsInstalled) {
  if (!HasR("survival")) GTEST_SKIP() << "skipped: Rscript with the package survival is not installed";
  std::vector<double> input;
  std::vector<SurvivalCurve> curves;
  for (const auto& [size, most, seed] : {std::tuple{40, 25, 1u}, {500, 365, 2u}, {3000, 730, 3u}}) {
    const std::vector<FollowUp> members = Made(size, most, seed);
    for (const FollowUp& member : members) {
      input.push_back(static_cast<double>(curves.size()));
      input.push_back(member.days);
      input.push_back(member.kind);
    }
    ASSERT_OK_AND_ASSIGN(SurvivalCurve curve, SurvivalCurve::FromDays(members, 2));
    curves.push_back(std::move(curve));
  }
  const auto wanted = RunR(kScript, input);
  ASSERT_TRUE(wanted.has_value());
  ASSERT_GT(wanted->size(), 500u);
  ASSERT_EQ(wanted->size() % 10, 0u);
  for (std::size_t i = 0; i < wanted->size(); i += 10) {
    const double* row = wanted->data() + i;
    const auto at = curves.at(static_cast<std::size_t>(row[0])).At(static_cast<std::uint32_t>(row[1]));
    const std::string where = absl::StrCat("set ", row[0], ", day ", row[1]);
    ASSERT_TRUE(at.has_value()) << where;
    EXPECT_NEAR(at->survival, row[2], 1e-9) << where;
    // R has no standard error where S is 0.
    if (row[2] > 0) {
      EXPECT_NEAR(at->variance, row[3], 1e-9) << where;
    }
    EXPECT_EQ(at->interval.has_value(), row[4] >= 0) << where;
    if (at->interval.has_value()) {
      EXPECT_NEAR(at->interval->lower, row[4], 1e-9) << where;
      EXPECT_NEAR(at->interval->upper, row[5], 1e-9) << where;
    }
    EXPECT_NEAR(at->incidence[0], row[6], 1e-9) << where;
    EXPECT_NEAR(at->incidence[1], row[7], 1e-9) << where;
    // R's is the infinitesimal jackknife's, another way to the same number.
    EXPECT_NEAR(at->incidence_variance[0], row[8], 1e-9) << where;
    EXPECT_NEAR(at->incidence_variance[1], row[9], 1e-9) << where;
  }
}

}  // namespace
}  // namespace waymark::statistics
