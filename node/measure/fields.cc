#include "node/measure/fields.h"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "catalogue/vocabulary.h"

namespace waymark::node {
namespace {

constexpr std::array<std::pair<absl::string_view, Field>, 12> kNames = {{
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

using Categories = std::vector<std::string>;

// The catalogue's codes, with "not known" for blank.
const Categories* CodesOfField(absl::string_view name) {
  auto* categories = new Categories();
  for (const absl::string_view code : catalogue::CodesOf(name)) {
    categories->emplace_back(code.empty() ? kNotKnown : code);
  }
  std::sort(categories->begin(), categories->end());
  return categories;
}

bool Holds(const google::protobuf::RepeatedPtrField<std::string>& list, absl::string_view text) {
  return std::any_of(list.begin(), list.end(), [text](const std::string& listed) { return listed == text; });
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

Code CodeOf(const Journeys& journeys, v1::Cohort::Base base, const Member& member, Field field) {
  const Records& records = journeys.records();
  if (!HasField(base, field)) return kNoCode;
  if (Code Person::*of_person = PersonField(field)) return records.persons[member.person].*of_person;
  if (base == v1::Cohort::BASE_REFERRALS) return records.referrals[member.first].*ReferralField(field);
  if (base == v1::Cohort::BASE_CONTACTS) return records.contacts[member.first].*ContactField(field);
  if (field == Field::kEndReason) return records.episodes[member.last].end_reason;
  return records.episodes[member.first].*EpisodeField(field);
}

absl::string_view AgeBand(Day birth, Day on) {
  if (birth == kNoDay) return kNotKnown;
  if (on < birth) return "unborn";
  const int age = AgeOn(birth, on);
  if (age <= 4) return "0-4";
  if (age <= 9) return "5-9";
  if (age <= 15) return "10-15";
  if (age <= 17) return "16-17";
  return "18+";
}

const std::vector<std::string>& FixedCategories(Field field) {
  static const auto* const kAgeBands =
      new Categories{"0-4", "10-15", "16-17", "18+", "5-9", "not known", "unborn"};
  static const auto* const kSexes = new Categories{"female", "male", "not known", "other"};
  static const auto* const kEthnicities =
      new Categories{"asian", "black", "mixed", "not known", "other", "white"};
  static const auto* const kDisabilities = new Categories{"no", "not known", "yes"};
  static const Categories* const kNeeds = CodesOfField("need");
  static const Categories* const kSources = CodesOfField("source");
  static const Categories* const kEndReasons = CodesOfField("end_reason");
  static const Categories* const kNfas = CodesOfField("nfa");
  static const Categories* const kOutcomes = CodesOfField("outcome");
  static const auto* const kNone = new Categories();
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
  const Categories& known = FixedCategories(field);
  return text != kNotKnown && std::binary_search(known.begin(), known.end(), text, std::less<>());
}

bool Passes(const Journeys& journeys, v1::Cohort::Base base, const Member& member,
            const v1::FieldTest& test) {
  const Field field = *FieldNamed(test.field());
  absl::string_view text = journeys.Text(CodeOf(journeys, base, member, field));
  if (!IsListed(field, text)) text = "";
  return (test.any_of_size() == 0 || Holds(test.any_of(), text)) && !Holds(test.none_of(), text);
}

}  // namespace waymark::node
