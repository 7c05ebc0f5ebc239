// The gRPC services of a coordinator. For the .cc files of this folder only.
//
// Every handler does the same: admits the caller (finite deadline, verified certificate, membership, the
// table in access.h), converts the message, calls the domain, converts back. Errors leave by rpc::ToGrpc.
#ifndef WAYMARK_COORDINATOR_SERVE_SERVICES_H_
#define WAYMARK_COORDINATOR_SERVE_SERVICES_H_

#include <memory>
#include <vector>

#include "coordinator/serve/server.h"

namespace grpc {
class Service;
}  // namespace grpc

namespace waymark::coordinator {

// For the ports of those who have a certificate, and of those who have a bearer token.
std::vector<std::unique_ptr<grpc::Service>> MakeServices(const ServerParts& parts);
// For the enrolment port.
std::unique_ptr<grpc::Service> MakeEnrolmentService(const ServerParts& parts);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_SERVE_SERVICES_H_
