// Addresses and forms, read strictly. Pure.
#ifndef WAYMARK_HTTP_TARGET_H_
#define WAYMARK_HTTP_TARGET_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "http/message.h"

namespace waymark::http {

// "%2F", "+" in a query. INVALID_ARGUMENT where it is not well formed: bad escapes, control characters, or
// more than 64 parameters.
absl::StatusOr<Request> ParseTarget(absl::string_view target);

// "a=1&b=2" (application/x-www-form-urlencoded), as a query is read; new lines and tabs are allowed in
// values.
absl::StatusOr<Words> ParseForm(absl::string_view body);

// Text as a value in an address: letters, digits and "-._~" stay.
std::string EncodeForAddress(absl::string_view text);

}  // namespace waymark::http

#endif  // WAYMARK_HTTP_TARGET_H_
