#include "http/host.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "base/host_name.h"

namespace waymark::http {
namespace {

constexpr char kPage[] =
    "<!DOCTYPE html>\n"
    "<html lang=\"en-GB\">\n"
    "<head><meta charset=\"utf-8\"><title>Not served under this name</title>\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"></head>\n"
    "<body>\n<main>\n"
    "<h1>Nothing is served under this name</h1>\n"
    "<p>This server answers to the names that its configuration gives it, and on its own machine to "
    "localhost. The address that was asked has another name, so nothing is shown: another site could use "
    "such a name to read what is served here.</p>\n"
    "<p>If you came by a proxy of your organisation, ask whoever runs it to write its name into the "
    "configuration: names under [pages] of a council's node, http_names under [server] of a "
    "coordinator.</p>\n"
    "</main>\n</body>\n</html>\n";

}  // namespace

bool IsOwnHost(absl::string_view host, const std::vector<std::string>& names) {
  const std::size_t end = host.empty() || host.front() != '[' ? host.find(':') : host.find(']') + 1;
  const absl::string_view name = host.substr(0, end), rest = host.substr(std::min(end, host.size()));
  const absl::string_view port = rest.substr(rest.empty() ? 0 : 1);
  if (!rest.empty() && (rest.front() != ':' || !std::all_of(port.begin(), port.end(), absl::ascii_isdigit)))
    return false;
  return IsLoopbackHost(name) || std::any_of(names.begin(), names.end(), [name](const std::string& own) {
           return absl::EqualsIgnoreCase(name, own);
         });
}

Response Misdirected() {
  return {.status = 421,
          .content_type = "text/html; charset=utf-8",
          .body = Body(kPage),
          .headers = {{"Cache-Control", "no-store"}}};
}

}  // namespace waymark::http
