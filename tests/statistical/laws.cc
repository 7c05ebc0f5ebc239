#include "tests/statistical/laws.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <numeric>

#include "base/status.h"

namespace waymark::testing {
namespace {

double ChiSquaredLimit(int degrees) {
  constexpr double kNormalQuantile = 4.7534;
  const double part = 2.0 / (9.0 * degrees);
  return degrees * std::pow(1 - part + kNormalQuantile * std::sqrt(part), 3);
}

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

// Random bytes that were drawn before.
class PrerecordedRandom final : public crypto::RandomSource {
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
  crypto::SystemRandom random_;
  std::vector<std::uint8_t> bytes_ = std::vector<std::uint8_t>(1 << 20);
  std::size_t at_ = 0;
};

std::vector<double> Poisson(double mean) {
  std::vector<double> masses;
  for (double k = 0; k < mean + 20 * std::sqrt(mean) + 40; ++k) {
    masses.push_back(std::exp(k * std::log(mean) - mean - std::lgamma(k + 1)));
  }
  return masses;
}

}  // namespace

ExactLaw DiscreteLaplaceLaw(double q) {
  return {
      .mass =
          [q](std::int64_t x) { return (1 - q) / (1 + q) * std::pow(q, static_cast<double>(std::abs(x))); },
      .upper_tail = [q](std::int64_t x) { return std::pow(q, static_cast<double>(x)) / (1 + q); }};
}

ExactLaw LawOfDifference(const std::vector<double>& masses) {
  std::vector<double> law(masses.size());
  for (std::size_t x = 0; x < law.size(); ++x) {
    for (std::size_t y = 0; x + y < masses.size(); ++y) law[x] += masses[x + y] * masses[y];
  }
  const auto at = [law](std::int64_t x) {
    const auto size = static_cast<std::size_t>(std::abs(x));
    return size < law.size() ? law[size] : 0;
  };
  return {.mass = at, .upper_tail = [law](std::int64_t from) {
            return std::accumulate(law.begin() + std::min(from, static_cast<std::int64_t>(law.size())),
                                   law.end(), 0.0);
          }};
}

ExactLaw SkellamLaw(double variance) {
  return LawOfDifference(Poisson(variance / 2));
}

Fit ChiSquared(const ExactLaw& law, const std::vector<std::int64_t>& samples) {
  const auto n = static_cast<double>(samples.size());
  std::int64_t edge = 1;
  while (n * law.mass(edge + 1) >= 25 && n * law.upper_tail(edge + 2) >= 25) ++edge;
  std::map<std::int64_t, double> counts;
  for (const std::int64_t x : samples) ++counts[std::clamp(x, -edge - 1, edge + 1)];
  Fit fit{.degrees = -1};
  for (std::int64_t bin = -edge - 1; bin <= edge + 1; ++bin) {
    const bool tail = std::abs(bin) == edge + 1;
    const double expected = n * (tail ? law.upper_tail(edge + 1) : law.mass(bin));
    fit.statistic += (counts[bin] - expected) * (counts[bin] - expected) / expected;
    ++fit.degrees;
  }
  fit.limit = ChiSquaredLimit(fit.degrees);
  return fit;
}

double NeighbourCorrelation(const std::vector<std::int64_t>& samples) {
  double variance = 0;
  double neighbours = 0;
  for (std::size_t i = 0; i + 1 < samples.size(); ++i) {
    variance += static_cast<double>(samples[i]) * static_cast<double>(samples[i]);
    neighbours += static_cast<double>(samples[i]) * static_cast<double>(samples[i + 1]);
  }
  return neighbours / variance;
}

absl::StatusOr<EventRatio> MeasureEventRatio(const Draw& draw, std::size_t draws) {
  crypto::SystemRandom random;
  std::vector<std::int64_t> samples(100'000);
  double shares[2] = {};
  for (const std::int64_t count : {0, 1}) {
    std::size_t hits = 0;
    for (std::size_t done = 0; done < draws; done += samples.size()) {
      RETURN_IF_ERROR(draw(random, absl::MakeSpan(samples)));
      const std::size_t taken = std::min(samples.size(), draws - done);
      for (std::size_t i = 0; i < taken; ++i) hits += samples[i] + count >= 1 ? 1 : 0;
    }
    shares[count] = static_cast<double>(hits) / static_cast<double>(draws);
  }
  const auto [without, with] = shares;
  return EventRatio{
      .log_ratio = std::log(with / without),
      .deviation = std::sqrt(((1 - without) / without + (1 - with) / with) / static_cast<double>(draws))};
}

absl::StatusOr<Timing> MeasureTiming(const Draw& draw, std::size_t calls) {
  constexpr std::size_t kCallsARefill = 2'500;
  PrerecordedRandom random;
  std::vector<double> sizes;
  std::vector<double> times;
  for (std::size_t i = 0; i < calls; ++i) {
    if (i % kCallsARefill == 0) RETURN_IF_ERROR(random.Refill());
    std::int64_t sample = 0;
    const auto begin = std::chrono::steady_clock::now();
    const absl::Status status = draw(random, absl::MakeSpan(&sample, 1));
    const auto end = std::chrono::steady_clock::now();
    RETURN_IF_ERROR(status);
    sizes.push_back(std::abs(static_cast<double>(sample)));
    times.push_back(std::chrono::duration<double, std::nano>(end - begin).count());
  }
  std::vector<double> sorted = times;
  std::sort(sorted.begin(), sorted.end());
  for (double& time : times) time = std::min(time, sorted[calls * 95 / 100]);
  return Timing{.correlation = Correlation(sizes, times), .median_ns = sorted[calls / 2]};
}

}  // namespace waymark::testing
