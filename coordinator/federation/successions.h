// What became of councils, at the coordinator: as officers signed it on the newest roster; where none has
// been published, as the catalogue knows it. Figures of before go on under it (coordinator/benchmark), and a
// council that ended is let in no more.
#ifndef WAYMARK_COORDINATOR_FEDERATION_SUCCESSIONS_H_
#define WAYMARK_COORDINATOR_FEDERATION_SUCCESSIONS_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "catalogue/library.h"
#include "coordinator/store/store.h"
#include "proto/contract/succession.h"

namespace waymark::coordinator {

// Of the newest roster; nothing where none has been published. Errors of the store.
absl::StatusOr<std::optional<contract::Successions>> SignedSuccessions(Store& store);
// Those, or `known`, which are the catalogue's.
absl::StatusOr<contract::Successions> HeldSuccessions(Store& store, const contract::Successions& known);

// A CSV text "day,before,after", codes of each side with spaces between. INVALID_ARGUMENT naming file and
// line.
absl::StatusOr<contract::Successions> ParseSuccessions(const std::string& text, absl::string_view file);

// Those of the next roster: the newest roster's, what the catalogue knows (`known`) of councils that took
// part and are members no more, and `more`. FAILED_PRECONDITION where one that would end is a member still,
// or a successor is in another region by the catalogue; INVALID_ARGUMENT where they contradict each other.
absl::StatusOr<contract::Successions> ProposedSuccessions(Store& store, const catalogue::Library& library,
                                                          const contract::Successions& known,
                                                          const contract::Successions& more);

// FAILED_PRECONDITION, naming the successors, where it ended.
absl::Status CheckNotEnded(const contract::Successions& successions, absl::string_view council);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_FEDERATION_SUCCESSIONS_H_
