#include "node/journey/journeys.h"

#include <algorithm>
#include <atomic>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "base/pages.h"
#include "base/status.h"
#include "base/threads.h"
#include "node/journey/merge.h"
#include "node/journey/text_order.h"

namespace waymark::node {
namespace {

absl::Status OutOfRange(absl::string_view what, std::size_t row) {
  return absl::InvalidArgumentError(absl::StrCat("records: row ", row, " of ", what,
                                                 " refers to a person, family or code that is not there"));
}

// kNoCode is the greatest, so that one more of it is 0.
template <typename... Codes>
bool CodesExist(const Records& records, Codes... used) {
  return ((static_cast<Code>(used + 1) <= records.codes.size()) && ...);
}

bool IdExists(const Records& records, RecordId id) {
  return id == kNoRecordId || id < records.record_ids.size();
}

// Calls work(begin, end) for about equal shares of so many rows, in several threads where it is worth it;
// each share once.
template <typename Work>
void ShareOut(std::size_t rows, const Work& work) {
  constexpr std::size_t kWorthwhile = 100'000;
  const std::size_t shares = rows < kWorthwhile ? 1 : WorthwhileThreads();
  InParallel(shares, [&](std::size_t i) { work(i * rows / shares, (i + 1) * rows / shares); });
}

// The place of the first row for which `is_it`; how many rows there are where there is none.
template <typename Row, typename IsIt>
std::size_t FirstWhere(const std::vector<Row>& rows, const IsIt& is_it) {
  std::atomic<std::size_t> first = rows.size();
  ShareOut(rows.size(), [&](std::size_t begin, std::size_t end) {
    while (begin < end && !is_it(rows[begin])) ++begin;
    std::size_t known = first;
    while (begin < end && begin < known && !first.compare_exchange_weak(known, begin)) continue;
  });
  return first;
}

// The first row, if any, that does not pass.
template <typename Row, typename Passes>
absl::Status CheckEach(absl::string_view what, const std::vector<Row>& rows, const Passes& passes) {
  const std::size_t found = FirstWhere(rows, [&passes](const Row& row) { return !passes(row); });
  return found == rows.size() ? absl::OkStatus() : OutOfRange(what, found);
}

absl::Status CheckPersons(const Records& records) {
  const bool without_ids = !records.made.ids && records.in_order;
  if (!without_ids && records.persons.size() != records.person_ids.size()) {
    return absl::InvalidArgumentError(absl::StrCat("records: expected one id a person, got ",
                                                   records.person_ids.size(), " ids for ",
                                                   records.persons.size(), " persons"));
  }
  return CheckEach("persons", records.persons, [&records](const Person& p) {
    return (p.family == kNoFamily || p.family < records.family_ids.size()) &&
           CodesExist(records, p.sex, p.ethnicity, p.disability);
  });
}

absl::Status CheckRows(const Records& records) {
  const auto exists = [&records](const auto& row) {
    return row.person < records.persons.size() && IdExists(records, row.id);
  };
  RETURN_IF_ERROR(CheckEach("episodes", records.episodes, [&](const Episode& e) {
    return exists(e) && static_cast<int>(e.level) < kLevels &&
           CodesExist(records, e.source, e.end_reason, e.need, e.area, e.team, e.service, e.worker);
  }));
  RETURN_IF_ERROR(CheckEach("referrals", records.referrals, [&](const Referral& r) {
    return exists(r) && CodesExist(records, r.source, r.nfa, r.outcome, r.area, r.team);
  }));
  RETURN_IF_ERROR(CheckEach("contacts", records.contacts, [&](const Contact& c) {
    return exists(c) && CodesExist(records, c.source, c.outcome, c.area);
  }));
  return CheckEach("steps", records.steps, [&](const Step& s) {
    return exists(s) && static_cast<int>(s.kind) < kStepKinds &&
           CodesExist(records, s.outcome, s.area, s.team);
  });
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

// Rows of one kind, whose extract is `extract_of(row)`: what it cannot have seen is left out; what ends after
// it is open.
template <typename Row, typename ExtractOf>
void CutSpells(std::vector<Row>& rows, const ExtractOf& extract_of) {
  const auto is_out = [&](const Row& row) { return row.start > extract_of(row) || row.end < row.start; };
  const auto is_open = [&](const Row& row) { return row.end != kNoDay && row.end > extract_of(row); };
  const auto is_cut = [&](const Row& row) { return is_out(row) || is_open(row); };
  if (FirstWhere(rows, is_cut) == rows.size()) return;
  std::erase_if(rows, is_out);
  for (Row& row : rows) {
    if (is_open(row)) row.end = kNoDay;
  }
}

template <typename Row>
void CutEvents(std::vector<Row>& rows, Day extract) {
  const auto is_out = [extract](const Row& row) { return row.day > extract; };
  if (FirstWhere(rows, is_out) < rows.size()) std::erase_if(rows, is_out);
}

void CutAtExtract(Records& records) {
  CutSpells(records.episodes, [&records](const Episode& e) {
    return e.level == Level::kEarlyHelp ? records.early_help.extract : records.social_care.extract;
  });
  CutSpells(records.steps, [&records](const Step& s) { return CoverageOf(records, s.kind).extract; });
  CutEvents(records.referrals, records.social_care.extract);
  CutEvents(records.contacts, records.contact.extract);
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
RowBegins BeginsOf(const std::vector<Row>& rows, PersonIndex persons) {
  if (rows.empty()) return {};
  RowBegins begins(persons);
  ShareOut(rows.size(), [&](std::size_t first, std::size_t end) {
    // Each person's rows are counted where the first of them is.
    while (first > 0 && first < end && rows[first].person == rows[first - 1].person) ++first;
    while (first < end) {
      std::size_t last = first + 1;
      while (last < rows.size() && rows[last].person == rows[first].person) ++last;
      begins.SetCount(rows[first].person, last - first);
      first = last;
    }
  });
  begins.Finish();
  return begins;
}

template <typename Row>
absl::Span<const Row> RowsOf(const std::vector<Row>& rows, const RowBegins& begins, PersonIndex person) {
  if (begins.empty()) return {};
  const std::size_t begin = begins.Of(person);
  return absl::MakeConstSpan(rows).subspan(begin, begins.Of(person + std::size_t{1}) - begin);
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

// Gives the memory behind the last element back to the system: copying what remains into a smaller vector
// would take as much again.
template <typename T>
void ReleaseSpare(std::vector<T>& rows) {
  ReleasePages(rows.data() + rows.size(), (rows.capacity() - rows.size()) * sizeof(T));
}

// Gives all memory of `rows` back to the system, which takes its time for so many pages: in several threads.
template <typename T>
void GiveBack(std::vector<T>& rows) {
  ShareOut(rows.size(), [&rows](std::size_t begin, std::size_t end) {
    ReleasePages(rows.data() + begin, (end - begin) * sizeof(T));
  });
}

// The first end for the reason `died` of a person's merged episodes and spells; kNoDay if there is none.
Day DeathByReason(Code died, absl::Span<const Episode> all, absl::Span<const Episode> own,
                  absl::Span<const SocialCareSpell> spells) {
  Day death = kNoDay;
  for (const Episode& e : own) {
    if (e.level == Level::kEarlyHelp && e.end_reason == died) death = std::min(death, e.end);
  }
  for (const SocialCareSpell& s : spells) {
    if (all[s.last].end_reason == died) death = std::min(death, s.end);
  }
  return death;
}

}  // namespace

Journeys::~Journeys() {
  GiveBack(records_.episodes);
  GiveBack(records_.persons);
  GiveBack(records_.referrals);
  GiveBack(spells_);
}

std::uint32_t Journeys::family(PersonIndex person) const {
  const std::uint32_t number = records_.persons[person].family;
  if (number != kNoFamily) return number;
  return static_cast<std::uint32_t>(records_.family_ids.size()) + person;
}

absl::string_view Journeys::family_id(PersonIndex person) const {
  const std::uint32_t number = records_.persons[person].family;
  return number == kNoFamily ? person_id(person) : records_.family_ids.Text(number);
}

absl::Span<const Episode> Journeys::episodes(PersonIndex person) const {
  return RowsOf(records_.episodes, episode_begins_, person);
}

absl::Span<const Episode> Journeys::episodes(PersonIndex person, Level level) const {
  return PartOf(episodes(person), &Episode::level, level);
}

absl::Span<const Step> Journeys::steps(PersonIndex person, StepKind kind) const {
  return PartOf(RowsOf(records_.steps, step_begins_, person), &Step::kind, kind);
}

absl::Span<const SocialCareSpell> Journeys::social_care(PersonIndex person) const {
  return RowsOf(spells_, spell_begins_, person);
}

absl::Span<const Referral> Journeys::referrals(PersonIndex person) const {
  return RowsOf(records_.referrals, referral_begins_, person);
}

absl::Span<const Contact> Journeys::contacts(PersonIndex person) const {
  return RowsOf(records_.contacts, contact_begins_, person);
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

// Some persons, whose journeys one thread builds.
struct alignas(kApart) Journeys::Part {
  PersonIndex first = 0;
  PersonIndex last = 0;   // not this one any more
  std::size_t begin = 0;  // their episodes,
  std::size_t end = 0;    // which are fewer once they are merged
  std::vector<SocialCareSpell> spells = {};
};

// About as many episodes in each.
std::vector<Journeys::Part> Journeys::Parts() const {
  const std::vector<Episode>& episodes = records_.episodes;
  std::vector<Part> parts(WorthwhileThreads());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    Part& part = parts[i];
    if (i > 0) {
      part.first = parts[i - 1].last;
      part.begin = parts[i - 1].end;
    }
    part.end = std::max(part.begin, (i + 1) * episodes.size() / parts.size());
    while (part.end > 0 && part.end < episodes.size() &&
           episodes[part.end].person == episodes[part.end - 1].person) {
      ++part.end;
    }
    part.last = part.end < episodes.size() ? episodes[part.end].person : persons();
  }
  return parts;
}

// Merges the episodes of the part's persons, makes spells of them and fills in deaths.
void Journeys::BuildPart(Code died, Part& part) {
  const absl::Span<Episode> episodes = absl::MakeSpan(records_.episodes);
  std::vector<std::uint32_t> numbers;  // one buffer for all persons
  std::size_t next = part.begin;
  std::size_t merged = part.begin;
  for (PersonIndex i = part.first; i < part.last; ++i) {
    const std::size_t spells = part.spells.size();
    const std::size_t begin = next;
    while (next < part.end && episodes[next].person == i) ++next;
    const std::size_t count = MergeEpisodes(episodes.subspan(begin, next - begin), episodes.data() + merged);
    numbers.clear();
    for (const std::size_t end = merged + count; merged < end; ++merged) {
      if (episodes[merged].level != Level::kEarlyHelp) numbers.push_back(static_cast<std::uint32_t>(merged));
    }
    AppendSpells(episodes, absl::MakeSpan(numbers), part.spells);
    episode_begins_.SetCount(i, count);
    spell_begins_.SetCount(i, part.spells.size() - spells);
    Day& death = records_.persons[i].death;
    if (death == kNoDay) {
      death = DeathByReason(died, episodes, episodes.subspan(merged - count, count),
                            absl::MakeConstSpan(part.spells).subspan(spells));
    }
  }
  part.end = merged;
}

// Closes the gaps that merging has left between the parts. The first part's spells have room for all.
void Journeys::JoinParts(std::vector<Part>& parts) {
  std::vector<std::uint32_t> gaps;           // before each part's episodes, and all parts before it
  std::vector<std::uint32_t> spells_before;  // in all parts before it
  std::size_t end = 0;
  std::size_t spells = 0;
  for (const Part& part : parts) {
    gaps.push_back(static_cast<std::uint32_t>(part.begin - end));
    spells_before.push_back(static_cast<std::uint32_t>(spells));
    end += part.end - part.begin;
    spells += part.spells.size();
  }
  spells_ = std::move(parts[0].spells);
  TakePages(spells_.data() + spells_.size(), (spells - spells_.size()) * sizeof(SocialCareSpell));
  spells_.resize(spells);
  InParallel(parts.size(), [&](std::size_t p) {
    std::uint32_t at = spells_before[p];
    for (const SocialCareSpell& spell : parts[p].spells) {
      spells_[at] = spell;
      spells_[at].first -= gaps[p];
      spells_[at++].last -= gaps[p];
    }
    parts[p].spells = {};
    // Each part moves to where the one before has been: one after the other.
    Episode* const episodes = records_.episodes.data();
    for (std::size_t part = 1; p == 0 && part < parts.size(); ++part) {
      std::copy(episodes + parts[part].begin, episodes + parts[part].end,
                episodes + parts[part].begin - gaps[part]);
    }
  });
  records_.episodes.resize(end);
  ReleaseSpare(records_.episodes);
}

void Journeys::Build(Code died) {
  if (records_.episodes.empty()) return;
  episode_begins_ = RowBegins(persons());
  spell_begins_ = RowBegins(persons());
  std::vector<Part> parts = Parts();
  // There are no more spells than episodes; room that is not used takes no memory.
  for (Part& part : parts) part.spells.reserve(records_.episodes.size() - part.begin);
  InParallel(parts.size(), [&](std::size_t i) { BuildPart(died, parts[i]); });
  JoinParts(parts);
  InParallel(2, [this](std::size_t i) { (i == 0 ? episode_begins_ : spell_begins_).Finish(); });
}

absl::StatusOr<Journeys> BuildJourneys(Records records) {
  RETURN_IF_ERROR(CheckPersons(records));
  RETURN_IF_ERROR(CheckRows(records));
  RETURN_IF_ERROR(CheckExtracts(records));
  if (!records.in_order) {  // ingest has left nothing that an extract cannot have seen
    CutAtExtract(records);
    Sort(records);
  }

  Journeys journeys;
  const auto persons = static_cast<PersonIndex>(records.persons.size());
  journeys.families_ = static_cast<std::uint32_t>(records.family_ids.size()) + persons;
  journeys.moved_ = records.codes.Intern("moved");
  const Code died = records.codes.Intern("died");
  journeys.referral_begins_ = BeginsOf(records.referrals, persons);
  journeys.contact_begins_ = BeginsOf(records.contacts, persons);
  journeys.step_begins_ = BeginsOf(records.steps, persons);
  journeys.records_ = std::move(records);
  journeys.Build(died);
  return journeys;
}

}  // namespace waymark::node
