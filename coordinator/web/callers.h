// Who asks by HTTP: the holder of a bearer token, shown by a program with each request, or exchanged by a
// browser for a session.
#ifndef WAYMARK_COORDINATOR_WEB_CALLERS_H_
#define WAYMARK_COORDINATOR_WEB_CALLERS_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "base/clock.h"
#include "coordinator/federation/access_book.h"
#include "coordinator/serve/access.h"
#include "http/message.h"
#include "http/sessions.h"

namespace waymark::coordinator {

struct Asked {
  const http::Request& request;
  const Caller& caller;
  std::string variable;  // what stands in the address's braces
};

// Of one token in a minute, whoever shows it; beyond it, 429.
inline constexpr int kMostRequestsAMinute = 600;

// Thread-safe. What it is made from outlives it.
class Callers {
 public:
  Callers(AccessBook& access, http::Sessions& sessions, const Clock& clock)
      : access_(access), sessions_(sessions), clock_(clock) {}

  // UNAUTHENTICATED where nobody is known by the request, RESOURCE_EXHAUSTED where it is one too many. A
  // session sees at each request what its token sees then, and nothing once that is revoked.
  absl::StatusOr<Caller> Of(const http::Request& request);

  // The Set-Cookie of a session of the token's holder. The errors of CallerOfToken.
  absl::StatusOr<std::string> SignIn(const std::string& token, const http::Request& request);
  http::Sessions& sessions() { return sessions_; }

 private:
  absl::Status Count(const std::string& name);

  AccessBook& access_;
  http::Sessions& sessions_;
  const Clock& clock_;
  absl::Mutex mutex_;
  std::int64_t minute_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, int> requests_ ABSL_GUARDED_BY(mutex_);  // of minute_, by the token's name
};

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_WEB_CALLERS_H_
