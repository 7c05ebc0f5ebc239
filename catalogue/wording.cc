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

absl::string_view BaseInWords(v1::Cohort::Base base) {
  switch (base) {
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
    default:
      return "";
  }
}

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
  const absl::string_view of = anchor == v1::ANCHOR_START ? "the start" : "the end";
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

std::string FollowUpInWords(const v1::Metric& metric, const FollowUp& follow_up) {
  std::string text = absl::StrJoin(follow_up.events(), " or ", [](std::string* out, int event) {
    absl::StrAppend(out, EventInWords(event));
  });
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

}  // namespace

std::string CohortInWords(const v1::Metric& metric) {
  const v1::Cohort& cohort = metric.cohort();
  std::string text(BaseInWords(cohort.base()));
  for (const v1::FieldTest& test : cohort.fields()) absl::StrAppend(&text, "; ", TestInWords(test));
  for (const v1::Cohort::NoneOpen& none : cohort.none_open()) {
    absl::StrAppend(&text, "; no ", LevelInWords(none.level()), " open on ",
                    DayInWords(none.anchor(), none.from_days()));
    if (none.to_days() != none.from_days())
      absl::StrAppend(&text, " up to ", DayInWords(none.anchor(), none.to_days()));
  }
  if (cohort.post_closure()) {
    absl::StrAppend(
        &text, "; followed for the whole window, without deaths, moves out and 18th birthdays inside it");
  }
  return text;
}

std::string OutcomeInWords(const v1::Metric& metric, const v1::Outcome& outcome) {
  return outcome.has_field() ? TestInWords(outcome.field()) : FollowUpInWords(metric, outcome.follow_up());
}

std::string DenominatorInWords(const v1::Metric& metric) {
  if (metric.kind() == v1::METRIC_KIND_TRANSITION)
    return "100 person-quarters (91.3125 days each) in the state left";
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
