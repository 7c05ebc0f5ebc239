// The process's environment variables. The one place that reads them.
#ifndef WAYMARK_BASE_ENVIRONMENT_H_
#define WAYMARK_BASE_ENVIRONMENT_H_

#include <optional>
#include <string>

namespace waymark {

std::optional<std::string> EnvironmentVariable(const char* name);

}  // namespace waymark

#endif  // WAYMARK_BASE_ENVIRONMENT_H_
