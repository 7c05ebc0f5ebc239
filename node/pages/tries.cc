#include "node/pages/tries.h"

#include "absl/strings/str_cat.h"

namespace waymark::node {

absl::Status Tries::Begin(const std::string& name) {
  const absl::Time now = clock_.Now();
  const absl::MutexLock lock(&mutex_);
  std::size_t all = 0;
  for (auto each = tries_.begin(); each != tries_.end();) {
    std::deque<absl::Time>& times = each->second;
    while (!times.empty() && times.front() <= now - kWithin) times.pop_front();
    all += times.size();
    each = times.empty() ? tries_.erase(each) : std::next(each);
  }
  const auto own = tries_.find(name);
  if ((own != tries_.end() && own->second.size() >= kMost) || all >= kMostOfAll) {
    return absl::ResourceExhaustedError(
        absl::StrCat("too many tries; wait ", absl::FormatDuration(kWithin), " and try again"));
  }
  tries_[name].push_back(now);
  return absl::OkStatus();
}

void Tries::Succeeded(const std::string& name) {
  const absl::MutexLock lock(&mutex_);
  tries_.erase(name);
}

}  // namespace waymark::node
