#include "node/measure/fields.h"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "catalogue/bases.h"
#include "node/measure/member.h"

namespace waymark::node {
namespace {

constexpr std::array<std::pair<absl::string_view, Field>, kFields> kNames = {{
    {"area", Field::kArea},
    {"team", Field::kTeam},
    {"service", Field::kService},
    {"age_band", Field::kAgeBand},
    {"sex", Field::kSex},
    {"ethnicity", Field::kEthnicity},
    {"disability", Field::kDisability},
    {"need", Field::kNeed},
    {"source", Field::kSource},
    {"end_reason", Field::kEndReason},
    {"nfa", Field::kNfa},
    {"outcome", Field::kOutcome},
    {"step_down", Field::kStepDown},
    {"quarter", Field::kQuarter},
    {"earlier_social_care", Field::kEarlierSocialCare},
}};

Code Person::*PersonField(Field field) {
  switch (field) {
    case Field::kSex:
      return &Person::sex;
    case Field::kEthnicity:
      return &Person::ethnicity;
    case Field::kDisability:
      return &Person::disability;
    default:
      return nullptr;
  }
}

Code Episode::*EpisodeField(Field field) {
  switch (field) {
    case Field::kArea:
      return &Episode::area;
    case Field::kTeam:
      return &Episode::team;
    case Field::kService:
      return &Episode::service;
    case Field::kNeed:
      return &Episode::need;
    case Field::kSource:
      return &Episode::source;
    case Field::kEndReason:
      return &Episode::end_reason;
    default:
      return nullptr;
  }
}

Code Referral::*ReferralField(Field field) {
  switch (field) {
    case Field::kArea:
      return &Referral::area;
    case Field::kTeam:
      return &Referral::team;
    case Field::kSource:
      return &Referral::source;
    case Field::kNfa:
      return &Referral::nfa;
    case Field::kOutcome:
      return &Referral::outcome;
    default:
      return nullptr;
  }
}

Code Contact::*ContactField(Field field) {
  switch (field) {
    case Field::kArea:
      return &Contact::area;
    case Field::kSource:
      return &Contact::source;
    case Field::kOutcome:
      return &Contact::outcome;
    default:
      return nullptr;
  }
}

Code Step::*StepField(Field field) {
  switch (field) {
    case Field::kArea:
      return &Step::area;
    case Field::kTeam:
      return &Step::team;
    case Field::kOutcome:
      return &Step::outcome;
    default:
      return nullptr;
  }
}

template <typename Row, typename Keep>
bool AnyCarries(const std::vector<Row>& rows, Code Row::*field, Keep keep) {
  bool any = false;
  for (const Row& row : rows) {
    if (!keep(row)) continue;
    if (row.*field != kNoCode) return true;
    any = true;
  }
  return !any;
}

// The places of catalogue::CategoriesOf("age_band").
enum AgeBand : std::uint32_t { kAge0To4, kAge10To15, kAge16To17, kAge18, kAge5To9, kAgeNotKnown, kUnborn };

constexpr std::array<int, 4> kBandBegins = {5, 10, 16, 18};  // years

}  // namespace

std::optional<Field> FieldNamed(absl::string_view name) {
  for (const auto& [known, field] : kNames) {
    if (known == name) return field;
  }
  return std::nullopt;
}

bool HasField(const Counting& counting, Field field) {
  if (field == Field::kStepDown) return counting.base == v1::Cohort::BASE_STEP_DOWNS;
  if (field == Field::kQuarter) return catalogue::OfMembers(counting.base);
  if (field == Field::kEarlierSocialCare) {
    return counting.base == v1::Cohort::BASE_EARLY_HELP_ENDED ||
           counting.base == v1::Cohort::BASE_EARLY_HELP_STARTED;
  }
  if (field == Field::kAgeBand || PersonField(field) != nullptr) {
    return counting.base != v1::Cohort::BASE_RECORDS;
  }
  switch (RecordKindOf(counting)) {
    case RecordKind::kEpisode:
      return EpisodeField(field) != nullptr;
    case RecordKind::kReferral:
      return ReferralField(field) != nullptr;
    case RecordKind::kContact:
      return ContactField(field) != nullptr;
    case RecordKind::kStep:
      return StepField(field) != nullptr;
    default:
      return false;
  }
}

bool IsCarried(const Journeys& journeys, const Counting& counting, Field field) {
  const Records& records = journeys.records();
  if (!HasField(counting, field)) return false;
  if (field == Field::kAgeBand) {
    return records.persons.empty() || std::any_of(records.persons.begin(), records.persons.end(),
                                                  [](const Person& p) { return p.birth != kNoDay; });
  }
  if (field == Field::kEarlierSocialCare) {
    return records.social_care.extract != kNoDay && (records.levels & Only(Level::kCin)) != 0;
  }
  if (std::holds_alternative<std::monostate>(CodePlaceOf(counting, field))) return true;
  const auto every = [](const auto&) { return true; };
  if (PersonField(field) != nullptr) return AnyCarries(records.persons, PersonField(field), every);
  switch (RecordKindOf(counting)) {
    case RecordKind::kReferral:
      return AnyCarries(records.referrals, ReferralField(field), every);
    case RecordKind::kContact:
      return AnyCarries(records.contacts, ContactField(field), every);
    case RecordKind::kStep:
      return AnyCarries(records.steps, StepField(field),
                        [kind = StepKindOf(counting.step)](const Step& s) { return s.kind == kind; });
    default:
      return AnyCarries(records.episodes, EpisodeField(field),
                        [&counting](const Episode& e) { return IsOfLevel(counting.level, e.level); });
  }
}

CodePlace CodePlaceOf(const Counting& counting, Field field) {
  const auto place = [](auto code) { return code == nullptr ? CodePlace() : CodePlace(code); };
  if (!HasField(counting, field)) return {};
  if (Code Person::*of_person = PersonField(field)) return of_person;
  switch (RecordKindOf(counting)) {
    case RecordKind::kEpisode:
      return place(EpisodeField(field));
    case RecordKind::kReferral:
      return place(ReferralField(field));
    case RecordKind::kContact:
      return place(ContactField(field));
    case RecordKind::kStep:
      return place(StepField(field));
    default:
      return {};
  }
}

AgeBands::AgeBands(Day birth) : birth_(birth) {
  birthdays_.fill(kNoDay);
  if (birth == kNoDay) return;
  const CivilDate date = CivilDateOf(birth);
  std::transform(kBandBegins.begin(), kBandBegins.end(), birthdays_.begin(),
                 [date](int years) { return Birthday(date, years); });
}

std::uint32_t AgeBands::On(Day day) const {
  constexpr std::array<AgeBand, 5> kRising = {kAge0To4, kAge5To9, kAge10To15, kAge16To17, kAge18};
  if (birth_ == kNoDay) return kAgeNotKnown;
  if (day < birth_) return kUnborn;
  std::size_t band = 0;
  for (const Day birthday : birthdays_) band += birthday <= day ? 1 : 0;
  return kRising[band];
}

Day AgeBands::Until(Day day) const {
  Day until = birth_ > day ? birth_ : kNoDay;
  for (const Day birthday : birthdays_) until = std::min(until, birthday > day ? birthday : kNoDay);
  return until;
}

const std::vector<std::string>& FixedCategories(Field field) {
  static const auto* const kCategories = [] {
    auto* categories = new std::array<const std::vector<std::string>*, kFields>();
    for (const auto& [name, named] : kNames) {
      (*categories)[static_cast<std::size_t>(named)] = &catalogue::CategoriesOf(name);
    }
    return categories;
  }();
  return *(*kCategories)[static_cast<std::size_t>(field)];
}

bool IsListed(Field field, absl::string_view text) {
  const std::vector<std::string>& known = FixedCategories(field);
  return text != kNotKnown && std::binary_search(known.begin(), known.end(), text, std::less<>());
}

}  // namespace waymark::node
