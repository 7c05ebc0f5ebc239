#include "node/measure/fields.h"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "catalogue/bases.h"
#include "catalogue/vocabulary.h"
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

// In order of their bytes.
enum AgeBand : std::uint32_t { kAge0To4, kAge10To15, kAge16To17, kAge18, kAge5To9, kAgeNotKnown, kUnborn };

using Names = std::vector<std::string>;

// The catalogue's codes, with "not known" for blank.
const Names* CodesOfField(absl::string_view name) {
  auto* categories = new Names();
  for (const absl::string_view code : catalogue::CodesOf(name)) {
    categories->emplace_back(code.empty() ? kNotKnown : code);
  }
  std::sort(categories->begin(), categories->end());
  return categories;
}

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

bool IsRecorded(Field field) {
  return field != Field::kAgeBand && field != Field::kStepDown && field != Field::kQuarter;
}

bool IsCarried(const Journeys& journeys, const Counting& counting, Field field) {
  const Records& records = journeys.records();
  if (!HasField(counting, field)) return false;
  if (field == Field::kAgeBand) {
    return records.persons.empty() || std::any_of(records.persons.begin(), records.persons.end(),
                                                  [](const Person& p) { return p.birth != kNoDay; });
  }
  if (!IsRecorded(field)) return true;
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

Code CodeOf(const Journeys& journeys, const Counting& counting, const Candidate& candidate, Field field) {
  const Records& records = journeys.records();
  if (!IsRecorded(field) || !HasField(counting, field)) return kNoCode;
  if (Code Person::*of_person = PersonField(field)) return records.persons[candidate.person].*of_person;
  switch (RecordKindOf(counting)) {
    case RecordKind::kReferral:
      return records.referrals[candidate.first].*ReferralField(field);
    case RecordKind::kContact:
      return records.contacts[candidate.first].*ContactField(field);
    case RecordKind::kStep:
      return records.steps[candidate.first].*StepField(field);
    default:
      if (field == Field::kEndReason) return records.episodes[candidate.last].end_reason;
      return records.episodes[candidate.first].*EpisodeField(field);
  }
}

std::uint32_t AgeBandOf(Day birth, Day on) {
  if (birth == kNoDay) return kAgeNotKnown;
  if (on < birth) return kUnborn;
  const int age = AgeOn(birth, on);
  if (age <= 4) return kAge0To4;
  if (age <= 9) return kAge5To9;
  if (age <= 15) return kAge10To15;
  if (age <= 17) return kAge16To17;
  return kAge18;
}

const std::vector<std::string>& FixedCategories(Field field) {
  static const auto* const kAgeBands =
      new Names{"0-4", "10-15", "16-17", "18+", "5-9", "not known", "unborn"};
  static const auto* const kSexes = new Names{"female", "male", "not known", "other"};
  static const auto* const kEthnicities = new Names{"asian", "black", "mixed", "not known", "other", "white"};
  static const auto* const kDisabilities = new Names{"no", "not known", "yes"};
  static const Names* const kNeeds = CodesOfField("need");
  static const Names* const kSources = CodesOfField("source");
  static const Names* const kEndReasons = CodesOfField("end_reason");
  static const Names* const kNfas = CodesOfField("nfa");
  static const Names* const kOutcomes = CodesOfField("outcome");
  static const Names* const kStepDowns = CodesOfField("step_down");
  static const auto* const kNone = new Names();
  switch (field) {
    case Field::kAgeBand:
      return *kAgeBands;
    case Field::kSex:
      return *kSexes;
    case Field::kEthnicity:
      return *kEthnicities;
    case Field::kDisability:
      return *kDisabilities;
    case Field::kNeed:
      return *kNeeds;
    case Field::kSource:
      return *kSources;
    case Field::kEndReason:
      return *kEndReasons;
    case Field::kNfa:
      return *kNfas;
    case Field::kOutcome:
      return *kOutcomes;
    case Field::kStepDown:
      return *kStepDowns;
    default:
      return *kNone;
  }
}

bool IsListed(Field field, absl::string_view text) {
  const Names& known = FixedCategories(field);
  return text != kNotKnown && std::binary_search(known.begin(), known.end(), text, std::less<>());
}

}  // namespace waymark::node
