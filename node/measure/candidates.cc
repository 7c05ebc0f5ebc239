#include "node/measure/candidates.h"

namespace waymark::node {
namespace {

template <typename Row>
std::uint32_t NumberOf(const Row& row, const std::vector<Row>& rows) {
  return static_cast<std::uint32_t>(&row - rows.data());
}

Candidate OfEpisode(const History& history, const Episode& e, Day event) {
  const std::uint32_t number = NumberOf(e, history.journeys().records().episodes);
  return {.person = history.index(),
          .first = number,
          .last = number,
          .start = e.start,
          .end = e.end,
          .event = event};
}

Candidate OfSpell(const History& history, const SocialCareSpell& s) {
  return {.person = history.index(),
          .first = s.first,
          .last = s.last,
          .start = s.start,
          .end = s.end,
          .event = s.end};
}

// Of something that happens on one day.
Candidate OfDay(const History& history, std::uint32_t number, Day day) {
  return {.person = history.index(), .first = number, .start = day, .end = day, .event = day};
}

}  // namespace

void AppendCandidates(const History& history, v1::Cohort::Base base, const Period& span,
                      absl::Span<const Period> periods, std::vector<Candidate>& candidates) {
  const Records& records = history.journeys().records();
  switch (base) {
    case v1::Cohort::BASE_EARLY_HELP_ENDED:
      for (const Episode& e : history.episodes(Level::kEarlyHelp)) {
        if (span.Contains(e.end)) candidates.push_back(OfEpisode(history, e, e.end));
      }
      return;
    case v1::Cohort::BASE_EARLY_HELP_STARTED:
      for (const Episode& e : history.episodes(Level::kEarlyHelp)) {
        if (span.Contains(e.start)) candidates.push_back(OfEpisode(history, e, e.start));
      }
      return;
    case v1::Cohort::BASE_SOCIAL_CARE_ENDED:
      for (const SocialCareSpell& s : history.social_care()) {
        if (span.Contains(s.end)) candidates.push_back(OfSpell(history, s));
      }
      return;
    case v1::Cohort::BASE_REFERRALS:
      for (const Referral& r : history.referrals()) {
        if (span.Contains(r.day)) candidates.push_back(OfDay(history, NumberOf(r, records.referrals), r.day));
      }
      return;
    case v1::Cohort::BASE_CONTACTS:
      for (const Contact& c : history.contacts()) {
        if (span.Contains(c.day)) candidates.push_back(OfDay(history, NumberOf(c, records.contacts), c.day));
      }
      return;
    case v1::Cohort::BASE_PERSON_TIME:
      if (history.timeline().empty()) return;
      for (std::uint32_t i = 0; i < periods.size(); ++i) {
        if (periods[i].last < history.timeline().front().from) continue;
        if (periods[i].first >= history.FollowedBefore()) continue;
        candidates.push_back({.person = history.index(),
                              .start = periods[i].first,
                              .end = periods[i].last,
                              .event = periods[i].first,
                              .period = i});
      }
      return;
    default:
      return;
  }
}

}  // namespace waymark::node
