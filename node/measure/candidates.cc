#include "node/measure/candidates.h"

#include <algorithm>
#include <tuple>

#include "node/measure/follow_up.h"

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

Candidate OfSpell(const History& history, const SocialCareSpell& s, Day event) {
  return {.person = history.index(),
          .first = s.first,
          .last = s.last,
          .start = s.start,
          .end = s.end,
          .event = event};
}

Candidate OfStep(const History& history, const Step& s, Day event) {
  return {.person = history.index(),
          .first = NumberOf(s, history.journeys().records().steps),
          .start = s.start,
          .end = s.end,
          .event = event};
}

// Of something that happens on one day.
Candidate OfDay(const History& history, std::uint32_t number, Day day) {
  return {.person = history.index(), .first = number, .start = day, .end = day, .event = day};
}

// Calls visit(start, end, candidate(event)) for each merged episode or spell of a level.
template <typename Visit>
void VisitEpisodes(const History& history, v1::Level counted, Visit visit) {
  if (counted == v1::LEVEL_SOCIAL_CARE) {
    for (const SocialCareSpell& s : history.social_care()) {
      visit(s.start, s.end, [&](Day event) { return OfSpell(history, s, event); });
    }
    return;
  }
  for (const Level level : {Level::kEarlyHelp, Level::kCin, Level::kCp, Level::kCla}) {
    if (!IsOfLevel(counted, level)) continue;
    for (const Episode& e : history.episodes(level)) {
      visit(e.start, e.end, [&](Day event) { return OfEpisode(history, e, event); });
    }
  }
}

// Whatever is open at the end of each period's last day. A case of one day is in no stock.
void AppendOpen(const History& history, v1::Level level, absl::Span<const Period> periods,
                std::vector<Candidate>& candidates) {
  for (std::uint32_t i = 0; i < periods.size(); ++i) {
    const Day day = periods[i].last;
    VisitEpisodes(history, level, [&](Day start, Day end, auto candidate) {
      if (start > day || end <= day) return;
      candidates.push_back(candidate(day));
      candidates.back().period = i;
    });
  }
}

// Ends of spells, then of CP, then of CLA.
void AppendStepDowns(const History& history, const Period& span, std::vector<Candidate>& candidates) {
  const auto open_after = [&history](v1::Level level, Day end) {
    return AnyOpen(history, level, end, end + 1);
  };
  for (const SocialCareSpell& s : history.social_care()) {
    if (!span.Contains(s.end)) continue;
    candidates.push_back(OfSpell(history, s, s.end));
    candidates.back().step_down = AnyOpen(history, v1::LEVEL_EARLY_HELP, s.end, s.end + kStepDownDays)
                                      ? kSocialCareToEarlyHelp
                                      : kSocialCareToNone;
  }
  for (const Episode& e : history.episodes(Level::kCp)) {
    if (!span.Contains(e.end) || open_after(v1::LEVEL_CLA, e.end) || !open_after(v1::LEVEL_CIN, e.end))
      continue;
    candidates.push_back(OfEpisode(history, e, e.end));
    candidates.back().step_down = kCpToCin;
  }
  for (const Episode& e : history.episodes(Level::kCla)) {
    if (!span.Contains(e.end)) continue;
    const bool plan = open_after(v1::LEVEL_CP, e.end);
    if (!plan && !open_after(v1::LEVEL_CIN, e.end)) continue;
    candidates.push_back(OfEpisode(history, e, e.end));
    candidates.back().step_down = plan ? kClaToCp : kClaToCin;
  }
}

void AppendSteps(const History& history, const Counting& counting, const Period& span,
                 std::vector<Candidate>& candidates) {
  const bool completed = counting.base == v1::Cohort::BASE_STEPS_COMPLETED;
  for (const Step& s : history.steps(StepKindOf(counting.step))) {
    const Day event = completed ? s.end : s.start;
    if (span.Contains(event)) candidates.push_back(OfStep(history, s, event));
  }
}

// A person's periods, from the first start on for as long as the person is followed.
void AppendPeriods(const History& history, absl::Span<const Period> periods,
                   std::vector<Candidate>& candidates) {
  const absl::Span<const Stretch> timeline = history.timeline();
  if (timeline.empty()) return;
  const Day followed_before = history.FollowedBefore();
  for (std::uint32_t i = 0; i < periods.size(); ++i) {
    if (periods[i].last < timeline.front().from || periods[i].first >= followed_before) continue;
    Candidate& added = candidates.emplace_back();
    added.person = history.index();
    added.start = added.event = periods[i].first;
    added.end = periods[i].last;
    added.period = i;
  }
}

}  // namespace

void AppendCandidates(const History& history, const Counting& counting, const Period& span,
                      absl::Span<const Period> periods, std::vector<Candidate>& candidates) {
  const Records& records = history.journeys().records();
  switch (counting.base) {
    case v1::Cohort::BASE_STARTED:
      VisitEpisodes(history, counting.level, [&](Day start, Day, auto candidate) {
        if (span.Contains(start)) candidates.push_back(candidate(start));
      });
      return;
    case v1::Cohort::BASE_EARLY_HELP_ENDED:
    case v1::Cohort::BASE_SOCIAL_CARE_ENDED:
      VisitEpisodes(history, counting.level, [&](Day, Day end, auto candidate) {
        if (span.Contains(end)) candidates.push_back(candidate(end));
      });
      return;
    case v1::Cohort::BASE_OPEN:
      return AppendOpen(history, counting.level, periods, candidates);
    case v1::Cohort::BASE_STEP_DOWNS:
      return AppendStepDowns(history, span, candidates);
    case v1::Cohort::BASE_STEPS_STARTED:
    case v1::Cohort::BASE_STEPS_COMPLETED:
      return AppendSteps(history, counting, span, candidates);
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
      return AppendPeriods(history, periods, candidates);
    default:
      return;
  }
}

void AppendFamilySpells(absl::Span<const History> family, const Period& span,
                        std::vector<Candidate>& candidates) {
  std::vector<Candidate> pieces;
  for (const History& history : family) {
    for (const Episode& e : history.episodes(Level::kEarlyHelp)) {
      pieces.push_back(OfEpisode(history, e, e.start));
    }
  }
  std::sort(pieces.begin(), pieces.end(), [](const Candidate& a, const Candidate& b) {
    return std::tie(a.start, a.person) < std::tie(b.start, b.person);
  });
  Day before = kNoDay;
  for (std::size_t i = 0; i < pieces.size();) {
    Candidate spell = pieces[i];
    for (++i;
         i < pieces.size() && (spell.end == kNoDay || pieces[i].start - spell.end <= kFamilySpellGapDays);
         ++i) {
      spell.end = std::max(spell.end, pieces[i].end);
    }
    spell.spell_before = before;
    before = spell.end;
    if (span.Contains(spell.start)) candidates.push_back(spell);
  }
}

}  // namespace waymark::node
