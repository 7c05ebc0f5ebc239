// What better use of data in early help may give back in money: the discovery's benefits model, with every
// assumption from a data file (catalogue/value.toml). A calculator, no finding: it says what follows from the
// assumptions. Pure functions; thread-safe.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_VALUE_MODEL_H_
#define WAYMARK_COORDINATOR_BENCHMARK_VALUE_MODEL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace waymark::coordinator {

struct ValueAssumptions {
  struct Benefit {
    std::string id;
    std::string title;
    double pounds = 0;  // a pound of spend, times the uplift; below 0: a cost
  };
  struct Scenario {
    std::string id;
    std::string title;
    double uplift = 0;  // a year's average, a share
    std::int64_t years = 0;
    std::optional<double> reported{};  // benefits in pounds, as the source prints them
  };
  std::string source;
  std::int64_t councils = 0;
  double spend = 0;       // pounds a council and year
  double cost = 0;        // pounds a council, once
  double confidence = 0;  // a share
  std::vector<Benefit> benefits;
  std::vector<Scenario> scenarios;
};

// A number as a data file or a flag gives it, from `least` to `most`; nothing where it is none.
std::optional<double> ValueNumber(absl::string_view text, double least, double most);
// The most pounds that a benefit, spend or cost may be.
inline constexpr double kMostPounds = 1e12;

// INVALID_ARGUMENT with file, line and what was expected, all faults at once.
absl::StatusOr<ValueAssumptions> ReadValueAssumptions(const std::string& text, const std::string& file);

// All in pounds.
struct Value {
  std::vector<double> by_benefit;  // as the assumptions'
  double benefits = 0;             // councils × spend × Σ pounds × confidence × uplift × years
  double costs = 0;                // councils × cost
  double net() const { return benefits - costs; }
};
Value ValueOf(const ValueAssumptions& assumptions, const ValueAssumptions::Scenario& scenario);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_VALUE_MODEL_H_
