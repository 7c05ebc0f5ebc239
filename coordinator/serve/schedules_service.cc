#include "coordinator/serve/schedules_service.h"

#include <grpcpp/grpcpp.h>

#include <utility>
#include <vector>

#include "base/status.h"
#include "coordinator/serve/admission.h"
#include "coordinator/serve/narrow.h"
#include "waymark/v1/schedule.grpc.pb.h"

namespace waymark::coordinator {
namespace {

class SchedulesService final : public v1::Schedules::Service {
 public:
  explicit SchedulesService(const ServerParts& parts) : parts_(parts) {}

  grpc::Status AddSchedule(grpc::ServerContext* context, const v1::AddScheduleRequest* request,
                           v1::AddScheduleResponse* response) override {
    constexpr absl::string_view kMethod = "/waymark.v1.Schedules/AddSchedule";
    const absl::StatusOr<Caller> caller = Admit(parts_, *context, kMethod);
    return Finish(kMethod, caller.ok() ? DoAdd(*request, *response) : caller.status());
  }

  grpc::Status RemoveSchedule(grpc::ServerContext* context, const v1::RemoveScheduleRequest* request,
                              v1::RemoveScheduleResponse*) override {
    constexpr absl::string_view kMethod = "/waymark.v1.Schedules/RemoveSchedule";
    const absl::StatusOr<Caller> caller = Admit(parts_, *context, kMethod);
    return Finish(kMethod, caller.ok() ? parts_.schedules.Remove(request->name()) : caller.status());
  }

  grpc::Status ListSchedules(grpc::ServerContext* context, const v1::ListSchedulesRequest*,
                             v1::ListSchedulesResponse* response) override {
    constexpr absl::string_view kMethod = "/waymark.v1.Schedules/ListSchedules";
    const absl::StatusOr<Caller> caller = Admit(parts_, *context, kMethod);
    return Finish(kMethod, caller.ok() ? DoList(*caller, *response) : caller.status());
  }

 private:
  absl::Status DoAdd(const v1::AddScheduleRequest& request, v1::AddScheduleResponse& response) {
    ASSIGN_OR_RETURN(*response.mutable_status(), parts_.schedules.Add(request.schedule()));
    return absl::OkStatus();
  }

  absl::Status DoList(const Caller& caller, v1::ListSchedulesResponse& response) {
    ASSIGN_OR_RETURN(std::vector<v1::ScheduleStatus> schedules, parts_.schedules.List());
    NarrowSchedules(caller, schedules);
    for (v1::ScheduleStatus& schedule : schedules) *response.add_schedules() = std::move(schedule);
    return absl::OkStatus();
  }

  const ServerParts parts_;
};

}  // namespace

std::unique_ptr<grpc::Service> MakeSchedulesService(const ServerParts& parts) {
  return std::make_unique<SchedulesService>(parts);
}

}  // namespace waymark::coordinator
