// What every list of addresses needs: whether an address fits a pattern, and whether its words are known.
// Pure.
#ifndef WAYMARK_HTTP_ROUTES_H_
#define WAYMARK_HTTP_ROUTES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "http/message.h"

namespace waymark::http {

// The variable of "…/{metric}.csv" in the path, "" of a pattern without one; nothing where the path is
// another.
std::optional<std::string> VariableIn(absl::string_view path, absl::string_view pattern);

// INVALID_ARGUMENT where one is not known, or given twice.
absl::Status CheckWords(const Words& words, const std::vector<std::string>& known);

// 405 to a POST where there is only reading.
Response OnlyRead();

// To another address of this server, by GET.
Response RedirectTo(const std::string& address);

// `address` where it is one of this server's own, as "/metrics/1?period=…"; "/" where it could be any other.
std::string OwnAddress(const std::string& address);

}  // namespace waymark::http

#endif  // WAYMARK_HTTP_ROUTES_H_
