#include "node/measure/follow_up.h"

#include <algorithm>
#include <string>

#include "absl/types/span.h"
#include "node/measure/fields.h"

namespace waymark::node {
namespace {

using FollowUp = v1::Outcome::FollowUp;

constexpr int kAdultYears = 18;

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
void VisitEvents(const Journeys& journeys, PersonIndex person, int event, Visit visit) {
  switch (event) {
    case FollowUp::EVENT_EARLY_HELP_START:
      return visit(journeys.episodes(person, Level::kEarlyHelp));
    case FollowUp::EVENT_SOCIAL_CARE_REFERRAL:
      return visit(journeys.referrals(person));
    case FollowUp::EVENT_SOCIAL_CARE_START:
      return visit(journeys.social_care(person));
    case FollowUp::EVENT_CIN_START:
      return visit(journeys.episodes(person, Level::kCin));
    case FollowUp::EVENT_CP_START:
      return visit(journeys.episodes(person, Level::kCp));
    case FollowUp::EVENT_CLA_START:
      return visit(journeys.episodes(person, Level::kCla));
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

bool HasSourceOn(const Journeys& journeys, PersonIndex person, const FollowUp& follow_up, Day day) {
  bool found = false;
  for (const int event : follow_up.events()) {
    VisitEvents(journeys, person, event, [&](auto rows) {
      for (const auto& row : rows) {
        if (DayOf(row) != day) continue;
        const std::string& source = SourceOrContact(journeys, person, day, SourceOf(journeys, row),
                                                    follow_up.source_from_contact_days());
        const auto& wanted = follow_up.source_any_of();
        found = found || std::find(wanted.begin(), wanted.end(), source) != wanted.end();
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

Day FirstEvent(const Journeys& journeys, PersonIndex person, const FollowUp& follow_up, Day after) {
  Day first = kNoDay;
  for (const int event : follow_up.events()) {
    VisitEvents(journeys, person, event, [&first, after](auto rows) {
      const auto next =
          std::find_if(rows.begin(), rows.end(), [after](const auto& row) { return DayOf(row) > after; });
      if (next != rows.end()) first = std::min(first, DayOf(*next));
    });
  }
  return first;
}

bool Happened(const Journeys& journeys, const Member& member, const FollowUp& follow_up,
              std::uint32_t window) {
  const Day from = follow_up.from_anchor() == v1::ANCHOR_START ? member.start : member.end;
  const Day to = follow_up.to_anchor() == v1::ANCHOR_START ? member.start : member.end;
  const Day far = follow_up.window() ? static_cast<Day>(window) : follow_up.to_days();
  const Day day = FirstEvent(journeys, member.person, follow_up, from + follow_up.after_days());
  if (day == kNoDay || day > to + far) return false;
  return follow_up.source_any_of().empty() || HasSourceOn(journeys, member.person, follow_up, day);
}

const std::string& SourceOrContact(const Journeys& journeys, PersonIndex person, Day day, Code source,
                                   std::uint32_t contact_days) {
  static const std::string* const kBlank = new std::string();
  const std::string& own = journeys.Text(source);
  if (IsListed(Field::kSource, own)) return own;
  if (contact_days == 0) return *kBlank;
  const Day earliest = day - static_cast<Day>(contact_days);
  const absl::Span<const Contact> contacts = journeys.contacts(person);
  // Contacts stand by day and id, so the last that serves is the one.
  for (auto contact = contacts.rbegin(); contact != contacts.rend() && contact->day >= earliest; ++contact) {
    const std::string& text = journeys.Text(contact->source);
    if (contact->day <= day && IsListed(Field::kSource, text)) return text;
  }
  return *kBlank;
}

bool AnyOpen(const Journeys& journeys, PersonIndex person, v1::Level level, Day first, Day last) {
  switch (level) {
    case v1::LEVEL_EARLY_HELP:
      return AnyOpenIn(journeys.episodes(person, Level::kEarlyHelp), first, last);
    case v1::LEVEL_CIN:
      return AnyOpenIn(journeys.episodes(person, Level::kCin), first, last);
    case v1::LEVEL_CP:
      return AnyOpenIn(journeys.episodes(person, Level::kCp), first, last);
    case v1::LEVEL_CLA:
      return AnyOpenIn(journeys.episodes(person, Level::kCla), first, last);
    default:
      return AnyOpenIn(journeys.social_care(person), first, last);
  }
}

Day EighteenthBirthday(const Person& person) {
  return person.birth == kNoDay ? kNoDay : Birthday(person.birth, kAdultYears);
}

}  // namespace waymark::node
