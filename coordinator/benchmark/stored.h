// What the store keeps of a round as bytes, as what it means. DATA_LOSS where the bytes are not what they
// were. Thread-safe.
#ifndef WAYMARK_COORDINATOR_BENCHMARK_STORED_H_
#define WAYMARK_COORDINATOR_BENCHMARK_STORED_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "coordinator/store/store.h"
#include "proto/contract/release.h"
#include "proto/contract/round_spec.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::coordinator {

// Of an edition: its round's, under the edition's own name.
absl::StatusOr<contract::RoundSpec> SpecOf(const Round& round);
// By council: the id of the release of it that counts, in what a round gave at first and the revisions that
// are in this edition, or were made before.
std::map<std::string, std::string> ReleasesWith(const std::string& round_id,
                                                const std::vector<std::string>& answered,
                                                const std::vector<StoredRevision>& revisions);
// The same of a published round or edition. Errors of the store.
absl::StatusOr<std::map<std::string, std::string>> ReleasesIn(const Round& round, Store& store);
v1::Edition EditionToProto(const StoredEdition& edition);
// The metrics that it asked for, as they were defined then.
absl::StatusOr<v1::Catalogue> DefinitionsOf(const Round& round);
absl::StatusOr<contract::Release> ReleaseOf(const StoredRelease& stored);
// The metric of a published item, as it was defined then. Errors of the store.
absl::StatusOr<v1::Metric> PublishedDefinition(Store& store, const PublishedItem& item);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_BENCHMARK_STORED_H_
