// Clocks of the benchmarks, and what they do where something fails: say so and end with status 2.
#ifndef WAYMARK_TESTS_BENCH_TIMING_H_
#define WAYMARK_TESTS_BENCH_TIMING_H_

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_format.h"

namespace waymark {

inline double ClockSeconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}
// Processor time: what other processes take is not ours.
inline double ThreadSeconds() {
  return ClockSeconds(CLOCK_THREAD_CPUTIME_ID);
}
inline double ProcessSeconds() {
  return ClockSeconds(CLOCK_PROCESS_CPUTIME_ID);
}
inline double WallSeconds() {
  return ClockSeconds(CLOCK_MONOTONIC);
}

inline void Require(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "%s\n", status.ToString().c_str());
  std::exit(2);
}
template <typename T>
T Must(absl::StatusOr<T> value) {
  Require(value.status());
  return *std::move(value);
}

// Adds the time of this thread that a block takes.
class Stopwatch {
 public:
  explicit Stopwatch(double& into) : into_(into), start_(ThreadSeconds()) {}
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;
  ~Stopwatch() { into_ += ThreadSeconds() - start_; }

 private:
  double& into_;
  const double start_;
};

inline double Once(absl::FunctionRef<absl::Status()> call) {
  double seconds = 0;
  {
    const Stopwatch watch(seconds);
    Require(call());
  }
  return seconds;
}

// The least time of one call of each, in turn, over at least seven rounds and half a second.
struct LeastTimes {
  double measured = 1e9;
  double bound = 1e9;
};
inline LeastTimes LeastOfBoth(absl::FunctionRef<absl::Status()> measured,
                              absl::FunctionRef<absl::Status()> bound) {
  constexpr double kLeastSeconds = 0.5;
  constexpr int kLeastRounds = 7;
  LeastTimes least;
  const double begin = ThreadSeconds();
  for (int round = 0; round < kLeastRounds || ThreadSeconds() - begin < kLeastSeconds; ++round) {
    least.measured = std::min(least.measured, Once(measured));
    least.bound = std::min(least.bound, Once(bound));
  }
  return least;
}
inline double Least(absl::FunctionRef<absl::Status()> call) {
  return LeastOfBoth(call, [] { return absl::OkStatus(); }).measured;
}

inline std::string TimeText(double seconds) {
  if (seconds < 1e-3) return absl::StrFormat("%.2f us", seconds * 1e6);
  return seconds < 1 ? absl::StrFormat("%.2f ms", seconds * 1e3) : absl::StrFormat("%.2f s", seconds);
}

}  // namespace waymark

#endif  // WAYMARK_TESTS_BENCH_TIMING_H_
