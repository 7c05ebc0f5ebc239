#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_split.h"
#include "node/model/data_model.h"

namespace waymark::node {
namespace {

using Field = std::pair<std::string, std::string>;  // record, field

std::string RecordOf(v1::Cohort::Base base) {
  switch (base) {
    case v1::Cohort::BASE_REFERRALS:
      return "referral";
    case v1::Cohort::BASE_CONTACTS:
      return "contact";
    case v1::Cohort::BASE_STEPS_STARTED:
    case v1::Cohort::BASE_STEPS_COMPLETED:
      return "step";
    case v1::Cohort::BASE_RECORDS:
    case v1::Cohort::BASE_SCORES:
    case v1::Cohort::BASE_NEEDS:
    case v1::Cohort::BASE_NEEDS_ASSESSED:
    case v1::Cohort::BASE_VIEWS:
      return "";
    default:
      return "episode";
  }
}

// The record that `fields_needed` calls so; "" for a template, which its own table shows.
std::string RecordNeeded(absl::string_view kind) {
  if (kind == "early_help" || kind == "social_care") return "episode";
  if (kind == "referral" || kind == "contact") return std::string(kind);
  if (kind == "family") return "person";
  if (kind == "early_help_assessment" || kind == "assessment" || kind == "enquiry" || kind == "plan")
    return "step";
  return "";
}

void AddRecord(const std::string& record, std::set<Field>& uses) {
  if (record.empty()) return;
  uses.emplace(record, "person");
  if (record == "episode") uses.emplace(record, "level");
  if (record == "step") uses.emplace(record, "kind");
  for (const char* const day : record == "referral" || record == "contact"
                                   ? std::vector<const char*>{"day"}
                                   : std::vector<const char*>{"start", "end"}) {
    uses.emplace(record, day);
  }
}

void AddNeeded(const v1::Metric& metric, std::set<Field>& uses) {
  for (const std::string& needed : metric.fields_needed()) {
    const std::vector<std::string> parts = absl::StrSplit(needed, '.');
    const std::string record = RecordNeeded(parts[0]);
    if (parts[0] == "family") {
      uses.emplace("person", "family");
    } else {
      AddRecord(record, uses);
    }
    if (parts.size() == 2 && !record.empty()) uses.emplace(record, parts[1]);
  }
}

void AddBreakdowns(const v1::Metric& metric, const std::string& record, std::set<Field>& uses) {
  for (const std::string& breakdown : metric.breakdowns()) {
    for (const std::string& field : std::vector<std::string>(absl::StrSplit(breakdown, '|'))) {
      if (field == "age_band") {
        uses.emplace("person", "birth");
      } else if (field == "sex" || field == "ethnicity" || field == "disability") {
        uses.emplace("person", field);
      } else if (field == "earlier_social_care") {
        AddRecord("episode", uses);
      } else if (!record.empty() && field != "question") {
        uses.emplace(record, field);
      }
    }
  }
}

void AddFollowUp(const v1::Outcome::FollowUp& follow_up, std::set<Field>& uses) {
  for (const int event : follow_up.events()) {
    const bool referral = event == v1::Outcome::FollowUp::EVENT_SOCIAL_CARE_REFERRAL;
    AddRecord(referral ? "referral" : "episode", uses);
    if (!follow_up.source_any_of().empty()) uses.emplace(referral ? "referral" : "episode", "source");
  }
  if (follow_up.source_from_contact_days() == 0) return;
  AddRecord("contact", uses);
  uses.emplace("contact", "source");
}

void AddLookBack(const v1::LookBack& look_back, const std::string& own_record, std::set<Field>& uses) {
  using v1::LookBack;
  switch (look_back.record()) {
    case LookBack::RECORD_REFERRAL:
      AddRecord("referral", uses);
      break;
    case LookBack::RECORD_PLAN:
      AddRecord("step", uses);
      break;
    case LookBack::RECORD_FAMILY_SPELL:
      uses.emplace("person", "family");
      AddRecord("episode", uses);
      break;
    case LookBack::RECORD_EARLY_HELP:
      AddRecord("episode", uses);
      break;
    default:
      return;  // none
  }
  for (const v1::FieldTest* test : {&look_back.recorded(), &look_back.recorded_not()}) {
    if (!test->field().empty()) uses.emplace(own_record, test->field());
  }
}

std::set<Field> UsesOf(const v1::Metric& metric) {
  std::set<Field> uses;
  const v1::Cohort& cohort = metric.cohort();
  const std::string record = metric.kind() == v1::METRIC_KIND_SURVEY ? "" : RecordOf(cohort.base());
  AddNeeded(metric, uses);
  if (cohort.base() != v1::Cohort::BASE_UNSPECIFIED) AddRecord(record, uses);
  AddBreakdowns(metric, record, uses);
  for (const v1::FieldTest& test : cohort.fields()) {
    if (!record.empty()) uses.emplace(record, test.field());
  }
  for (const v1::Outcome& outcome : metric.outcomes()) {
    if (outcome.has_field() && !record.empty()) uses.emplace(record, outcome.field().field());
    AddFollowUp(outcome.follow_up(), uses);
    AddLookBack(outcome.preceded_by(), record, uses);
  }
  AddLookBack(cohort.preceded_by(), record, uses);
  if (cohort.has_since_contact()) {
    AddRecord("contact", uses);
    uses.emplace("contact", "outcome");
  }
  if (cohort.post_closure() || metric.kind() == v1::METRIC_KIND_SURVIVAL ||
      metric.kind() == v1::METRIC_KIND_TRANSITION) {
    uses.insert({{"person", "birth"}, {"person", "death"}, {"episode", "end_reason"}});
  }
  for (const int unit : metric.units()) {
    if (unit == v1::UNIT_FAMILIES) uses.emplace("person", "family");
  }
  if (metric.ratio().numerator() == v1::Ratio::QUANTITY_OPEN_EARLY_HELP) uses.emplace("episode", "worker");
  if (!uses.empty()) uses.emplace("person", "id");
  return uses;
}

}  // namespace

std::vector<std::string> MetricsThatUse(const catalogue::Library& library, absl::string_view record,
                                        absl::string_view field) {
  std::vector<std::string> ids;
  for (const v1::Metric& metric : library.metrics()) {
    if (UsesOf(metric).contains({std::string(record), std::string(field)})) ids.push_back(metric.id());
  }
  return ids;
}

}  // namespace waymark::node
