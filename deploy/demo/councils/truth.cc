#include "deploy/demo/councils/truth.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace waymark::demo {
namespace {

bool InSocialCare(absl::Span<const Record> life, Day day) {
  return std::any_of(life.begin(), life.end(), [day](const Record& r) {
    return (r.kind == RecordKind::kCin || r.kind == RecordKind::kCp || r.kind == RecordKind::kCla) &&
           r.start <= day && (day < r.end || r.start == day);
  });
}

// Whether something of `kind` starts in (day, day + days].
bool Follows(absl::Span<const Record> life, RecordKind kind, Day day, int days) {
  return std::any_of(life.begin(), life.end(), [=](const Record& r) {
    return r.kind == kind && r.start > day && r.start <= day + days;
  });
}

}  // namespace

void TruthCounter::Count(const std::vector<Child>& children, const std::vector<Record>& records) {
  for (std::size_t begin = 0, end = 0; begin < records.size(); begin = end) {
    while (end < records.size() && records[end].child == records[begin].child) ++end;
    const auto life = absl::MakeConstSpan(records).subspan(begin, end - begin);
    for (const Record& record : life) {
      if (record.kind == RecordKind::kReferral && period_.Contains(record.start)) {
        ++truth_.referrals;
        if (record.outcome == "nfa") ++truth_.referrals_nfa;
      }
      if (record.kind == RecordKind::kContact && period_.Contains(record.start)) {
        ++truth_.contacts;
        if (record.outcome == "nfa") ++truth_.contacts_nfa;
      }
      if (record.kind == RecordKind::kEarlyHelp && period_.Contains(record.end)) {
        CountClosure(children[record.child], life, record);
      }
    }
  }
}

void TruthCounter::CountClosure(const Child& child, absl::Span<const Record> life, const Record& closed) {
  const absl::string_view reason = closed.reason;
  ++truth_.early_help_closures;
  durations_.push_back(closed.end - closed.start);
  if (reason == "outcomes_met") ++truth_.outcomes_met;
  if (reason != "" && reason != "unknown" && reason != "archived") ++truth_.end_reason_known;

  for (Truth::Window& window : truth_.windows) CountFollowUp(child, life, closed.end, window);
}

void TruthCounter::CountFollowUp(const Child& child, absl::Span<const Record> life, Day closed,
                                 Truth::Window& window) {
  const int days_to_18 = Birthday(child.birth, 18) - closed;
  if (days_to_18 > 0 && days_to_18 <= window.days) return;
  const bool moves = std::any_of(life.begin(), life.end(), [&](const Record& r) {
    return r.kind == RecordKind::kEarlyHelp && r.reason == "moved" && r.end >= closed &&
           r.end <= closed + window.days;
  });
  if (moves) return;
  ++window.followed_up;
  if (Follows(life, RecordKind::kEarlyHelp, closed, window.days)) ++window.returned;
  if (InSocialCare(life, closed)) return;
  ++window.followed_up_not_in_social_care;
  if (Follows(life, RecordKind::kReferral, closed, window.days)) ++window.referred;
}

Truth TruthCounter::Result() {
  std::sort(durations_.begin(), durations_.end());
  for (std::size_t i = 0; i < 3 && !durations_.empty(); ++i) {
    truth_.duration_quartiles[i] = durations_[(durations_.size() * (i + 1) + 3) / 4 - 1];
  }
  return truth_;
}

}  // namespace waymark::demo
