#include "base/patience.h"

#include <exception>
#include <memory>
#include <thread>
#include <utility>

#include "absl/synchronization/mutex.h"

namespace waymark {
namespace {

struct Call {
  std::function<void()> body;
  std::exception_ptr thrown;
  absl::Mutex mutex;
  bool done = false;
};

void Run(const std::shared_ptr<Call>& call) {
  try {
    call->body();
  } catch (...) {
    call->thrown = std::current_exception();
  }
  // What it owns goes before anybody is told, so that whoever waits is alone with it from then on.
  call->body = nullptr;
  const absl::MutexLock lock(&call->mutex);
  call->done = true;
}

}  // namespace

bool ReturnsWithin(absl::Duration limit, std::function<void()> call) {
  const auto shared = std::make_shared<Call>();
  shared->body = std::move(call);
  std::thread thread([shared] { Run(shared); });
  bool done = false;
  {
    const absl::MutexLock lock(&shared->mutex);
    done = shared->mutex.AwaitWithTimeout(absl::Condition(&shared->done), limit);
  }
  if (!done) {
    thread.detach();
    return false;
  }
  thread.join();
  if (shared->thrown != nullptr) std::rethrow_exception(shared->thrown);
  return true;
}

}  // namespace waymark
