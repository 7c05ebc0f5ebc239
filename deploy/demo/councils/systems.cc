// How the twelve councils' systems write. Data only.
#include "deploy/demo/councils/extract.h"

namespace waymark::demo {
namespace {

using Columns = std::vector<std::pair<std::string, std::string>>;
using enum RecordKind;

// The Standard Safeguarding Dataset as CSV; `early_help` false where another system holds that.
System Ssd(bool early_help) {
  System system{.format = "ssd", .folder = "ssd"};
  system.files = {
      {"ssd_person.csv",
       {},
       {{"person", "pers_person_id"},
        {"sex", "pers_sex"},
        {"ethnicity", "pers_ethnicity"},
        {"birth", "pers_dob"}}},
      {"ssd_family.csv", {}, {{"family", "fami_family_id"}, {"person", "fami_person_id"}}},
      {"ssd_contacts.csv",
       {kContact},
       {{"id", "cont_contact_id"},
        {"person", "cont_person_id"},
        {"date", "cont_contact_date"},
        {"source", "cont_contact_source_code"},
        {"outcome", "cont_contact_outcome"}}},
      {"ssd_cin_episodes.csv",
       {kReferral},
       {{"id", "cine_referral_id"},
        {"person", "cine_person_id"},
        {"start", "cine_referral_date"},
        {"need", "cine_cin_primary_need_code"},
        {"source", "cine_referral_source_code"},
        {"nfa", "cine_referral_nfa"},
        {"end_reason", "cine_close_reason"},
        {"end", "cine_close_date"},
        {"team", "cine_referral_team"}}},
      {"ssd_cp_plans.csv",
       {kCp},
       {{"id", "cppl_cp_plan_id"},
        {"person", "cppl_person_id"},
        {"start", "cppl_cp_plan_start_date"},
        {"end", "cppl_cp_plan_end_date"}}},
      {"ssd_cla_episodes.csv",
       {kCla},
       {{"id", "clae_cla_episode_id"},
        {"person", "clae_person_id"},
        {"start", "clae_cla_episode_start_date"},
        {"end", "clae_cla_episode_ceased"},
        {"end_reason", "clae_cla_episode_ceased_reason"}}},
  };
  if (early_help) {
    system.files.push_back({"ssd_early_help_episodes.csv",
                            {kEarlyHelp},
                            {{"id", "earl_episode_id"},
                             {"person", "earl_person_id"},
                             {"start", "earl_episode_start_date"},
                             {"end", "earl_episode_end_date"},
                             {"need", "earl_episode_reason"},
                             {"end_reason", "earl_episode_end_reason"},
                             {"team", "earl_episode_organisation"}}});
  }
  return system;
}

// One file of everything, a row an episode, referral or contact.
System OneFile(const std::string& name, const Columns& columns) {
  System system{.format = "event-log", .folder = "extract"};
  system.files = {{.name = name,
                   .kinds = {kContact, kReferral, kEarlyHelp, kCin, kCp, kCla},
                   .columns = columns,
                   .carries = R"(["early_help", "social_care", "contacts"])"}};
  return system;
}

// A file for each kind. `person` holds the columns that all have.
System FourFiles(const Columns& person, const Columns& spell, const Columns& moment) {
  System system{.format = "event-log", .folder = "extract"};
  const auto join = [&person](Columns rest, const Columns& more) {
    rest.insert(rest.begin(), person.begin(), person.end());
    rest.insert(rest.end(), more.begin(), more.end());
    return rest;
  };
  system.files = {{.name = "early help.csv",
                   .kinds = {kEarlyHelp},
                   .columns = join(spell, {}),
                   .constants = {{"kind", "episode"}, {"level", "early_help"}},
                   .carries = R"(["early_help"])"},
                  {.name = "social care.csv",
                   .kinds = {kCin, kCp, kCla},
                   .columns = join(spell, {{"level", "Stage"}}),
                   .constants = {{"kind", "episode"}},
                   .carries = R"(["social_care"])"},
                  {.name = "referrals.csv",
                   .kinds = {kReferral},
                   .columns = join(moment, {{"nfa", "NFA?"}}),
                   .constants = {{"kind", "referral"}},
                   .carries = R"(["social_care"])"},
                  {.name = "contacts.csv",
                   .kinds = {kContact},
                   .columns = join(moment, {{"outcome", "Led to"}}),
                   .constants = {{"kind", "contact"}},
                   .carries = R"(["contacts"])"}};
  return system;
}

const Columns kPlainColumns = {{"kind", "record_type"},    {"level", "stage"},
                               {"id", "record_id"},        {"person", "child_id"},
                               {"family", "household"},    {"birth", "dob"},
                               {"sex", "gender"},          {"ethnicity", "ethnic_group"},
                               {"disability", "disabled"}, {"start", "opened"},
                               {"end", "closed"},          {"source", "referred_by"},
                               {"need", "primary_need"},   {"end_reason", "outcome_code"},
                               {"nfa", "nfa_flag"},        {"outcome", "contact_result"},
                               {"area", "locality"},       {"team", "team"}};

const Columns kShoutedColumns = {
    {"kind", "RECTYPE"}, {"level", "TIER"},     {"id", "RECNO"},  {"person", "PID"},
    {"family", "FID"},   {"birth", "DOB"},      {"sex", "SEX"},   {"start", "FROM_DT"},
    {"end", "TO_DT"},    {"source", "SRC"},     {"need", "NEED"}, {"end_reason", "CLOSE_RSN"},
    {"nfa", "NFA"},      {"outcome", "RESULT"}, {"area", "WARD"}, {"team", "TEAM"}};

const Columns kOddPerson = {{"person", "Child\xE2\x80\x99s ref"},
                            {"family", "Household ref"},
                            {"birth", "Born"},
                            {"sex", "Gender"},
                            {"ethnicity", "Ethnic origin"},
                            {"area", "Patch"}};
const Columns kOddSpell = {{"id", "Ref"},           {"start", "Date opened"}, {"end", "Date closed"},
                           {"source", "Came from"}, {"need", "Main issue"},   {"end_reason", "Why closed"},
                           {"team", "Held by"}};
const Columns kOddMoment = {{"id", "Ref"}, {"date", "Received on"}, {"source", "Came from"}};

const Words kOwnWords = {{"end_reason",
                          {{"outcomes_met", "Goals achieved \xE2\x80\x93 closed"},
                           {"step_up", "To statutory"},
                           {"declined", "Said no"},
                           {"disengaged", "Lost contact"},
                           {"nfa", "No role for us"},
                           {"moved", "Left area"},
                           {"aged_out", "Now adult"}}},
                         {"source",
                          {{"2A", "SCH"},
                           {"6", "POL"},
                           {"3B", "HV"},
                           {"3A", "DOC"},
                           {"1A", "FAM"},
                           {"1C", "SELF"},
                           {"4", "HOUS"},
                           {"5D", "EHM"},
                           {"3E", "HOSP"},
                           {"8", "VOL"}}},
                         {"outcome",
                          {{"early_help", "-> EH hub"},
                           {"social_care", "-> MASH"},
                           {"nfa", "closed at front door"},
                           {"other", "advice given"}}},
                         {"level", {{"cin", "Tier 4"}, {"cp", "Tier 4 CP"}, {"cla", "Tier 4 LAC"}}}};

const Words kLetteredWords = {{"end_reason",
                               {{"outcomes_met", "A1"},
                                {"step_up", "A2"},
                                {"declined", "B1"},
                                {"disengaged", "B2"},
                                {"nfa", "C1"},
                                {"moved", "D1"},
                                {"aged_out", "D2"},
                                {"unknown", "Z9"}}},
                              {"kind", {{"episode", "E"}, {"referral", "R"}, {"contact", "C"}}},
                              {"level", {{"early_help", "T2"}, {"cin", "T3"}, {"cp", "T4P"}, {"cla", "T4L"}}},
                              {"nfa", {{"yes", "N"}, {"no", "P"}}}};

System Changed(System system, void (*change)(System&)) {
  change(system);
  return system;
}

}  // namespace

std::vector<System> SystemsOf(int number) {
  switch (number) {
    case 0:
      return {Ssd(true)};
    case 1:
      return {Changed(FourFiles(kOddPerson, kOddSpell, kOddMoment), [](System& s) {
        s.delimiter = ";";
        s.date_format = "%d/%m/%Y";
        s.windows_1252 = true;
        s.crlf = true;
        s.words = kOwnWords;
      })};
    case 2:
      return {OneFile("cases.csv", kPlainColumns)};
    case 3:
      return {Changed(Ssd(true), [](System& s) {
        s.crlf = true;
        s.byte_order_mark = true;
        s.date_format = "%Y-%m-%d %H:%M:%S";
      })};
    case 4:
      return {Changed(OneFile("EXPORT.TXT", kShoutedColumns), [](System& s) {
        s.delimiter = "|";
        s.date_format = "%Y%m%d";
        s.words = kLetteredWords;
      })};
    case 5:
      return {Changed(Ssd(true), [](System& s) {
        s.delimiter = ";";
        s.date_format = "%d/%m/%Y";
        s.windows_1252 = true;
      })};
    case 6: {
      System plans{.format = "event-log", .folder = "plans"};
      plans.files = {{.name = "events.csv",
                      .kinds = {kEarlyHelp},
                      .columns = {{"person", "case_child"},
                                  {"activity", "what"},
                                  {"timestamp", "when"},
                                  {"source", "from_whom"},
                                  {"need", "need"},
                                  {"end_reason", "result"},
                                  {"team", "team"}},
                      .carries = R"(["early_help"])",
                      .events = true}};
      System rest = Ssd(false);
      rest.files[0].carries = R"(["social_care", "contacts"])";
      return {plans, rest};
    }
    case 7:
      return {Changed(OneFile("tracker.tsv", kPlainColumns), [](System& s) {
        s.delimiter = "tab";
        s.date_format = "%d-%b-%Y";
        s.byte_order_mark = true;
      })};
    case 8:
      return {Changed(Ssd(true), [](System& s) { s.delimiter = "|"; })};
    case 9:
      return {Changed(FourFiles(kOddPerson, kOddSpell, kOddMoment), [](System& s) {
        s.date_format = "%d.%m.%Y";
        s.words["end_reason"] = {{"outcomes_met", "Distance travelled, closed"},
                                 {"step_up", "Escalated (L4)"}};
      })};
    case 10:  // early help from its own system, social care from the statutory returns
      return {Changed(OneFile("export.csv", kShoutedColumns),
                      [](System& s) {
                        s.files[0].kinds = {kContact, kEarlyHelp};
                        s.files[0].carries = R"(["early_help", "contacts"])";
                        s.date_format = "%Y-%m-%dT%H:%M:%S";
                        s.crlf = true;
                      }),
              {.format = "cin-census", .folder = "census"},
              {.format = "ssda903", .folder = "looked-after"}};
    default:
      return {Changed(Ssd(true), [](System& s) { s.date_format = "%Y/%m/%d"; })};
  }
}

}  // namespace waymark::demo
