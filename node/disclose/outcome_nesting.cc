#include "node/disclose/outcome_nesting.h"

#include <algorithm>

namespace waymark::node {
namespace {

using FollowUp = v1::Outcome::FollowUp;

template <typename List, typename Value>
bool Has(const List& list, const Value& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

// Where an outcome is that one of some events happens: those events can each happen without the others. A
// start of social care is also one of a child in need, under protection or looked after.
bool IsPlain(const v1::Outcome& outcome) {
  return outcome.has_follow_up() && !outcome.follow_up().none() &&
         !Has(outcome.follow_up().events(), FollowUp::EVENT_SOCIAL_CARE_START);
}

bool EventsAreWithin(const FollowUp& part, const FollowUp& whole) {
  return std::all_of(part.events().begin(), part.events().end(),
                     [&](int event) { return Has(whole.events(), event); });
}

bool SourcesAreWithin(const FollowUp& part, const FollowUp& whole) {
  if (whole.source_any_of().empty()) return true;
  const auto& sources = part.source_any_of();
  return !sources.empty() && std::all_of(sources.begin(), sources.end(), [&](const std::string& source) {
    return Has(whole.source_any_of(), source);
  });
}

}  // namespace

bool MayLieWithin(const v1::Outcome& part, const v1::Outcome& whole) {
  if (!IsPlain(part) || !IsPlain(whole)) return true;
  return EventsAreWithin(part.follow_up(), whole.follow_up()) &&
         SourcesAreWithin(part.follow_up(), whole.follow_up());
}

bool MayBeCovered(const v1::Outcome& whole, const std::vector<const v1::Outcome*>& parts) {
  FollowUp all;
  bool any_source = false;
  for (const v1::Outcome* part : parts) {
    if (!IsPlain(whole) || !IsPlain(*part)) return true;
    all.mutable_events()->MergeFrom(part->follow_up().events());
    all.mutable_source_any_of()->MergeFrom(part->follow_up().source_any_of());
    any_source |= part->follow_up().source_any_of().empty();
  }
  if (any_source) all.clear_source_any_of();
  return EventsAreWithin(whole.follow_up(), all) && SourcesAreWithin(whole.follow_up(), all);
}

}  // namespace waymark::node
