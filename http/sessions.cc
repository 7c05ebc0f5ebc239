#include "http/sessions.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "crypto/hash.h"
#include "crypto/secret.h"

namespace waymark::http {
namespace {

constexpr std::size_t kSecretBytes = 32;

}  // namespace

absl::Status CheckOwnPage(const Request& request) {
  if (IsFromOwnPage(request)) return absl::OkStatus();
  return absl::PermissionDeniedError("this form was not sent from one of this server's own pages");
}

absl::Status CheckForm(const Request& request, const Session& session) {
  RETURN_IF_ERROR(CheckOwnPage(request));
  const absl::StatusOr<std::string> token = OneOf(request.form, kFormToken);
  if (!token.ok() || !crypto::ConstantTimeEqual(*token, session.form_token)) {
    return absl::PermissionDeniedError(
        "this form is of another session; open its page again and send it from there");
  }
  return absl::OkStatus();
}

Sessions::Sessions(Options options, const Clock& clock, crypto::RandomSource& random)
    : options_(std::move(options)), clock_(clock), random_(random) {}

absl::StatusOr<std::string> Sessions::Begin(const std::string& holder, const Request& request) {
  const absl::Time now = clock_.Now();
  const std::string before = KeyOf(request);
  const absl::MutexLock lock(&mutex_);
  held_.erase(before);
  MakeRoom(now);
  ASSIGN_OR_RETURN(const std::string id, Secret());
  ASSIGN_OR_RETURN(std::string form_token, Secret());
  held_.emplace(
      crypto::Sha256(id),
      Held{.session = {.holder = holder, .form_token = std::move(form_token)}, .begun = now, .used = now});
  return Cookie(id, request);
}

std::optional<Session> Sessions::Of(const Request& request) {
  const std::string key = KeyOf(request);
  if (key.empty()) return std::nullopt;
  const absl::Time now = clock_.Now();
  const absl::MutexLock lock(&mutex_);
  // The search is over hashes of what nobody can guess, so its time tells nothing.
  const auto found = held_.find(key);
  if (found == held_.end()) return std::nullopt;
  if (IsOver(found->second, now)) {
    held_.erase(found);
    return std::nullopt;
  }
  found->second.used = now;
  return found->second.session;
}

std::string Sessions::End(const Request& request) {
  const std::string key = KeyOf(request);
  const absl::MutexLock lock(&mutex_);
  held_.erase(key);
  return absl::StrCat(Cookie("", request), "; Max-Age=0");
}

bool Sessions::IsOver(const Held& held, absl::Time now) const {
  return now >= held.used + options_.idle || now >= held.begun + options_.longest;
}

std::string Sessions::KeyOf(const Request& request) const {
  const std::string id = CookieNamed(request, options_.cookie);
  return id.empty() ? "" : crypto::Sha256(id);
}

void Sessions::MakeRoom(absl::Time now) {
  for (auto each = held_.begin(); each != held_.end();)
    each = IsOver(each->second, now) ? held_.erase(each) : std::next(each);
  while (held_.size() >= options_.most) {
    held_.erase(std::min_element(held_.begin(), held_.end(),
                                 [](const auto& a, const auto& b) { return a.second.used < b.second.used; }));
  }
}

absl::StatusOr<std::string> Sessions::Secret() {
  ASSIGN_OR_RETURN(const crypto::SecretBytes bytes, crypto::SecretBytes::Random(kSecretBytes, random_));
  return absl::BytesToHexString(bytes.RevealSecretText());
}

std::string Sessions::Cookie(const std::string& value, const Request& request) const {
  return absl::StrCat(options_.cookie, "=", value, "; Path=/; HttpOnly; SameSite=Strict",
                      request.is_https ? "; Secure" : "");
}

}  // namespace waymark::http
