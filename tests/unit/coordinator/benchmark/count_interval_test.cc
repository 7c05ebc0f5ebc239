// The intervals of counts, which are no samples: what the rules leave of thresholded ones, what noise leaves
// of noised ones, against the law of its sum worked out here by convolution.
#include <cmath>
#include <vector>

#include "coordinator/benchmark/combine.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using testing::kCouncils;
using testing::Scene;

const double kQ = std::exp(-1.0 / 2.0);  // the scene's ε = 1, Δ = 2
constexpr int kReach = 200;

// P(X₁ + … + X_n = x) of discrete Laplace noise, at x + kReach.
std::vector<double> LawOfSum(int terms) {
  std::vector<double> law(2 * kReach + 1);
  law[kReach] = 1;
  for (int term = 0; term < terms; ++term) {
    std::vector<double> next(law.size());
    for (int a = 0; a <= 2 * kReach; ++a) {
      for (int x = -60; x <= 60; ++x) {
        if (a + x < 0 || a + x > 2 * kReach) continue;
        next[static_cast<std::size_t>(a + x)] +=
            law[static_cast<std::size_t>(a)] * (1 - kQ) / (1 + kQ) * std::pow(kQ, std::abs(x));
      }
    }
    law = std::move(next);
  }
  return law;
}

// The least r beyond which at most 5% lie.
int RadiusOf(const std::vector<double>& law) {
  double inside = law[kReach];
  int radius = 0;
  for (; inside < 0.95; ++radius)
    inside += law[static_cast<std::size_t>(kReach + radius + 1)] +
              law[static_cast<std::size_t>(kReach - radius - 1)];
  return radius;
}

class CountInterval : public ::testing::Test {
 protected:
  CountInterval() {
    for (const std::string& council : kCouncils) scene_.Join(council);
  }
  // Of all participants' figure and of the first council's own.
  std::vector<v1::Figure> Combined(v1::Mode mode, const std::vector<std::int64_t>& counts,
                                   const std::vector<bool>& suppressed = {}) {
    contract::RoundItem item = scene_.Item("33-contacts", mode);
    item.units = {v1::UNIT_EPISODES};
    const contract::RoundSpec spec = scene_.Spec("r", {item});
    v1::Catalogue definitions;
    *definitions.add_metrics() = *scene_.library().Find("33-contacts");
    std::vector<contract::Release> answers;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      contract::ProtectedTable table = scene_.Table(item, 0, {counts[i]});
      if (i < suppressed.size() && suppressed[i]) table.table.status[0] = v1::CELL_STATUS_SUPPRESSED;
      answers.push_back(scene_.Release(kCouncils[i], spec, {table}));
    }
    std::vector<v1::Figure> found(2);
    const auto combined = scene_.CombineAll(spec, definitions, answers);
    for (const v1::Figure& figure : combined[0].figures) {
      if (figure.geography_code() == kParticipantsCode) found[0] = figure;
      if (figure.geography_code() == kCouncils[0]) found[1] = figure;
    }
    return found;
  }

  Scene scene_;
};

TEST_F(CountInterval, OfNoisedCountsIsThatOfTheirNoiseAlone) {
  const std::vector<v1::Figure> figures = Combined(v1::MODE_NOISED, {120, 45, -2, 30});
  EXPECT_EQ(figures[0].value(), 193);
  EXPECT_EQ(figures[0].lower(), 193 - RadiusOf(LawOfSum(4)));
  EXPECT_EQ(figures[0].upper(), 193 + RadiusOf(LawOfSum(4)));
  EXPECT_FALSE(figures[0].has_sampling_lower() || figures[0].has_sampling_upper());
  EXPECT_EQ(figures[1].value(), 120);
  EXPECT_EQ(figures[1].lower(), 120 - RadiusOf(LawOfSum(1)));
  EXPECT_EQ(figures[1].upper(), 120 + RadiusOf(LawOfSum(1)));
}

TEST_F(CountInterval, OfNoisedCountsIsCutAtZero_ButGoesByWhatWasReleased) {
  const int radius = RadiusOf(LawOfSum(4));
  const std::vector<v1::Figure> figures = Combined(v1::MODE_NOISED, {-3, 1, 0, 0});
  EXPECT_EQ(figures[0].value(), 0);
  EXPECT_EQ(figures[0].lower(), 0);
  EXPECT_EQ(figures[0].upper(), radius - 2);
}

TEST_F(CountInterval, OfThresholdedCountsIsWhatTheRulesLeave) {
  const contract::ProtectedTable shape =
      scene_.Table(scene_.Item("33-contacts", v1::MODE_THRESHOLDED), 0, {0});
  const std::int64_t half = shape.protection.rounded_to / 2;
  const std::vector<v1::Figure> figures = Combined(v1::MODE_THRESHOLDED, {120, 45, 0, 35});
  EXPECT_EQ(figures[0].value(), 200);
  EXPECT_EQ(figures[0].lower(), 200.0 - 3.0 * static_cast<double>(half));  // a shown 0 is 0
  EXPECT_EQ(figures[0].upper(), 200.0 + 3.0 * static_cast<double>(half));
  EXPECT_EQ(figures[1].lower(), 120.0 - static_cast<double>(half));
  EXPECT_EQ(figures[1].upper(), 120.0 + static_cast<double>(half));
}

TEST_F(CountInterval, OfWhatIsSuppressedWithoutBoundIsCounted_AndOfTheRest) {
  const std::vector<v1::Figure> figures =
      Combined(v1::MODE_THRESHOLDED, {120, 45, 0, 35, 0}, {false, false, false, false, true});
  EXPECT_EQ(figures[0].suppressed_parts(), 1u);
  EXPECT_EQ(figures[0].unbounded_parts(), 1u);
  EXPECT_EQ(figures[0].value(), 200);
  EXPECT_LT(figures[0].lower(), 200);
  EXPECT_GT(figures[0].upper(), 200);
}

// Above a council counts are shown to the nearest ten; the interval holds what is shown too.
TEST_F(CountInterval, HoldsTheRoundedTotal) {
  const std::vector<v1::Figure> figures = Combined(v1::MODE_THRESHOLDED, {15, 0, 0, 0});
  EXPECT_EQ(figures[0].value(), 20);
  EXPECT_EQ(figures[0].numerator(), 20);
  EXPECT_LE(figures[0].lower(), 15);
  EXPECT_GE(figures[0].upper(), 20);
}

}  // namespace
}  // namespace waymark::coordinator
