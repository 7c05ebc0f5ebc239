// Appending to the log, within the transaction that makes it so. For the .cc files of this folder only.
#ifndef WAYMARK_COORDINATOR_STORE_LOG_ENTRIES_H_
#define WAYMARK_COORDINATOR_STORE_LOG_ENTRIES_H_

#include "absl/strings/string_view.h"
#include "coordinator/store/sql_database.h"
#include "coordinator/store/store.h"

namespace waymark::coordinator {

void AppendToLog(SqlTransaction& sql, LogKind kind, absl::string_view subject, absl::string_view hash);

// Keeps the record of a round's publication, and appends it.
void AppendPublication(SqlTransaction& sql, absl::string_view round_id, absl::string_view record,
                       absl::string_view record_hash);

}  // namespace waymark::coordinator

#endif  // WAYMARK_COORDINATOR_STORE_LOG_ENTRIES_H_
