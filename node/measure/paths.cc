#include "node/measure/paths.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "node/measure/history.h"

namespace waymark::node {
namespace {

// A byte a state; empty where the child has no day of help.
std::string PathOf(const History& history, const Period& period, Day until) {
  const Day stop = std::min(std::min(period.last, until) + 1, history.FollowedBefore());
  const absl::Span<const Stretch> timeline = history.timeline();
  std::string path;
  bool helped = false;
  for (std::size_t i = 0; i < timeline.size() && timeline[i].from < stop; ++i) {
    const Day end = i + 1 < timeline.size() ? timeline[i + 1].from : kNoDay;
    if (std::min(end, stop) <= period.first) continue;
    path.push_back(static_cast<char>(timeline[i].state));
    helped = helped || timeline[i].state != State::kNone;
  }
  return helped ? path : std::string();
}

}  // namespace

Paths CommonestPaths(const Journeys& journeys, const Period& period, Day until, std::size_t most) {
  absl::flat_hash_map<std::string, std::int64_t> counts;
  Paths paths;
  for (PersonIndex person = 0; person < journeys.persons(); ++person) {
    const std::string path = PathOf(History(journeys, person), period, until);
    if (path.empty()) continue;
    ++counts[path];
    ++paths.children;
  }
  paths.different = static_cast<std::int64_t>(counts.size());
  std::vector<std::pair<std::int64_t, std::string>> order;
  for (const auto& [path, children] : counts) order.emplace_back(-children, path);
  const std::size_t kept = std::min(most, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(kept), order.end());
  for (std::size_t i = 0; i < kept; ++i) {
    Path& path = paths.commonest.emplace_back();
    path.children = -order[i].first;
    for (const char state : order[i].second) path.states.push_back(static_cast<State>(state));
  }
  return paths;
}

}  // namespace waymark::node
