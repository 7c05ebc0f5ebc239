#include "node/measure/cohort.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "node/measure/fields.h"
#include "node/measure/follow_up.h"

namespace waymark::node {
namespace {

constexpr int kMaxOutcomes = 63;

// Whether anything in the entry needs the members' ends.
bool CountsFromEnd(const v1::Metric& metric) {
  const v1::Cohort& cohort = metric.cohort();
  const bool none_open =
      std::any_of(cohort.none_open().begin(), cohort.none_open().end(),
                  [](const v1::Cohort::NoneOpen& none) { return none.anchor() != v1::ANCHOR_START; });
  const bool outcome =
      std::any_of(metric.outcomes().begin(), metric.outcomes().end(), [](const v1::Outcome& o) {
        return o.has_follow_up() && (o.follow_up().from_anchor() != v1::ANCHOR_START ||
                                     o.follow_up().to_anchor() != v1::ANCHOR_START);
      });
  const bool kind = metric.kind() == v1::METRIC_KIND_DURATION || metric.kind() == v1::METRIC_KIND_SURVIVAL;
  return kind || cohort.post_closure() || none_open || outcome;
}

// The person can be followed for the whole window after E.
bool IsFollowed(const Journeys& journeys, const Member& member, std::uint32_t window) {
  const Day last = member.end + static_cast<Day>(window);
  const Person& person = journeys.person(member.person);
  if (person.death <= last) return false;
  if (journeys.FirstMove(member.person, member.end) <= last) return false;
  const Day adult = EighteenthBirthday(person);
  return adult <= member.end || adult > last;
}

bool IsMember(const Journeys& journeys, const Question& question, const Member& member) {
  const v1::Cohort& cohort = question.metric.cohort();
  if (cohort.post_closure() && !IsFollowed(journeys, member, question.window)) return false;
  for (const v1::Cohort::NoneOpen& none : cohort.none_open()) {
    const Day anchor = none.anchor() == v1::ANCHOR_START ? member.start : member.end;
    if (AnyOpen(journeys, member.person, none.level(), anchor + none.from_days(), anchor + none.to_days())) {
      return false;
    }
  }
  return std::all_of(cohort.fields().begin(), cohort.fields().end(), [&](const v1::FieldTest& test) {
    return Passes(journeys, cohort.base(), member, test);
  });
}

// Everything whose event lies in the period and can be followed, by person and day.
std::vector<Member> Candidates(const Journeys& journeys, const Question& question) {
  const Records& records = journeys.records();
  const v1::Cohort::Base base = question.metric.cohort().base();
  const Day reach = ReachOf(question.metric, question.window);
  const Day last = std::min(question.period.last, question.until - reach);
  std::vector<Member> members;
  const auto add = [&](const Member& member) {
    if (member.event >= question.period.first && member.event <= last) members.push_back(member);
  };
  for (PersonIndex person = 0; person < journeys.persons(); ++person) {
    switch (base) {
      case v1::Cohort::BASE_EARLY_HELP_ENDED:
      case v1::Cohort::BASE_EARLY_HELP_STARTED:
        for (const Episode& e : journeys.episodes(person, Level::kEarlyHelp)) {
          const auto number = static_cast<std::uint32_t>(&e - records.episodes.data());
          const Day event = base == v1::Cohort::BASE_EARLY_HELP_STARTED ? e.start : e.end;
          add({.person = person,
               .first = number,
               .last = number,
               .start = e.start,
               .end = e.end,
               .event = event});
        }
        break;
      case v1::Cohort::BASE_SOCIAL_CARE_ENDED:
        for (const SocialCareSpell& s : journeys.social_care(person)) {
          add({.person = person,
               .first = s.first,
               .last = s.last,
               .start = s.start,
               .end = s.end,
               .event = s.end});
        }
        break;
      case v1::Cohort::BASE_REFERRALS:
        for (const Referral& r : journeys.referrals(person)) {
          const auto number = static_cast<std::uint32_t>(&r - records.referrals.data());
          add({.person = person, .first = number, .start = r.day, .end = r.day, .event = r.day});
        }
        break;
      case v1::Cohort::BASE_CONTACTS:
        for (const Contact& c : journeys.contacts(person)) {
          const auto number = static_cast<std::uint32_t>(&c - records.contacts.data());
          add({.person = person, .first = number, .start = c.day, .end = c.day, .event = c.day});
        }
        break;
      default:
        return members;
    }
  }
  return members;
}

void SetOutcomes(const Journeys& journeys, const Question& question, Member& member) {
  for (int i = 0; i < question.metric.outcomes_size(); ++i) {
    const v1::Outcome& outcome = question.metric.outcomes(i);
    const bool happened = outcome.has_field()
                              ? Passes(journeys, question.metric.cohort().base(), member, outcome.field())
                              : Happened(journeys, member, outcome.follow_up(), question.window);
    if (happened) member.outcomes |= std::uint64_t{1} << i;
  }
}

// False where no class is the member's: the entry's classes do not cover every code.
bool SetClass(const Journeys& journeys, const Question& question, Member& member) {
  for (int i = 0; i < question.metric.outcomes_size(); ++i) {
    const v1::Outcome& outcome = question.metric.outcomes(i);
    if (!Passes(journeys, question.metric.cohort().base(), member, outcome.field())) continue;
    member.column = static_cast<std::uint32_t>(i);
    return true;
  }
  return false;
}

void SetDuration(const v1::Metric& metric, Member& member) {
  member.days = member.end - member.start;
  const auto& edges = metric.bins();
  const auto bin = std::upper_bound(edges.begin(), edges.end(), static_cast<std::uint32_t>(member.days));
  member.column = static_cast<std::uint32_t>(bin - edges.begin());
}

// False where the member was never at risk.
bool SetSurvival(const Journeys& journeys, const Question& question, Member& member) {
  const v1::Metric& metric = question.metric;
  const Person& person = journeys.person(member.person);
  const Day adult = EighteenthBirthday(person);
  Day censored = std::min({question.until, person.death, journeys.FirstMove(member.person, member.end)});
  if (adult > member.end) censored = std::min(censored, adult);
  if (censored <= member.end) return false;

  Day first = kNoDay;
  for (int i = 0; i < metric.outcomes_size(); ++i) {
    const v1::Outcome::FollowUp& follow_up = metric.outcomes(i).follow_up();
    const Day day = FirstEvent(journeys, member.person, follow_up, member.end + follow_up.after_days());
    if (day > censored || day >= first) continue;  // of one day's events the outcome listed first counts
    first = day;
    member.outcome = i;
  }
  member.days = std::min(first, censored) - member.end;
  const auto& edges = metric.bins();
  const auto bin = std::lower_bound(edges.begin(), edges.end(), static_cast<std::uint32_t>(member.days));
  const auto kinds = static_cast<std::uint32_t>(metric.outcomes_size());
  const std::uint32_t kind = member.outcome == kCensored ? kinds : static_cast<std::uint32_t>(member.outcome);
  member.column = static_cast<std::uint32_t>(bin - edges.begin()) * (kinds + 1) + kind;
  return true;
}

}  // namespace

absl::Status CheckEntry(const v1::Metric& metric) {
  const auto unknown = [&metric](absl::string_view what) {
    return absl::FailedPreconditionError(
        absl::StrCat("metric ", metric.id(), ": ", what,
                     " is not known to this version; install the version that knows it"));
  };
  switch (metric.kind()) {
    case v1::METRIC_KIND_PROPORTION:
    case v1::METRIC_KIND_MIX:
    case v1::METRIC_KIND_DURATION:
    case v1::METRIC_KIND_SURVIVAL:
      break;
    default:
      return unknown("its kind");
  }
  if (metric.cohort().base() == v1::Cohort::BASE_EARLY_HELP_STARTED && CountsFromEnd(metric)) {
    return unknown("counting from the end of episodes that may be open");
  }
  if (metric.outcomes_size() > kMaxOutcomes) return unknown("an entry of more than 63 outcomes");
  const auto known_field = [&metric](const v1::FieldTest& test) {
    const std::optional<Field> field = FieldNamed(test.field());
    return field.has_value() && *field != Field::kAgeBand && HasField(metric.cohort().base(), *field);
  };
  for (const v1::FieldTest& test : metric.cohort().fields()) {
    if (!known_field(test)) return unknown(absl::StrCat("the field \"", test.field(), "\" of its cohort"));
  }
  for (const v1::Outcome& outcome : metric.outcomes()) {
    if (outcome.has_field() && !known_field(outcome.field())) {
      return unknown(absl::StrCat("the field \"", outcome.field().field(), "\" of its outcomes"));
    }
  }
  return absl::OkStatus();
}

Day ReachOf(const v1::Metric& metric, std::uint32_t window) {
  Day reach = metric.cohort().post_closure() ? static_cast<Day>(window) : 0;
  for (const v1::Cohort::NoneOpen& none : metric.cohort().none_open()) {
    reach = std::max(reach, none.to_days());
  }
  if (metric.kind() == v1::METRIC_KIND_SURVIVAL) return reach;
  for (const v1::Outcome& outcome : metric.outcomes()) {
    if (!outcome.has_follow_up()) continue;
    const v1::Outcome::FollowUp& follow_up = outcome.follow_up();
    reach = std::max(reach, follow_up.window() ? static_cast<Day>(window) : follow_up.to_days());
  }
  return reach;
}

absl::StatusOr<std::vector<Member>> CohortOf(const Journeys& journeys, const Question& question) {
  const v1::Metric& metric = question.metric;
  std::vector<Member> members = Candidates(journeys, question);
  std::size_t kept = 0;
  for (Member& member : members) {
    if (!IsMember(journeys, question, member)) continue;
    if (metric.kind() == v1::METRIC_KIND_PROPORTION) {
      SetOutcomes(journeys, question, member);
    } else if (metric.kind() == v1::METRIC_KIND_DURATION) {
      SetDuration(metric, member);
    } else if (metric.kind() == v1::METRIC_KIND_SURVIVAL) {
      if (!SetSurvival(journeys, question, member)) continue;
    } else if (!SetClass(journeys, question, member)) {
      return absl::FailedPreconditionError(
          absl::StrCat("metric ", metric.id(), ": its classes do not cover every code of their field"));
    }
    members[kept++] = member;
  }
  members.resize(kept);
  return members;
}

}  // namespace waymark::node
