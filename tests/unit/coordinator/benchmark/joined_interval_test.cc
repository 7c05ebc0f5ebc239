// The joined interval of a noised rate holds the true rate of the process about as often as it says: 95%.
// Binomial counts, real noise of the law (sampled here by inversion, sharing no code with crypto/), many
// federations. False failure: each count of misses is binomial; the bound below is passed with probability
// under 1e-6 were the coverage 95%.
#include <cmath>
#include <random>

#include "coordinator/benchmark/combine.h"
#include "tests/testing/status_matchers.h"
#include "tests/unit/coordinator/testing/scene.h"

namespace waymark::coordinator {
namespace {

using testing::kCouncils;
using testing::Scene;

std::int64_t Noise(double q, std::mt19937_64& random) {
  std::geometric_distribution<std::int64_t> geometric(1 - q);
  return geometric(random) - geometric(random);
}

TEST(JoinedInterval, HoldsTheTruthAtItsLevel) {
  constexpr int kFederations = 400;
  constexpr unsigned kSeed = 4711;
  Scene scene;
  for (const std::string& council : kCouncils) scene.Join(council);
  contract::RoundItem item = scene.Item("19", v1::MODE_NOISED);
  const contract::RoundSpec spec = scene.Spec("r", {item});
  v1::Catalogue definitions;
  *definitions.add_metrics() = *scene.library().Find("19");
  std::mt19937_64 random(kSeed);
  const double q = std::exp(-1.0 / 2.0);  // the scene's ε = 1, Δ = 2
  int missed = 0;
  for (int trial = 0; trial < kFederations; ++trial) {
    std::vector<contract::Release> answers;
    for (std::size_t i = 0; i < 4; ++i) {
      std::binomial_distribution<std::int64_t> process(60, 0.2);
      const std::int64_t yes = process(random) + Noise(q, random);
      const std::int64_t no = 60 - process(random) + Noise(q, random);
      answers.push_back(scene.Release(kCouncils[i], spec, {scene.Table(item, 0, {yes, yes + no})}));
    }
    const auto combined = scene.CombineAll(spec, definitions, answers);
    for (const v1::Figure& figure : combined[0].figures) {
      if (figure.geography_code() != "participants") continue;
      missed += figure.lower() <= 20 && 20 <= figure.upper() ? 0 : 1;
    }
  }
  // 5% of 400 is 20, the standard deviation 4.4; 42 is five of them above.
  EXPECT_LE(missed, 42) << "seed " << kSeed;
}

}  // namespace
}  // namespace waymark::coordinator
