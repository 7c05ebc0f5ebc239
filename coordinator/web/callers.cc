#include "coordinator/web/callers.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/status.h"

namespace waymark::coordinator {

absl::StatusOr<Caller> Callers::Of(const http::Request& request) {
  absl::StatusOr<Caller> caller;
  if (const std::optional<http::Session> session = sessions_.Of(request);
      session.has_value() && request.authorization.empty()) {
    caller = CallerOfTokenHash(access_, session->holder, request.peer);
  } else {
    caller = CallerOfToken(access_, request.authorization, request.peer);
  }
  RETURN_IF_ERROR(caller.status());
  RETURN_IF_ERROR(Count(caller->name));
  return caller;
}

absl::StatusOr<std::string> Callers::SignIn(const std::string& token, const http::Request& request) {
  RETURN_IF_ERROR(CallerOfToken(access_, absl::StrCat("Bearer ", token), request.peer).status());
  return sessions_.Begin(AccessTokenHash(token), request);
}

absl::Status Callers::Count(const std::string& name) {
  const std::int64_t minute = absl::ToUnixSeconds(clock_.Now()) / 60;
  const absl::MutexLock lock(&mutex_);
  if (minute != minute_) requests_.clear();
  minute_ = minute;
  if (++requests_[name] <= kMostRequestsAMinute) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      absl::StrCat("more than ", kMostRequestsAMinute, " requests in this minute; wait for the next"));
}

}  // namespace waymark::coordinator
