#include "node/ingest/record_builder.h"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "node/ingest/completeness.h"

namespace waymark::node {
namespace {

// A birth further after the extract than a pregnancy lasts is a typing error and not an unborn child.
constexpr Day kLongestPregnancy = 300;

auto Fields(const Episode& e) {
  return std::tie(e.person, e.start, e.level, e.end, e.source, e.end_reason, e.need, e.area, e.team,
                  e.service, e.worker, e.id);
}
auto Fields(const Referral& r) {
  return std::tie(r.person, r.day, r.source, r.nfa, r.outcome, r.area, r.team, r.id);
}
auto Fields(const Contact& c) {
  return std::tie(c.person, c.day, c.source, c.outcome, c.area, c.id);
}
auto Fields(const Step& s) {
  return std::tie(s.person, s.kind, s.start, s.end, s.referral, s.outcome, s.area, s.team, s.id);
}

template <typename Visit>
void VisitCodes(Episode& e, const Visit& visit) {
  for (Code* code : {&e.source, &e.end_reason, &e.need, &e.area, &e.team, &e.service, &e.worker, &e.id}) {
    visit(*code);
  }
}
template <typename Visit>
void VisitCodes(Referral& r, const Visit& visit) {
  for (Code* code : {&r.source, &r.nfa, &r.outcome, &r.area, &r.team, &r.id}) visit(*code);
}
template <typename Visit>
void VisitCodes(Contact& c, const Visit& visit) {
  for (Code* code : {&c.source, &c.outcome, &c.area, &c.id}) visit(*code);
}
template <typename Visit>
void VisitCodes(Step& s, const Visit& visit) {
  for (Code* code : {&s.outcome, &s.area, &s.team, &s.id}) visit(*code);
}
template <typename Visit>
void VisitCodes(Person& p, const Visit& visit) {
  for (Code* code : {&p.sex, &p.ethnicity, &p.disability}) visit(*code);
}

// The numbers of `from`'s texts in order of text.
std::vector<std::uint32_t> InOrder(const Dictionary& from) {
  std::vector<std::uint32_t> order(from.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return from.Text(a) < from.Text(b); });
  return order;
}

// Puts the texts of `from` that `wanted` names into `to`, sorted; returns old number → new number.
std::vector<std::uint32_t> Renumber(const Dictionary& from, const std::vector<bool>& wanted, Dictionary& to) {
  std::vector<std::uint32_t> numbers(from.size(), kNoCode);
  for (const std::uint32_t old : InOrder(from)) {
    if (wanted[old]) numbers[old] = to.Intern(from.Text(old));
  }
  return numbers;
}

// How much a code tells: nothing, blank, "not known", something.
int Weight(const Dictionary& codes, Code code) {
  if (code == kNoCode) return 0;
  const std::string& text = codes.Text(code);
  if (text.empty()) return 1;
  return text == "not known" ? 2 : 3;
}

}  // namespace

RecordBuilder::RecordBuilder(const Coverage& early_help, const Coverage& social_care, const Coverage& contact,
                             const Coverage& early_help_assessment, QualityReport& report)
    : report_(report),
      early_help_(early_help),
      social_care_(social_care),
      contact_(contact),
      early_help_assessment_(early_help_assessment.from == kNoDay ? early_help : early_help_assessment) {
  for (const Coverage* coverage : {&early_help_, &social_care_, &contact_, &early_help_assessment_}) {
    if (coverage->extract == kNoDay) continue;
    last_extract_ = last_extract_ == kNoDay ? coverage->extract : std::max(last_extract_, coverage->extract);
  }
}

RecordBuilder::PersonState& RecordBuilder::State(std::uint32_t person) {
  if (person >= persons_.size()) persons_.resize(std::max<std::size_t>(person + 1, persons_by_id_.size()));
  return persons_[person];
}

void RecordBuilder::Use(std::uint32_t person, const RowPlace& place) {
  State(person).used = true;
  if (place.counts) ++report_.files[place.file].rows_used;
}

bool RecordBuilder::LeaveOut(absl::string_view reason, const RowPlace& place) {
  FileReport& file = report_.files[place.file];
  if (place.counts) {
    file.LeaveOut(reason, place.line);
  } else {
    file.Note(absl::StrCat("no episode made of it: ", reason), place.line);
  }
  return false;
}

void RecordBuilder::MergeDate(PersonState& state, Day& held, Day day) {
  if (held != kNoDay && held != day) state.conflict = true;
  held = std::min(held, day);
}

void RecordBuilder::MergeCode(PersonState& state, Code& held, Code code) {
  const int held_weight = Weight(codes_, held);
  const int weight = Weight(codes_, code);
  if (held_weight == 3 && weight == 3 && held != code) state.conflict = true;
  if (weight < held_weight || (weight == held_weight && weight < 3)) return;
  if (weight > held_weight || codes_.Text(code) < codes_.Text(held)) held = code;
}

void RecordBuilder::TakeBirth(PersonState& state, const DateReading& birth, const RowPlace& place) {
  FileReport& file = report_.files[place.file];
  if (birth.impossible) file.Note("birth date impossible or in another format: not used", place.line);
  if (birth.day == kNoDay) return;
  if (birth.day > last_extract_ && birth.day - last_extract_ > kLongestPregnancy) {
    file.Note("birth date more than 300 days after the extract date: not used", place.line);
    return;
  }
  if (birth.day > last_extract_)
    file.Note("birth date after the extract date: taken for an unborn child", place.line);
  MergeDate(state, state.person.birth, birth.day);
}

void RecordBuilder::TakeDeath(PersonState& state, const DateReading& death, const RowPlace& place) {
  FileReport& file = report_.files[place.file];
  if (death.impossible) file.Note("death date impossible or in another format: not used", place.line);
  if (death.day == kNoDay) return;
  if (death.day > last_extract_) {
    file.Note("death date after the extract date: not used", place.line);
    return;
  }
  MergeDate(state, state.person.death, death.day);
}

void RecordBuilder::AddPerson(std::uint32_t person, const PersonRow& row, const RowPlace& place) {
  PersonState& state = State(person);
  TakeBirth(state, row.birth, place);
  TakeDeath(state, row.death, place);
  MergeCode(state, state.person.sex, row.sex);
  MergeCode(state, state.person.ethnicity, row.ethnicity);
  MergeCode(state, state.person.disability, row.disability);
  if (!row.family) return;
  has_families_ = true;
  if (row.family->empty()) return;
  const std::uint32_t family = families_.Intern(*row.family);
  std::uint32_t& held = state.person.family;
  if (held == kNoFamily || families_.Text(family) < families_.Text(held)) held = family;
}

void RecordBuilder::ListPerson(std::uint32_t person) {
  has_person_list_ = true;
  State(person).listed = true;
}

const Coverage& RecordBuilder::CoverageOf(Level level) const {
  return level == Level::kEarlyHelp ? early_help_ : social_care_;
}

bool RecordBuilder::MayStart(const DateReading& start, const Coverage& coverage, const RowPlace& place) {
  if (coverage.from == kNoDay) {
    return LeaveOut("of a kind that this source does not carry (see `carries`)", place);
  }
  if (start.impossible) return LeaveOut("date impossible or in another format", place);
  if (start.day == kNoDay) return LeaveOut("no date", place);
  if (start.day > coverage.extract) return LeaveOut("date after the extract date", place);
  return true;
}

bool RecordBuilder::TakeEnd(const DateReading& end, Day start, const Coverage& coverage,
                            const RowPlace& place, Day& taken) {
  if (end.impossible) return LeaveOut("end date impossible or in another format", place);
  if (end.day < start) return LeaveOut("ends before it starts", place);
  taken = end.day;
  if (end.day != kNoDay && end.day > coverage.extract) {
    report_.files[place.file].Note("ends after the extract date: taken as open", place.line);
    taken = kNoDay;
  }
  return true;
}

bool RecordBuilder::AddEpisode(Episode episode, const DateReading& start, const DateReading& end,
                               const RowPlace& place) {
  const Coverage& coverage = CoverageOf(episode.level);
  if (!MayStart(start, coverage, place)) return false;
  if (!TakeEnd(end, start.day, coverage, place, episode.end)) return false;
  episode.start = start.day;
  if (episode.end != end.day && episode.end_reason != kNoCode) episode.end_reason = Text("");
  Use(episode.person, place);
  episodes_.push_back({episode, place});
  return true;
}

bool RecordBuilder::AddReferral(Referral referral, const DateReading& day, const RowPlace& place) {
  if (!MayStart(day, social_care_, place)) return false;
  referral.day = day.day;
  Use(referral.person, place);
  referrals_.push_back({referral, place});
  return true;
}

bool RecordBuilder::AddContact(Contact contact, const DateReading& day, const RowPlace& place) {
  if (!MayStart(day, contact_, place)) return false;
  contact.day = day.day;
  Use(contact.person, place);
  contacts_.push_back({contact, place});
  return true;
}

bool RecordBuilder::AddStep(Step step, const DateReading& start, const DateReading& end,
                            const RowPlace& place) {
  const Coverage& coverage =
      step.kind == StepKind::kEarlyHelpAssessment ? early_help_assessment_ : social_care_;
  if (!MayStart(start, coverage, place) || !TakeEnd(end, start.day, coverage, place, step.end)) return false;
  step.start = start.day;
  Use(step.person, place);
  steps_.push_back({step, place});
  return true;
}

// Rows are duplicates when all fields read from them are equal and either an id is among these or the whole
// rows are equal: two contacts on one day that differ in a column nobody mapped are two.
template <typename T>
void RecordBuilder::SortAndDropDuplicates(std::vector<Pending<T>>& pending, std::vector<T>& out) {
  const auto place = [](const RowPlace& p) { return std::tie(p.hash, p.file, p.line); };
  std::sort(pending.begin(), pending.end(), [&](const Pending<T>& a, const Pending<T>& b) {
    if (Fields(a.record) != Fields(b.record)) return Fields(a.record) < Fields(b.record);
    return place(a.place) < place(b.place);
  });
  out.reserve(pending.size());
  const Pending<T>* last = nullptr;
  for (const Pending<T>& row : pending) {
    const bool duplicate = last != nullptr && Fields(last->record) == Fields(row.record) &&
                           (row.record.id != kNoCode || last->place.hash == row.place.hash);
    last = &row;
    if (!duplicate) {
      out.push_back(row.record);
    } else if (row.place.counts) {
      --report_.files[row.place.file].rows_used;
      report_.files[row.place.file].LeaveOut(kSameRow, row.place.line);
    }
  }
  pending = {};
}

// Fills records.persons, person_ids and family_ids; returns old person number → new.
std::vector<std::uint32_t> RecordBuilder::NumberPersons(Records& records) {
  persons_.resize(persons_by_id_.size());
  std::vector<bool> used(persons_.size());
  std::vector<bool> family_used(families_.size());
  for (std::size_t i = 0; i < persons_.size(); ++i) {
    used[i] = persons_[i].used;
    if (used[i] && persons_[i].person.family != kNoFamily) family_used[persons_[i].person.family] = true;
  }
  std::vector<std::uint32_t> numbers = Renumber(persons_by_id_, used, records.person_ids);
  const std::vector<std::uint32_t> families = Renumber(families_, family_used, records.family_ids);
  records.persons.resize(records.person_ids.size());
  for (std::size_t i = 0; i < persons_.size(); ++i) {
    if (!used[i]) continue;
    Person person = persons_[i].person;
    if (person.family != kNoFamily) person.family = families[person.family];
    person.listed = persons_[i].listed;
    records.persons[numbers[i]] = person;
  }
  return numbers;
}

void RecordBuilder::ReportPersons(const Records& records) {
  std::int64_t unlinked = 0;
  std::int64_t conflicts = 0;
  std::int64_t died_before_birth = 0;
  for (PersonState& state : persons_) {
    if (!state.used) continue;
    if (has_person_list_ && !state.listed) ++unlinked;
    if (state.conflict) ++conflicts;
  }
  for (const Person& person : records.persons) {
    if (person.death != kNoDay && person.birth != kNoDay && person.death < person.birth) ++died_before_birth;
  }
  const auto warn = [&](std::int64_t count, absl::string_view message) {
    if (count > 0) report_.issues.push_back({Severity::kWarning, "", 0, absl::StrCat(count, " ", message)});
  };
  warn(unlinked,
       "children have records but do not stand in the list of persons; their age, sex and ethnicity are not "
       "known");
  warn(conflicts,
       "children have different dates of birth or death, sex, ethnicity or disability in different rows; "
       "the earliest date and the first code in the alphabet were taken");
  warn(died_before_birth, "children have a death date before their birth date; it is not used");
  const std::int64_t listed = static_cast<std::int64_t>(records.persons.size()) - unlinked;
  report_.fields = Completeness(records, has_person_list_ ? listed : -1);
}

Records RecordBuilder::Finish() {
  Records records;
  records.early_help = early_help_;
  records.social_care = social_care_;
  records.contact = contact_;
  records.early_help_assessment = early_help_assessment_;
  records.has_families = has_families_;
  const std::vector<std::uint32_t> persons = NumberPersons(records);

  std::vector<bool> used(codes_.size());
  const auto mark = [&](const Code& code) {
    if (code != kNoCode) used[code] = true;
  };
  for (Person& person : records.persons) VisitCodes(person, mark);
  for (auto& row : episodes_) VisitCodes(row.record, mark);
  for (auto& row : referrals_) VisitCodes(row.record, mark);
  for (auto& row : contacts_) VisitCodes(row.record, mark);
  for (auto& row : steps_) VisitCodes(row.record, mark);
  const std::vector<std::uint32_t> codes = Renumber(codes_, used, records.codes);
  const auto renumber = [&](Code& code) {
    if (code != kNoCode) code = codes[code];
  };
  const auto renumber_all = [&](auto& pending) {
    for (auto& row : pending) {
      row.record.person = persons[row.record.person];
      VisitCodes(row.record, renumber);
    }
  };
  for (Person& person : records.persons) VisitCodes(person, renumber);
  renumber_all(episodes_);
  renumber_all(referrals_);
  renumber_all(contacts_);
  renumber_all(steps_);

  SortAndDropDuplicates(episodes_, records.episodes);
  SortAndDropDuplicates(referrals_, records.referrals);
  SortAndDropDuplicates(contacts_, records.contacts);
  SortAndDropDuplicates(steps_, records.steps);

  ReportPersons(records);
  for (Person& person : records.persons) {
    if (person.death != kNoDay && person.birth != kNoDay && person.death < person.birth)
      person.death = kNoDay;
  }
  records.quality = report_.fields;
  records.templates = std::move(templates_);
  return records;
}

}  // namespace waymark::node
