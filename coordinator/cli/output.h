// Small things that every command's output shares.
#ifndef WAYMARK_COORDINATOR_CLI_OUTPUT_H_
#define WAYMARK_COORDINATOR_CLI_OUTPUT_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace waymark::coordinator {

// Exit statuses of every program of Waymark.
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitRefused = 3;  // by policy: who may do what

// Prints an error as "program: message" to standard error; the exit status of `status`.
int ExitStatus(absl::string_view program, const absl::Status& status);

void Print(absl::string_view text);

// Seconds since 1970 as "2025-10-01T09:00:00Z".
std::string FormatTime(std::int64_t unix_s);

// Text of a peer as it may be printed: control characters become '?'.
std::string Printable(absl::string_view text);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_CLI_OUTPUT_H_
