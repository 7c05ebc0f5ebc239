#include "node/ingest/annex_a_rows.h"

#include <array>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "base/status.h"
#include "node/ingest/annex_a_lists.h"
#include "node/ingest/person_table.h"
#include "node/ingest/unused_table.h"

namespace waymark::node {
namespace {

using Names = std::vector<std::string>;

// The columns that lists must have, first the child's id.
const Names kChild = {"Child Unique ID", "Child ID", "Child's Unique ID"};
const Names kContactDate = {"Date of Contact"};
const Names kEarlyHelpStart = {"Assessment start date"};
const Names kEarlyHelpEnd = {"Assessment completion date"};
const Names kReferralDate = {"Date of Referral"};
const Names kAssessmentStart = {"Continuous Assessment Start Date", "Assessment Start Date"};
const Names kAssessmentEnd = {"Continuous Assessment Date of Authorisation",
                              "Assessment Date of Authorisation"};
const Names kEnquiryStart = {"Strategy discussion initiating Section 47 Enquiry Start Date",
                             "Section 47 Enquiry Start Date"};
const Names kConference = {"Date of Initial Child Protection Conference"};
const Names kCinStart = {"CIN Start Date"};
const Names kCinEnd = {"CIN Closure Date"};
const Names kPlanStart = {"Child Protection Plan Start Date"};
const Names kPlanEnd = {"Child Protection Plan End Date"};
const Names kCareStart = {"Date Started to be Looked After"};
const Names kCareEnd = {"Date Ceased to be Looked After"};
const Names kAdopter = {"Individual adopter identifier"};

// One list being read: what all lists have in common.
struct AnnexTable : PersonTable {
  AnnexTable(const SourceConfig& source, TableReader& table, RecordBuilder& records, AnnexAReferrals& joined,
             QualityReport& report)
      : PersonTable(source, table, records, report),
        config(source),
        referrals(joined),
        child(table.Required(kChild)),
        birth(table.Optional({"Date of Birth", "DOB"})),
        sex(table.Optional({"Gender", "Sex"})),
        ethnicity(table.Optional({"Ethnicity"})),
        disability(table.Optional({"Does the Child have a Disability", "Disability"})),
        team(table.Optional({"Allocated Team"})),
        worker(table.Optional({"Allocated Worker"})) {}

  // Calls `row` with each row's child, after its own details have been taken.
  template <typename Row>
  absl::Status ForEachChild(const Row& row) {
    return ForEach(child, [&](std::uint32_t number, const RowPlace& place) {
      builder.AddPerson(number,
                        {.birth = fields.Date(birth),
                         .sex = fields.Coded(CodeField::kSex, sex),
                         .ethnicity = fields.Coded(CodeField::kEthnicity, ethnicity),
                         .disability = fields.Coded(CodeField::kDisability, disability)},
                        place);
      row(number, place);
    });
  }

  Code Team() { return fields.Named(NameField::kTeam, team); }
  Code Worker() { return fields.Named(NameField::kWorker, worker); }

  const SourceConfig& config;
  AnnexAReferrals& referrals;
  Column child, birth, sex, ethnicity, disability, team, worker;
};

absl::Status ReadContacts(AnnexTable& t) {
  const Column date = t.reader.Required(kContactDate);
  const Column source = t.reader.Optional({"Contact Source", "Source of Contact"});
  return t.ForEachChild([&](std::uint32_t child, const RowPlace& place) {
    t.builder.AddContact({.person = child, .source = t.fields.Coded(CodeField::kSource, source)},
                         t.fields.Date(date), place);
  });
}

absl::Status ReadEarlyHelp(AnnexTable& t) {
  const Column start = t.reader.Required(kEarlyHelpStart);
  const Column end = t.reader.Required(kEarlyHelpEnd);
  const Column organisation = t.reader.Optional({"Organisation completing assessment"});
  return t.ForEachChild([&](std::uint32_t child, const RowPlace& place) {
    const bool used = t.builder.AddStep({.person = child, .kind = StepKind::kEarlyHelpAssessment},
                                        t.fields.Date(start), t.fields.Date(end), place);
    if (!used || !t.config.assessment_ends_early_help) return;
    RowPlace same_row = place;
    same_row.counts = false;
    t.builder.AddEpisode({.person = child,
                          .level = Level::kEarlyHelp,
                          .service = t.fields.Named(NameField::kService, organisation)},
                         t.fields.Date(start), t.fields.Date(end), same_row);
  });
}

absl::Status ReadReferrals(AnnexTable& t) {
  const Column date = t.reader.Required(kReferralDate);
  const Column source = t.reader.Optional({"Referral Source", "Source of Referral"});
  const Column nfa = t.reader.Optional({"Referral NFA?"});
  return t.ForEachChild([&](std::uint32_t child, const RowPlace& place) {
    const absl::string_view flag = t.fields.CodeText(CodeField::kNfa, t.fields.Text(nfa));
    t.referrals.AddReferral({.person = child,
                             .source = t.fields.Coded(CodeField::kSource, source),
                             .nfa = nfa == kNoColumn ? kNoCode : t.builder.Text(flag.empty() ? "no" : flag),
                             .team = t.Team()},
                            t.fields.Date(date), flag == "yes", place);
  });
}

absl::Status ReadAssessments(AnnexTable& t) {
  const Column start = t.reader.Required(kAssessmentStart);
  const Column end = t.reader.Required(kAssessmentEnd);
  const Column outcome =
      t.reader.Optional({"Was the child assessed as requiring LA children's social care support?",
                         "Was the child assessed as requiring children's social care support?"});
  t.referrals.HasAssessments();
  return t.ForEachChild([&](std::uint32_t child, const RowPlace& place) {
    t.referrals.AddAssessment({.person = child,
                               .kind = StepKind::kAssessment,
                               .outcome = t.fields.Coded(CodeField::kAssessmentOutcome, outcome),
                               .team = t.Team()},
                              t.fields.Date(start), t.fields.Date(end), place);
  });
}

// A conference that was held speaks for itself, whatever the question whether it was needed was answered
// with.
absl::Status ReadEnquiries(AnnexTable& t) {
  const Column start = t.reader.Required(kEnquiryStart);
  const Column conference = t.reader.Required(kConference);
  const Column unnecessary =
      t.reader.Optional({"Was an Initial Child Protection Conference deemed unnecessary?"});
  const Column plan =
      t.reader.Optional({"Did the Initial Child Protection Conference Result in a Child Protection Plan"});
  return t.ForEachChild([&](std::uint32_t child, const RowPlace& place) {
    const auto answer = [&](Column column) {
      return t.fields.CodeText(CodeField::kAnswer, t.fields.Text(column));
    };
    const absl::string_view not_needed = answer(unnecessary);
    const absl::string_view led_to_plan = answer(plan);
    const bool held = !t.fields.Text(conference).empty();
    const absl::string_view outcome = !held && not_needed == "yes" ? "not_required"
                                      : led_to_plan == "yes"       ? "plan"
                                      : led_to_plan == "no"        ? "no_plan"
                                                                   : "";
    t.builder.AddStep(
        {.person = child, .kind = StepKind::kEnquiry, .outcome = t.builder.Text(outcome), .team = t.Team()},
        t.fields.Date(start), t.fields.Date(conference), place);
  });
}

absl::Status ReadChildrenInNeed(AnnexTable& t) {
  const Column start = t.reader.Required(kCinStart);
  const Column end = t.reader.Required(kCinEnd);
  const Column need = t.reader.Optional({"Primary Need Code", "Primary Need"});
  const Column reason = t.reader.Optional({"Reason for Closure"});
  return t.ForEachChild([&](std::uint32_t child, const RowPlace& place) {
    if (ClosedAfterAssessment(t.fields.Text(reason))) return t.fields.LeaveOut(kNoEpisodeAfterAssessment);
    t.builder.AddEpisode({.person = child,
                          .level = Level::kCin,
                          .end_reason = t.fields.EndReason(Level::kCin, reason),
                          .need = t.fields.Coded(CodeField::kNeed, need),
                          .team = t.Team(),
                          .worker = t.Worker()},
                         t.fields.Date(start), t.fields.Date(end), place);
  });
}

// "first" or "repeat" by the number of plans before; "" where it is blank or no number.
absl::string_view PlanOutcome(AnnexTable& t, Column previous) {
  const absl::string_view text = t.fields.Text(previous);
  int plans = 0;
  if (text.empty()) return "";
  if (absl::SimpleAtoi(text, &plans) && plans >= 0) return plans == 0 ? "first" : "repeat";
  t.fields.report().Note("number of previous plans: not a whole number", t.reader.line());
  return "";
}

absl::Status ReadProtectionPlans(AnnexTable& t) {
  const Column start = t.reader.Required(kPlanStart);
  const Column end = t.reader.Required(kPlanEnd);
  const Column previous = t.reader.Optional({"Number of Previous Child Protection Plans"});
  return t.ForEachChild([&](std::uint32_t child, const RowPlace& place) {
    const DateReading from = t.fields.Date(start);
    const DateReading to = t.fields.Date(end);
    const bool used = t.builder.AddEpisode(
        {.person = child, .level = Level::kCp, .team = t.Team(), .worker = t.Worker()}, from, to, place);
    if (!used) return;
    RowPlace same_row = place;
    same_row.counts = false;
    const Code outcome = previous == kNoColumn ? kNoCode : t.builder.Text(PlanOutcome(t, previous));
    t.builder.AddStep({.person = child, .kind = StepKind::kPlan, .outcome = outcome, .team = t.Team()}, from,
                      to, same_row);
  });
}

absl::Status ReadLookedAfter(AnnexTable& t) {
  const Column start = t.reader.Required(kCareStart);
  const Column end = t.reader.Required(kCareEnd);
  const Column need = t.reader.Optional({"Child's Category of Need", "Category of Need"});
  const Column reason = t.reader.Optional({"Reason Ceased to be Looked After"});
  return t.ForEachChild([&](std::uint32_t child, const RowPlace& place) {
    t.builder.AddEpisode({.person = child,
                          .level = Level::kCla,
                          .end_reason = t.fields.EndReason(Level::kCla, reason),
                          .need = t.fields.Coded(CodeField::kNeed, need),
                          .team = t.Team(),
                          .worker = t.Worker()},
                         t.fields.Date(start), t.fields.Date(end), place);
  });
}

// Care leavers and children placed for adoption: their details, and nothing else.
absl::Status ReadChildren(AnnexTable& t) {
  return t.ForEachChild([&](std::uint32_t, const RowPlace&) { t.fields.LeaveOut(kUsedByNoMetric); });
}

struct List {
  std::vector<Names> needed;
  absl::Status (*read)(AnnexTable&);
};

const std::array<List, kAnnexALists>& Lists() {
  static const auto* const lists = new std::array<List, kAnnexALists>{{
      {{kChild, kContactDate}, ReadContacts},
      {{kChild, kEarlyHelpStart, kEarlyHelpEnd}, ReadEarlyHelp},
      {{kChild, kReferralDate}, ReadReferrals},
      {{kChild, kAssessmentStart, kAssessmentEnd}, ReadAssessments},
      {{kChild, kEnquiryStart, kConference}, ReadEnquiries},
      {{kChild, kCinStart, kCinEnd}, ReadChildrenInNeed},
      {{kChild, kPlanStart, kPlanEnd}, ReadProtectionPlans},
      {{kChild, kCareStart, kCareEnd}, ReadLookedAfter},
      {{kChild}, ReadChildren},
      {{kChild}, ReadChildren},
      {{kAdopter}, nullptr},
  }};
  return *lists;
}

}  // namespace

const std::vector<std::vector<std::string>>& AnnexANeeded(int list) {
  return Lists()[static_cast<std::size_t>(list - 1)].needed;
}

absl::Status ReadAnnexAList(int list, const SourceConfig& config, TableReader& table, RecordBuilder& builder,
                            AnnexAReferrals& referrals, QualityReport& report) {
  const auto read = Lists()[static_cast<std::size_t>(list - 1)].read;
  if (read == nullptr) {  // adopters are no children
    table.Required(kAdopter);
    return CountUnused(table, report);
  }
  AnnexTable being_read(config, table, builder, referrals, report);
  return read(being_read);
}

void AnnexAReferrals::AddReferral(Referral referral, const DateReading& day, bool nfa,
                                  const RowPlace& place) {
  referrals_.push_back({referral, day, nfa, place});
}

void AnnexAReferrals::AddAssessment(Step step, const DateReading& start, const DateReading& end,
                                    const RowPlace& place) {
  assessments_.push_back({step, start, end, place});
}

AnnexAReferrals::Outcomes AnnexAReferrals::Join(Code in_need, Code blank) {
  const auto weight = [&](Code outcome) {
    return outcome == in_need ? 2 : outcome == blank || outcome == kNoCode ? 0 : 1;
  };
  std::map<std::uint32_t, std::set<Day>> referred;
  std::map<std::uint32_t, std::set<Day>> assessed;
  for (const PendingReferral& r : referrals_) {
    if (!r.nfa && r.day.day != kNoDay) referred[r.referral.person].insert(r.day.day);
  }
  for (const PendingAssessment& a : assessments_) {
    if (a.start.day != kNoDay) assessed[a.step.person].insert(a.start.day);
  }
  Outcomes outcomes;
  for (PendingAssessment& a : assessments_) {
    const auto days = referred.find(a.step.person);
    if (a.start.day == kNoDay || days == referred.end()) continue;
    const auto after = days->second.upper_bound(a.start.day);
    if (after == days->second.begin()) continue;
    const Day day = *std::prev(after);
    const std::set<Day>& starts = assessed[a.step.person];
    const auto own = starts.find(a.start.day);
    if (own != starts.begin() && day <= *std::prev(own)) continue;
    a.step.referral = day;
    Code& outcome = outcomes[a.step.person].try_emplace(day, a.step.outcome).first->second;
    if (weight(a.step.outcome) > weight(outcome)) outcome = a.step.outcome;
  }
  return outcomes;
}

void AnnexAReferrals::Finish(RecordBuilder& builder) {
  const Code blank = builder.Text("");
  const Code nfa = builder.Text("nfa");
  const Outcomes outcomes = Join(builder.Text("in_need"), blank);
  for (PendingReferral& r : referrals_) {
    r.referral.outcome = r.nfa ? nfa : has_assessments_ ? blank : kNoCode;
    if (const auto child = outcomes.find(r.referral.person); !r.nfa && child != outcomes.end()) {
      const auto found = child->second.find(r.day.day);
      if (found != child->second.end()) r.referral.outcome = found->second;
    }
    builder.AddReferral(r.referral, r.day, r.place);
  }
  for (const PendingAssessment& a : assessments_) builder.AddStep(a.step, a.start, a.end, a.place);
}

}  // namespace waymark::node
