#include "node/measure/template_members.h"

#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "catalogue/vocabulary.h"
#include "node/measure/categories.h"
#include "node/measure/fields.h"
#include "node/measure/home_table.h"

namespace waymark::node {
namespace {

std::string OutcomeId(int outcome) {
  return std::string(catalogue::SupportingFamiliesOutcomes()[static_cast<std::size_t>(outcome - 1)].id);
}

class Members {
 public:
  explicit Members(const Journeys& journeys) : journeys_(journeys) {}

  std::vector<TemplateMember> Take() { return std::move(members_); }

  TemplateMember& Add(const std::string& person, const std::string& family, const std::string& service,
                      Day day) {
    TemplateMember& member = members_.emplace_back();
    const std::optional<PersonIndex> known = Find(person);
    // Ids that cannot meet: a known child's, a stranger's, and that of a row which names nobody.
    member.child = person.empty() ? absl::StrCat("?", members_.size()) : absl::StrCat("=", person);
    member.family = !family.empty() ? absl::StrCat("f", family) : known ? FamilyOf(*known) : member.child;
    member.fields["service"] = LocalCategory(service);
    static const Person* const kNobody = new Person();
    AddPerson(known ? journeys_.person(*known) : *kNobody, day, member);
    return member;
  }

 private:
  // A child in no family is one alone, and is not of a family whose id is the child's.
  std::string FamilyOf(PersonIndex person) const {
    return journeys_.person(person).family == kNoFamily ? absl::StrCat("=", journeys_.person_id(person))
                                                        : absl::StrCat("f", journeys_.family_id(person));
  }

  // Persons stand in no order of their ids.
  std::optional<PersonIndex> Find(const std::string& id) {
    if (known_.empty()) {
      for (PersonIndex person = 0; person < journeys_.persons(); ++person) {
        known_.emplace(journeys_.person_id(person), person);
      }
    }
    const auto found = known_.find(id);
    return found == known_.end() ? std::nullopt : std::optional<PersonIndex>(found->second);
  }

  void AddPerson(const Person& person, Day day, TemplateMember& member) const {
    const auto coded = [&](const char* name, Field field, Code code) {
      const std::string& text = journeys_.Text(code);
      member.fields[name] = IsListed(field, text) ? text : std::string(kNotKnown);
    };
    coded("sex", Field::kSex, person.sex);
    coded("ethnicity", Field::kEthnicity, person.ethnicity);
    coded("disability", Field::kDisability, person.disability);
    member.fields["age_band"] = FixedCategories(Field::kAgeBand)[AgeBands(person.birth).On(day)];
  }

  const Journeys& journeys_;
  absl::flat_hash_map<absl::string_view, PersonIndex> known_;
  std::vector<TemplateMember> members_;
};

void AddScores(const std::vector<Score>& rows, const Period& period, Members& members) {
  for (const Score& score : rows) {
    if (score.end == kNoDay || !period.Contains(score.end)) continue;
    TemplateMember& member = members.Add(score.person, "", score.service, score.end);
    member.fields["tool"] = LocalCategory(score.tool);
    const std::int64_t rise = score.end_thousandths - score.start_thousandths;
    member.change_thousandths = score.high_is_better ? rise : -rise;
  }
}

void AddNeeds(const std::vector<Need>& rows, const Period& period, Members& members) {
  for (const Need& need : rows) {
    if (!need.present || need.end == kNoDay || !period.Contains(need.end)) continue;
    TemplateMember& member = members.Add(need.person, "", need.service, need.end);
    member.fields["outcome"] = OutcomeId(need.outcome);
    member.fields["met"] = !need.met.has_value() ? "" : *need.met ? "yes" : "no";
  }
}

void AddAssessedNeeds(const std::vector<Need>& rows, const Period& period, Members& members) {
  std::map<std::pair<std::string, Day>, std::vector<const Need*>> assessments;
  for (const Need& need : rows) {
    if (period.Contains(need.start)) assessments[{need.person, need.start}].push_back(&need);
  }
  for (const auto& [whom, needs] : assessments) {
    std::string service;  // the first in the alphabet that is filled in
    for (const Need* need : needs) {
      if (!need->service.empty() && (service.empty() || need->service < service)) service = need->service;
    }
    TemplateMember& member = members.Add(whom.first, "", service, whom.second);
    for (const Need* need : needs) {
      std::string& code = member.fields[OutcomeId(need->outcome)];
      if (code != "present") code = need->present ? "present" : "absent";
    }
  }
}

void AddViews(const std::vector<View>& rows, const Period& period, Members& members) {
  constexpr const char* kResponses[] = {"", "positive", "neutral", "negative"};
  for (const View& view : rows) {
    if (!view.asked || !period.Contains(view.day)) continue;
    TemplateMember& member = members.Add(view.person, view.family, view.service, view.day);
    member.fields["survey"] = LocalCategory(view.survey);
    member.fields["answered"] = view.answered ? "yes" : "no";
    member.fields["response"] = kResponses[static_cast<std::size_t>(view.response)];
  }
}

}  // namespace

std::vector<TemplateMember> TemplateMembersOf(const Journeys& journeys, const v1::Metric& metric,
                                              const Period& period) {
  const Templates& templates = journeys.records().templates;
  Members members(journeys);
  switch (metric.cohort().base()) {
    case v1::Cohort::BASE_SCORES:
      AddScores(templates.scores.rows, period, members);
      break;
    case v1::Cohort::BASE_NEEDS:
      AddNeeds(templates.needs.rows, period, members);
      break;
    case v1::Cohort::BASE_NEEDS_ASSESSED:
      AddAssessedNeeds(templates.needs.rows, period, members);
      break;
    default:
      AddViews(templates.views.rows, period, members);
      break;
  }
  return members.Take();
}

Availability TemplateReach(const Journeys& journeys, const v1::Metric& metric, const Period& period) {
  const Templates& templates = journeys.records().templates;
  const auto reach = [&period](const std::string& file, const auto& rows) {
    return Reach(file, rows.covered_from, rows.extract, period.first, period.last);
  };
  switch (metric.cohort().base()) {
    case v1::Cohort::BASE_SCORES:
      return reach("scores.csv", templates.scores);
    case v1::Cohort::BASE_VIEWS:
      return reach("views.csv", templates.views);
    default:
      return reach("needs.csv", templates.needs);
  }
}

std::vector<std::string> TemplateCategories(const std::string& dimension) {
  std::vector<std::string> categories;
  if (dimension == "outcome") {
    for (const auto& outcome : catalogue::SupportingFamiliesOutcomes()) categories.emplace_back(outcome.id);
  } else if (const std::optional<Field> field = FieldNamed(dimension); field.has_value()) {
    categories = FixedCategories(*field);
  }
  return categories;
}

}  // namespace waymark::node
