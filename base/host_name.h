// Names of hosts, as configurations and the header Host give them. Pure.
#ifndef WAYMARK_BASE_HOST_NAME_H_
#define WAYMARK_BASE_HOST_NAME_H_

#include "absl/strings/string_view.h"

namespace waymark {

// "early-help.council.example": letters, digits, '-' and '.', no port, no address; at most 253 characters.
bool IsHostName(absl::string_view text);

// "localhost", "127.0.0.1", "[::1]", …: this machine, by a name that no name server can change.
bool IsLoopbackHost(absl::string_view host);

}  // namespace waymark

#endif  // WAYMARK_BASE_HOST_NAME_H_
