// A roster or a catalogue on its way to the officers: JSON that people can read, keys, hashes and signatures
// in hexadecimal. What an officer signs is not this text but what it says (proto/contract/roster.h,
// catalogue_version.h). Pure; thread-safe.
#ifndef WAYMARK_COORDINATOR_FEDERATION_ROSTER_FILE_H_
#define WAYMARK_COORDINATOR_FEDERATION_ROSTER_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "proto/contract/catalogue_version.h"
#include "proto/contract/roster.h"

namespace waymark::coordinator {

inline constexpr std::size_t kMaxRosterFileBytes = 8 << 20;

// {"federation": …, "epoch": …, "expires": "2027-11-22T00:00:00Z", "previous_hash": …, "parts": [{"code": …,
// "members": [{"council": …, "signing_key": …, "deprivation": 17}]}], "successions": [{"day": "2023-04-01",
// "before": […], "after": […]}], "signatures": [{"officer": …, "signature": …}]}.
std::string RosterFileText(const contract::SignedRoster& roster);

// INVALID_ARGUMENT where it is no such text or breaks the contract; `file` is used in messages only.
absl::StatusOr<contract::SignedRoster> ParseRosterFile(const std::string& text, absl::string_view file);

// {"federation": …, "number": …, "previous_hash": …, "definitions": [{"metric": …, "version": …, "hash": …}],
// "signatures": as above}.
std::string CatalogueFileText(const contract::SignedCatalogue& catalogue);
absl::StatusOr<contract::SignedCatalogue> ParseCatalogueFile(const std::string& text, absl::string_view file);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_FEDERATION_ROSTER_FILE_H_
