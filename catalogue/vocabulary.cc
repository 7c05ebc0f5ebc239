#include "catalogue/vocabulary.h"

#include <algorithm>
#include <functional>
#include <map>

namespace waymark::catalogue {

std::vector<absl::string_view> BreakdownsOf(v1::Cohort::Base base) {
  switch (base) {
    case v1::Cohort::BASE_EARLY_HELP_ENDED:
    case v1::Cohort::BASE_EARLY_HELP_STARTED:
      return {"area", "team",   "service", "age_band",           "sex", "ethnicity", "disability",
              "need", "source", "quarter", "earlier_social_care"};
    case v1::Cohort::BASE_SOCIAL_CARE_ENDED:
    case v1::Cohort::BASE_STARTED:
    case v1::Cohort::BASE_STEP_DOWNS:
      return {"area",      "team",       "service", "age_band", "sex",
              "ethnicity", "disability", "need",    "source",   "quarter"};
    case v1::Cohort::BASE_OPEN:  // of one day
      return {"area", "team", "service", "age_band", "sex", "ethnicity", "disability", "need", "source"};
    case v1::Cohort::BASE_REFERRALS:
      return {"area", "team", "age_band", "sex", "ethnicity", "disability", "source", "quarter"};
    case v1::Cohort::BASE_CONTACTS:
      return {"area", "age_band", "sex", "ethnicity", "disability", "source", "quarter"};
    case v1::Cohort::BASE_STEPS_STARTED:
    case v1::Cohort::BASE_STEPS_COMPLETED:
      return {"area", "team", "age_band", "sex", "ethnicity", "disability", "quarter"};
    case v1::Cohort::BASE_FAMILY_SPELLS_STARTED:
      return {"area", "team", "service", "need", "source", "quarter"};
    case v1::Cohort::BASE_PERSON_TIME:
      return {"age_band", "sex", "ethnicity", "disability"};
    case v1::Cohort::BASE_RECORDS:
      return {"field"};
    case v1::Cohort::BASE_SCORES:
      return {"tool", "service", "age_band", "sex", "ethnicity", "disability"};
    case v1::Cohort::BASE_NEEDS:
      return {"outcome", "service", "age_band", "sex", "ethnicity", "disability"};
    case v1::Cohort::BASE_NEEDS_ASSESSED:
      return {"service", "age_band", "sex", "ethnicity", "disability"};
    case v1::Cohort::BASE_VIEWS:
      return {"survey", "service"};
    case v1::Cohort::BASE_COUNCIL:
      return {"question", "service", "team"};
    default:
      return {};
  }
}

std::vector<absl::string_view> BreakdownsOf(v1::Ratio::Quantity quantity) {
  switch (quantity) {
    case v1::Ratio::QUANTITY_CASE_HOLDING_FTE:
      return {"team"};
    case v1::Ratio::QUANTITY_SERVICE_COST:
      return {"service"};
    default:
      return {"service", "team"};
  }
}

std::vector<absl::string_view> FieldsOf(v1::Cohort::Base base) {
  switch (base) {
    case v1::Cohort::BASE_EARLY_HELP_ENDED:
    case v1::Cohort::BASE_SOCIAL_CARE_ENDED:
    case v1::Cohort::BASE_EARLY_HELP_STARTED:
      return {"source", "end_reason", "need"};
    case v1::Cohort::BASE_STEP_DOWNS:
      return {"source", "end_reason", "need", "step_down"};
    case v1::Cohort::BASE_STARTED:
    case v1::Cohort::BASE_OPEN:
    case v1::Cohort::BASE_FAMILY_SPELLS_STARTED:
      return {"source", "need"};
    case v1::Cohort::BASE_REFERRALS:
      return {"source", "nfa", "outcome"};
    case v1::Cohort::BASE_STEPS_STARTED:
    case v1::Cohort::BASE_STEPS_COMPLETED:
      return {"outcome"};
    case v1::Cohort::BASE_CONTACTS:
      return {"source", "outcome"};
    case v1::Cohort::BASE_NEEDS:
      return {"met"};
    case v1::Cohort::BASE_NEEDS_ASSESSED: {
      std::vector<absl::string_view> ids;
      for (const SupportingFamiliesOutcome& outcome : SupportingFamiliesOutcomes()) ids.push_back(outcome.id);
      return ids;
    }
    case v1::Cohort::BASE_VIEWS:
      return {"answered", "response"};
    default:
      return {};
  }
}

namespace {

std::vector<absl::string_view> OutcomesOf(v1::Cohort::Base base) {
  switch (base) {
    case v1::Cohort::BASE_CONTACTS:
      return {"early_help", "social_care", "nfa", "other", ""};
    case v1::Cohort::BASE_REFERRALS:
      return {"nfa", "not_in_need", "in_need", ""};
    case v1::Cohort::BASE_STEPS_STARTED:
    case v1::Cohort::BASE_STEPS_COMPLETED:
      return {"in_need", "not_in_need", "plan", "no_plan", "not_required", "first", "repeat", ""};
    default:
      return {"early_help", "social_care", "nfa",          "other", "not_in_need", "in_need",
              "plan",       "no_plan",     "not_required", "first", "repeat",      ""};
  }
}

}  // namespace

std::vector<absl::string_view> CodesOf(absl::string_view field, v1::Cohort::Base base) {
  if (field == "source") {
    return {"1A", "1B", "1C", "1D", "2A", "2B", "3A", "3B", "3C", "3D", "3E", "3F",
            "4",  "5A", "5B", "5C", "5D", "6",  "7",  "8",  "9",  "10", ""};
  }
  if (field == "end_reason") {
    return {"outcomes_met", "step_up", "declined", "disengaged", "nfa", "moved",
            "aged_out",     "died",    "other",    "unknown",    ""};
  }
  if (field == "need") return {"N0", "N1", "N2", "N3", "N4", "N5", "N6", "N7", "N8", "N9", ""};
  if (field == "nfa") return {"yes", "no", ""};
  if (field == "outcome") return OutcomesOf(base);
  if (field == "step_down") {
    return {"social_care_early_help", "social_care_none", "cla_cp", "cp_cin", "cla_cin"};
  }
  if (field == "met") return {"yes", "no", ""};
  if (field == "answered") return {"yes", "no"};
  if (field == "response") return {"positive", "neutral", "negative", ""};
  for (const SupportingFamiliesOutcome& outcome : SupportingFamiliesOutcomes()) {
    if (field == outcome.id) return {"present", "absent", ""};
  }
  return {};
}

const std::vector<std::string>& CategoriesOf(absl::string_view field) {
  using Categories = std::map<std::string, std::vector<std::string>, std::less<>>;
  static const auto* const kCategories = [] {
    auto* categories =
        new Categories{{"age_band", {"0-4", "10-15", "16-17", "18+", "5-9", "not known", "unborn"}},
                       {"sex", {"female", "male", "not known", "other"}},
                       {"ethnicity", {"asian", "black", "mixed", "not known", "other", "white"}},
                       {"disability", {"no", "not known", "yes"}},
                       {"earlier_social_care", {"no", "not known", "yes"}}};
    for (const absl::string_view coded : {"need", "source", "end_reason", "nfa", "outcome", "step_down"}) {
      std::vector<std::string>& codes = (*categories)[std::string(coded)];
      for (const absl::string_view code : CodesOf(coded)) codes.emplace_back(code.empty() ? kNotKnown : code);
      std::sort(codes.begin(), codes.end());
    }
    return categories;
  }();
  static const auto* const kNone = new std::vector<std::string>();
  const auto found = kCategories->find(field);
  return found == kCategories->end() ? *kNone : found->second;
}

std::vector<absl::string_view> NeededFields() {
  return {"early_help",
          "early_help.source",
          "early_help.end_reason",
          "early_help.need",
          "social_care",
          "social_care.source",
          "social_care.end_reason",
          "social_care.need",
          "referral",
          "referral.source",
          "referral.nfa",
          "referral.outcome",
          "contact",
          "contact.source",
          "contact.outcome",
          "early_help_assessment",
          "assessment",
          "assessment.referral",
          "enquiry",
          "plan",
          "plan.outcome",
          "family",
          "scores",
          "needs",
          "views",
          "staffing",
          "costs"};
}

// Titles as in chapter 3 of the Supporting Families programme guidance 2022 to 2025.
absl::Span<const SupportingFamiliesOutcome> SupportingFamiliesOutcomes() {
  static constexpr SupportingFamiliesOutcome kOutcomes[] = {
      {"education", "Getting a good education"},
      {"early_years", "Good early years development"},
      {"health", "Improved mental and physical health"},
      {"substance_use", "Promoting recovery and reducing harm from substance use"},
      {"family_relationships", "Improved family relationships"},
      {"abuse_and_exploitation", "Children safe from abuse and exploitation"},
      {"crime", "Crime prevention and tackling crime"},
      {"domestic_abuse", "Safe from domestic abuse"},
      {"housing", "Secure housing"},
      {"finances", "Financial stability"},
  };
  return kOutcomes;
}

std::vector<absl::string_view> QuestionNames() {
  return {"target", "family", "value", "difference", "services"};
}

absl::string_view QuestionText(absl::string_view name) {
  if (name == "target") return "Whom should we target?";
  if (name == "family") return "What is the whole family picture?";
  if (name == "value") return "What interventions are best value for money?";
  if (name == "difference") return "Have we made a real difference?";
  if (name == "services") return "How are we delivering services?";
  return "";
}

}  // namespace waymark::catalogue
