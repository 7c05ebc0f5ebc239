// What a newer Waymark may have put into a message that is signed or hashed. For the .cc files of this folder
// only. Pure; thread-safe.
#ifndef WAYMARK_PROTO_CONTRACT_UNKNOWN_FIELDS_H_
#define WAYMARK_PROTO_CONTRACT_UNKNOWN_FIELDS_H_

#include <google/protobuf/message.h>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace waymark::contract {

// INVALID_ARGUMENT where the message, or one within it, has a field that this version does not know: what it
// asks or says could only be half understood, and its hash would be another.
absl::Status CheckAllKnown(absl::string_view what, const google::protobuf::Message& message);

}  // namespace waymark::contract

#endif  // WAYMARK_PROTO_CONTRACT_UNKNOWN_FIELDS_H_
