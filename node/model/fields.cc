#include "node/model/fields.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "node/ingest/codes.h"

namespace waymark::node {
namespace {

std::vector<ModelRecord> MadeRecords() {
  constexpr absl::string_view kLocal = "the council's own word; renamed by its mapping where that says so";
  return {
      {"person",
       "A child known to the council. Children of several sources are joined by their id.",
       {{"id", "id", true, "the council's own id of the child", "Child Unique ID", "*_person_id", "LAchildID",
         "CHILD"},
        {"birth", "date", false, "date of birth; of an unborn child the expected one", "Date of Birth",
         "pers_dob, pers_expected_dob", "PersonBirthDate", "DOB"},
        {"death", "date", false, "date of death", "", "pers_death_date", "PersonDeathDate", ""},
        {"sex", "code", false, "", "Gender", "pers_sex, pers_gender", "GenderCurrent", "SEX"},
        {"ethnicity", "code", false, "in five groups", "Ethnicity", "pers_ethnicity", "Ethnicity", "ETHNIC"},
        {"disability", "code", false, "", "Does the Child have a Disability", "ssd_disability",
         "Disabilities/Disability", ""},
        {"family", "id", false,
         "the family that the child belongs to; the smallest id where it is in two; a child in none is a "
         "family alone",
         "", "fami_family_id", "", ""}}},
      {"episode",
       "A spell of help at one level. Pieces of one child and level that touch, overlap or lie a day apart "
       "are one.",
       {{"person", "id", true, "the child", "Child Unique ID", "earl_person_id, cine_person_id, …",
         "LAchildID", "CHILD"},
        {"level", "code", true, "early help, child in need, child protection, looked after",
         "lists 2, 6, 7, 8", "the table", "CINdetails, ChildProtectionPlans", "looked after"},
        {"start", "date", true, "first day; of a child in need that of the referral",
         "Assessment start date (a proxy), CIN Start Date, …",
         "earl_episode_start_date, cine_referral_date, …", "CINreferralDate, CPPstartDate", "DECOM"},
        {"end", "date", false, "the day on which it closed; blank: open",
         "Assessment completion date (a proxy), CIN Closure Date, …",
         "earl_episode_end_date, cine_close_date, …", "CINclosureDate, CPPendDate", "DEC"},
        {"source", "code", false, "who referred the child", "Referral Source", "cine_referral_source_code",
         "ReferralSource", ""},
        {"end_reason", "code", false, "why it closed", "Reason for Closure (not of early help)",
         "earl_episode_end_reason, cine_close_reason", "ReasonForClosure", "REC"},
        {"need", "code", false, "primary need", "Primary Need Code",
         "earl_episode_reason, cine_cin_primary_need_code", "PrimaryNeedCode", "CIN"},
        {"area", "text", false, kLocal, "", "", "", ""},
        {"team", "text", false, kLocal, "Allocated Team", "cine_referral_team", "", ""},
        {"service", "text", false, kLocal, "Organisation completing assessment", "earl_episode_organisation",
         "", ""},
        {"worker", "id", false, "who holds the case; it never leaves the council, not even as a breakdown",
         "Allocated Worker", "earl_episode_worker_id, cine_referral_worker_id", "", ""},
        {"id", "id", false, "the source's own id, by which successive extracts know it again", "",
         "earl_episode_id, cine_referral_id", "", ""}}},
      {"referral",
       "A referral to social care, whatever came of it.",
       {{"person", "id", true, "the child", "Child Unique ID", "cine_person_id", "LAchildID", ""},
        {"day", "date", true, "the day of the referral", "Date of referral", "cine_referral_date",
         "CINreferralDate", ""},
        {"source", "code", false, "who referred the child", "Referral Source", "cine_referral_source_code",
         "ReferralSource", ""},
        {"nfa", "code", false, "whether it ended in no further action", "Referral NFA?", "cine_referral_nfa",
         "ReferralNFA", ""},
        {"outcome", "code", false, "what came of it", "", "cine_referral_outcome_json", "", ""},
        {"area", "text", false, kLocal, "", "", "", ""},
        {"team", "text", false, kLocal, "Allocated Team", "cine_referral_team", "", ""},
        {"id", "id", false, "the source's own id", "", "cine_referral_id", "", ""}}},
      {"contact",
       "A contact with the front door.",
       {{"person", "id", true, "the child", "Child Unique ID", "cont_person_id", "", ""},
        {"day", "date", true, "the day of the contact", "Date of Contact", "cont_contact_date", "", ""},
        {"source", "code", false, "who made it", "Contact Source", "cont_contact_source_code", "", ""},
        {"outcome", "code", false, "what came of it", "", "outcome", "", ""},
        {"area", "text", false, kLocal, "", "", "", ""},
        {"id", "id", false, "the source's own id", "", "cont_contact_id", "", ""}}},
      {"step",
       "A step of the work with a child that starts on one day and is done on another: an early-help "
       "assessment, a "
       "social-care assessment, a section 47 enquiry up to its initial conference, a child protection plan.",
       {{"person", "id", true, "the child", "Child Unique ID", "*_person_id", "LAchildID", ""},
        {"kind", "code", true, "which of the four", "lists 2, 4, 5, 7", "the table",
         "Assessments, Section47, ChildProtectionPlans", ""},
        {"start", "date", true, "first day",
         "Continuous Assessment Start Date, Strategy discussion initiating Section 47 Enquiry Start Date, …",
         "ssd_cin_assessments, ssd_s47_enquiry, ssd_cp_plans",
         "AssessmentActualStartDate, S47ActualStartDate, CPPstartDate", ""},
        {"end", "date", false,
         "the day on which it was done: completion, authorisation, conference, end of the plan",
         "Continuous Assessment Date of Authorisation, Date of Initial Child Protection Conference, …",
         "ssd_cin_assessments, ssd_initial_cp_conference, ssd_cp_plans",
         "AssessmentAuthorisationDate, DateOfInitialCPC, CPPendDate", ""},
        {"referral", "date", false, "the day of the referral that it belongs to", "",
         "through the referral's id", "CINreferralDate", ""},
        {"outcome", "code", false, "what came of it, by its kind",
         "Was the child assessed as requiring LA children's social care support?, Did the Initial Child "
         "Protection Conference Result in a Child Protection Plan, Number of Previous Child Protection Plans",
         "ssd_cin_assessments, ssd_initial_cp_conference (not of a plan)",
         "ICPCnotRequired, NumberOfPreviousCPP", ""},
        {"area", "text", false, kLocal, "", "", "", ""},
        {"team", "text", false, kLocal, "Allocated Team", "", "", ""},
        {"id", "id", false, "the source's own id", "", "of the table", "", ""}}},
  };
}

std::vector<std::string> Canonical(CodeField field) {
  return CanonicalCodes(field);
}

}  // namespace

const std::vector<ModelRecord>& ModelRecords() {
  static const auto* const records = new std::vector<ModelRecord>(MadeRecords());
  return *records;
}

std::vector<std::string> CodesOfField(absl::string_view record, absl::string_view field) {
  if (field == "level") return Canonical(CodeField::kLevel);
  if (field == "sex") return Canonical(CodeField::kSex);
  if (field == "ethnicity") return Canonical(CodeField::kEthnicity);
  if (field == "disability") return Canonical(CodeField::kDisability);
  if (field == "source") return Canonical(CodeField::kSource);
  if (field == "need") return Canonical(CodeField::kNeed);
  if (field == "end_reason") return Canonical(CodeField::kEndReason);
  if (field == "nfa") return Canonical(CodeField::kNfa);
  if (field == "kind") return {"early_help_assessment", "assessment", "section_47", "plan"};
  if (field != "outcome") return {};
  if (record == "contact") return Canonical(CodeField::kOutcome);
  if (record == "referral") return Canonical(CodeField::kReferralOutcome);
  const auto of_kind = [](CodeField codes, absl::string_view kind) {
    return absl::StrCat(absl::StrJoin(Canonical(codes), ", "), " (", kind, ")");
  };
  return {of_kind(CodeField::kAssessmentOutcome, "assessment"),
          of_kind(CodeField::kSection47Outcome, "section_47"), of_kind(CodeField::kPlanOutcome, "plan")};
}

}  // namespace waymark::node
