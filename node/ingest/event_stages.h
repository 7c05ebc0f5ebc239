// Events of one person to spells at levels, for event logs of shape = "events".
#ifndef WAYMARK_NODE_INGEST_EVENT_STAGES_H_
#define WAYMARK_NODE_INGEST_EVENT_STAGES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "node/ingest/source.h"

namespace waymark::node {

// What the activities of an event log mean. Not thread-safe.
class StageRules {
 public:
  explicit StageRules(const std::map<std::string, StageAction>& stages);

  // An exact rule before a prefix, a longer prefix before a shorter; nothing where no rule has the activity.
  std::optional<StageAction> Find(absl::string_view activity);

 private:
  absl::flat_hash_map<std::string, StageAction> exact_;
  std::vector<std::pair<std::string, StageAction>> prefixes_;  // longest first
  absl::flat_hash_map<std::string, std::optional<StageAction>> found_;
};

// An event that opens or closes; ignored and unlisted ones are no part of what follows.
struct StageEvent {
  Day day = 0;
  StageAction action;
};

struct StageSpell {
  Level level = Level::kEarlyHelp;
  Day start = 0;
  Day end = kNoDay;           // kNoDay: open
  std::size_t opened_by = 0;  // index of the event
  std::optional<std::size_t> closed_by = {};
};

// Walks one person's events, which are in order of (day, order in the file):
//  1. Where `inactivity_days` is N and more than N days lie between an event and the one before it (whatever
//  the two do),
//     a spell that is open ends on the day of the one before.
//  2. An event that opens a level, at that level: nothing. At another level: that spell ends on the event's
//  day and one
//     at the new level begins on it. With none open: one begins.
//  3. "close" ends the open spell on its day; with none open: nothing.
//  4. After the last event an open spell ends on that event's day if `end_at_last_event`, else it stays open.
// A person has at most one spell open. Spells of no length (opened and left on one day) are returned too.
std::vector<StageSpell> SpellsOf(absl::Span<const StageEvent> events, std::optional<int> inactivity_days,
                                 bool end_at_last_event);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_INGEST_EVENT_STAGES_H_
