#include "coordinator/serve/benchmarks_service.h"

#include <grpcpp/grpcpp.h>
#include <grpcpp/support/method_handler.h>

#include <atomic>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "coordinator/benchmark/export_parts.h"
#include "coordinator/benchmark/journeys.h"
#include "coordinator/benchmark/trend.h"
#include "coordinator/serve/admission.h"
#include "waymark/v1/benchmark.grpc.pb.h"

namespace waymark::coordinator {
namespace {

// At once: each holds a thread for as long as its reader takes.
constexpr int kMostExports = 8;

// One of kMostExports, until it goes.
class Place {
 public:
  explicit Place(std::atomic<int>& taken) : taken_(taken), number_(taken.fetch_add(1)) {}
  ~Place() { taken_.fetch_sub(1); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  bool is_taken() const { return number_ < kMostExports; }

 private:
  std::atomic<int>& taken_;
  const int number_;
};

// Sends the bytes as they stand, and holds them until they are sent.
grpc::ByteBuffer BufferOf(std::shared_ptr<const std::string> bytes) {
  using Held = std::shared_ptr<const std::string>;
  auto* const held = new Held(std::move(bytes));
  // gRPC only reads them.
  const grpc::Slice slice(
      const_cast<char*>((*held)->data()), (*held)->size(), [](void* one) { delete static_cast<Held*>(one); },
      held);
  return grpc::ByteBuffer(&slice, 1);
}

// Not the generated service: its answers are messages, which would be copied and written anew for each who
// asks, where the query keeps the bytes.
class BenchmarksService final : public grpc::Service {
 public:
  explicit BenchmarksService(const ServerParts& parts) : parts_(parts) {
    AddCall("/waymark.v1.Benchmarks/Query", &BenchmarksService::DoQuery);
    AddCall("/waymark.v1.Benchmarks/Trend", &BenchmarksService::DoTrend);
    AddCall("/waymark.v1.Benchmarks/ListPublished", &BenchmarksService::DoList);
    AddCall("/waymark.v1.Benchmarks/Journeys", &BenchmarksService::DoJourneys);
    AddExport("/waymark.v1.Benchmarks/Export");
  }

 private:
  using Service = BenchmarksService;
  using Message = google::protobuf::MessageLite;

  template <typename Request, typename Response>
  void AddCall(const char* method,
               absl::Status (BenchmarksService::*work)(const Caller&, const Request&, Response&)) {
    using Sent = std::conditional_t<std::is_base_of_v<Message, Response>, Message, Response>;
    AddMethod(new grpc::internal::RpcServiceMethod(
        method, grpc::internal::RpcMethod::NORMAL_RPC,
        new grpc::internal::RpcMethodHandler<Service, Request, Response, Message, Sent>(
            [method, work](Service* service, grpc::ServerContext* context, const Request* request,
                           Response* response) {
              const absl::StatusOr<Caller> caller = Admit(service->parts_, *context, method);
              return Finish(method,
                            caller.ok() ? (service->*work)(*caller, *request, *response) : caller.status());
            },
            this)));
  }

  void AddExport(const char* method) {
    AddMethod(new grpc::internal::RpcServiceMethod(
        method, grpc::internal::RpcMethod::SERVER_STREAMING,
        new grpc::internal::ServerStreamingHandler<Service, v1::ExportRequest, v1::ExportPart>(
            [method](Service* service, grpc::ServerContext* context, const v1::ExportRequest* request,
                     grpc::ServerWriter<v1::ExportPart>* writer) {
              const absl::StatusOr<Caller> caller = Admit(service->parts_, *context, method);
              return Finish(method,
                            caller.ok() ? service->DoExport(*caller, *request, *writer) : caller.status());
            },
            this)));
  }

  absl::Status DoQuery(const Caller& caller, const v1::QueryRequest& request, grpc::ByteBuffer& response) {
    ASSIGN_OR_RETURN(std::shared_ptr<const std::string> bytes,
                     parts_.query.AnswerBytes(request, caller.scope));
    response = BufferOf(std::move(bytes));
    return absl::OkStatus();
  }

  absl::Status DoTrend(const Caller& caller, const v1::TrendRequest& request, v1::TrendResponse& response) {
    ASSIGN_OR_RETURN(response, TrendOf(request, caller.scope, parts_.library, parts_.query));
    return absl::OkStatus();
  }

  absl::Status DoList(const Caller& caller, const v1::ListPublishedRequest&,
                      v1::ListPublishedResponse& response) {
    ASSIGN_OR_RETURN(response, parts_.query.ListPublished(caller.scope));
    return absl::OkStatus();
  }

  absl::Status DoJourneys(const Caller& caller, const v1::JourneysRequest& request,
                          v1::JourneysResponse& response) {
    ASSIGN_OR_RETURN(response, JourneysOf(request, caller.scope, parts_.library, parts_.query));
    return absl::OkStatus();
  }

  // A part is made when the one before was taken: who reads slowly keeps a thread waiting, and no memory.
  absl::Status DoExport(const Caller& caller, const v1::ExportRequest& request,
                        grpc::ServerWriter<v1::ExportPart>& writer) {
    const Place place(exports_);
    if (!place.is_taken()) {
      return absl::UnavailableError(
          absl::StrCat(kMostExports, " exports are under way; try again when one has ended"));
    }
    return ExportParts(request, caller.scope, parts_.query, [&](const v1::ExportPart& part) {
      if (writer.Write(part)) return absl::OkStatus();
      return absl::CancelledError("the caller has gone, or its deadline has passed");
    });
  }

  const ServerParts parts_;
  std::atomic<int> exports_ = 0;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeBenchmarksService(const ServerParts& parts) {
  return std::make_unique<BenchmarksService>(parts);
}

}  // namespace waymark::coordinator
