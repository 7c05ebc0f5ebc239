#include "base/host_name.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace waymark {
namespace {

constexpr std::size_t kLongest = 253;  // RFC 1035, section 2.3.4, without the dot at its end

}  // namespace

bool IsHostName(absl::string_view text) {
  if (text.empty() || text.size() > kLongest || text.front() == '.' || text.back() == '.') return false;
  const bool has_letter =
      std::any_of(text.begin(), text.end(), [](unsigned char c) { return absl::ascii_isalpha(c); });
  return has_letter && std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return absl::ascii_isalnum(c) || c == '-' || c == '.';
         });
}

bool IsLoopbackHost(absl::string_view host) {
  if (absl::EqualsIgnoreCase(host, "localhost")) return true;
  // Read as an address: a name may begin with "127." too.
  if (in_addr address{}; ::inet_pton(AF_INET, std::string(host).c_str(), &address) == 1)
    return ntohl(address.s_addr) >> 24 == 127;
  if (host.size() < 2 || host.front() != '[' || host.back() != ']') return false;
  in6_addr address{};
  return ::inet_pton(AF_INET6, std::string(host.substr(1, host.size() - 2)).c_str(), &address) == 1 &&
         IN6_IS_ADDR_LOOPBACK(&address);
}

}  // namespace waymark
