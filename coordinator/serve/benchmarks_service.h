// Benchmarks by gRPC. For the .cc files of this folder only.
#ifndef WAYMARK_COORDINATOR_SERVE_BENCHMARKS_SERVICE_H_
#define WAYMARK_COORDINATOR_SERVE_BENCHMARKS_SERVICE_H_

#include <memory>

#include "coordinator/serve/server.h"

namespace grpc {
class Service;
}  // namespace grpc

namespace waymark::coordinator {

std::unique_ptr<grpc::Service> MakeBenchmarksService(const ServerParts& parts);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_SERVE_BENCHMARKS_SERVICE_H_
