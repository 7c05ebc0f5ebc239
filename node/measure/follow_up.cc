#include "node/measure/follow_up.h"

#include <algorithm>

#include "absl/types/span.h"
#include "node/measure/fields.h"

namespace waymark::node {
namespace {

using Event = v1::Outcome::FollowUp;

Day DayOf(const Episode& e) {
  return e.start;
}
Day DayOf(const SocialCareSpell& s) {
  return s.start;
}
Day DayOf(const Referral& r) {
  return r.day;
}

// Calls visit(row) for the person's events of one kind, by day.
template <typename Visit>
void VisitEvents(const History& history, Event::Event event, Visit visit) {
  switch (event) {
    case Event::EVENT_EARLY_HELP_START:
      return visit(history.episodes(Level::kEarlyHelp));
    case Event::EVENT_SOCIAL_CARE_REFERRAL:
      return visit(history.referrals());
    case Event::EVENT_SOCIAL_CARE_START:
      return visit(history.social_care());
    case Event::EVENT_CIN_START:
      return visit(history.episodes(Level::kCin));
    case Event::EVENT_CP_START:
      return visit(history.episodes(Level::kCp));
    case Event::EVENT_CLA_START:
      return visit(history.episodes(Level::kCla));
    default:
      return;
  }
}

Code SourceOf(const Journeys&, const Episode& e) {
  return e.source;
}
Code SourceOf(const Journeys& journeys, const SocialCareSpell& s) {
  return journeys.episode(s.first).source;
}
Code SourceOf(const Journeys&, const Referral& r) {
  return r.source;
}

std::uint32_t SourceOrContact(const History& history, Day day, Code source, std::uint32_t contact_days,
                              Categories& categories) {
  const std::uint32_t not_known = categories.NotKnown(Field::kSource);
  const std::uint32_t own = categories.Of(Field::kSource, source);
  if (own != not_known || contact_days == 0) return own;
  const Day earliest = day - static_cast<Day>(contact_days);
  const absl::Span<const Contact> contacts = history.contacts();
  // Contacts stand by day and id, so the last that serves is the one.
  for (auto contact = contacts.rbegin(); contact != contacts.rend() && contact->day >= earliest; ++contact) {
    if (contact->day > day) continue;
    const std::uint32_t of_contact = categories.Of(Field::kSource, contact->source);
    if (of_contact != not_known) return of_contact;
  }
  return not_known;
}

bool HasSourceOn(const History& history, const FollowUp& follow_up, Day day, Categories& categories) {
  bool found = false;
  for (const Event::Event event : follow_up.events) {
    VisitEvents(history, event, [&](auto rows) {
      for (const auto& row : rows) {
        if (DayOf(row) != day) continue;
        const std::uint32_t source = SourceOrContact(history, day, SourceOf(history.journeys(), row),
                                                     follow_up.contact_days, categories);
        found = found || Holds(follow_up.sources, source);
      }
    });
  }
  return found;
}

template <typename Spell>
bool AnyOpenIn(absl::Span<const Spell> spells, Day first, Day last) {
  return std::any_of(spells.begin(), spells.end(), [first, last](const Spell& spell) {
    // The last day on which it is open; a spell of one day is open on that day.
    const Day last_open = std::max(spell.end - 1, spell.start);
    return spell.start <= last && last_open >= first;
  });
}

}  // namespace

FollowUp CompileFollowUp(const v1::Outcome::FollowUp& follow_up, std::uint32_t window) {
  FollowUp compiled{.events = {},
                    .from_start = follow_up.from_anchor() == v1::ANCHOR_START,
                    .after = follow_up.after_days(),
                    .to_start = follow_up.to_anchor() == v1::ANCHOR_START,
                    .far = follow_up.window() ? static_cast<Day>(window) : follow_up.to_days(),
                    .sources = MaskOf(Field::kSource, follow_up.source_any_of()),
                    .any_source = follow_up.source_any_of().empty(),
                    .contact_days = follow_up.source_from_contact_days()};
  for (const int event : follow_up.events()) compiled.events.push_back(static_cast<Event::Event>(event));
  return compiled;
}

Day FirstEvent(const History& history, const FollowUp& follow_up, Day after) {
  Day first = kNoDay;
  for (const Event::Event event : follow_up.events) {
    VisitEvents(history, event, [&first, after](auto rows) {
      const auto next =
          std::find_if(rows.begin(), rows.end(), [after](const auto& row) { return DayOf(row) > after; });
      if (next != rows.end()) first = std::min(first, DayOf(*next));
    });
  }
  return first;
}

Day FirstEvent(const History& history, const FollowUp& follow_up, const Candidate& candidate) {
  const Day from = follow_up.from_start ? candidate.start : candidate.end;
  return FirstEvent(history, follow_up, from + follow_up.after);
}

bool Happened(const History& history, const Candidate& candidate, const FollowUp& follow_up, Day day,
              Categories& categories) {
  const Day to = follow_up.to_start ? candidate.start : candidate.end;
  if (day == kNoDay || day > to + follow_up.far) return false;
  return follow_up.any_source || HasSourceOn(history, follow_up, day, categories);
}

bool AnyOpen(const History& history, v1::Level level, Day first, Day last) {
  switch (level) {
    case v1::LEVEL_EARLY_HELP:
      return AnyOpenIn(history.episodes(Level::kEarlyHelp), first, last);
    case v1::LEVEL_CIN:
      return AnyOpenIn(history.episodes(Level::kCin), first, last);
    case v1::LEVEL_CP:
      return AnyOpenIn(history.episodes(Level::kCp), first, last);
    case v1::LEVEL_CLA:
      return AnyOpenIn(history.episodes(Level::kCla), first, last);
    default:
      return AnyOpenIn(history.social_care(), first, last);
  }
}

}  // namespace waymark::node
