// Who is signed in: each session is a random number in a cookie, of which only the hash is kept here, in
// memory, so that a stop of the program ends them all. Forms are taken from one's own pages alone: by the
// session's form token, and by what the browser says of where the form stood.
#ifndef WAYMARK_HTTP_SESSIONS_H_
#define WAYMARK_HTTP_SESSIONS_H_

#include <cstddef>
#include <map>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "crypto/random.h"
#include "http/message.h"

namespace waymark::http {

struct Session {
  std::string holder;      // as the program knows who signed in
  std::string form_token;  // stands in every form, as kFormToken
};

inline constexpr char kFormToken[] = "form_token";

// PERMISSION_DENIED where a POST comes of another's page. For forms that need no session: signing in.
absl::Status CheckOwnPage(const Request& request);
// The same, and where the form has another token than the session's.
absl::Status CheckForm(const Request& request, const Session& session);

// Thread-safe.
class Sessions {
 public:
  struct Options {
    std::string cookie;  // its name: another one for each program, since cookies know no ports
    absl::Duration idle = absl::Minutes(30);  // ends after so long without a request
    absl::Duration longest = absl::Hours(12);
    std::size_t most = 10'000;  // beyond it the one that rested longest ends
  };
  // Both outlive it; `random` is used here alone.
  Sessions(Options options, const Clock& clock, crypto::RandomSource& random);

  // A new session in place of the one that the request may bring; the Set-Cookie of it. INTERNAL where there
  // is no randomness.
  absl::StatusOr<std::string> Begin(const std::string& holder, const Request& request);
  // Nothing where there is none, or it has ended.
  std::optional<Session> Of(const Request& request);
  // The Set-Cookie that takes the cookie away.
  std::string End(const Request& request);

 private:
  struct Held {
    Session session;
    absl::Time begun, used;
  };
  bool IsOver(const Held& held, absl::Time now) const;
  std::string KeyOf(const Request& request) const;
  void MakeRoom(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<std::string> Secret() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::string Cookie(const std::string& value, const Request& request) const;

  const Options options_;
  const Clock& clock_;
  absl::Mutex mutex_;
  crypto::RandomSource& random_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, Held> held_ ABSL_GUARDED_BY(mutex_);  // by SHA-256 of the cookie's value
};

}  // namespace waymark::http

#endif  // WAYMARK_HTTP_SESSIONS_H_
