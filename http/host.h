// Under which names a server is asked. Whoever owns a name can let it lead to this machine after their page
// was read under it (DNS rebinding): to a browser that page and ours are then of one origin, and its scripts
// may read ours. The header Host still says their name, so nothing is answered under names that are not our
// own.
#ifndef WAYMARK_HTTP_HOST_H_
#define WAYMARK_HTTP_HOST_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "http/message.h"

namespace waymark::http {

// Whether a header Host, with or without a port, is this machine's own (loopback) or one of `names`. Any
// port: whoever forwards another one to this server asks under that.
bool IsOwnHost(absl::string_view host, const std::vector<std::string>& names);

// 421 (RFC 9110, section 15.5.20), as a page for people. It says nothing of who is served here.
Response Misdirected();

}  // namespace waymark::http

#endif  // WAYMARK_HTTP_HOST_H_
