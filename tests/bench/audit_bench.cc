// How long it takes to protect, and to attack, one large hierarchical table with all of its margins.
//
//   audit_bench [threshold rounding mean [threads]]
//
// 25 areas in 5 groups x 20 needs in 4 x 8 age bands in 4, with every total: 31 x 25 x 13 = 10,075 cells.
// Leaves have exponential sizes about `mean`, from a fixed seed. Without arguments: the default rules and the
// unrounded ones, leaves of 12 and of 60, by two threads and by one. Fails where these differ, a hidden cell
// of a sample is too narrow, or protecting takes over 15 seconds.
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <random>
#include <vector>

#include "statistics/audit/attack.h"
#include "statistics/audit/suppression.h"

namespace waymark::statistics {
namespace {

constexpr double kMostSeconds = 15;

// The leaves come first, then the groups of equal size, then the whole.
struct Dimension {
  std::uint32_t leaves = 0;
  std::uint32_t groups = 0;
  std::uint32_t nodes() const { return leaves + groups + 1; }
  // The children of a node that is no leaf.
  std::vector<std::uint32_t> Children(std::uint32_t node) const {
    const bool whole = node == leaves + groups;
    const std::uint32_t each = whole ? groups : leaves / groups;
    const std::uint32_t first = whole ? leaves : (node - leaves) * each;
    std::vector<std::uint32_t> children;
    for (std::uint32_t i = 0; i < each; ++i) children.push_back(first + i);
    return children;
  }
};

struct Rule {
  std::int64_t threshold = 7;
  std::int64_t rounding = 5;
};

ReleaseCell CellOf(std::int64_t value, const Rule& rule) {
  const std::int64_t rounded = (value + rule.rounding / 2) / rule.rounding * rule.rounding;
  ReleaseCell cell{.value = value,
                   .shown = {.low = value, .high = value},
                   .hidden = {},
                   .width = rule.threshold,
                   .cost = 1 + value};
  cell.is_shown = value == 0 || value > rule.threshold;
  if (cell.is_shown && value > 0) {
    cell.shown = {.low = std::max(rule.threshold + 1, rounded - rule.rounding / 2),
                  .high = rounded + (rule.rounding - 1) / 2};
  }
  return cell;
}

class Cube {
 public:
  Cube(std::vector<Dimension> dimensions) : dimensions_(std::move(dimensions)) {}

  ReleaseTask Task(const Rule& rule, double mean) {
    std::mt19937_64 random(10'000);
    std::uint32_t cells = 1;
    for (const Dimension& dimension : dimensions_) cells *= dimension.nodes();
    std::vector<std::int64_t> values(cells);
    ReleaseTask task;
    for (std::uint32_t cell = 0; cell < cells; ++cell) {
      bool leaf = true;
      std::uint32_t stride = 1;
      for (const Dimension& dimension : dimensions_) {
        const std::uint32_t node = cell / stride % dimension.nodes();
        if (node >= dimension.leaves) {
          std::vector<std::uint32_t> parts;
          std::int64_t sum = 0;
          for (const std::uint32_t child : dimension.Children(node)) {
            parts.push_back(cell - (node - child) * stride);
            sum += values[parts.back()];
          }
          values[cell] = sum;
          leaf = false;
          task.relations.push_back(SumOf(parts, cell));
        }
        stride *= dimension.nodes();
      }
      if (leaf) {
        // Long-tailed: many small counts, some large.
        std::exponential_distribution<double> size(1 / mean);
        values[cell] = std::poisson_distribution<std::int64_t>(size(random))(random);
      }
    }
    for (const std::int64_t value : values) task.cells.push_back(CellOf(value, rule));
    return task;
  }

 private:
  std::vector<Dimension> dimensions_;
};

double SecondsSince(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double ProcessorSeconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

int Run(const Rule& rule, double mean, std::size_t threads) {
  Cube cube({{.leaves = 25, .groups = 5}, {.leaves = 20, .groups = 4}, {.leaves = 8, .groups = 4}});
  const ReleaseTask task = cube.Task(rule, mean);
  std::size_t hidden_before = 0;
  for (const ReleaseCell& cell : task.cells) hidden_before += cell.is_shown ? 0 : 1;
  const auto start = std::chrono::steady_clock::now();
  const double processor_start = ProcessorSeconds();
  const auto result = SuppressUntilProtected(task, {.threads = threads});
  const double seconds = SecondsSince(start);
  const double processor = ProcessorSeconds() - processor_start;
  if (!result.ok()) {
    std::cerr << result.status() << "\n";
    return 1;
  }
  std::size_t hidden = 0;
  std::vector<std::uint32_t> sample;
  for (std::uint32_t cell = 0; cell < task.cells.size(); ++cell) {
    if (result->is_shown[cell]) continue;
    if (hidden++ % 100 == 0) sample.push_back(cell);
  }
  std::cout << "cells " << task.cells.size() << ", relations " << task.relations.size() << ", threshold "
            << rule.threshold << ", rounding " << rule.rounding << ", leaves of " << mean
            << "\nprotect: " << seconds << " s by " << threads << " threads, " << processor
            << " processor s; hidden " << hidden_before << " -> " << hidden << ", fallbacks "
            << result->fallbacks << ", unprotected " << result->unprotected.size() << std::endl;
  if (threads > 1) {
    const auto alone = SuppressUntilProtected(task, {.threads = 1});
    if (!alone.ok() || alone->is_shown != result->is_shown || alone->possible != result->possible) {
      std::cerr << "one thread hides other cells\n";
      return 1;
    }
  }
  const auto again = std::chrono::steady_clock::now();
  const auto attacked = BestIntervals(PublicKnowledge(task, result->is_shown), sample);
  std::int64_t narrowest = kMostCount;
  for (const KnownInterval& known : *attacked) narrowest = std::min(narrowest, known.interval.width());
  std::cout << "attack of " << sample.size() << " hidden cells: " << SecondsSince(again)
            << " s; narrowest interval " << narrowest << "\n";
  return narrowest >= rule.threshold && seconds <= kMostSeconds ? 0 : 1;
}

}  // namespace
}  // namespace waymark::statistics

int main(int argc, char** argv) {
  using waymark::statistics::Rule;
  using waymark::statistics::Run;
  if (argc > 3)
    return Run({.threshold = std::atoi(argv[1]), .rounding = std::atoi(argv[2])}, std::atof(argv[3]),
               argc > 4 ? std::strtoul(argv[4], nullptr, 10) : 2);
  int failed = 0;
  for (const double mean : {12.0, 60.0}) {
    failed |= Run({.threshold = 7, .rounding = 5}, mean, 2);
    failed |= Run({.threshold = 5, .rounding = 1}, mean, 2);
  }
  return failed;
}
