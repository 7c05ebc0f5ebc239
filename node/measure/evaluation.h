// What an entry makes of a candidate: whether it is a member, and what it then adds to its row. This is where
// cohorts, outcomes, classes, durations and survival are read.
#ifndef WAYMARK_NODE_MEASURE_EVALUATION_H_
#define WAYMARK_NODE_MEASURE_EVALUATION_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/day.h"
#include "base/period.h"
#include "node/measure/categories.h"
#include "node/measure/conditions.h"
#include "node/measure/history.h"
#include "node/measure/member.h"
#include "waymark/v1/catalogue.pb.h"

namespace waymark::node {

// One window of one entry, compiled once and then asked of every candidate. Immutable; thread-safe.
//
// - Post-closure cohorts leave out a member whose person has died by E + window, has moved out in [E, E +
//   window] (the closure itself included), or turns 18 in (E, E + window], whatever came first.
// - SURVIVAL: follow-up ends at x, the first move out on or after E, the death, or the 18th birthday where
//   that is after E; a member without a day of follow-up was never at risk and is left out.
class Evaluation {
 public:
  // `metric` (one that CheckEntry accepts) must outlive it, as must `calendar`, which may be null where the
  // entry counts no working days. `until`: x, the last day to which all its kinds of record are followed.
  // `bounded`: a member may touch as many cells as the entry's most_moves allow.
  Evaluation(const v1::Metric& metric, std::uint32_t window, Day until, const WorkingDays* calendar,
             bool bounded);

  // The fields whose categories a candidate must have.
  std::vector<Field> Fields() const;

  // How many days of a period a person in one state adds to it who is followed on all of them, and on the
  // day before. 0 where the entry is no TRANSITION, or more than that has to be asked.
  Day WholeDays(const Period& period) const;

  // Whether the candidate is of the cohort.
  bool IsMember(const History& history, const Candidate& candidate) const;
  // Whether another's cohort is the same, whatever it counts of it.
  bool SameMembers(const Evaluation& other) const;

  enum class Verdict {
    kOut,  // of nothing that could be counted
    kMember,
    kNoClass,  // a MIX has no class for it: the entry is wrong
  };
  // Of a candidate that is of the cohort.
  Verdict Evaluate(const History& history, const Candidate& candidate, Categories& categories,
                   Effect& effect) const;

 private:
  // Outcomes that are tests of one field: the bits of those that pass, by category.
  struct FieldOutcomes {
    Field field;
    std::array<std::uint64_t, kMaskCategories> bits;
  };

  void AddFieldOutcome(const Test& test, std::size_t number);
  void SetOutcomes(const History& history, const Candidate& candidate, Categories& categories,
                   Effect& effect) const;
  bool SetClass(const History& history, const Candidate& candidate, Categories& categories,
                Effect& effect) const;
  bool SetDuration(const History& history, const Candidate& candidate, Categories& categories,
                   Effect& effect) const;
  bool SetSurvival(const History& history, const Candidate& candidate, Effect& effect) const;

  v1::MetricKind kind_;
  bool post_closure_;
  Day window_;
  Day until_;
  std::uint32_t most_moves_;  // TRANSITION; 0: any number
  bool has_referral_;
  int under_age_;  // 0: any
  std::vector<OpenSpan> none_open_;
  std::vector<Test> tests_;
  std::optional<LookBack> preceded_by_;
  std::optional<SinceContact> since_contact_;
  std::vector<OutcomeTest> outcomes_;
  std::vector<FieldOutcomes> field_outcomes_;
  std::vector<std::size_t> asked_outcomes_;  // numbers of the others
};

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_EVALUATION_H_
