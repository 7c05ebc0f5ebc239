#include "node/ingest/flat_record.h"

#include "absl/types/span.h"

namespace waymark::node {
namespace {

// What FlatRecord::texts holds, by kind. Stored extracts have them in this order: new ones go to the end.
// Of a record: its id, then these.
constexpr Code Episode::*kEpisodeTexts[] = {&Episode::source, &Episode::end_reason, &Episode::need,
                                            &Episode::area,   &Episode::team,       &Episode::service,
                                            &Episode::worker};
constexpr Code Referral::*kReferralTexts[] = {&Referral::source, &Referral::nfa, &Referral::outcome,
                                              &Referral::area, &Referral::team};
constexpr Code Contact::*kContactTexts[] = {&Contact::source, &Contact::outcome, &Contact::area};
constexpr Code Step::*kStepTexts[] = {&Step::outcome, &Step::area, &Step::team};
// Of a person: family, then these.
constexpr Code Person::*kPersonTexts[] = {&Person::sex, &Person::ethnicity, &Person::disability};

// Puts codes into texts, from the second on.
template <typename T>
void TakeCodes(const Dictionary& codes, const T& record, absl::Span<Code T::*const> members,
               FlatRecord& flat) {
  std::size_t at = 1;
  for (Code T::*const member : members) {
    if (record.*member != kNoCode) flat.texts[at] = codes.Text(record.*member);
    ++at;
  }
}

// The same of a record, after its id.
template <typename T>
void TakeTexts(const Records& records, const T& record, absl::Span<Code T::*const> members,
               FlatRecord& flat) {
  if (record.id != kNoRecordId) flat.texts[0] = std::string(records.record_ids.Text(record.id));
  TakeCodes(records.codes, record, members, flat);
}

template <typename T>
void GiveCodes(const FlatRecord& flat, absl::Span<Code T::*const> members, RecordBuilder& builder,
               T& record) {
  std::size_t at = 1;
  for (Code T::*const member : members) {
    if (flat.texts[at]) record.*member = builder.Text(*flat.texts[at]);
    ++at;
  }
}

template <typename T>
T Record(const FlatRecord& flat, absl::Span<Code T::*const> members, RecordBuilder& builder) {
  T record;
  record.person = builder.PersonNumber(flat.person);
  if (flat.id()) record.id = builder.Id(*flat.id());
  GiveCodes(flat, members, builder, record);
  return record;
}

// A record without its texts.
FlatRecord Flat(const Records& records, FlatRecord::Kind kind, std::uint32_t person, int sub,
                const std::array<Day, FlatRecord::kDays>& days) {
  FlatRecord flat;
  flat.kind = kind;
  flat.person = std::string(records.person_ids.Text(person));
  flat.sub = sub;
  flat.days = days;
  return flat;
}

void AddPerson(const FlatRecord& flat, const RowPlace& place, RecordBuilder& builder) {
  Person codes;
  GiveCodes<Person>(flat, kPersonTexts, builder, codes);
  PersonRow row{.birth = {.day = flat.days[0]},
                .death = {.day = flat.days[1]},
                .family = {},
                .sex = codes.sex,
                .ethnicity = codes.ethnicity,
                .disability = codes.disability};
  if (flat.texts[0]) row.family = *flat.texts[0];
  const std::uint32_t person = builder.PersonNumber(flat.person);
  builder.AddPerson(person, row, place);
  if (flat.sub != 0) builder.ListPerson(person);
}

}  // namespace

std::vector<FlatRecord> Flatten(const Records& records) {
  std::vector<FlatRecord> out;
  out.reserve(records.persons.size() + records.episodes.size() + records.referrals.size() +
              records.contacts.size() + records.steps.size());
  for (std::uint32_t i = 0; i < records.persons.size(); ++i) {
    const Person& person = records.persons[i];
    FlatRecord flat = Flat(records, FlatRecord::Kind::kPerson, i, person.listed ? 1 : 0,
                           {person.birth, person.death, kNoDay});
    if (records.has_families) {
      flat.texts[0] = person.family == kNoFamily ? "" : std::string(records.family_ids.Text(person.family));
    }
    TakeCodes<Person>(records.codes, person, kPersonTexts, flat);
    out.push_back(std::move(flat));
  }
  for (const Episode& e : records.episodes) {
    out.push_back(Flat(records, FlatRecord::Kind::kEpisode, e.person, static_cast<int>(e.level),
                       {e.start, e.end, kNoDay}));
    TakeTexts<Episode>(records, e, kEpisodeTexts, out.back());
  }
  for (const Referral& r : records.referrals) {
    out.push_back(Flat(records, FlatRecord::Kind::kReferral, r.person, 0, {r.day, kNoDay, kNoDay}));
    TakeTexts<Referral>(records, r, kReferralTexts, out.back());
  }
  for (const Contact& c : records.contacts) {
    out.push_back(Flat(records, FlatRecord::Kind::kContact, c.person, 0, {c.day, kNoDay, kNoDay}));
    TakeTexts<Contact>(records, c, kContactTexts, out.back());
  }
  for (const Step& s : records.steps) {
    out.push_back(Flat(records, FlatRecord::Kind::kStep, s.person, static_cast<int>(s.kind),
                       {s.start, s.end, s.referral}));
    TakeTexts<Step>(records, s, kStepTexts, out.back());
  }
  return out;
}

void Add(const FlatRecord& flat, const RowPlace& place, RecordBuilder& builder) {
  switch (flat.kind) {
    case FlatRecord::Kind::kPerson:
      return AddPerson(flat, place, builder);
    case FlatRecord::Kind::kEpisode: {
      Episode episode = Record<Episode>(flat, kEpisodeTexts, builder);
      episode.level = static_cast<Level>(flat.sub);
      builder.AddEpisode(episode, {.day = flat.days[0]}, {.day = flat.days[1]}, place);
      return;
    }
    case FlatRecord::Kind::kReferral:
      builder.AddReferral(Record<Referral>(flat, kReferralTexts, builder), {.day = flat.days[0]}, place);
      return;
    case FlatRecord::Kind::kContact:
      builder.AddContact(Record<Contact>(flat, kContactTexts, builder), {.day = flat.days[0]}, place);
      return;
    case FlatRecord::Kind::kStep: {
      Step step = Record<Step>(flat, kStepTexts, builder);
      step.kind = static_cast<StepKind>(flat.sub);
      step.referral = flat.days[2];
      builder.AddStep(step, {.day = flat.days[0]}, {.day = flat.days[1]}, place);
      return;
    }
  }
}

}  // namespace waymark::node
