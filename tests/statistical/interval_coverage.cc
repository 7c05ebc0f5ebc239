// waymark-interval-coverage REPETITIONS: how often published 95% intervals hold the truth, over federations
// drawn anew each time: members at random, and noise from the samplers that nodes use, discrete Laplace and
// discrete Gaussian. Of counts, the noise alone (its radius is exact, so at least 95%); of rates, shares and
// quantiles, chance and noise joined (by squares, which is no exact law: at least 94.5%). Ends with 1 where
// one is lower by four standard deviations of so many repetitions.
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "catalogue/columns.h"
#include "catalogue/figures.h"
#include "coordinator/benchmark/estimate.h"
#include "crypto/discrete_gaussian.h"
#include "crypto/discrete_laplace.h"
#include "crypto/random.h"

namespace waymark::coordinator {
namespace {

constexpr int kCouncils = 4;
constexpr std::int64_t kMembers = 500;  // of each
constexpr double kLeastExact = 0.95;
constexpr double kLeastJoined = 0.945;
constexpr unsigned kSeed = 20'261'122;

// Noise as a node adds it, and what its release says of it.
struct Noise {
  const char* name;
  contract::Protection protection;
  std::variant<crypto::DiscreteLaplace, crypto::DiscreteGaussian> law;

  bool Fill(crypto::RandomSource& random, std::vector<std::int64_t>& out) const {
    return std::visit([&](const auto& one) { return one.Sample(random, absl::MakeSpan(out)).ok(); }, law);
  }
};

// What is measured: the probability of each disjoint cell, and the entry whose figures are made of them.
struct Measure {
  const char* name;
  v1::Metric metric;
  std::vector<double> cells;

  bool is_proportion() const { return metric.kind() == v1::METRIC_KIND_PROPORTION; }
  // Disjoint counts as a table's row: of a proportion, yes and all.
  std::vector<std::int64_t> RowOf(std::vector<std::int64_t> counts) const {
    if (is_proportion()) counts[1] += counts[0];
    return counts;
  }
};

std::vector<Measure> Measures() {
  Measure rate{.name = "rate", .metric = {}, .cells = {0.2, 0.8}};
  rate.metric.set_kind(v1::METRIC_KIND_PROPORTION);
  rate.metric.add_outcomes()->set_id("yes");
  Measure shares{.name = "shares", .metric = {}, .cells = {0.1, 0.3, 0.6}};
  shares.metric.set_kind(v1::METRIC_KIND_MIX);
  for (const char* id : {"a", "b", "c"}) shares.metric.add_outcomes()->set_id(id);
  Measure quantiles{.name = "quantiles", .metric = {}, .cells = {0.2, 0.15, 0.3, 0.2, 0.1, 0.05}};
  quantiles.metric.set_kind(v1::METRIC_KIND_DURATION);
  for (const std::uint32_t edge : {14, 28, 56, 84, 182}) quantiles.metric.add_bins(edge);
  return {rate, shares, quantiles};
}

std::vector<std::int64_t> Multinomial(const std::vector<double>& cells, std::mt19937_64& random) {
  std::vector<std::int64_t> counts;
  std::int64_t left = kMembers;
  double share_left = 1;
  for (std::size_t i = 0; i + 1 < cells.size(); ++i) {
    std::binomial_distribution<std::int64_t> draw(left, std::min(1.0, cells[i] / share_left));
    counts.push_back(draw(random));
    left -= counts.back();
    share_left -= cells[i];
  }
  counts.push_back(left);
  return counts;
}

// How many intervals were looked at, and held.
struct Tally {
  std::string name;
  double least = 0;
  std::int64_t held = 0;
  std::int64_t all = 0;
};

bool Report(const Tally& tally) {
  const auto all = static_cast<double>(tally.all);
  const double share = static_cast<double>(tally.held) / all;
  const bool good = share >= tally.least - 4 * std::sqrt(tally.least * (1 - tally.least) / all);
  std::printf("%-32s %8lld intervals, %.4f hold%s\n", tally.name.c_str(), static_cast<long long>(tally.all),
              share, good ? "" : ", too few");
  return good;
}

class Coverage {
 public:
  Coverage(const Measure& measure, const Noise& noise)
      : measure_(measure), noise_(noise), context_(measure_.metric, "2024-25", v1::MODE_NOISED) {
    given_.protection = noise.protection;
    given_.table.columns = catalogue::ColumnsOf(measure.metric);
    given_.table.rows = {""};
    given_.table.Resize();
    contract::Table truth = given_.table;
    std::vector<std::int64_t> expected;
    for (const double cell : measure.cells) expected.push_back(std::llround(cell * 1e9));
    truth.values = measure.RowOf(expected);
    for (const catalogue::RowFigure& figure : catalogue::FiguresOf(measure.metric, truth)) {
      truth_.push_back(figure);
      tallies_.push_back({absl::StrCat(measure.name, " ", figure.quantity, ", ", noise.name), kLeastJoined});
    }
    count_ = {absl::StrCat("count in ", measure.name, ", ", noise.name), kLeastExact};
  }

  bool Repeat(std::mt19937_64& random, crypto::RandomSource& source) {
    SummedRow sum(given_.table.columns.size(), radii_);
    std::int64_t first_cell = 0;
    std::vector<std::int64_t> drawn(measure_.cells.size());
    for (int council = 0; council < kCouncils; ++council) {
      std::vector<std::int64_t> counts = Multinomial(measure_.cells, random);
      if (!noise_.Fill(source, drawn)) return false;
      first_cell += counts[0];
      for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += drawn[i];
      given_.table.values = measure_.RowOf(std::move(counts));
      sum.AddValues(given_, 0);
    }
    ++count_.all;
    // 97.5% each side of two sums: at least 95% of one.
    count_.held += std::abs(sum.values[0] - first_cell) <= sum.noise.Radius(1) ? 1 : 0;
    const std::vector<Estimate> estimates = EstimatesOf(context_, sum);
    for (std::size_t i = 0; i < truth_.size(); ++i) {
      const Estimate& estimate = estimates[i];
      if (!estimate.lower || !truth_[i].value) continue;
      ++tallies_[i].all;
      const bool below = estimate.upper && *estimate.upper < *truth_[i].value;
      tallies_[i].held += *estimate.lower <= *truth_[i].value && !below ? 1 : 0;
    }
    return true;
  }

  bool ReportAll() const {
    bool good = Report(count_);
    for (const Tally& tally : tallies_) {
      if (tally.all > 0) good = Report(tally) && good;
    }
    return good;
  }

 private:
  const Measure& measure_;
  const Noise& noise_;
  const RowContext context_;
  NoiseRadii radii_;
  contract::ProtectedTable given_;
  std::vector<catalogue::RowFigure> truth_;
  std::vector<Tally> tallies_;
  Tally count_;
};

int Run(long repetitions) {
  auto laplace = crypto::DiscreteLaplace::Create({.numerator = 1, .denominator = 1}, 2);
  auto gaussian = crypto::DiscreteGaussian::Create({.numerator = 50, .denominator = 1});
  if (repetitions < 1 || !laplace.ok() || !gaussian.ok()) return 2;
  const std::vector<Noise> noises = {
      {.name = "Laplace",
       .protection = {.mode = v1::MODE_NOISED, .epsilon_numerator = 1, .sensitivity = 2},
       .law = *std::move(laplace)},
      {.name = "Gaussian",
       .protection = {.mode = v1::MODE_NOISED, .sensitivity = 1, .rho_numerator = 1, .rho_denominator = 100},
       .law = *std::move(gaussian)}};
  crypto::SystemRandom source;
  bool good = true;
  for (const Measure& measure : Measures()) {
    for (const Noise& noise : noises) {
      std::mt19937_64 random(kSeed);
      Coverage coverage(measure, noise);
      for (long i = 0; i < repetitions; ++i) {
        if (!coverage.Repeat(random, source)) return 2;
      }
      good = coverage.ReportAll() && good;
    }
  }
  return good ? 0 : 1;
}

}  // namespace
}  // namespace waymark::coordinator

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "waymark-interval-coverage REPETITIONS\n");
    return 2;
  }
  return waymark::coordinator::Run(std::strtol(argv[1], nullptr, 10));
}
