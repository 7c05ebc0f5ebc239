// A request as the listener hands it on, and the answer. Plain data.
#ifndef WAYMARK_HTTP_MESSAGE_H_
#define WAYMARK_HTTP_MESSAGE_H_

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace waymark::http {

// Words of an address or a form: each name with its value.
using Words = std::multimap<std::string, std::string>;

struct Request {
  std::string path;  // decoded: "/api/v1/tables/1.csv"
  Words query{};     // decoded
  bool is_post = false;
  Words form{};                 // of a POST, decoded
  std::string authorization{};  // the header; "" where there is none
  std::string if_none_match{};
  std::string cookie{};           // the header: CookieNamed reads it
  std::string host{};             // whom the browser believes that it speaks to
  std::string origin{};           // of whose page a POST comes
  std::string fetch_site{};       // the same in a browser's own words: "same-origin", "cross-site", …
  std::string accept_encoding{};  // see TakesGzip
  bool is_https = false;          // between the browser and the proxy that stands before this
  std::string peer{};             // X-Real-IP of the proxy before it, or this machine
  std::string user{};             // Server::Options::user_header's; "" where it is not there once
};

struct Response {
  int status = 200;
  std::string content_type{};
  std::shared_ptr<const std::string> body{};     // null: none
  std::map<std::string, std::string> headers{};  // further ones, and others than the listener's own
};

inline std::shared_ptr<const std::string> Body(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

// The one value of the name; "" where there is none. INVALID_ARGUMENT where it is given twice.
absl::StatusOr<std::string> OneOf(const Words& words, absl::string_view name);

// The cookie's value; "" where there is none, or more than one of the name.
std::string CookieNamed(const Request& request, absl::string_view name);

// Whether an answer may be compressed.
bool TakesGzip(const Request& request);

// Whether a POST comes from a page of this very server: by Sec-Fetch-Site where the browser says it, else by
// Origin and Host. Who says neither is no browser that is safe here.
bool IsFromOwnPage(const Request& request);

// Whether a tag stands in the header If-None-Match.
bool NamesTag(absl::string_view header, absl::string_view tag);
// Of these bytes.
std::string TagOf(absl::string_view body);

}  // namespace waymark::http

#endif  // WAYMARK_HTTP_MESSAGE_H_
