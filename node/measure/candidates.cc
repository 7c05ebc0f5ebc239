#include "node/measure/candidates.h"

#include <algorithm>
#include <tuple>

#include "catalogue/follow_up.h"
#include "node/measure/follow_up.h"

namespace waymark::node {
namespace {

template <typename Row>
std::uint32_t NumberOf(const Row& row, const std::vector<Row>& rows) {
  return static_cast<std::uint32_t>(&row - rows.data());
}

// Candidates are filled in where they stand: one that has just been filled in field by field is slow to copy.
Candidate& Add(const History& history, Day event, std::vector<Candidate>& candidates) {
  Candidate& added = candidates.emplace_back();
  added.person = history.index();
  added.event = event;
  return added;
}

template <typename Spell>
Candidate& Add(const History& history, const Spell& spell, Day event, std::vector<Candidate>& candidates) {
  Candidate& added = Add(history, event, candidates);
  added.start = spell.start;
  added.end = spell.end;
  return added;
}

Candidate& AddEpisode(const History& history, const Episode& e, Day event,
                      std::vector<Candidate>& candidates) {
  Candidate& added = Add(history, e, event, candidates);
  added.first = added.last = NumberOf(e, history.journeys().records().episodes);
  return added;
}

Candidate& AddSpell(const History& history, const SocialCareSpell& s, Day event,
                    std::vector<Candidate>& candidates) {
  Candidate& added = Add(history, s, event, candidates);
  added.first = s.first;
  added.last = s.last;
  return added;
}

void AddStep(const History& history, const Step& s, Day event, std::vector<Candidate>& candidates) {
  Add(history, s, event, candidates).first = NumberOf(s, history.journeys().records().steps);
}

// Of something that happens on one day.
void AddDay(const History& history, std::uint32_t number, Day day, std::vector<Candidate>& candidates) {
  Candidate& added = Add(history, day, candidates);
  added.first = number;
  added.start = added.end = day;
}

// Calls visit(start, end, add) for each merged episode or spell of a level; add(event) adds its candidate.
template <typename Visit>
void VisitEpisodes(const History& history, v1::Level counted, std::vector<Candidate>& candidates,
                   Visit visit) {
  if (counted == v1::LEVEL_SOCIAL_CARE) {
    for (const SocialCareSpell& s : history.social_care()) {
      visit(s.start, s.end, [&](Day event) -> Candidate& { return AddSpell(history, s, event, candidates); });
    }
    return;
  }
  for (const Level level : {Level::kEarlyHelp, Level::kCin, Level::kCp, Level::kCla}) {
    if (!IsOfLevel(counted, level)) continue;
    for (const Episode& e : history.episodes(level)) {
      visit(e.start, e.end,
            [&](Day event) -> Candidate& { return AddEpisode(history, e, event, candidates); });
    }
  }
}

// Whatever is open at the end of each period's last day. A case of one day is in no stock.
void AppendOpen(const History& history, v1::Level level, absl::Span<const Period> periods,
                std::vector<Candidate>& candidates) {
  for (std::uint32_t i = 0; i < periods.size(); ++i) {
    const Day day = periods[i].last;
    VisitEpisodes(history, level, candidates, [&](Day start, Day end, const auto& add) {
      if (start <= day && end > day) add(day).period = i;
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
    AddSpell(history, s, s.end, candidates).step_down =
        AnyOpen(history, v1::LEVEL_EARLY_HELP, s.end, s.end + catalogue::kStepDownDays)
            ? kSocialCareToEarlyHelp
            : kSocialCareToNone;
  }
  for (const Episode& e : history.episodes(Level::kCp)) {
    if (!span.Contains(e.end) || open_after(v1::LEVEL_CLA, e.end) || !open_after(v1::LEVEL_CIN, e.end))
      continue;
    AddEpisode(history, e, e.end, candidates).step_down = kCpToCin;
  }
  for (const Episode& e : history.episodes(Level::kCla)) {
    if (!span.Contains(e.end)) continue;
    const bool plan = open_after(v1::LEVEL_CP, e.end);
    if (!plan && !open_after(v1::LEVEL_CIN, e.end)) continue;
    AddEpisode(history, e, e.end, candidates).step_down = plan ? kClaToCp : kClaToCin;
  }
}

void AppendSteps(const History& history, const Counting& counting, const Period& span,
                 std::vector<Candidate>& candidates) {
  const bool completed = counting.base == v1::Cohort::BASE_STEPS_COMPLETED;
  for (const Step& s : history.steps(StepKindOf(counting.step))) {
    const Day event = completed ? s.end : s.start;
    if (span.Contains(event)) AddStep(history, s, event, candidates);
  }
}

// Asked of rising periods it need not begin anew.
class States {
 public:
  explicit States(absl::Span<const Stretch> timeline) : timeline_(timeline) {}

  // The state on all of a period's days and on the day before; nothing where there were several.
  const State* Throughout(const Period& period) {
    if (timeline_[at_].from >= period.first) at_ = 0;
    while (at_ + 1 < timeline_.size() && timeline_[at_ + 1].from < period.first) ++at_;
    const Stretch& stretch = timeline_[at_];
    // Nothing was counted before the first stretch.
    const bool begins = stretch.from < period.first || (at_ == 0 && stretch.from == period.first);
    const bool lasts = at_ + 1 == timeline_.size() || timeline_[at_ + 1].from > period.last;
    return begins && lasts ? &stretch.state : nullptr;
  }

 private:
  absl::Span<const Stretch> timeline_;
  std::size_t at_ = 0;
};

void FillIn(const History& history, const Period& period, std::uint32_t number, Candidate& candidate) {
  candidate.person = history.index();
  candidate.start = candidate.event = period.first;
  candidate.end = period.last;
  candidate.period = number;
}

void AddWhole(const History& history, const Period& period, std::uint32_t number, State state,
              std::vector<WholePeriods>& whole) {
  if (!whole.empty()) {
    WholePeriods& last = whole.back();
    if (last.candidate.person == history.index() && last.end == number && last.state == state &&
        last.candidate.event <= period.first && period.first < last.same_age_until) {
      ++last.end;
      return;
    }
  }
  WholePeriods& added = whole.emplace_back();
  FillIn(history, period, number, added.candidate);
  added.end = number + 1;
  added.state = state;
  added.same_age_until = history.age_bands().Until(period.first);
}

}  // namespace

void AppendCandidates(const History& history, const Counting& counting, const Period& span,
                      absl::Span<const Period> periods, std::vector<Candidate>& candidates) {
  const Records& records = history.journeys().records();
  switch (counting.base) {
    case v1::Cohort::BASE_STARTED:
      VisitEpisodes(history, counting.level, candidates, [&](Day start, Day, const auto& add) {
        if (span.Contains(start)) add(start);
      });
      return;
    case v1::Cohort::BASE_EARLY_HELP_ENDED:
    case v1::Cohort::BASE_SOCIAL_CARE_ENDED:
      VisitEpisodes(history, counting.level, candidates, [&](Day, Day end, const auto& add) {
        if (span.Contains(end)) add(end);
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
        if (span.Contains(r.day)) AddDay(history, NumberOf(r, records.referrals), r.day, candidates);
      }
      return;
    case v1::Cohort::BASE_CONTACTS:
      for (const Contact& c : history.contacts()) {
        if (span.Contains(c.day)) AddDay(history, NumberOf(c, records.contacts), c.day, candidates);
      }
      return;
    default:
      return;
  }
}

// From the first start on, for as long as the person is followed.
void AppendPersonTime(const History& history, absl::Span<const Period> periods,
                      absl::Span<const Day> may_be_whole, std::vector<Candidate>& candidates,
                      std::vector<WholePeriods>& whole) {
  const absl::Span<const Stretch> timeline = history.timeline();
  if (timeline.empty()) return;
  const Day followed_before = history.FollowedBefore();
  States states(timeline);
  for (std::uint32_t i = 0; i < periods.size(); ++i) {
    const Period& period = periods[i];
    if (period.last < timeline.front().from || period.first >= followed_before) continue;
    const bool may_be = !may_be_whole.empty() && may_be_whole[i] != 0 && period.last < followed_before;
    const State* const state = may_be ? states.Throughout(period) : nullptr;
    if (state != nullptr) {
      AddWhole(history, period, i, *state, whole);
    } else {
      FillIn(history, period, i, candidates.emplace_back());
    }
  }
}

void AppendFamilySpells(absl::Span<const History> family, const Period& span,
                        std::vector<Candidate>& candidates) {
  std::vector<Candidate> pieces;
  for (const History& history : family) {
    for (const Episode& e : history.episodes(Level::kEarlyHelp)) {
      AddEpisode(history, e, e.start, pieces);
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
