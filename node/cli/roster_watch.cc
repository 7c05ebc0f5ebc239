#include "node/cli/roster_watch.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/log.h"

namespace waymark::node {

void RosterWatch::Once() {
  if (link_.governance().officers.empty()) return;
  const absl::Status fetched = link_.FetchRosters(
      book_, [this](const contract::RosterEpoch& roster) { return log_.Require(contract::EntryOf(roster)); });
  const absl::StatusOr<contract::RosterEpoch> current = fetched.ok() ? book_.Current(clock_.Now()) : fetched;
  std::string error(current.status().message());
  if (!current.ok() && error != last_error_) {
    Log(fetched.ok() ? LogLevel::kWarning : LogLevel::kError, "no good roster", {{"error", error}});
  }
  last_error_ = std::move(error);
  if (!current.ok() || current->epoch == last_epoch_) return;
  last_epoch_ = current->epoch;
  Log(LogLevel::kInfo, "roster held",
      {{"epoch", absl::StrCat(current->epoch)},
       {"hash", absl::BytesToHexString(contract::RosterHash(*current))}});
}

}  // namespace waymark::node
