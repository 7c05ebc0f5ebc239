#include "coordinator/serve/benchmarks_service.h"

#include <grpcpp/grpcpp.h>

#include <atomic>
#include <memory>
#include <string>
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

class BenchmarksService final : public v1::Benchmarks::Service {
 public:
  explicit BenchmarksService(const ServerParts& parts) : parts_(parts) {
    // As generated code does for a method whose messages the caller of gRPC handles, but with an answer that
    // is bytes already: a message would be copied and written anew for each who asks.
    MarkMethodStreamed(kQueryIndex,
                       new grpc::internal::StreamedUnaryHandler<v1::QueryRequest, grpc::ByteBuffer>(
                           [this](grpc::ServerContext* context, QueryStreamer* streamer) {
                             constexpr absl::string_view kMethod = "/waymark.v1.Benchmarks/Query";
                             const absl::StatusOr<Caller> caller = Admit(parts_, *context, kMethod);
                             return Finish(kMethod,
                                           caller.ok() ? DoQuery(*caller, *streamer) : caller.status());
                           }));
  }

  grpc::Status Trend(grpc::ServerContext* context, const v1::TrendRequest* request,
                     v1::TrendResponse* response) override {
    constexpr absl::string_view kMethod = "/waymark.v1.Benchmarks/Trend";
    const absl::StatusOr<Caller> caller = Admit(parts_, *context, kMethod);
    return Finish(kMethod, caller.ok() ? DoTrend(*caller, *request, *response) : caller.status());
  }

  grpc::Status ListPublished(grpc::ServerContext* context, const v1::ListPublishedRequest*,
                             v1::ListPublishedResponse* response) override {
    constexpr absl::string_view kMethod = "/waymark.v1.Benchmarks/ListPublished";
    const absl::StatusOr<Caller> caller = Admit(parts_, *context, kMethod);
    return Finish(kMethod, caller.ok() ? DoList(*caller, *response) : caller.status());
  }

  grpc::Status Journeys(grpc::ServerContext* context, const v1::JourneysRequest* request,
                        v1::JourneysResponse* response) override {
    constexpr absl::string_view kMethod = "/waymark.v1.Benchmarks/Journeys";
    const absl::StatusOr<Caller> caller = Admit(parts_, *context, kMethod);
    return Finish(kMethod, caller.ok() ? DoJourneys(*caller, *request, *response) : caller.status());
  }

  grpc::Status Export(grpc::ServerContext* context, const v1::ExportRequest* request,
                      grpc::ServerWriter<v1::ExportPart>* writer) override {
    constexpr absl::string_view kMethod = "/waymark.v1.Benchmarks/Export";
    const absl::StatusOr<Caller> caller = Admit(parts_, *context, kMethod);
    return Finish(kMethod, caller.ok() ? DoExport(*caller, *request, *writer) : caller.status());
  }

 private:
  using QueryStreamer = grpc::ServerUnaryStreamer<v1::QueryRequest, grpc::ByteBuffer>;
  static constexpr int kQueryIndex = 0;  // of the service's methods, as benchmark.proto has them

  absl::Status DoQuery(const Caller& caller, QueryStreamer& streamer) {
    v1::QueryRequest request;
    if (!streamer.Read(&request)) return absl::InvalidArgumentError("the request is no QueryRequest");
    ASSIGN_OR_RETURN(std::shared_ptr<const std::string> bytes,
                     parts_.query.AnswerBytes(request, caller.scope));
    streamer.WriteLast(BufferOf(std::move(bytes)), grpc::WriteOptions());
    return absl::OkStatus();
  }

  absl::Status DoTrend(const Caller& caller, const v1::TrendRequest& request, v1::TrendResponse& response) {
    ASSIGN_OR_RETURN(response, TrendOf(request, caller.scope, parts_.library, parts_.query));
    return absl::OkStatus();
  }

  absl::Status DoList(const Caller& caller, v1::ListPublishedResponse& response) {
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
