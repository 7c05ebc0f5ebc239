// The tables of the SQLite store. For the .cc files of this folder only.
#ifndef WAYMARK_COORDINATOR_STORE_SCHEMA_H_
#define WAYMARK_COORDINATOR_STORE_SCHEMA_H_

#include <array>

namespace waymark::coordinator {

// "WMC1" in the file's header says that it is ours (PRAGMA application_id).
inline constexpr int kApplicationId = 0x574D4331;
// Of this program (PRAGMA user_version).
inline constexpr int kSchemaVersion = 8;
// What makes a file of version n one of version n + 1; of an empty one, all of them in turn. A change of the
// tables is a further step.
extern const std::array<const char*, kSchemaVersion> kSchemaSteps;

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_STORE_SCHEMA_H_
