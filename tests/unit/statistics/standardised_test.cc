#include "statistics/standardised.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/testing/status_matchers.h"
#include "tests/unit/statistics/r.h"

namespace waymark::statistics {
namespace {

using ::testing::HasSubstr;
using ::waymark::testing::StatusIs;

const std::vector<Stratum> kAges = {{.events = 12, .exposure = 900, .standard = 3000},
                                    {.events = 30, .exposure = 1400, .standard = 2500},
                                    {.events = 41, .exposure = 1100, .standard = 2800},
                                    {.events = 9, .exposure = 300, .standard = 900}};

// R's own arithmetic, the exact Poisson limits of poisson.test beside Byar's; PHEindicatormethods' phe_dsr
// takes these formulas.
TEST(StandardisedTest, RateAgreesWithR) {
  if (!HasR("stats")) GTEST_SKIP() << "skipped: Rscript is not installed";
  std::vector<double> input;
  for (const Stratum& age : kAges) input.insert(input.end(), {age.events, age.exposure, age.standard});
  const auto wanted = RunR(
      "m <- matrix(input, ncol = 3, byrow = TRUE); o <- m[, 1]; n <- m[, 2]; w <- m[, 3]\n"
      "rate <- weighted.mean(o / n, w); v <- sum(w^2 * o / n^2) / sum(w)^2; O <- sum(o); z <- qnorm(.975)\n"
      "byar <- c(O * (1 - 1 / (9 * O) - z / (3 * sqrt(O)))^3, (O + 1) * (1 - 1 / (9 * (O + 1)) + z / (3 * "
      "sqrt(O "
      "+ 1)))^3)\n"
      "exact <- poisson.test(O)$conf.int\n"
      "cat(sprintf('%.17g ', c(rate, rate + sqrt(v / O) * (byar - O), rate + sqrt(v / O) * (exact - O))))\n",
      input);
  ASSERT_TRUE(wanted.has_value());
  ASSERT_EQ(wanted->size(), 5u);
  ASSERT_OK_AND_ASSIGN(const Standardised rate, DirectlyStandardised(CountLaw::kRate, kAges));
  EXPECT_NEAR(rate.value, (*wanted)[0], 1e-14);
  EXPECT_NEAR(rate.interval->lower, (*wanted)[1], 1e-12);
  EXPECT_NEAR(rate.interval->upper, (*wanted)[2], 1e-12);
  EXPECT_NEAR(rate.interval->lower, (*wanted)[3], 2e-5);
  EXPECT_NEAR(rate.interval->upper, (*wanted)[4], 2e-5);
}

TEST(StandardisedTest, IsTheCrudeValue_WhenThereIsOneStratum) {
  const Stratum one{.events = 20, .exposure = 130, .standard = 77};
  ASSERT_OK_AND_ASSIGN(const Standardised rate, DirectlyStandardised(CountLaw::kRate, {one}));
  ASSERT_OK_AND_ASSIGN(const Interval byar, ByarInterval(20, 130));
  EXPECT_NEAR(rate.value, 20.0 / 130, 1e-15);
  EXPECT_NEAR(rate.interval->lower, byar.lower, 1e-12);
  EXPECT_NEAR(rate.interval->upper, byar.upper, 1e-12);
  ASSERT_OK_AND_ASSIGN(const Standardised share, DirectlyStandardised(CountLaw::kShare, {one}));
  ASSERT_OK_AND_ASSIGN(const Interval wilson, WilsonInterval(20, 130));
  EXPECT_NEAR(share.interval->lower, wilson.lower, 1e-12);
  EXPECT_NEAR(share.interval->upper, wilson.upper, 1e-12);
}

// Two councils with the same shares at each age, and other ages: the crude shares differ, these do not.
TEST(StandardisedTest, TakesAgesOut) {
  const std::vector<Stratum> young = {{.events = 90, .exposure = 900, .standard = 1},
                                      {.events = 40, .exposure = 100, .standard = 1}};
  const std::vector<Stratum> old = {{.events = 10, .exposure = 100, .standard = 1},
                                    {.events = 360, .exposure = 900, .standard = 1}};
  ASSERT_OK_AND_ASSIGN(const Standardised a, DirectlyStandardised(CountLaw::kShare, young));
  ASSERT_OK_AND_ASSIGN(const Standardised b, DirectlyStandardised(CountLaw::kShare, old));
  EXPECT_NEAR(a.value, 0.25, 1e-15);
  EXPECT_NEAR(b.value, 0.25, 1e-15);
}

TEST(StandardisedTest, NoiseWidens_AndNobodyWithTheOutcomeHasAnInterval) {
  std::vector<Stratum> noisy = kAges;
  for (Stratum& age : noisy) age.noise_variance = 1e-3;
  for (const CountLaw law : {CountLaw::kShare, CountLaw::kRate}) {
    ASSERT_OK_AND_ASSIGN(const Standardised plain, DirectlyStandardised(law, kAges));
    ASSERT_OK_AND_ASSIGN(const Standardised widened, DirectlyStandardised(law, noisy));
    EXPECT_EQ(plain.value, widened.value);
    EXPECT_LT(widened.interval->lower, plain.interval->lower);
    EXPECT_GT(widened.interval->upper, plain.interval->upper);
  }
  const Stratum none{.events = 0, .exposure = 40, .standard = 1};
  ASSERT_OK_AND_ASSIGN(const Standardised zero, DirectlyStandardised(CountLaw::kShare, {none, none}));
  ASSERT_OK_AND_ASSIGN(const Interval wilson, WilsonInterval(0, 80));
  EXPECT_NEAR(zero.interval->upper, wilson.upper, 1e-12);
  ASSERT_OK_AND_ASSIGN(const Standardised few, DirectlyStandardised(CountLaw::kRate, {none}));
  EXPECT_FALSE(few.interval.has_value());
}

TEST(StandardisedTest, Refuses_WhatIsOutOfRange) {
  for (const Stratum& bad : {Stratum{5, 4, 1}, Stratum{-1, 4, 1}, Stratum{1, 0, 1}, Stratum{1, 4, -1},
                             Stratum{1, 4, 1, std::nan("")}}) {
    EXPECT_THAT(DirectlyStandardised(CountLaw::kShare, {bad}).status(),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("stratum")));
  }
  EXPECT_THAT(DirectlyStandardised(CountLaw::kRate, {}).status(),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("above 0")));
}

}  // namespace
}  // namespace waymark::statistics
