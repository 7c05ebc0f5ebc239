// The law of the noise as it is drawn, from the system's generator: 10^6 samples in all, and 4 · 10^5 that
// are timed. Every test states how often it fails though nothing is wrong; together less than once in 10^5
// runs. A scale wrong by 5% or a doubled zero fails the chi-squared tests by tens of standard deviations.
#include "crypto/discrete_laplace.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iostream>
#include <map>
#include <numeric>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/testing/status_matchers.h"

namespace waymark::crypto {
namespace {

std::vector<std::int64_t> Draw(Epsilon epsilon, std::uint64_t sensitivity, std::size_t count) {
  const auto noise = DiscreteLaplace::Create(epsilon, sensitivity);
  EXPECT_OK(noise);
  SystemRandom random;
  std::vector<std::int64_t> samples(count);
  if (noise.ok()) {
    EXPECT_OK(noise->Sample(random, absl::MakeSpan(samples)));
  }
  return samples;
}

// The quantile of chi-squared that is exceeded once in 10^6 (Wilson and Hilferty, 1931; from 10 degrees on it
// is right to a percent).
double ChiSquaredLimit(int degrees) {
  constexpr double kNormalQuantile = 4.7534;
  const double part = 2.0 / (9.0 * degrees);
  return degrees * std::pow(1 - part + kNormalQuantile * std::sqrt(part), 3);
}

struct Law {
  Epsilon epsilon;
  std::uint64_t sensitivity;
  double ratio() const {
    return static_cast<double>(epsilon.numerator) / static_cast<double>(epsilon.denominator) /
           static_cast<double>(sensitivity);
  }
  double q() const { return std::exp(-ratio()); }
  // P(X = x) and P(X ≥ x) for x ≥ 1.
  double Mass(std::int64_t x) const {
    return (1 - q()) / (1 + q()) * std::pow(q(), static_cast<double>(std::abs(x)));
  }
  double UpperTail(std::int64_t x) const { return std::pow(q(), static_cast<double>(x)) / (1 + q()); }
};

// One bin a value as far as 25 samples are expected there, and one for each tail. `degrees` is the bins less
// one.
double ChiSquared(const Law& law, const std::vector<std::int64_t>& samples, int& degrees) {
  const auto n = static_cast<double>(samples.size());
  std::int64_t edge = 1;
  while (n * law.Mass(edge + 1) >= 25 && n * law.UpperTail(edge + 2) >= 25) ++edge;
  std::map<std::int64_t, double> counts;
  for (const std::int64_t x : samples) ++counts[std::clamp(x, -edge - 1, edge + 1)];
  double sum = 0;
  degrees = -1;
  for (std::int64_t bin = -edge - 1; bin <= edge + 1; ++bin) {
    const bool tail = std::abs(bin) == edge + 1;
    const double expected = n * (tail ? law.UpperTail(edge + 1) : law.Mass(bin));
    sum += (counts[bin] - expected) * (counts[bin] - expected) / expected;
    ++degrees;
  }
  return sum;
}

class DiscreteLaplaceLawTest : public ::testing::TestWithParam<Law> {};

// False-failure rate: 10^−6 each for the law, 6 · 10^−7 each for the correlation (five standard deviations).
TEST_P(DiscreteLaplaceLawTest, HasTheExactLaw) {
  constexpr std::size_t kSamples = 200'000;
  const std::vector<std::int64_t> samples = Draw(GetParam().epsilon, GetParam().sensitivity, kSamples);
  int degrees = 0;
  const double statistic = ChiSquared(GetParam(), samples, degrees);
  std::cout << "chi-squared " << statistic << " on " << degrees << " degrees, limit "
            << ChiSquaredLimit(degrees) << "\n";
  EXPECT_LT(statistic, ChiSquaredLimit(degrees));

  double variance = 0;
  double neighbours = 0;
  for (std::size_t i = 0; i + 1 < kSamples; ++i) {
    variance += static_cast<double>(samples[i]) * static_cast<double>(samples[i]);
    neighbours += static_cast<double>(samples[i]) * static_cast<double>(samples[i + 1]);
  }
  EXPECT_LT(std::abs(neighbours / variance), 5 / std::sqrt(static_cast<double>(kSamples)));
}

INSTANTIATE_TEST_SUITE_P(Laws, DiscreteLaplaceLawTest,
                         ::testing::Values(Law{{1, 10}, 1}, Law{{1, 1}, 1}, Law{{1, 1}, 5}, Law{{3, 2}, 1}));

class EventRatioTest : public ::testing::TestWithParam<Epsilon> {};

// The guarantee itself. For the neighbouring counts 0 and 1 (Δ = 1) the event {out ≥ 1} has probabilities P(X
// ≥ 1) and P(X ≥ 0), whose ratio is exactly e^ε: the worst case of the guarantee, met and not passed. Five
// standard deviations of the logarithm of the measured ratio: false-failure rate 6 · 10^−7 each.
TEST_P(EventRatioTest, NeighboursDifferByExactlyEToTheEpsilon) {
  constexpr std::size_t kSamples = 45'000;
  const double epsilon =
      static_cast<double>(GetParam().numerator) / static_cast<double>(GetParam().denominator);
  const auto share = [](const std::vector<std::int64_t>& samples, std::int64_t count) {
    const auto hits =
        std::count_if(samples.begin(), samples.end(), [&](std::int64_t x) { return x + count >= 1; });
    return static_cast<double>(hits) / static_cast<double>(samples.size());
  };
  const double without = share(Draw(GetParam(), 1, kSamples), 0);
  const double with = share(Draw(GetParam(), 1, kSamples), 1);
  const double deviation =
      std::sqrt(((1 - without) / without + (1 - with) / with) / static_cast<double>(kSamples));
  std::cout << "log ratio " << std::log(with / without) << " for epsilon " << epsilon << ", deviation "
            << deviation << "\n";
  EXPECT_NEAR(std::log(with / without), epsilon, 5 * deviation);
}

INSTANTIATE_TEST_SUITE_P(Epsilons, EventRatioTest, ::testing::Values(Epsilon{1, 2}, Epsilon{2, 1}));

// At the least ε/Δ all 37 bits are in use. X/10^9 is then Laplace to nine digits: |X|/10^9 has mean 1 and
// deviation 1, and is below ln 2 half the time. Six standard deviations: false-failure rate 2 · 10^−9 each.
TEST(DiscreteLaplaceScaleTest, IsRight_AtTheLeastEpsilon) {
  constexpr std::size_t kSamples = 20'000;
  const std::vector<std::int64_t> samples = Draw({1, 1'000'000'000}, 1, kSamples);
  double sum = 0;
  int small = 0;
  int positive = 0;
  for (const std::int64_t x : samples) {
    const double size = std::abs(static_cast<double>(x)) / 1e9;
    sum += size;
    small += size < std::log(2.0) ? 1 : 0;
    positive += x > 0 ? 1 : 0;
  }
  const double n = kSamples;
  EXPECT_NEAR(sum / n, 1, 6 / std::sqrt(n));
  EXPECT_NEAR(small / n, 0.5, 6 * 0.5 / std::sqrt(n));
  EXPECT_NEAR(positive / n, 0.5, 6 * 0.5 / std::sqrt(n));
}

// Random bytes that cost nothing to give, so that only the sampler is timed.
class PrerecordedRandom final : public RandomSource {
 public:
  absl::Status Refill() {
    at_ = 0;
    return random_.Fill(absl::MakeSpan(bytes_));
  }
  absl::Status Fill(absl::Span<std::uint8_t> out) override {
    if (out.size() > bytes_.size() - at_) return absl::InternalError("too few bytes were recorded");
    std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(at_), out.size(), out.begin());
    at_ += out.size();
    return absl::OkStatus();
  }

 private:
  SystemRandom random_;
  std::vector<std::uint8_t> bytes_ = std::vector<std::uint8_t>(1 << 20);
  std::size_t at_ = 0;
};

double Correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const auto n = static_cast<double>(a.size());
  const double mean_a = std::accumulate(a.begin(), a.end(), 0.0) / n;
  const double mean_b = std::accumulate(b.begin(), b.end(), 0.0) / n;
  double both = 0;
  double square_a = 0;
  double square_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    both += (a[i] - mean_a) * (b[i] - mean_b);
    square_a += (a[i] - mean_a) * (a[i] - mean_a);
    square_b += (b[i] - mean_b) * (b[i] - mean_b);
  }
  return both / std::sqrt(square_a * square_b);
}

// The time of one call must not tell |x|. Without a connection the correlation over 400,000 calls has a
// standard deviation of .0016, and the limit is six of them: false-failure rate 2 · 10^−9. (Other processes
// lengthen calls, but know nothing of x.)
TEST(DiscreteLaplaceTimingTest, DoesNotTellTheSample) {
  constexpr std::size_t kCalls = 400'000;
  constexpr std::size_t kCallsARefill = 3'000;
  ASSERT_OK_AND_ASSIGN(const DiscreteLaplace noise, DiscreteLaplace::Create({1, 10}, 1));
  PrerecordedRandom random;
  std::vector<double> sizes;
  std::vector<double> times;
  for (std::size_t i = 0; i < kCalls; ++i) {
    if (i % kCallsARefill == 0) {
      ASSERT_OK(random.Refill());
    }
    std::int64_t sample = 0;
    const auto begin = std::chrono::steady_clock::now();
    const absl::Status status = noise.Sample(random, absl::MakeSpan(&sample, 1));
    const auto end = std::chrono::steady_clock::now();
    ASSERT_OK(status);
    sizes.push_back(std::abs(static_cast<double>(sample)));
    times.push_back(std::chrono::duration<double, std::nano>(end - begin).count());
  }
  // Interruptions are cut off at the 95th centile, so that a few of them do not drown the rest.
  std::vector<double> sorted = times;
  std::sort(sorted.begin(), sorted.end());
  for (double& time : times) time = std::min(time, sorted[kCalls * 95 / 100]);
  const double correlation = Correlation(sizes, times);
  std::cout << "correlation of |x| and time " << correlation << ", median time " << sorted[kCalls / 2]
            << " ns\n";
  EXPECT_LT(std::abs(correlation), 0.01);
}

}  // namespace
}  // namespace waymark::crypto
