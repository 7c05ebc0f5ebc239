#include "coordinator/benchmark/confine.h"

#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coordinator/benchmark/combine.h"

namespace waymark::coordinator {

absl::Status CheckScope(const v1::QueryRequest& request, const Scope& scope,
                        const catalogue::Library& library) {
  if (!request.metric().empty() && !scope.SeesMetric(request.metric())) {
    return absl::PermissionDeniedError(
        absl::StrCat("metric: this access is for ", absl::StrJoin(*scope.metrics, ", "), " alone"));
  }
  const auto denied = [&](absl::string_view field) {
    return absl::PermissionDeniedError(absl::StrCat(field, ": this access is for ",
                                                    absl::StrJoin(*scope.regions, ", "),
                                                    " and their councils, beside ", kParticipantsCode));
  };
  for (const std::string& code : request.geographies()) {
    if (code != kParticipantsCode && !scope.SeesPlace(code, library)) return denied("geographies");
  }
  for (const std::string& code : request.group()) {
    if (!scope.SeesPlace(code, library)) return denied("group");
  }
  return absl::OkStatus();
}

v1::QueryRequest Filled(const v1::QueryRequest& asked, const Scope& scope) {
  v1::QueryRequest request = asked;
  if (!scope.regions || !asked.geographies().empty()) return request;
  for (const std::string& code : *scope.regions) request.add_geographies(code);
  request.add_geographies(std::string(kParticipantsCode));
  return request;
}

absl::Status Confine(const v1::QueryRequest& asked, const Scope& scope, const catalogue::Library& library,
                     v1::QueryRequest& request, v1::QueryResponse& response) {
  if (!scope.regions) return absl::OkStatus();
  const auto erase = [](auto* from, auto unwanted) {
    from->erase(std::remove_if(from->begin(), from->end(), unwanted), from->end());
  };
  const bool with_participants = scope.SeesParticipantsOf(response.geographies());
  erase(response.mutable_geographies(),
        [&](const std::string& code) { return !scope.SeesPlace(code, library); });
  std::set<std::string> regions;
  erase(response.mutable_coverage(), [&](const v1::QueryResponse::Contributor& council) {
    const v1::Area* const area = library.FindAreaEver(council.council());
    if (area == nullptr || !scope.SeesPlace(area->region_code(), library)) return true;
    regions.insert(area->region_code());
    return false;
  });
  const auto is_refused = [&](const std::string& code) {
    return code == kParticipantsCode ? !with_participants
                                     : asked.geographies().empty() && !regions.contains(code);
  };
  if (!asked.geographies().empty() &&
      std::any_of(asked.geographies().begin(), asked.geographies().end(), is_refused)) {
    return absl::PermissionDeniedError(absl::StrCat("geographies: the ", kParticipantsCode, " of round ",
                                                    response.round_id(),
                                                    " are of regions that this access is not for"));
  }
  erase(request.mutable_geographies(), is_refused);
  // Nothing would mean every region.
  if (!request.geographies().empty()) return absl::OkStatus();
  return absl::NotFoundError(absl::StrCat("no council of ", absl::StrJoin(*scope.regions, ", "),
                                          " took part in round ", response.round_id()));
}

}  // namespace waymark::coordinator
