#include "node/journey/journeys.h"

#include <algorithm>
#include <initializer_list>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/status.h"
#include "node/journey/merge.h"
#include "node/journey/text_order.h"

namespace waymark::node {
namespace {

absl::Status OutOfRange(absl::string_view what, std::size_t row) {
  return absl::InvalidArgumentError(absl::StrCat("records: row ", row, " of ", what,
                                                 " refers to a person, family or code that is not there"));
}

bool CodesExist(const Dictionary& codes, std::initializer_list<Code> used) {
  return std::all_of(used.begin(), used.end(),
                     [&codes](Code code) { return code == kNoCode || code < codes.size(); });
}

bool IdExists(const Records& records, RecordId id) {
  return id == kNoRecordId || id < records.record_ids.size();
}

absl::Status CheckPersons(const Records& records) {
  if (records.persons.size() != records.person_ids.size()) {
    return absl::InvalidArgumentError(absl::StrCat("records: expected one id a person, got ",
                                                   records.person_ids.size(), " ids for ",
                                                   records.persons.size(), " persons"));
  }
  for (std::size_t i = 0; i < records.persons.size(); ++i) {
    const Person& person = records.persons[i];
    const bool family_exists = person.family == kNoFamily || person.family < records.family_ids.size();
    if (!family_exists || !CodesExist(records.codes, {person.sex, person.ethnicity, person.disability})) {
      return OutOfRange("persons", i);
    }
  }
  return absl::OkStatus();
}

absl::Status CheckRows(const Records& records) {
  const std::size_t persons = records.persons.size();
  for (std::size_t i = 0; i < records.episodes.size(); ++i) {
    const Episode& e = records.episodes[i];
    if (e.person >= persons || !IdExists(records, e.id) || static_cast<int>(e.level) >= kLevels ||
        !CodesExist(records.codes, {e.source, e.end_reason, e.need, e.area, e.team, e.service, e.worker})) {
      return OutOfRange("episodes", i);
    }
  }
  for (std::size_t i = 0; i < records.referrals.size(); ++i) {
    const Referral& r = records.referrals[i];
    if (r.person >= persons || !IdExists(records, r.id) ||
        !CodesExist(records.codes, {r.source, r.nfa, r.outcome, r.area, r.team})) {
      return OutOfRange("referrals", i);
    }
  }
  for (std::size_t i = 0; i < records.contacts.size(); ++i) {
    const Contact& c = records.contacts[i];
    if (c.person >= persons || !IdExists(records, c.id) ||
        !CodesExist(records.codes, {c.source, c.outcome, c.area})) {
      return OutOfRange("contacts", i);
    }
  }
  for (std::size_t i = 0; i < records.steps.size(); ++i) {
    const Step& s = records.steps[i];
    if (s.person >= persons || !IdExists(records, s.id) || static_cast<int>(s.kind) >= kStepKinds ||
        !CodesExist(records.codes, {s.outcome, s.area, s.team})) {
      return OutOfRange("steps", i);
    }
  }
  return absl::OkStatus();
}

absl::Status CheckExtracts(const Records& records) {
  const auto without_extract = [](absl::string_view what) {
    return absl::InvalidArgumentError(
        absl::StrCat("records: there are ", what, " but no extract date for them; set it for their source"));
  };
  const auto is_early_help = [](const Step& s) { return s.kind == StepKind::kEarlyHelpAssessment; };
  const bool assessments = std::any_of(records.steps.begin(), records.steps.end(), is_early_help);
  const bool early_help = std::any_of(records.episodes.begin(), records.episodes.end(),
                                      [](const Episode& e) { return e.level == Level::kEarlyHelp; });
  const bool social_care = !records.referrals.empty() ||
                           !std::all_of(records.steps.begin(), records.steps.end(), is_early_help) ||
                           std::any_of(records.episodes.begin(), records.episodes.end(),
                                       [](const Episode& e) { return e.level != Level::kEarlyHelp; });
  if (early_help && records.early_help.extract == kNoDay) return without_extract("early-help episodes");
  if (assessments && CoverageOf(records, StepKind::kEarlyHelpAssessment).extract == kNoDay) {
    return without_extract("early-help assessments");
  }
  if (social_care && records.social_care.extract == kNoDay) return without_extract("social-care records");
  if (!records.contacts.empty() && records.contact.extract == kNoDay) return without_extract("contacts");
  return absl::OkStatus();
}

// What the extract cannot have seen is left out; what ends after it is open.
void CutAtExtract(Records& records) {
  const auto extract_of = [&records](const Episode& e) {
    return e.level == Level::kEarlyHelp ? records.early_help.extract : records.social_care.extract;
  };
  std::erase_if(records.episodes,
                [&](const Episode& e) { return e.start > extract_of(e) || e.end < e.start; });
  for (Episode& e : records.episodes) {
    if (e.end > extract_of(e)) e.end = kNoDay;
  }
  std::erase_if(records.referrals,
                [&records](const Referral& r) { return r.day > records.social_care.extract; });
  std::erase_if(records.contacts, [&records](const Contact& c) { return c.day > records.contact.extract; });
  const auto reach_of = [&records](const Step& s) { return CoverageOf(records, s.kind).extract; };
  std::erase_if(records.steps, [&](const Step& s) { return s.start > reach_of(s) || s.end < s.start; });
  for (Step& s : records.steps) {
    if (s.end > reach_of(s)) s.end = kNoDay;
  }
}

// Puts the persons in the order of their ids and renumbers every row.
void OrderPersons(Records& records) {
  const std::vector<std::uint32_t> source_of = NumbersByText(records.person_ids);
  Ids ids;
  std::vector<Person> persons;
  persons.reserve(records.persons.size());
  std::vector<PersonIndex> place(source_of.size());
  for (PersonIndex i = 0; i < source_of.size(); ++i) {
    ids.Add(records.person_ids.Text(source_of[i]));
    persons.push_back(records.persons[source_of[i]]);
    place[source_of[i]] = i;
  }
  records.person_ids = std::move(ids);
  records.persons = std::move(persons);
  for (Episode& e : records.episodes) e.person = place[e.person];
  for (Referral& r : records.referrals) r.person = place[r.person];
  for (Contact& c : records.contacts) c.person = place[c.person];
  for (Step& s : records.steps) s.person = place[s.person];
}

// By person, day, id, then the texts of `fields`.
template <typename Event, std::size_t kCount>
void SortEvents(const Records& records, Code Event::*const (&fields)[kCount], std::vector<Event>& events) {
  std::sort(events.begin(), events.end(), [&](const Event& a, const Event& b) {
    if (a.person != b.person) return a.person < b.person;
    if (a.day != b.day) return a.day < b.day;
    if (const int order = CompareIds(records.record_ids, a.id, b.id); order != 0) return order < 0;
    for (Code Event::*field : fields) {
      if (const int order = CompareTexts(records.codes, a.*field, b.*field); order != 0) return order < 0;
    }
    return false;
  });
}

// By person, kind, start, id, then the rest.
void SortSteps(Records& records) {
  std::sort(records.steps.begin(), records.steps.end(), [&records](const Step& a, const Step& b) {
    const auto days = [](const Step& s) { return std::tie(s.person, s.kind, s.start); };
    if (days(a) != days(b)) return days(a) < days(b);
    if (const int order = CompareIds(records.record_ids, a.id, b.id); order != 0) return order < 0;
    if (a.end != b.end || a.referral != b.referral) {
      return std::tie(a.end, a.referral) < std::tie(b.end, b.referral);
    }
    for (Code Step::*field : {&Step::outcome, &Step::area, &Step::team}) {
      if (const int order = CompareTexts(records.codes, a.*field, b.*field); order != 0) return order < 0;
    }
    return false;
  });
}

void Sort(Records& records) {
  OrderPersons(records);
  SortEpisodes(records);
  SortEvents(records,
             {&Referral::source, &Referral::nfa, &Referral::outcome, &Referral::area, &Referral::team},
             records.referrals);
  SortEvents(records, {&Contact::source, &Contact::outcome, &Contact::area}, records.contacts);
  SortSteps(records);
}

// Where each person's rows begin in `rows`, which are sorted by person.
template <typename Row>
std::vector<std::uint32_t> BeginsOf(const std::vector<Row>& rows, PersonIndex persons) {
  if (rows.empty()) return {};
  std::vector<std::uint32_t> begins(persons + std::size_t{1}, 0);
  for (const Row& row : rows) ++begins[row.person + std::size_t{1}];
  for (std::size_t i = 1; i < begins.size(); ++i) begins[i] += begins[i - 1];
  return begins;
}

template <typename Row>
absl::Span<const Row> RowsOf(const std::vector<Row>& rows, const std::vector<std::uint32_t>& begins,
                             PersonIndex person) {
  if (begins.empty()) return {};
  return absl::MakeConstSpan(rows).subspan(begins[person], begins[person + std::size_t{1}] - begins[person]);
}

// Of a person's rows, sorted by `field`, those in which it is `value`.
template <typename Row, typename Value>
absl::Span<const Row> PartOf(absl::Span<const Row> rows, Value Row::*field, Value value) {
  std::size_t first = 0;
  while (first < rows.size() && rows[first].*field < value) ++first;
  std::size_t last = first;
  while (last < rows.size() && rows[last].*field == value) ++last;
  return rows.subspan(first, last - first);
}

}  // namespace

std::uint32_t Journeys::family(PersonIndex person) const {
  const std::uint32_t number = records_.persons[person].family;
  if (number != kNoFamily) return number;
  return static_cast<std::uint32_t>(records_.family_ids.size()) + person;
}

absl::string_view Journeys::family_id(PersonIndex person) const {
  const std::uint32_t number = records_.persons[person].family;
  return number == kNoFamily ? person_id(person) : records_.family_ids.Text(number);
}

absl::Span<const Episode> Journeys::episodes(PersonIndex person, Level level) const {
  return PartOf(RowsOf(records_.episodes, episode_begin_, person), &Episode::level, level);
}

absl::Span<const Step> Journeys::steps(PersonIndex person, StepKind kind) const {
  return PartOf(RowsOf(records_.steps, step_begin_, person), &Step::kind, kind);
}

absl::Span<const SocialCareSpell> Journeys::social_care(PersonIndex person) const {
  return RowsOf(spells_, spell_begin_, person);
}

absl::Span<const Referral> Journeys::referrals(PersonIndex person) const {
  return RowsOf(records_.referrals, referral_begin_, person);
}

absl::Span<const Contact> Journeys::contacts(PersonIndex person) const {
  return RowsOf(records_.contacts, contact_begin_, person);
}

State Journeys::StateOn(PersonIndex person, Day day) const {
  const auto is_open = [day](const auto& spell) { return IsOpen(spell.start, spell.end, day); };
  const auto spells = social_care(person);
  if (std::any_of(spells.begin(), spells.end(), is_open)) return State::kSocialCare;
  const auto early_help = episodes(person, Level::kEarlyHelp);
  return std::any_of(early_help.begin(), early_help.end(), is_open) ? State::kEarlyHelp : State::kNone;
}

Day Journeys::FirstClosure(PersonIndex person) const {
  Day first = kNoDay;
  for (const Episode& e : episodes(person, Level::kEarlyHelp)) first = std::min(first, e.end);
  for (const SocialCareSpell& s : social_care(person)) first = std::min(first, s.end);
  return first;
}

Day Journeys::FirstMove(PersonIndex person, Day from) const {
  Day first = kNoDay;
  for (const Episode& e : episodes(person, Level::kEarlyHelp)) {
    if (e.end_reason == moved_ && e.end >= from) first = std::min(first, e.end);
  }
  for (const SocialCareSpell& s : social_care(person)) {
    if (episode(s.last).end_reason == moved_ && s.end >= from) first = std::min(first, s.end);
  }
  return first;
}

const std::string& Journeys::Text(Code code) const {
  static const std::string* const kBlank = new std::string();
  return code == kNoCode ? *kBlank : records_.codes.Text(code);
}

void Journeys::BuildSpells() {
  if (records_.episodes.empty()) return;
  std::vector<std::uint32_t> numbers;  // one buffer for all persons
  spell_begin_.reserve(records_.persons.size() + 1);
  spell_begin_.push_back(0);
  for (PersonIndex i = 0; i < persons(); ++i) {
    numbers.clear();
    for (std::uint32_t at = episode_begin_[i]; at < episode_begin_[i + std::size_t{1}]; ++at) {
      if (episode(at).level != Level::kEarlyHelp) numbers.push_back(at);
    }
    AppendSpells(records_.episodes, absl::MakeSpan(numbers), spells_);
    spell_begin_.push_back(static_cast<std::uint32_t>(spells_.size()));
  }
}

void Journeys::FillDeaths(Code died) {
  for (PersonIndex i = 0; i < persons(); ++i) {
    Day& death = records_.persons[i].death;
    if (death != kNoDay) continue;
    for (const Episode& e : episodes(i, Level::kEarlyHelp)) {
      if (e.end_reason == died) death = std::min(death, e.end);
    }
    for (const SocialCareSpell& s : social_care(i)) {
      if (episode(s.last).end_reason == died) death = std::min(death, s.end);
    }
  }
}

absl::StatusOr<Journeys> BuildJourneys(Records records) {
  RETURN_IF_ERROR(CheckPersons(records));
  RETURN_IF_ERROR(CheckRows(records));
  RETURN_IF_ERROR(CheckExtracts(records));
  CutAtExtract(records);

  if (!records.in_order) Sort(records);
  MergeEpisodes(records.episodes);

  Journeys journeys;
  const auto persons = static_cast<PersonIndex>(records.persons.size());
  journeys.families_ = static_cast<std::uint32_t>(records.family_ids.size()) + persons;
  journeys.moved_ = records.codes.Intern("moved");
  const Code died = records.codes.Intern("died");
  journeys.episode_begin_ = BeginsOf(records.episodes, persons);
  journeys.referral_begin_ = BeginsOf(records.referrals, persons);
  journeys.contact_begin_ = BeginsOf(records.contacts, persons);
  journeys.step_begin_ = BeginsOf(records.steps, persons);
  journeys.records_ = std::move(records);

  journeys.BuildSpells();
  journeys.FillDeaths(died);
  return journeys;
}

}  // namespace waymark::node
