// The conditions that cohorts and outcomes are made of, compiled once and then asked of every candidate.
#ifndef WAYMARK_NODE_MEASURE_CONDITIONS_H_
#define WAYMARK_NODE_MEASURE_CONDITIONS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "base/day.h"
#include "base/working_days.h"
#include "node/measure/categories.h"
#include "node/measure/follow_up.h"
#include "node/measure/history.h"
#include "node/measure/member.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::node {

// A field's category is one of some.
struct Test {
  friend bool operator==(const Test&, const Test&) = default;

  Field field;
  CategoryMask passing;

  bool Passes(const Candidate& candidate) const {
    return Holds(passing, candidate.tested[static_cast<std::size_t>(field)]);
  }
};
Test CompileTest(const v1::FieldTest& test);

// A level is open on one of the days from anchor + from to anchor + to.
struct OpenSpan {
  friend bool operator==(const OpenSpan&, const OpenSpan&) = default;

  v1::Level level;
  bool from_start;
  Day from;
  Day to;

  bool Holds(const History& history, const Candidate& candidate) const;
};
OpenSpan CompileOpen(const v1::Cohort::NoneOpen& open);

// Something began on a day before the candidate's start, and ended at most `days` before it or not yet.
struct LookBack {
  friend bool operator==(const LookBack&, const LookBack&) = default;

  v1::LookBack::Record record;
  Day days;  // kNoDay: ever
  std::optional<Test> recorded;
  std::optional<Test> recorded_not;

  bool Holds(const History& history, const Candidate& candidate) const;
};
LookBack CompileLookBack(const v1::LookBack& look_back, std::uint32_t window);

// The latest contact with one of some outcomes, at most `within_days` before the candidate's start.
struct SinceContact {
  CategoryMask outcomes;
  Day within_days;

  // kNoDay where there is none.
  Day DayOf(const History& history, const Candidate& candidate, Categories& categories) const;
};
SinceContact CompileSinceContact(const v1::LatestContact& contact);

// One outcome of an entry. Immutable; thread-safe.
class OutcomeTest {
 public:
  // `calendar` is read where working days are counted, and must outlive it.
  OutcomeTest(const v1::Outcome& outcome, std::uint32_t window, const WorkingDays* calendar);

  // FOLLOW_UP: whether the event happened, also where the outcome is that none did. `first_event` is that
  // of the outcome before, where this one says so, and becomes that of this one.
  bool Holds(const History& history, const Candidate& candidate, Categories& categories,
             Day& first_event) const;
  // To be asked right after `before` has been.
  void Follows(const OutcomeTest& before) {
    knows_first_ = which_ == v1::Outcome::kFollowUp && before.which_ == which_ &&
                   follow_up_.SameFirst(before.follow_up_);
  }
  const FollowUp& follow_up() const { return follow_up_; }
  // Where it is nothing else than a test of a field: that; else null.
  const Test* field_test() const { return which_ == v1::Outcome::kField ? &test_ : nullptr; }
  // Adds the fields whose categories a candidate must have.
  void AddFields(std::vector<Field>& fields) const;

 private:
  bool IsInTime(const History& history, const Candidate& candidate) const;

  v1::Outcome::TestCase which_;
  Test test_{};
  FollowUp follow_up_;
  bool knows_first_ = false;  // the first event is that of the outcome before
  LookBack look_back_{};
  OpenSpan open_{};
  Day from_days_ = 0;  // of Lasted
  Day below_days_ = kNoDay;
  std::int32_t working_days_ = 0;
  bool from_referral_ = false;
  const WorkingDays* calendar_;
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_CONDITIONS_H_
