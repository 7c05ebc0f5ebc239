// Whom a round asks.
#ifndef WAYMARK_COORDINATOR_ROUNDS_ASKED_H_
#define WAYMARK_COORDINATOR_ROUNDS_ASKED_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "catalogue/library.h"
#include "coordinator/store/store.h"
#include "proto/contract/round_spec.h"

namespace waymark::coordinator {

// Whether the council lies in one of the spec's regions, or the spec names none.
bool IsAsked(const contract::RoundSpec& spec, absl::string_view council, const catalogue::Library& library);
// Whether a secure round sums this part of the roster.
bool IsPartAsked(const contract::RoundSpec& spec, absl::string_view part);

// The codes of those members that the round asks, sorted.
std::vector<std::string> AskedOf(const contract::RoundSpec& spec, const std::vector<Member>& members,
                                 const catalogue::Library& library);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_ROUNDS_ASKED_H_
