// A table with how it was protected: one part of a release, as it travels and as it is signed and hashed.
#ifndef WAYMARK_PROTO_CONTRACT_PROTECTED_TABLE_H_
#define WAYMARK_PROTO_CONTRACT_PROTECTED_TABLE_H_

#include "absl/status/statusor.h"
#include "base/canonical.h"
#include "proto/contract/release.h"
#include "waymark/v1/release.pb.h"

namespace waymark::contract {

// INVALID_ARGUMENT with the field's name where a bound of release.proto is broken.
absl::StatusOr<ProtectedTable> ProtectedTableFromProto(const v1::ProtectedTable& message);
void ProtectedTableToProto(const ProtectedTable& given, v1::ProtectedTable& message);

void WriteCanonical(const ProtectedTable& given, CanonicalWriter& out);

}  // namespace waymark::contract

#endif  // WAYMARK_PROTO_CONTRACT_PROTECTED_TABLE_H_
