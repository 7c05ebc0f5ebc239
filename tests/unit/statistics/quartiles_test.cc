#include "statistics/quartiles.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/unit/statistics/r.h"

namespace waymark::statistics {
namespace {

TEST(QuartilesTest, InterpolatesBetweenNeighbours) {
  // h = 3p: 0.75, 1.5, 2.25.
  const auto quartiles = QuartilesOf({40, 10, 20, 30});
  ASSERT_TRUE(quartiles.has_value());
  EXPECT_DOUBLE_EQ(quartiles->lowest, 17.5);
  EXPECT_DOUBLE_EQ(quartiles->middle, 25);
  EXPECT_DOUBLE_EQ(quartiles->highest, 32.5);
}

TEST(QuartilesTest, IsTheValueItself_WhenThereIsOne) {
  const auto quartiles = QuartilesOf({3.5});
  ASSERT_TRUE(quartiles.has_value());
  EXPECT_EQ(quartiles->lowest, 3.5);
  EXPECT_EQ(quartiles->middle, 3.5);
  EXPECT_EQ(quartiles->highest, 3.5);
}

TEST(QuartilesTest, IsNothing_WithoutValuesOrWithOneThatIsNoNumber) {
  EXPECT_FALSE(QuartilesOf({}).has_value());
  EXPECT_FALSE(QuartilesOf({1, std::numeric_limits<double>::quiet_NaN()}).has_value());
  EXPECT_FALSE(QuartilesOf({1, std::numeric_limits<double>::infinity()}).has_value());
}

TEST(QuartilesTest, AgreesWithR_WhenItIsInstalled) {
  if (!HasR("stats")) GTEST_SKIP() << "skipped: Rscript is not installed";
  std::vector<double> values;
  for (std::size_t i = 0; i < 40; ++i) values.push_back(std::fmod(static_cast<double>(i * i) * 7.31 + 3, 17));
  const auto wanted = RunR(
      "for (n in seq_along(input)) cat(sprintf('%.17g\n', quantile(input[1:n], c(.25, .5, .75))))\n", values);
  ASSERT_TRUE(wanted.has_value());
  ASSERT_EQ(wanted->size(), 3 * values.size());
  for (std::size_t size = 1; size <= values.size(); ++size) {
    const auto quartiles = QuartilesOf({values.begin(), values.begin() + static_cast<std::ptrdiff_t>(size)});
    ASSERT_TRUE(quartiles.has_value());
    const double* row = wanted->data() + 3 * (size - 1);
    EXPECT_NEAR(quartiles->lowest, row[0], 1e-12) << size;
    EXPECT_NEAR(quartiles->middle, row[1], 1e-12) << size;
    EXPECT_NEAR(quartiles->highest, row[2], 1e-12) << size;
  }
}

}  // namespace
}  // namespace waymark::statistics
