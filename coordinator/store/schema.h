// The tables of the store, written once. For the .cc files of this folder only.
#ifndef WAYMARK_COORDINATOR_STORE_SCHEMA_H_
#define WAYMARK_COORDINATOR_STORE_SCHEMA_H_

#include <array>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace waymark::coordinator {

// "WMC1" says that it is ours (SQLite: PRAGMA application_id).
inline constexpr int kApplicationId = 0x574D4331;
// Of this program (SQLite: PRAGMA user_version).
inline constexpr int kSchemaVersion = 20;
// What makes a store of version n one of version n + 1; of an empty one, all of them in turn. A change of the
// tables is a further step. In SQLite's words.
extern const std::array<const char*, kSchemaVersion> kSchemaSteps;

// Of a store that is open, in every transaction: UNAVAILABLE, said in the program's log once, where a newer
// program has brought it to a version that this one does not know. Others may still answer.
absl::Status CheckNotOutgrown(std::int64_t version);

// A step in PostgreSQL's words. Text is compared by its bytes in both.
std::string InPostgresql(absl::string_view step);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_STORE_SCHEMA_H_
