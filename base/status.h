// Errors as values. Every fallible function returns absl::Status or absl::StatusOr; these macros pass an
// error on. What the codes mean here stands in docs/architecture.md ("Errors").
#ifndef WAYMARK_BASE_STATUS_H_
#define WAYMARK_BASE_STATUS_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

#define WAYMARK_CONCAT_INNER(a, b) a##b
#define WAYMARK_CONCAT(a, b) WAYMARK_CONCAT_INNER(a, b)

// Returns from the enclosing function when `expr` (an absl::Status) is not OK.
#define RETURN_IF_ERROR(expr)                                                        \
  do {                                                                               \
    if (absl::Status status_macro = (expr); !status_macro.ok()) return status_macro; \
  } while (false)

// ASSIGN_OR_RETURN(auto x, F()); declares or assigns `x` from an absl::StatusOr, or returns its error.
#define ASSIGN_OR_RETURN(lhs, expr) ASSIGN_OR_RETURN_INNER(WAYMARK_CONCAT(status_or_, __LINE__), lhs, expr)
#define ASSIGN_OR_RETURN_INNER(name, lhs, expr)    \
  auto name = (expr);                              \
  if (!name.ok()) return std::move(name).status(); \
  lhs = *std::move(name)

namespace waymark {

// The same error with "context: " put before its message, so that a reader learns where it arose.
inline absl::Status WithContext(const absl::Status& status, absl::string_view context) {
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrCat(context, ": ", status.message()));
}

// Several errors as one: a line each, under the code of the first. Not thread-safe.
class ErrorList {
 public:
  // OK adds nothing.
  void Add(const absl::Status& status) {
    if (status.ok()) return;
    joined_ = joined_.ok()
                  ? status
                  : absl::Status(joined_.code(), absl::StrCat(joined_.message(), "\n", status.message()));
  }
  const absl::Status& Joined() const { return joined_; }

 private:
  absl::Status joined_;
};

}  // namespace waymark

#endif  // WAYMARK_BASE_STATUS_H_
