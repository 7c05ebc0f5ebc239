#include "node/cli/stop_signal.h"

#include <algorithm>
#include <csignal>

namespace waymark::node {
namespace {

volatile std::sig_atomic_t stop_asked = 0;

}  // namespace

void StopOnSignals() {
  struct sigaction action {};
  action.sa_handler = [](int) { stop_asked = 1; };
  ::sigaction(SIGTERM, &action, nullptr);
  ::sigaction(SIGINT, &action, nullptr);
}

bool IsStopAsked() {
  return stop_asked != 0;
}

void PauseUntil(const Clock& clock, absl::Time until) {
  while (!IsStopAsked() && clock.Now() < until) {
    clock.Sleep(std::min(absl::Milliseconds(100), until - clock.Now()));
  }
}

}  // namespace waymark::node
