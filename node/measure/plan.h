// What a batch of requests needs of the records: requests that differ in their period only are measured
// together, one job a window; jobs that count the same kind of thing share its candidates.
#ifndef WAYMARK_NODE_MEASURE_PLAN_H_
#define WAYMARK_NODE_MEASURE_PLAN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "base/period.h"
#include "node/journey/journeys.h"
#include "node/measure/availability.h"
#include "node/measure/breakdown.h"
#include "node/measure/categories.h"
#include "node/measure/counting.h"
#include "node/measure/evaluation.h"
#include "node/measure/measurer.h"
#include "node/measure/tally.h"

namespace waymark::node {

// Which of some periods hold a day, by their numbers.
class PeriodsByDay {
 public:
  PeriodsByDay() = default;
  explicit PeriodsByDay(absl::Span<const Period> periods);

  absl::Span<const std::uint32_t> On(Day day) const {
    if (day < first_ || day - first_ >= days_) return {};
    const auto begin = begin_.begin() + (day - first_);
    return {numbers_.data() + begin[0], begin[1] - begin[0]};
  }

 private:
  Day first_ = 0;
  Day days_ = 0;
  std::vector<std::uint32_t> begin_;  // by day, and one more at the end
  std::vector<std::uint32_t> numbers_;
};

// One window of one entry in several periods.
struct Job {
  const MeasureRequest* ask = nullptr;  // the first of its requests
  std::uint32_t window = 0;
  std::size_t work = 0;                    // its place in Plan::work, where some period can be measured
  std::vector<Availability> availability;  // by period asked for
  std::vector<std::uint32_t> slots;        // the same periods as numbers in Work::periods
  TallyShape shape;
  std::vector<std::string> missing;  // breakdown × unit: why the table cannot be made; "" where it can
  // What follows is there only where some period can be measured.
  std::optional<Evaluation> evaluation;
  std::vector<std::uint8_t> measured;  // by number in Work::periods: 0 or 1
  bool same_members = false;           // as the job before it in Work::jobs
  Day last_event = kNoDay;             // of members whose follow-up has ended
};

// The jobs over one kind of thing.
struct Work {
  Counting counting;
  std::vector<std::size_t> jobs;  // those of one cohort together
  std::vector<Period> periods;    // distinct
  Period span;                    // from the first day of all to the last
  PeriodsByDay by_day;
  // Of PERSON_TIME, by period: the days that a person in one state adds, the same to all jobs; 0 where the
  // jobs have to be asked. Otherwise empty.
  std::vector<Day> whole_days;
  std::vector<CountedField> tested;      // decide whether a candidate counts, and as what
  std::vector<CountedField> row_fields;  // of breakdowns
  std::vector<Breakdown> breakdowns;     // of all jobs, each once
};

struct Plan {
  // Where a request's tables come from: one period of each of these jobs (its windows, in order).
  struct Source {
    std::size_t first_job = 0;
    std::size_t jobs = 0;    // 0: it needs no walk (unwalked.h)
    std::size_t period = 0;  // its place among the periods asked for
  };
  std::vector<Source> sources;  // by request
  std::vector<Job> jobs;
  std::vector<Work> work;
  bool by_family = false;  // some job looks at families
};

// The units that a request asks for. INVALID_ARGUMENT on one that the entry does not have.
absl::StatusOr<std::vector<v1::Unit>> UnitsOf(const MeasureRequest& request);

// Whether it matters to what the request counts who is of one family.
bool LooksAtFamilies(const MeasureRequest& request);

// The requests must outlive the plan. Errors as of Measure.
absl::StatusOr<Plan> PlanOf(const Journeys& journeys, absl::Span<const MeasureRequest> requests);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_PLAN_H_
