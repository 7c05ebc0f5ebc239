// How every handler begins and ends. For the .cc files of this folder only.
#ifndef WAYMARK_COORDINATOR_SERVE_ADMISSION_H_
#define WAYMARK_COORDINATOR_SERVE_ADMISSION_H_

#include <grpcpp/grpcpp.h>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "coordinator/serve/access.h"
#include "coordinator/serve/server.h"

namespace waymark::coordinator {

// INVALID_ARGUMENT where the call has no deadline.
absl::Status CheckDeadline(const grpc::ServerContext& context);

// The caller, when it may make this call, in a version of the protocol that is spoken here.
absl::StatusOr<Caller> Admit(const ServerParts& parts, const grpc::ServerContext& context,
                             absl::string_view method);

// Ends a call: logs what was refused or failed, never what was sent.
grpc::Status Finish(absl::string_view method, const absl::Status& status);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_SERVE_ADMISSION_H_
