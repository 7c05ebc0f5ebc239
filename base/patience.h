// Waiting for a call that may never return: a driver whose server is frozen waits for it as long as it stays
// so, and no driver can be told otherwise.
#ifndef WAYMARK_BASE_PATIENCE_H_
#define WAYMARK_BASE_PATIENCE_H_

#include <functional>

#include "absl/time/time.h"

namespace waymark {

// Runs `call` on a thread of its own and waits for it, at most `limit`. True: it has returned. False: it has
// not; the thread is left behind and may go on, so `call` must own whatever it uses, and nobody else may use
// that any more. What is thrown by `call`, or because there is no thread to be had, is thrown on.
bool ReturnsWithin(absl::Duration limit, std::function<void()> call);

}  // namespace waymark

#endif  // WAYMARK_BASE_PATIENCE_H_
