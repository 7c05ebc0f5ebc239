#include "crypto/openssl_raii.h"

#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/log.h"

namespace waymark::crypto::internal {

absl::Status OpensslError(absl::string_view doing) {
  // The first error in the queue is the cause; those after it are what followed from it on the way out.
  const unsigned long code = ERR_get_error();  // NOLINT(google-runtime-int): OpenSSL's type
  std::string reason = "no reason given";
  if (code != 0) {
    char buffer[256];
    ERR_error_string_n(code, buffer, sizeof buffer);
    reason = buffer;
  }
  ERR_clear_error();
  return absl::InternalError(absl::StrCat("OpenSSL could not ", doing, ": ", reason));
}

void DieOfOpenssl(absl::string_view doing) {
  Log(LogLevel::kError, "OpenSSL is broken or out of memory",
      {{"detail", std::string(OpensslError(doing).message())}});
  std::abort();
}

}  // namespace waymark::crypto::internal
