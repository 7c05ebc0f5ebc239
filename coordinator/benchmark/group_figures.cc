#include "coordinator/benchmark/group_figures.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "coordinator/benchmark/combine.h"
#include "coordinator/benchmark/recombined.h"

namespace waymark::coordinator {
namespace {

absl::Status CheckCouncils(const GroupRequest& request, const contract::RoundSpec& spec,
                           const catalogue::Library& library) {
  std::set<std::string> named;
  for (const auto& council : request.coverage.coverage()) {
    // One that ended is in no library of today; that its own figures are published it is named by.
    if (request.is_one_council || library.FindAreaEver(council.council()) != nullptr)
      named.insert(council.council());
  }
  std::set<std::string> seen;
  for (const std::string& code : request.councils) {
    if (!named.contains(code)) {
      return absl::InvalidArgumentError(absl::StrCat("group: \"", code, "\" is no council that round ",
                                                     spec.round_id, " names; it names ",
                                                     absl::StrJoin(named, ", ")));
    }
    if (!seen.insert(code).second)
      return absl::InvalidArgumentError(absl::StrCat("group: ", code, " is twice in it"));
  }
  if (seen.size() < spec.least_contributors && !request.is_one_council) {
    return absl::InvalidArgumentError(absl::StrCat("group: ", seen.size(), " councils; round ", spec.round_id,
                                                   " gives no figure over fewer than ",
                                                   spec.least_contributors));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<v1::Figure>> GroupFigures(const GroupRequest& request,
                                                     const catalogue::Library& library, Store& store) {
  ASSIGN_OR_RETURN(const contract::RoundSpec spec, SpecOfPublished(request.item, store));
  if (contract::IsSecure(spec)) {
    return absl::FailedPreconditionError(
        absl::StrCat("group: metric ", request.item.metric, " was summed securely in round ", spec.round_id,
                     ", so nobody has councils' own figures; ask for its regions or ", kParticipantsCode));
  }
  RETURN_IF_ERROR(CheckCouncils(request, spec, library));
  const std::set<std::string> nobody;
  ASSIGN_OR_RETURN(std::vector<v1::Figure> figures, Recombined({.item = request.item,
                                                                .breakdown = request.breakdown,
                                                                .members = request.councils,
                                                                .own = nobody,
                                                                .curve = request.curve,
                                                                .is_one_council = request.is_one_council},
                                                               library, store, nullptr));
  std::erase_if(figures, [](const v1::Figure& figure) { return figure.level() != v1::GEOGRAPHY_LEVEL_ALL; });
  for (v1::Figure& figure : figures) {
    figure.set_level(v1::GEOGRAPHY_LEVEL_GROUP);
    figure.set_geography_code(std::string(kGroupCode));
    figure.set_geography_name(absl::StrCat("Group of ", request.councils.size(), " councils"));
  }
  return figures;
}

}  // namespace waymark::coordinator
