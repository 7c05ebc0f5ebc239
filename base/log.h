// Logs as JSON lines on standard error: time, level, event, and named fields. Fields are ids, counts and
// statuses; a cell value, a record or a secret is never logged (tests search the logs of whole runs for
// them).
#ifndef WAYMARK_BASE_LOG_H_
#define WAYMARK_BASE_LOG_H_

#include <initializer_list>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace waymark {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

using LogField = std::pair<absl::string_view, std::string>;

// Thread-safe. `event` is a short fixed phrase: "release submitted".
void Log(LogLevel level, absl::string_view event, std::initializer_list<LogField> fields = {});

// Least level written; kInfo at the start.
void SetLogLevel(LogLevel level);

}  // namespace waymark

#endif  // WAYMARK_BASE_LOG_H_
