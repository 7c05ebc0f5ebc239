// The federation's roster epochs at the coordinator: it proposes them from who has joined, and publishes what
// the officers signed. It cannot sign one itself; nodes check all of this again.
#ifndef WAYMARK_COORDINATOR_FEDERATION_ROSTERS_H_
#define WAYMARK_COORDINATOR_FEDERATION_ROSTERS_H_

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "catalogue/library.h"
#include "coordinator/federation/configuration.h"
#include "coordinator/store/store.h"
#include "proto/contract/roster.h"

namespace waymark::coordinator {

// The one published last, if any.
absl::StatusOr<std::optional<contract::SignedRoster>> NewestRoster(Store& store);

// What the catalogue knows of councils that ended, in a federation without officers; none where it has them,
// who say which count.
contract::Successions KnownSuccessions(const Configuration& configuration, const catalogue::Library& library);

struct Proposal {
  std::string federation;
  absl::Time expires;
  // All councils in one part, contract::kWholeCountry: where regions are too small for secure sums.
  bool one_part = false;
  std::map<std::string, std::uint32_t> deprivation{};  // points by council; empty: not stated
  contract::Successions known{};                       // the catalogue's successions
  contract::Successions successions{};                 // beside those of them that ProposedSuccessions finds
};

// Points from a CSV text "council,deprivation" of any public measure, however scaled: the least deprived
// council of the file gets 1, the most deprived kMostDeprivation, the others lie between by their values.
// INVALID_ARGUMENT naming file and line.
absl::StatusOr<std::map<std::string, std::uint32_t>> ParseDeprivation(const std::string& text,
                                                                      absl::string_view file);

// The epoch after the newest: every member, in the part that is its region by the catalogue, or all in one.
// FAILED_PRECONDITION where there is none, or where one's region is not known, or one's deprivation is not
// stated though others' are; the errors of ProposedSuccessions.
absl::StatusOr<contract::RosterEpoch> ProposeRoster(Store& store, const catalogue::Library& library,
                                                    const Proposal& proposal);

// Stores a roster for the nodes to fetch. True: done now; false: it was published before. UNAUTHENTICATED
// where too few officers signed it; FAILED_PRECONDITION where it is another federation's, expired, or does
// not follow the newest, as where that has the same epoch or a higher one, or where one that it says has
// ended is a member still.
absl::StatusOr<bool> PublishRoster(Store& store, const Configuration& configuration,
                                   const contract::SignedRoster& roster, absl::Time now);

// What makes one roster differ from another, for people: sorted by council.
struct RosterChange {
  std::string council;
  std::string what;         // "added", "removed", "new key", "other part", "other deprivation"
  std::string part;         // of the later one where it is there
  std::string signing_key;  // the same
  std::uint32_t deprivation = 0;
};
contract::Successions NewSuccessions(const contract::RosterEpoch& before, const contract::RosterEpoch& after);
std::vector<RosterChange> CompareRosters(const contract::RosterEpoch& before,
                                         const contract::RosterEpoch& after);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_FEDERATION_ROSTERS_H_
