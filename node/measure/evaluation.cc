#include "node/measure/evaluation.h"

#include <algorithm>

#include "node/measure/person_time.h"

namespace waymark::node {

Evaluation::Evaluation(const v1::Metric& metric, std::uint32_t window, Day until)
    : kind_(metric.kind()),
      post_closure_(metric.cohort().post_closure()),
      window_(static_cast<Day>(window)),
      until_(until),
      bins_(metric.bins().begin(), metric.bins().end()) {
  for (const v1::Cohort::NoneOpen& none : metric.cohort().none_open()) {
    none_open_.push_back({.level = none.level(),
                          .from_start = none.anchor() == v1::ANCHOR_START,
                          .from = none.from_days(),
                          .to = none.to_days()});
  }
  for (const v1::FieldTest& test : metric.cohort().fields()) tests_.push_back(CompileTest(test));
  for (const v1::Outcome& outcome : metric.outcomes()) {
    outcomes_.push_back({.is_test = outcome.has_field(),
                         .test = outcome.has_field() ? CompileTest(outcome.field()) : Test{},
                         .follow_up = CompileFollowUp(outcome.follow_up(), window)});
  }
}

Evaluation::Test Evaluation::CompileTest(const v1::FieldTest& test) {
  const Field field = *FieldNamed(test.field());
  const CategoryMask any_of = test.any_of().empty() ? ~CategoryMask{0} : MaskOf(field, test.any_of());
  return {.field = field, .passing = any_of & ~MaskOf(field, test.none_of())};
}

std::vector<Field> Evaluation::Fields() const {
  std::vector<Field> fields;
  for (const Test& test : tests_) fields.push_back(test.field);
  for (const Outcome& outcome : outcomes_) {
    if (outcome.is_test) fields.push_back(outcome.test.field);
  }
  return fields;
}

// The person can be followed for the whole window after E.
bool Evaluation::IsFollowed(const History& history, Day end) const {
  const Day last = end + window_;
  if (history.person().death <= last) return false;
  if (history.FirstMove(end) <= last) return false;
  const Day adult = history.EighteenthBirthday();
  return adult <= end || adult > last;
}

bool Evaluation::IsMember(const History& history, const Candidate& candidate) const {
  const auto passes = [&candidate](const Test& test) { return test.Passes(candidate); };
  if (!std::all_of(tests_.begin(), tests_.end(), passes)) return false;
  if (post_closure_ && !IsFollowed(history, candidate.end)) return false;
  return std::none_of(none_open_.begin(), none_open_.end(), [&](const NoneOpen& none) {
    const Day anchor = none.from_start ? candidate.start : candidate.end;
    return AnyOpen(history, none.level, anchor + none.from, anchor + none.to);
  });
}

void Evaluation::SetOutcomes(const History& history, const Candidate& candidate, Categories& categories,
                             Effect& effect) const {
  for (std::size_t i = 0; i < outcomes_.size(); ++i) {
    const Outcome& outcome = outcomes_[i];
    const bool happened = outcome.is_test ? outcome.test.Passes(candidate)
                                          : Happened(history, candidate, outcome.follow_up, categories);
    if (happened) effect.outcomes |= std::uint64_t{1} << i;
  }
}

bool Evaluation::SetClass(const Candidate& candidate, Effect& effect) const {
  const auto of_member = std::find_if(outcomes_.begin(), outcomes_.end(),
                                      [&candidate](const Outcome& o) { return o.test.Passes(candidate); });
  effect.column = static_cast<std::uint32_t>(of_member - outcomes_.begin());
  return of_member != outcomes_.end();
}

void Evaluation::SetDuration(const Candidate& candidate, Effect& effect) const {
  effect.days = candidate.end - candidate.start;
  const auto bin = std::upper_bound(bins_.begin(), bins_.end(), static_cast<std::uint32_t>(effect.days));
  effect.column = static_cast<std::uint32_t>(bin - bins_.begin());
}

// False where the member was never at risk.
bool Evaluation::SetSurvival(const History& history, const Candidate& candidate, Effect& effect) const {
  const Day end = candidate.end;
  const Day adult = history.EighteenthBirthday();
  Day censored = std::min({until_, history.person().death, history.FirstMove(end)});
  if (adult > end) censored = std::min(censored, adult);
  if (censored <= end) return false;

  Day first = kNoDay;
  for (std::size_t i = 0; i < outcomes_.size(); ++i) {
    const FollowUp& follow_up = outcomes_[i].follow_up;
    const Day day = FirstEvent(history, follow_up, end + follow_up.after);
    if (day > censored || day >= first) continue;  // of one day's events the outcome listed first counts
    first = day;
    effect.outcome = static_cast<std::int32_t>(i);
  }
  effect.days = std::min(first, censored) - end;
  const auto bin = std::lower_bound(bins_.begin(), bins_.end(), static_cast<std::uint32_t>(effect.days));
  const auto kinds = static_cast<std::uint32_t>(outcomes_.size());
  const std::uint32_t kind = effect.outcome == kCensored ? kinds : static_cast<std::uint32_t>(effect.outcome);
  effect.column = static_cast<std::uint32_t>(bin - bins_.begin()) * (kinds + 1) + kind;
  return true;
}

Evaluation::Verdict Evaluation::Evaluate(const History& history, const Candidate& candidate,
                                         Categories& categories, Effect& effect) const {
  const auto member_if = [](bool counts) { return counts ? Verdict::kMember : Verdict::kOut; };
  if (!IsMember(history, candidate)) return Verdict::kOut;
  switch (kind_) {
    case v1::METRIC_KIND_PROPORTION:
      SetOutcomes(history, candidate, categories, effect);
      return Verdict::kMember;
    case v1::METRIC_KIND_DURATION:
      SetDuration(candidate, effect);
      return Verdict::kMember;
    case v1::METRIC_KIND_SURVIVAL:
      return member_if(SetSurvival(history, candidate, effect));
    case v1::METRIC_KIND_TRANSITION:
      return member_if(AddPersonTime(history, candidate, until_, effect));
    default:
      return SetClass(candidate, effect) ? Verdict::kMember : Verdict::kNoClass;
  }
}

}  // namespace waymark::node
