#include "coordinator/benchmark/stored.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace waymark::coordinator {
namespace {

absl::Status Damaged(absl::string_view what) {
  return absl::DataLossError(absl::StrCat(what, ": the stored bytes are damaged; restore a backup"));
}

}  // namespace

absl::StatusOr<contract::RoundSpec> SpecOf(const Round& round) {
  v1::RoundSpec message;
  if (!message.ParseFromString(round.spec)) return Damaged(absl::StrCat("round ", round.round_id));
  return contract::RoundSpecFromProto(message);
}

absl::StatusOr<v1::Catalogue> DefinitionsOf(const Round& round) {
  v1::Catalogue definitions;
  if (!definitions.ParseFromString(round.definitions)) return Damaged(absl::StrCat("round ", round.round_id));
  return definitions;
}

absl::StatusOr<contract::Release> ReleaseOf(const StoredRelease& stored) {
  v1::Release message;
  if (!message.ParseFromString(stored.bytes)) {
    return Damaged(absl::StrCat("the release of ", stored.council, " for round ", stored.round_id));
  }
  return contract::ReleaseFromProto(message);
}

absl::StatusOr<v1::Metric> PublishedDefinition(Store& store, const PublishedItem& item) {
  ASSIGN_OR_RETURN(const std::optional<Round> round, store.FindRound(item.round_id));
  if (!round) return Damaged(absl::StrCat("round ", item.round_id));
  ASSIGN_OR_RETURN(const v1::Catalogue definitions, DefinitionsOf(*round));
  for (const v1::Metric& metric : definitions.metrics()) {
    if (metric.id() == item.metric && metric.version() == item.version) return metric;
  }
  return Damaged(absl::StrCat("the definitions of round ", item.round_id));
}

}  // namespace waymark::coordinator
