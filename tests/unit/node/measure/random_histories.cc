#include "tests/unit/node/measure/random_histories.h"

#include <numeric>

#include "absl/strings/str_cat.h"

namespace waymark::node {
namespace {

Day Iso(const char* text) {
  return ParseIsoDay(text).value();
}

const std::vector<std::string> kSources = {"1A", "1A", "1A", "1C", "1C", "1C", "1B", "2A", "3C", "4", "5D",
                                           "6",  "7",  "8",  "9",  "10", "",   "",   "ZZ", "2B", "1D"};
const std::vector<std::string> kEndReasons = {"outcomes_met", "outcomes_met", "outcomes_met", "step_up",
                                              "declined",     "disengaged",   "nfa",          "moved",
                                              "aged_out",     "died",         "unknown",      ""};

}  // namespace

Code RandomHistories::Text(const std::vector<std::string>& choices, bool carried) {
  return carried ? records_.codes.Intern(OneOf(choices)) : kNoCode;
}

Day RandomHistories::NewDay() {
  Day day = Iso("2022-01-01") + Number(0, 1000);
  if (!used_.empty() && Chance(60)) {
    day = OneOf(used_) + OneOf(std::vector<int>{-91, -90, -2, -1, 0, 0, 0, 1, 1, 2, 3, 30, 90, 182, 183, 184,
                                                364, 365, 366});
  }
  if (Chance(2)) day = Iso("2024-02-29");
  used_.push_back(day);
  return day;
}

Day RandomHistories::EndOf(Day start) {
  if (Chance(12)) return kNoDay;
  const int length = OneOf(std::vector<int>{-1, 0, 0, 1, 2, 5, 20, 27, 28, 40, 56, 90, 120, 200, 300, 400});
  const Day end = Chance(25) ? NewDay() : start + length;
  used_.push_back(end);
  return end;
}

RecordId RandomHistories::Id(const std::vector<std::string>& choices) {
  return records_.record_ids.Intern(OneOf(choices));
}

void RandomHistories::DrawPerson(std::uint32_t number) {
  // Ids whose order differs from the order of drawing.
  records_.person_ids.Intern(absl::StrCat("c", (number * 7 + 3) % 31, "-", number));
  Person person;
  person.birth = Chance(10)   ? kNoDay
                 : Chance(10) ? Iso("2004-02-29")
                 : Chance(15) ? Iso("2004-06-01") + Number(0, 700)
                              : Iso("2005-01-01") + Number(0, 7100);
  person.death = Chance(5) ? NewDay() : kNoDay;
  if (records_.has_families && !Chance(25)) {
    person.family = records_.family_ids.Intern(absl::StrCat("f", Number(1, 4)));
  }
  person.sex = Text({"female", "male", "other", "not known", ""}, carries_sex_);
  person.ethnicity = Text({"white", "mixed", "asian", "black", "other", "not known"}, true);
  person.disability = Text({"yes", "no", "not known"}, true);
  records_.persons.push_back(person);
}

// Somebody who turns 18 on a day on which something else happens.
void RandomHistories::MoveBirthday(std::uint32_t person) {
  const Day day = OneOf(used_);
  if (day == kNoDay) return;
  CivilDate date = CivilDateOf(day);
  date.year -= 18;
  records_.persons[person].birth = DayOf(date).value_or(kNoDay);
}

void RandomHistories::DrawEpisodes(std::uint32_t person) {
  const auto draw = [&](Level level, int most) {
    const int pieces = Number(0, (records_.levels & Only(level)) == 0 ? 0 : most);
    for (int i = 0; i < pieces; ++i) {
      Episode episode{.person = person, .level = level};
      episode.start = NewDay();
      episode.end = EndOf(episode.start);
      episode.source = Text(kSources, carries_source_ || level != Level::kEarlyHelp);
      episode.end_reason = Text(kEndReasons, carries_end_reason_ || level != Level::kEarlyHelp);
      episode.need = Text({"N0", "N1", "N2", "N3", "N4", "N5", "N6", "N7", "N8", "N9", "", "N77"}, true);
      episode.area = Text({"north", "south", "a|b", ""}, true);
      episode.team = Text({"t1", "t2"}, carries_team_);
      episode.service = Text({"family help", "youth", ""}, true);
      episode.id = Id({"1", "2", "3", "4", "10", ""});
      records_.episodes.push_back(episode);
    }
  };
  draw(Level::kEarlyHelp, 6);
  const bool in_social_care = Chance(70);
  draw(Level::kCin, in_social_care ? 3 : 0);
  draw(Level::kCp, in_social_care ? 2 : 0);
  draw(Level::kCla, in_social_care ? 2 : 0);
  DrawStepDowns(person);
}

// A lower level that goes on, or begins, where a plan or care ends.
void RandomHistories::DrawStepDowns(std::uint32_t person) {
  std::vector<Episode> lower;
  for (const Episode& e : records_.episodes) {
    if (e.person != person || (e.level != Level::kCp && e.level != Level::kCla) || e.end == kNoDay) continue;
    if (!Chance(60)) continue;
    Episode on = e;
    on.level = e.level == Level::kCla && Chance(40) ? Level::kCp : Level::kCin;
    if ((records_.levels & Only(on.level)) == 0) continue;
    on.start = e.end - OneOf(std::vector<int>{-2, -1, 0, 1, 20});
    on.end = Chance(15) ? kNoDay : on.start + Number(0, 300);
    lower.push_back(on);
  }
  records_.episodes.insert(records_.episodes.end(), lower.begin(), lower.end());
}

void RandomHistories::DrawEvents(std::uint32_t person) {
  for (int i = Number(0, 4); i > 0; --i) {
    records_.referrals.push_back(
        {.person = person,
         .day = NewDay(),
         .source = Text(kSources, true),
         .nfa = Text({"yes", "no", ""}, carries_nfa_),
         .outcome = Text({"nfa", "not_in_need", "in_need", ""}, carries_referral_outcome_),
         .area = Text({"north", "south"}, true),
         .team = Text({"t1", "t2"}, carries_team_),
         .id = Id({"1", "2", "3"})});
  }
  for (int i = Number(0, 5); i > 0; --i) {
    records_.contacts.push_back(
        {.person = person,
         .day = NewDay(),
         .source = Text(kSources, carries_contact_source_),
         .outcome = Text({"early_help", "social_care", "nfa", "other", ""}, carries_outcome_),
         .area = Text({"north", "south"}, true),
         .id = Id({"1", "2", "3", "10"})});
  }
}

// Days between a step's start and end on either side of 15 and 45 working days, whatever weekends and
// holidays lie between.
void RandomHistories::DrawSteps(std::uint32_t person) {
  const std::vector<std::vector<std::string>> outcomes = {{""},
                                                          {"in_need", "not_in_need", ""},
                                                          {"plan", "no_plan", "not_required", ""},
                                                          {"first", "repeat", "", ""}};
  for (int kind = 0; kind < kStepKinds; ++kind) {
    for (int i = Number(0, 2); i > 0; --i) {
      Step step{.person = person, .kind = static_cast<StepKind>(kind), .start = NewDay()};
      const bool short_one = step.kind == StepKind::kEnquiry;
      step.end = Chance(40)   ? EndOf(step.start)
                 : Chance(10) ? kNoDay
                              : step.start + (short_one ? Number(17, 27) : Number(60, 70));
      if (step.kind == StepKind::kAssessment && carries_steps_referral_ && Chance(75)) {
        step.referral = step.start - OneOf(std::vector<int>{0, 0, 1, 3, 8, 200, -2});
      }
      const bool carried = step.kind != StepKind::kPlan || carries_plan_number_;
      step.outcome = Text(outcomes[static_cast<std::size_t>(kind)], carried);
      step.area = Text({"north", "south", ""}, true);
      step.team = Text({"t1", "t2"}, carries_team_);
      step.id = Id({"1", "2", "3"});
      records_.steps.push_back(step);
    }
  }
}

Records RandomHistories::Draw() {
  records_ = Records();
  records_.has_families = Chance(85);
  for (bool* carries : {&carries_source_, &carries_end_reason_, &carries_contact_source_, &carries_outcome_,
                        &carries_nfa_, &carries_team_, &carries_sex_, &carries_referral_outcome_,
                        &carries_plan_number_, &carries_steps_referral_}) {
    *carries = Chance(92);
  }
  for (const Level level : {Level::kEarlyHelp, Level::kCin, Level::kCp, Level::kCla}) {
    if (Chance(95)) records_.levels |= Only(level);
  }
  const Day extract = Iso("2024-03-01") + Number(0, 420);
  // Far enough back for those that look two years back, or not.
  const Day from = Chance(60) ? Iso("2019-06-01") : Iso("2022-01-01");
  records_.early_help = {from, extract};
  if (Chance(20)) records_.early_help_assessment = {from + Number(0, 1500), extract - Number(0, 60)};
  records_.social_care = {Chance(20) ? Iso("2022-01-01") + Number(0, 500) : from,
                          Chance(20) ? extract - Number(0, 60) : extract};
  records_.contact = {from, Chance(20) ? extract + Number(0, 60) : extract};
  const int persons = Number(1, 12);
  for (int i = 0; i < persons; ++i) {
    used_.clear();
    const auto number = static_cast<std::uint32_t>(i);
    DrawPerson(number);
    DrawEpisodes(number);
    DrawEvents(number);
    DrawSteps(number);
    if (!used_.empty() && Chance(20)) MoveBirthday(number);
  }
  records_.quality = {{"contact.source", Number(0, 50) + 50, Number(0, 50)},
                      {"early_help.end_reason", Number(0, 50) + 50, Number(0, 50)}};
  return records_;
}

Records Reordered(const Records& records, RandomHistories& random) {
  Records other = records;
  other.person_ids = Ids();
  other.family_ids = Ids();
  other.record_ids = Ids();
  other.codes = Dictionary();
  const auto shuffled = [&random](const auto& from, auto& to) {
    std::vector<std::uint32_t> order(from.size());
    std::iota(order.begin(), order.end(), 0U);
    random.Shuffle(order);
    for (const std::uint32_t number : order) to.Intern(from.Text(static_cast<Code>(number)));
    return order;
  };
  shuffled(records.codes, other.codes);
  shuffled(records.family_ids, other.family_ids);
  shuffled(records.record_ids, other.record_ids);
  const std::vector<std::uint32_t> order = shuffled(records.person_ids, other.person_ids);

  const auto renumber = [&](Code& code) {
    if (code != kNoCode) code = other.codes.Intern(records.codes.Text(code));
  };
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    Person& person = other.persons[i] = records.persons[order[i]];
    if (person.family != kNoFamily)
      person.family = other.family_ids.Intern(records.family_ids.Text(person.family));
    for (Code* code : {&person.sex, &person.ethnicity, &person.disability}) renumber(*code);
  }
  const auto rename = [&](RecordId& id) {
    if (id != kNoRecordId) id = other.record_ids.Intern(records.record_ids.Text(id));
  };
  const auto move_to = [&](std::uint32_t& person) {
    person = other.person_ids.Intern(records.person_ids.Text(person));
  };
  for (Episode& e : other.episodes) {
    move_to(e.person);
    for (Code* code : {&e.source, &e.end_reason, &e.need, &e.area, &e.team, &e.service}) renumber(*code);
    rename(e.id);
  }
  for (Referral& r : other.referrals) {
    move_to(r.person);
    for (Code* code : {&r.source, &r.nfa, &r.outcome, &r.area, &r.team}) renumber(*code);
    rename(r.id);
  }
  for (Contact& c : other.contacts) {
    move_to(c.person);
    for (Code* code : {&c.source, &c.outcome, &c.area}) renumber(*code);
    rename(c.id);
  }
  random.Shuffle(other.episodes);
  random.Shuffle(other.referrals);
  for (Step& s : other.steps) {
    move_to(s.person);
    for (Code* code : {&s.outcome, &s.area, &s.team}) renumber(*code);
    rename(s.id);
  }
  random.Shuffle(other.contacts);
  random.Shuffle(other.steps);
  return other;
}

}  // namespace waymark::node
