// The tables of children and of what they are helped with: persons, episodes, contacts and referrals.
#include "node/ingest/ssd_outcome.h"
#include "node/ingest/ssd_table.h"

namespace waymark::node {

absl::Status ReadSsdPersons(SsdTable& t) {
  const Column person = t.reader.Required({"pers_person_id"});
  const Column birth = t.reader.Optional({"pers_dob"});
  const Column expected = t.reader.Optional({"pers_expected_dob"});
  const Column death = t.reader.Optional({"pers_death_date"});
  const Column sex = t.reader.Optional({"pers_sex"});
  const Column gender = t.reader.Optional({"pers_gender"});
  const Column ethnicity = t.reader.Optional({"pers_ethnicity"});
  return t.ForEach(person, [&](std::uint32_t number, const RowPlace& place) {
    PersonRow row{.birth = t.fields.Date(t.fields.Text(birth).empty() ? expected : birth),
                  .death = t.fields.Date(death),
                  .family = {},
                  .sex = t.fields.Coded(CodeField::kSex,
                                        t.fields.Text(sex).empty() && gender != kNoColumn ? gender : sex),
                  .ethnicity = t.fields.Coded(CodeField::kEthnicity, ethnicity)};
    t.builder.AddPerson(number, row, place);
    t.builder.ListPerson(number);
    t.links.listed.insert(number);
    ++t.fields.report().rows_used;
  });
}

absl::Status ReadSsdFamilies(SsdTable& t) {
  const Column person = t.reader.Required({"fami_person_id"});
  const Column family = t.reader.Required({"fami_family_id"});
  return t.ForEachRecord(person, [&](std::uint32_t number, const RowPlace& place) {
    if (t.fields.Text(family).empty()) return t.fields.LeaveOut("no id of a family");
    t.builder.AddPerson(number, {.family = t.fields.Text(family)}, place);
    ++t.fields.report().rows_used;
  });
}

// A child may have several rows, one a disability; NONE says that there is none.
absl::Status ReadSsdDisabilities(SsdTable& t) {
  const Column person = t.reader.Required({"disa_person_id"});
  const Column code = t.reader.Required({"disa_disability_code"});
  return t.ForEachRecord(person, [&](std::uint32_t number, const RowPlace& place) {
    const absl::string_view value = t.fields.Text(code);
    if (value.empty()) return t.fields.LeaveOut("no disability code");
    t.builder.AddPerson(number, {.disability = t.builder.Text(t.fields.values().Disability(value))}, place);
    ++t.fields.report().rows_used;
  });
}

absl::Status ReadSsdEarlyHelp(SsdTable& t) {
  const Column person = t.reader.Required({"earl_person_id"});
  const Column start = t.reader.Required({"earl_episode_start_date"});
  const Column end = t.reader.Required({"earl_episode_end_date"});
  const Column id = t.reader.Optional({"earl_episode_id"});
  const Column reason = t.reader.Optional({"earl_episode_reason"});
  const Column end_reason = t.reader.Optional({"earl_episode_end_reason"});
  const Column organisation = t.reader.Optional({"earl_episode_organisation"});
  const Column worker = t.reader.Optional({"earl_episode_worker_id", "earl_episode_worker"});
  return t.ForEachRecord(person, [&](std::uint32_t number, const RowPlace& place) {
    t.builder.AddEpisode({.person = number,
                          .level = Level::kEarlyHelp,
                          .end_reason = t.fields.EndReason(Level::kEarlyHelp, end_reason),
                          .need = t.fields.Coded(CodeField::kNeed, reason),
                          .service = t.fields.Named(NameField::kService, organisation),
                          .worker = t.fields.Named(NameField::kWorker, worker),
                          .id = t.fields.Id(id)},
                         t.fields.Date(start), t.fields.Date(end), place);
  });
}

absl::Status ReadSsdContacts(SsdTable& t) {
  const Column person = t.reader.Required({"cont_person_id"});
  const Column date = t.reader.Required({"cont_contact_date", "cont_contact_start"});
  const Column id = t.reader.Optional({"cont_contact_id"});
  const Column source = t.reader.Optional({"cont_contact_source_code", "cont_contact_source"});
  const Column outcome = t.reader.Optional({"cont_contact_outcome_json", "cont_contact_outcome"});
  return t.ForEachRecord(person, [&](std::uint32_t number, const RowPlace& place) {
    t.builder.AddContact(
        {.person = number,
         .source = t.fields.Coded(CodeField::kSource, source),
         .outcome = outcome == kNoColumn ? kNoCode : t.builder.Text(SsdContactOutcome(t.fields, outcome)),
         .id = t.fields.Id(id)},
        t.fields.Date(date), place);
  });
}

namespace {

// What a referral came to: RC8 tells, else what assessments and plans found; "" while neither does.
absl::string_view Result(const SsdLinks& links, absl::string_view referral, bool nfa,
                         bool closed_after_assessment) {
  if (nfa) return "nfa";
  if (closed_after_assessment) return "not_in_need";
  const auto found = links.in_need.find(referral);
  if (found == links.in_need.end()) return "";
  return found->second ? "in_need" : "not_in_need";
}

}  // namespace

// A row is a referral, and an episode that starts with it unless it ended in no further action or with RC8.
absl::Status ReadSsdReferrals(SsdTable& t) {
  const Column person = t.reader.Required({"cine_person_id"});
  const Column date = t.reader.Required({"cine_referral_date"});
  const Column closed = t.reader.Required({"cine_close_date"});
  const Column id = t.reader.Optional({"cine_referral_id"});
  const Column need = t.reader.Optional({"cine_cin_primary_need_code", "cine_cin_primary_need"});
  const Column source = t.reader.Optional({"cine_referral_source_code", "cine_referral_source"});
  const Column outcome = t.reader.Optional({"cine_referral_outcome_json", "cine_referral_outcome"});
  const Column nfa = t.reader.Optional({"cine_referral_nfa"});
  const Column reason = t.reader.Optional({"cine_close_reason"});
  const Column team = t.reader.Optional({"cine_referral_team", "cine_referral_team_name"});
  const Column worker = t.reader.Optional({"cine_referral_worker_id", "cine_referral_worker"});
  const bool tells_nfa = nfa != kNoColumn || outcome != kNoColumn;
  const bool tells_outcome = tells_nfa || reason != kNoColumn || !t.links.in_need.empty();
  return t.ForEachRecord(person, [&](std::uint32_t number, const RowPlace& place) {
    const bool ended_at_once = SsdNfa(t.fields, nfa, outcome) == "yes";
    const bool closed_after_assessment = ClosedAfterAssessment(t.fields.Text(reason));
    const Code source_code = t.fields.Coded(CodeField::kSource, source);
    const Code team_code = t.fields.Named(NameField::kTeam, team);
    const RecordId id_code = t.fields.Id(id);
    const DateReading day = t.fields.Date(date);
    const absl::string_view referral = t.fields.Text(id);
    if (!referral.empty() && day.day != kNoDay) t.links.referrals.try_emplace(referral, day.day);
    const absl::string_view result = Result(t.links, referral, ended_at_once, closed_after_assessment);
    const bool referred =
        t.builder.AddReferral({.person = number,
                               .source = source_code,
                               .nfa = tells_nfa ? t.builder.Text(ended_at_once ? "yes" : "no") : kNoCode,
                               .outcome = tells_outcome ? t.builder.Text(result) : kNoCode,
                               .team = team_code,
                               .id = id_code},
                              day, place);
    if (!referred || ended_at_once || closed_after_assessment) return;
    const auto holder = t.links.holders.find(referral);
    RowPlace same_row = place;
    same_row.counts = false;
    t.builder.AddEpisode(
        {.person = number,
         .level = Level::kCin,
         .source = source_code,
         .end_reason = t.fields.EndReason(Level::kCin, reason),
         .need = t.fields.Coded(CodeField::kNeed, need),
         .team = team_code,
         .worker = holder == t.links.holders.end() ? t.fields.Named(NameField::kWorker, worker)
                                                   : t.builder.Text(holder->second.worker),
         .id = id_code},
        day, t.fields.Date(closed), same_row);
  });
}

absl::Status ReadSsdLookedAfter(SsdTable& t) {
  const Column person = t.reader.Required({"clae_person_id"});
  const Column start = t.reader.Required({"clae_cla_episode_start_date", "clae_cla_episode_start"});
  const Column end = t.reader.Required({"clae_cla_episode_ceased_date", "clae_cla_episode_ceased"});
  const Column id = t.reader.Optional({"clae_cla_episode_id"});
  const Column reason =
      t.reader.Optional({"clae_cla_episode_ceased_reason", "clae_cla_episode_cease_reason"});
  const Column need = t.reader.Optional({"clae_cla_primary_need_code", "clae_cla_primary_need"});
  return t.ForEachRecord(person, [&](std::uint32_t number, const RowPlace& place) {
    t.builder.AddEpisode({.person = number,
                          .level = Level::kCla,
                          .end_reason = t.fields.EndReason(Level::kCla, reason),
                          .need = t.fields.Coded(CodeField::kNeed, need),
                          .id = t.fields.Id(id)},
                         t.fields.Date(start), t.fields.Date(end), place);
  });
}

}  // namespace waymark::node
