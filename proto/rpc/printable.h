// Text from a peer, made fit for a terminal and a log.
#ifndef WAYMARK_PROTO_RPC_PRINTABLE_H_
#define WAYMARK_PROTO_RPC_PRINTABLE_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace waymark::rpc {

inline constexpr std::size_t kMaxStatusMessageBytes = 1000;

// `text` cut to at most kMaxStatusMessageBytes bytes of well-formed UTF-8. Line breaks and tabs become
// spaces; control characters, characters that are invisible or turn the direction of writing, and bytes that
// are no UTF-8 become '?'. Thread-safe.
std::string Printable(absl::string_view text);

}  // namespace waymark::rpc

#endif  // WAYMARK_PROTO_RPC_PRINTABLE_H_
