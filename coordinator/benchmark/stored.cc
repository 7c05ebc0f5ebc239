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
  ASSIGN_OR_RETURN(contract::RoundSpec spec, contract::RoundSpecFromProto(message));
  spec.round_id = round.round_id;
  return spec;
}

std::map<std::string, std::string> ReleasesWith(const std::string& round_id,
                                                const std::vector<std::string>& answered,
                                                const std::vector<StoredRevision>& revisions) {
  std::map<std::string, std::string> releases;
  for (const std::string& council : answered) releases[council] = round_id;
  for (const StoredRevision& one : revisions) releases[one.council] = one.release_id;
  return releases;
}

absl::StatusOr<std::map<std::string, std::string>> ReleasesIn(const Round& round, Store& store) {
  const std::string& round_id = round.revises.empty() ? round.round_id : round.revises;
  ASSIGN_OR_RETURN(const std::vector<std::string> answered, store.Answered(round_id));
  ASSIGN_OR_RETURN(std::vector<StoredRevision> revisions, store.Revisions(round_id));
  std::erase_if(revisions,
                [&](const StoredRevision& one) { return one.edition == 0 || one.edition > round.edition; });
  return ReleasesWith(round_id, answered, revisions);
}

v1::Edition EditionToProto(const StoredEdition& edition) {
  v1::Edition message;
  message.set_round_id(edition.round_id);
  message.set_number(edition.number);
  message.set_published_unix_s(edition.published_unix_s);
  for (const int reason : edition.reasons) message.add_reasons(static_cast<v1::RevisionReason>(reason));
  return message;
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
