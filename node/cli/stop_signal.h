// A program that serves ends when it is told to: SIGTERM and SIGINT. What is being done is finished.
#ifndef WAYMARK_NODE_CLI_STOP_SIGNAL_H_
#define WAYMARK_NODE_CLI_STOP_SIGNAL_H_

#include "absl/time/time.h"
#include "base/clock.h"

namespace waymark::node {

void StopOnSignals();
bool IsStopAsked();
// Sleeps in short steps, so that a signal ends it soon.
void PauseUntil(const Clock& clock, absl::Time until);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_CLI_STOP_SIGNAL_H_
