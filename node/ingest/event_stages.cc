#include "node/ingest/event_stages.h"

#include <algorithm>

#include "absl/strings/match.h"

namespace waymark::node {

StageRules::StageRules(const std::map<std::string, StageAction>& stages) {
  for (const auto& [activity, action] : stages) {
    if (!activity.empty() && activity.back() == '*') {
      prefixes_.emplace_back(activity.substr(0, activity.size() - 1), action);
    } else {
      exact_.emplace(activity, action);
    }
  }
  std::stable_sort(prefixes_.begin(), prefixes_.end(),
                   [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
}

std::optional<StageAction> StageRules::Find(absl::string_view activity) {
  if (const auto known = found_.find(activity); known != found_.end()) return known->second;
  std::optional<StageAction> action;
  if (const auto exact = exact_.find(activity); exact != exact_.end()) {
    action = exact->second;
  } else {
    const auto prefix = std::find_if(prefixes_.begin(), prefixes_.end(), [&](const auto& candidate) {
      return absl::StartsWith(activity, candidate.first);
    });
    if (prefix != prefixes_.end()) action = prefix->second;
  }
  // A column of free text must not fill the memory.
  if (found_.size() < 10'000) found_.emplace(std::string(activity), action);
  return action;
}

std::vector<StageSpell> SpellsOf(absl::Span<const StageEvent> events, std::optional<int> inactivity_days,
                                 bool end_at_last_event) {
  std::vector<StageSpell> spells;
  bool open = false;
  const auto end_open = [&](Day day, std::optional<std::size_t> closed_by) {
    if (!open) return;
    spells.back().end = day;
    spells.back().closed_by = closed_by;
    open = false;
  };
  for (std::size_t i = 0; i < events.size(); ++i) {
    const StageEvent& event = events[i];
    if (i > 0 && inactivity_days && event.day - events[i - 1].day > *inactivity_days) {
      end_open(events[i - 1].day, i - 1);
    }
    if (event.action.kind == StageAction::Kind::kClose) {
      end_open(event.day, i);
    } else if (!open || spells.back().level != event.action.level) {
      end_open(event.day, i);
      spells.push_back({.level = event.action.level, .start = event.day, .opened_by = i});
      open = true;
    }
  }
  if (end_at_last_event && !events.empty()) end_open(events.back().day, events.size() - 1);
  return spells;
}

}  // namespace waymark::node
