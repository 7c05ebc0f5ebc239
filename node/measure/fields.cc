#include "node/measure/fields.h"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

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

bool HasField(v1::Cohort::Base base, Field field) {
  if (field == Field::kAgeBand || PersonField(field) != nullptr) return base != v1::Cohort::BASE_RECORDS;
  switch (base) {
    case v1::Cohort::BASE_EARLY_HELP_ENDED:
    case v1::Cohort::BASE_SOCIAL_CARE_ENDED:
    case v1::Cohort::BASE_EARLY_HELP_STARTED:
      return EpisodeField(field) != nullptr;
    case v1::Cohort::BASE_REFERRALS:
      return ReferralField(field) != nullptr;
    case v1::Cohort::BASE_CONTACTS:
      return ContactField(field) != nullptr;
    default:
      return false;
  }
}

bool IsCarried(const Journeys& journeys, v1::Cohort::Base base, Field field) {
  const Records& records = journeys.records();
  if (!HasField(base, field)) return false;
  if (field == Field::kAgeBand) {
    return records.persons.empty() || std::any_of(records.persons.begin(), records.persons.end(),
                                                  [](const Person& p) { return p.birth != kNoDay; });
  }
  const auto every = [](const auto&) { return true; };
  if (PersonField(field) != nullptr) return AnyCarries(records.persons, PersonField(field), every);
  if (base == v1::Cohort::BASE_REFERRALS) return AnyCarries(records.referrals, ReferralField(field), every);
  if (base == v1::Cohort::BASE_CONTACTS) return AnyCarries(records.contacts, ContactField(field), every);
  const bool social_care = base == v1::Cohort::BASE_SOCIAL_CARE_ENDED;
  return AnyCarries(records.episodes, EpisodeField(field), [social_care](const Episode& e) {
    return (e.level != Level::kEarlyHelp) == social_care;
  });
}

Code CodeOf(const Journeys& journeys, v1::Cohort::Base base, const Candidate& candidate, Field field) {
  const Records& records = journeys.records();
  if (!HasField(base, field)) return kNoCode;
  if (Code Person::*of_person = PersonField(field)) return records.persons[candidate.person].*of_person;
  if (base == v1::Cohort::BASE_REFERRALS) return records.referrals[candidate.first].*ReferralField(field);
  if (base == v1::Cohort::BASE_CONTACTS) return records.contacts[candidate.first].*ContactField(field);
  if (field == Field::kEndReason) return records.episodes[candidate.last].end_reason;
  return records.episodes[candidate.first].*EpisodeField(field);
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
    default:
      return *kNone;
  }
}

bool IsListed(Field field, absl::string_view text) {
  const Names& known = FixedCategories(field);
  return text != kNotKnown && std::binary_search(known.begin(), known.end(), text, std::less<>());
}

}  // namespace waymark::node
