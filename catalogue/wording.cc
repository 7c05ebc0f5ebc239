#include "catalogue/wording.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "proto/contract/names.h"

namespace waymark::catalogue {
namespace {

using FollowUp = v1::Outcome::FollowUp;

absl::string_view LevelInWords(v1::Level level) {
  switch (level) {
    case v1::LEVEL_EARLY_HELP:
      return "early help";
    case v1::LEVEL_CIN:
      return "child in need";
    case v1::LEVEL_CP:
      return "child protection";
    case v1::LEVEL_CLA:
      return "looked after";
    case v1::LEVEL_SOCIAL_CARE:
      return "social care";
    default:
      return "";
  }
}

absl::string_view StepsInWords(v1::Step step) {
  switch (step) {
    case v1::STEP_EARLY_HELP_ASSESSMENT:
      return "early-help assessments";
    case v1::STEP_ASSESSMENT:
      return "social care assessments";
    case v1::STEP_ENQUIRY:
      return "section 47 enquiries";
    case v1::STEP_PLAN:
      return "child protection plans";
    default:
      return "";
  }
}

std::string EpisodesInWords(v1::Level level) {
  return absl::StrCat(LevelInWords(level), level == v1::LEVEL_SOCIAL_CARE ? " spells" : " episodes");
}

std::string BaseInWords(const v1::Cohort& cohort) {
  switch (cohort.base()) {
    case v1::Cohort::BASE_EARLY_HELP_ENDED:
      return "early-help episodes that ended in the period";
    case v1::Cohort::BASE_SOCIAL_CARE_ENDED:
      return "social care spells that ended in the period";
    case v1::Cohort::BASE_EARLY_HELP_STARTED:
      return "early-help episodes that started in the period";
    case v1::Cohort::BASE_REFERRALS:
      return "social care referrals dated in the period";
    case v1::Cohort::BASE_CONTACTS:
      return "contacts dated in the period";
    case v1::Cohort::BASE_PERSON_TIME:
      return "each child's days in the period";
    case v1::Cohort::BASE_RECORDS:
      return "records read from the sources";
    case v1::Cohort::BASE_STARTED:
      return absl::StrCat(EpisodesInWords(cohort.level()), " that started in the period");
    case v1::Cohort::BASE_OPEN:
      return absl::StrCat(EpisodesInWords(cohort.level()), " open at the end of the period's last day");
    case v1::Cohort::BASE_STEPS_STARTED:
      return absl::StrCat(StepsInWords(cohort.step()), " that started in the period");
    case v1::Cohort::BASE_STEPS_COMPLETED:
      return absl::StrCat(StepsInWords(cohort.step()), cohort.step() == v1::STEP_ENQUIRY
                                                           ? " whose initial conference was in the period"
                                                           : " that were completed in the period");
    case v1::Cohort::BASE_STEP_DOWNS:
      return "step-downs in the period: ends of a level of social care with a lower one, or none, after it";
    case v1::Cohort::BASE_FAMILY_SPELLS_STARTED:
      return "families' spells of early help that started in the period";
    case v1::Cohort::BASE_SCORES:
      return "pairs of scores of one child by one tool, the second in the period";
    case v1::Cohort::BASE_NEEDS:
      return "needs present when help began, where help ended in the period";
    case v1::Cohort::BASE_NEEDS_ASSESSED:
      return "children whose needs were recorded on a day in the period, once a day";
    case v1::Cohort::BASE_VIEWS:
      return "families asked in a survey in the period";
    case v1::Cohort::BASE_COUNCIL:
      return "the council as one";
    default:
      return "";
  }
}

absl::string_view EventInWords(int event) {
  switch (event) {
    case FollowUp::EVENT_EARLY_HELP_START:
      return "an early-help start";
    case FollowUp::EVENT_SOCIAL_CARE_REFERRAL:
      return "a social care referral";
    case FollowUp::EVENT_SOCIAL_CARE_START:
      return "a social care start";
    case FollowUp::EVENT_CIN_START:
      return "a child in need start";
    case FollowUp::EVENT_CP_START:
      return "a child protection start";
    case FollowUp::EVENT_CLA_START:
      return "a looked-after start";
    default:
      return "";
  }
}

// "the end", "1 day after the end", "30 days before the start".
std::string DayInWords(v1::Anchor anchor, int days) {
  const absl::string_view of = anchor == v1::ANCHOR_START      ? "the start"
                               : anchor == v1::ANCHOR_REFERRAL ? "the referral"
                                                               : "the end";
  if (days == 0) return std::string(of);
  return absl::StrCat(std::abs(days), std::abs(days) == 1 ? " day " : " days ",
                      days > 0 ? "after " : "before ", of);
}

std::string CodesInWords(const google::protobuf::RepeatedPtrField<std::string>& codes) {
  return absl::StrJoin(codes, ", ", [](std::string* out, const std::string& code) {
    absl::StrAppend(out, code.empty() ? "blank" : code);
  });
}

std::string TestInWords(const v1::FieldTest& test) {
  const std::string field = absl::StrReplaceAll(test.field(), {{"_", " "}});
  return test.none_of().empty() ? absl::StrCat(field, " is ", test.any_of_size() > 1 ? "one of " : "",
                                               CodesInWords(test.any_of()))
                                : absl::StrCat(field, " is none of ", CodesInWords(test.none_of()));
}

// "child in need open on the end up to 1 day after the end".
std::string OpenInWords(const v1::Cohort::NoneOpen& open) {
  std::string text =
      absl::StrCat(LevelInWords(open.level()), " open on ", DayInWords(open.anchor(), open.from_days()));
  if (open.to_days() != open.from_days()) {
    absl::StrAppend(&text, " up to ", DayInWords(open.anchor(), open.to_days()));
  }
  return text;
}

std::string LookBackInWords(const v1::LookBack& look_back) {
  absl::string_view what;
  absl::string_view when = " that began before the start and had ended at most ";
  switch (look_back.record()) {
    case v1::LookBack::RECORD_REFERRAL:
      what = "a referral";
      when = " on an earlier day, at most ";
      break;
    case v1::LookBack::RECORD_EARLY_HELP:
      what = "an early-help episode";
      break;
    case v1::LookBack::RECORD_PLAN:
      what = "a child protection plan";
      break;
    default:
      what = "a spell of early help of the same family";
  }
  const std::string days = look_back.window() ? "the window" : absl::StrCat(look_back.days(), " days");
  std::string text = look_back.window() || look_back.days() > 0
                         ? absl::StrCat(what, when, days, " before it")
                         : absl::StrCat(what, " that began on an earlier day");
  if (look_back.has_recorded()) {
    text = absl::StrCat(TestInWords(look_back.recorded()), "; or else, unless ",
                        TestInWords(look_back.recorded_not()), ", ", text);
  }
  return text;
}

std::string LastedInWords(const v1::Outcome::Lasted& lasted) {
  if (lasted.below_days() == 0) return absl::StrCat(lasted.from_days(), " days and more");
  return absl::StrCat(lasted.from_days(), " to ", lasted.below_days() - 1, " days");
}

std::string FollowUpInWords(const v1::Metric& metric, const FollowUp& follow_up) {
  std::string text = follow_up.none() ? "none of: " : "";
  absl::StrAppend(&text, absl::StrJoin(follow_up.events(), " or ", [](std::string* out, int event) {
    absl::StrAppend(out, EventInWords(event));
  }));
  absl::StrAppend(&text, " later than ", DayInWords(follow_up.from_anchor(), follow_up.after_days()));
  if (metric.kind() != v1::METRIC_KIND_SURVIVAL) {
    absl::StrAppend(&text, " and at most ",
                    follow_up.window()
                        ? absl::StrCat("the window after ", DayInWords(follow_up.to_anchor(), 0))
                        : DayInWords(follow_up.to_anchor(), follow_up.to_days()));
  }
  if (!follow_up.source_any_of().empty()) {
    absl::StrAppend(&text, "; the first one's source is ", CodesInWords(follow_up.source_any_of()));
  }
  if (follow_up.source_from_contact_days() > 0) {
    absl::StrAppend(&text, " (where it has none: that of the latest contact at most ",
                    follow_up.source_from_contact_days(), " days before)");
  }
  return text;
}

absl::string_view QuantityInWords(v1::Ratio::Quantity quantity) {
  switch (quantity) {
    case v1::Ratio::QUANTITY_OPEN_EARLY_HELP:
      return "early-help episodes open at the end of the period";
    case v1::Ratio::QUANTITY_CASE_HOLDING_FTE:
      return "full-time equivalents that hold cases at the end of the period";
    case v1::Ratio::QUANTITY_SERVICE_COST:
      return "pounds that the service cost in the period";
    case v1::Ratio::QUANTITY_OUTCOMES_MET:
      return "early-help episodes that ended in the period with outcomes met";
    case v1::Ratio::QUANTITY_ENDED:
      return "early-help episodes that ended in the period";
    case v1::Ratio::QUANTITY_ENDED_WITH_SCORES:
      return "early-help episodes that ended in the period with a pair of scores, both between the start and "
             "30 days "
             "after the end";
    default:
      return "";
  }
}

std::string PublishedInWords(const v1::PublishedFormula& formula) {
  if (formula.has_expected()) {
    return absl::StrCat("metric ", formula.expected().metric(), " against ",
                        formula.expected().against().title(), ", over all authorities weighted by ",
                        formula.expected().weight().title());
  }
  return absl::StrCat(
      "published: ",
      absl::StrJoin(formula.parts(), "; ",
                    [](std::string* out, const v1::PublishedFormula::Term& part) {
                      absl::StrAppend(out, part.title());
                    }),
      formula.has_denominator() ? absl::StrCat("; over ", formula.denominator().title()) : "");
}

}  // namespace

std::string CohortInWords(const v1::Metric& metric) {
  const v1::Cohort& cohort = metric.cohort();
  std::string text = BaseInWords(cohort);
  if (cohort.under_age() > 0) absl::StrAppend(&text, "; of children under ", cohort.under_age());
  if (cohort.has_referral()) absl::StrAppend(&text, "; with a known day of referral");
  if (cohort.has_preceded_by()) absl::StrAppend(&text, "; after ", LookBackInWords(cohort.preceded_by()));
  if (cohort.has_since_contact()) {
    const v1::LatestContact& contact = cohort.since_contact();
    absl::StrAppend(&text, "; with a contact whose outcome is ", CodesInWords(contact.outcome_any_of()),
                    " at most ", contact.within_days(), " days before the start, the latest of which counts");
  }
  for (const v1::FieldTest& test : cohort.fields()) absl::StrAppend(&text, "; ", TestInWords(test));
  for (const v1::Cohort::NoneOpen& none : cohort.none_open()) {
    absl::StrAppend(&text, "; no ", OpenInWords(none));
  }
  if (cohort.post_closure()) {
    absl::StrAppend(
        &text, "; followed for the whole window, without deaths, moves out and 18th birthdays inside it");
  }
  return text;
}

std::string OutcomeInWords(const v1::Metric& metric, const v1::Outcome& outcome) {
  if (metric.kind() == v1::METRIC_KIND_SURVEY) return absl::StrCat("the answer is ", outcome.title());
  switch (outcome.test_case()) {
    case v1::Outcome::kField:
      return TestInWords(outcome.field());
    case v1::Outcome::kPrecededBy:
      return LookBackInWords(outcome.preceded_by());
    case v1::Outcome::kOpen:
      return OpenInWords(outcome.open());
    case v1::Outcome::kLasted:
      return LastedInWords(outcome.lasted());
    case v1::Outcome::kWorkingDays:
      return absl::StrCat("at most ", outcome.working_days().days(), " working days after ",
                          DayInWords(outcome.working_days().anchor(), 0));
    default:
      return FollowUpInWords(metric, outcome.follow_up());
  }
}

std::string DenominatorInWords(const v1::Metric& metric) {
  if (metric.kind() == v1::METRIC_KIND_PUBLISHED) return PublishedInWords(metric.published());
  if (metric.kind() == v1::METRIC_KIND_TRANSITION)
    return "100 person-quarters (91.3125 days each) in the state left";
  if (metric.kind() == v1::METRIC_KIND_RATIO) {
    return absl::StrCat(QuantityInWords(metric.ratio().numerator()), " / ",
                        QuantityInWords(metric.ratio().denominator()));
  }
  if (metric.kind() == v1::METRIC_KIND_SURVEY) {
    return absl::StrCat("each question of the questionnaire ", metric.survey().questionnaire(),
                        metric.survey().targets() ? ": where the council means to be in a year" : "");
  }
  return CohortInWords(metric);
}

std::string WindowsInWords(const v1::Metric& metric) {
  if (metric.window_days().empty()) return "none";
  return absl::StrCat(absl::StrJoin(metric.window_days(), " and "), " days");
}

std::string DirectionInWords(v1::Direction direction) {
  if (direction == v1::DIRECTION_NEUTRAL) return "neutral: never ranked";
  return absl::StrCat(contract::NameOf(direction), " is better");
}

std::vector<std::string> UnitNamesOf(const v1::Metric& metric) {
  std::vector<std::string> names;
  for (const int unit : metric.units()) names.emplace_back(contract::NameOf(static_cast<v1::Unit>(unit)));
  return names;
}

std::vector<std::string> ModeNamesOf(const v1::Metric& metric) {
  std::vector<std::string> names;
  for (const int mode : metric.modes()) names.emplace_back(contract::NameOf(static_cast<v1::Mode>(mode)));
  return names;
}

std::string ModesInWords(const v1::Metric& metric) {
  if (metric.kind() == v1::METRIC_KIND_PUBLISHED) return "no: it is published already";
  return metric.modes().empty() ? "no: for the council's own eyes" : absl::StrJoin(ModeNamesOf(metric), ", ");
}

std::string FollowedInWords(const v1::Metric& metric) {
  if (metric.most_moves() == 0) return "";
  return absl::StrCat(", each followed to the day before its move number ", metric.most_moves() + 1,
                      " in the period");
}

std::string QuantityTitle(const v1::Metric& metric, absl::string_view quantity) {
  if (metric.kind() == v1::METRIC_KIND_SURVIVAL) {
    if (quantity == "median") return "the time by which half have had an event";
    for (const std::uint32_t day : metric.window_days()) {
      if (quantity == absl::StrCat("survival_", day))
        return absl::StrCat("without an event after ", day, " days");
      for (const v1::Outcome& outcome : metric.outcomes()) {
        if (quantity != absl::StrCat("incidence_", outcome.id(), "_", day)) continue;
        return absl::StrCat(outcome.title(), ", within ", day, " days");
      }
    }
  }
  if (metric.kind() == v1::METRIC_KIND_TRANSITION) {
    const std::vector<std::string> states = absl::StrSplit(quantity, '>');
    if (states.size() == 2) {
      return absl::StrReplaceAll(absl::StrCat("moves from ", states[0], " to ", states[1]), {{"_", " "}});
    }
  }
  if (metric.kind() == v1::METRIC_KIND_QUALITY) return "filled in and understood";
  for (const v1::Outcome& outcome : metric.outcomes()) {
    if (outcome.id() == quantity) return outcome.title();
  }
  return absl::StrReplaceAll(quantity, {{"_", " "}});
}

}  // namespace waymark::catalogue
