// The tables of the SQLite store. For the .cc files of this folder only.
#ifndef WAYMARK_COORDINATOR_STORE_SCHEMA_H_
#define WAYMARK_COORDINATOR_STORE_SCHEMA_H_

namespace waymark::coordinator {

// "WMC1" in the file's header says that it is ours (PRAGMA application_id).
inline constexpr int kApplicationId = 0x574D4331;
// Of this program (PRAGMA user_version). A change of the tables adds one and brings older files up to it.
inline constexpr int kSchemaVersion = 1;

extern const char* const kSchema;

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_STORE_SCHEMA_H_
