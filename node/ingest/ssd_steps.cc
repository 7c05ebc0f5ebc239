// The tables of the work with a child: assessments, enquiries, conferences, plans, and who does it.
#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "node/ingest/ssd_outcome.h"
#include "node/ingest/ssd_table.h"

namespace waymark::node {

absl::Status ReadSsdInvolvements(SsdTable& t) {
  const Column person = t.reader.Required({"invo_person_id"});
  const Column worker = t.reader.Required({"invo_professional_id"});
  const Column referral = t.reader.Required({"invo_referral_id"});
  const Column role = t.reader.Optional({"invo_professional_role_id", "invo_professional_role"});
  const Column start = t.reader.Optional({"invo_involvement_start_date", "invo_involvement_start"});
  const Column end = t.reader.Optional({"invo_involvement_end_date", "invo_involvement_end"});
  return t.ForEachRecord(person, [&](std::uint32_t, const RowPlace&) {
    if (t.fields.Text(worker).empty()) return t.fields.LeaveOut("no id of a worker");
    if (t.fields.Text(referral).empty()) return t.fields.LeaveOut("no id of a referral");
    const DateReading since = t.fields.Date(start);
    SsdLinks::Holder holder{
        .allocated = absl::StrContains(absl::AsciiStrToLower(t.fields.Text(role)), "allocated"),
        .open = t.fields.Text(end).empty(),
        .since = since.day == kNoDay ? 0 : since.day,
        .worker = std::string(t.fields.Text(worker))};
    SsdLinks::Holder& held = t.links.holders[t.fields.Text(referral)];
    if (held < holder) held = std::move(holder);
    ++t.fields.report().rows_used;
  });
}

absl::Status ReadSsdAssessments(SsdTable& t) {
  const Column person = t.reader.Required({"cina_person_id"});
  const Column start = t.reader.Required({"cina_assessment_start_date", "cina_assessment_start"});
  const Column end = t.reader.Required({"cina_assessment_auth_date", "cina_assessment_authorised_date"});
  const Column id = t.reader.Optional({"cina_assessment_id"});
  const Column referral = t.reader.Optional({"cina_referral_id"});
  const Column nfa = t.reader.Optional({"cina_assessment_outcome_nfa"});
  const Column outcome = t.reader.Optional({"cina_assessment_outcome_json", "cina_assessment_outcome"});
  const Column team = t.reader.Optional({"cina_assessment_team", "cina_assessment_team_name"});
  return t.ForEachRecord(person, [&](std::uint32_t number, const RowPlace& place) {
    const DateReading authorised = t.fields.Date(end);
    const absl::string_view said = authorised.day == kNoDay ? "" : SsdNfa(t.fields, nfa, outcome);
    if (!said.empty()) t.links.Found(t.fields.Text(referral), said == "no");
    const absl::string_view found = said.empty() ? "" : said == "no" ? "in_need" : "not_in_need";
    const bool carried = nfa != kNoColumn || outcome != kNoColumn;
    t.links.steps.push_back({.step = {.person = number,
                                      .kind = StepKind::kAssessment,
                                      .outcome = carried ? t.builder.Text(found) : kNoCode,
                                      .team = t.fields.Named(NameField::kTeam, team),
                                      .id = t.fields.Id(id)},
                             .start = t.fields.Date(start),
                             .end = authorised,
                             .place = place,
                             .referral = std::string(t.fields.Text(referral))});
  });
}

absl::Status ReadSsdConferences(SsdTable& t) {
  const Column person = t.reader.Required({"icpc_person_id"});
  const Column enquiry = t.reader.Required({"icpc_s47_enquiry_id"});
  const Column date = t.reader.Required({"icpc_icpc_date"});
  const Column planned = t.reader.Optional({"icpc_icpc_outcome_cp_flag"});
  return t.ForEachRecord(person, [&](std::uint32_t, const RowPlace&) {
    const absl::string_view id = t.fields.Text(enquiry);
    if (id.empty()) return t.fields.LeaveOut("a conference that names no section 47 enquiry");
    const DateReading day = t.fields.Date(date);
    if (day.impossible) return t.fields.LeaveOut("date impossible or in another format");
    if (day.day == kNoDay) return t.fields.LeaveOut("no date");
    const absl::string_view flag = t.fields.CodeText(CodeField::kNfa, t.fields.Text(planned));
    const absl::string_view outcome = flag.empty() ? "" : flag == "yes" ? "plan" : "no_plan";
    const auto [held, fresh] = t.links.conferences.try_emplace(id, SsdLinks::Conference{day, outcome});
    // The first of several is the initial one.
    if (!fresh && std::tie(day.day, outcome) < std::tie(held->second.day.day, held->second.outcome))
      held->second = {day, outcome};
    ++t.fields.report().rows_used;
  });
}

absl::Status ReadSsdEnquiries(SsdTable& t) {
  const Column person = t.reader.Required({"s47e_person_id"});
  const Column start = t.reader.Required({"s47e_s47_start_date", "s47e_s47_start"});
  const Column id = t.reader.Required({"s47e_s47_enquiry_id"});
  const Column referral = t.reader.Optional({"s47e_referral_id"});
  const Column nfa = t.reader.Optional({"s47e_s47_nfa"});
  const Column outcome = t.reader.Optional({"s47e_s47_outcome_json", "s47e_s47_outcome"});
  const Column team = t.reader.Optional({"s47e_s47_completed_by_team"});
  return t.ForEachRecord(person, [&](std::uint32_t number, const RowPlace& place) {
    SsdLinks::Conference conference;
    if (const auto held = t.links.conferences.find(t.fields.Text(id)); held != t.links.conferences.end()) {
      conference = held->second;
    } else if (SsdNfa(t.fields, nfa, outcome) == "yes" ||
               JsonFlag(t.fields.Text(outcome), "CP_CONFERENCE_FLAG") == false) {
      conference.outcome = "not_required";
    }
    t.links.steps.push_back({.step = {.person = number,
                                      .kind = StepKind::kEnquiry,
                                      .outcome = t.builder.Text(conference.outcome),
                                      .team = t.fields.Named(NameField::kTeam, team),
                                      .id = t.fields.Id(id)},
                             .start = t.fields.Date(start),
                             .end = conference.day,
                             .place = place,
                             .referral = std::string(t.fields.Text(referral))});
  });
}

// No metric follows these plans; that there is one tells that the child is in need.
absl::Status ReadSsdNeedPlans(SsdTable& t) {
  const Column person = t.reader.Required({"cinp_person_id"});
  const Column referral = t.reader.Required({"cinp_referral_id"});
  return t.ForEachRecord(person, [&](std::uint32_t, const RowPlace&) {
    t.links.Found(t.fields.Text(referral), true);
    ++t.fields.report().rows_used;
  });
}

// A plan is an episode and a step. The dataset does not tell how many there were before.
absl::Status ReadSsdProtectionPlans(SsdTable& t) {
  const Column person = t.reader.Required({"cppl_person_id"});
  const Column start = t.reader.Required({"cppl_cp_plan_start_date"});
  const Column end = t.reader.Required({"cppl_cp_plan_end_date"});
  const Column id = t.reader.Optional({"cppl_cp_plan_id"});
  const Column referral = t.reader.Optional({"cppl_referral_id"});
  const Column team = t.reader.Optional({"cppl_cp_plan_team"});
  return t.ForEachRecord(person, [&](std::uint32_t number, const RowPlace& place) {
    const Code team_code = t.fields.Named(NameField::kTeam, team);
    const RecordId id_code = t.fields.Id(id);
    const DateReading began = t.fields.Date(start);
    const DateReading ended = t.fields.Date(end);
    if (!t.builder.AddEpisode({.person = number, .level = Level::kCp, .team = team_code, .id = id_code},
                              began, ended, place)) {
      return;
    }
    t.links.Found(t.fields.Text(referral), true);
    RowPlace same_row = place;
    same_row.counts = false;
    t.links.steps.push_back(
        {.step = {.person = number, .kind = StepKind::kPlan, .team = team_code, .id = id_code},
         .start = began,
         .end = ended,
         .place = same_row,
         .referral = std::string(t.fields.Text(referral))});
  });
}

void AddSsdSteps(SsdLinks& links, RecordBuilder& builder) {
  for (SsdLinks::Waiting& waiting : links.steps) {
    if (const auto day = links.referrals.find(waiting.referral); day != links.referrals.end()) {
      waiting.step.referral = day->second;
    }
    builder.AddStep(waiting.step, waiting.start, waiting.end, waiting.place);
  }
  links.steps.clear();
}

}  // namespace waymark::node
