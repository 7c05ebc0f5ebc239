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
#include "node/measure/counting.h"
#include "node/measure/evaluation.h"
#include "node/measure/measurer.h"
#include "node/measure/tally.h"

namespace waymark::node {

// Which slots hold a day.
class SlotsOfDays {
 public:
  SlotsOfDays() = default;
  explicit SlotsOfDays(absl::Span<const std::pair<Period, std::uint32_t>> slots);
  absl::Span<const std::uint32_t> On(Day day) const;

 private:
  Day first_ = 0;
  std::vector<std::uint32_t> begin_;  // by day, and one more at the end
  std::vector<std::uint32_t> slots_;
};

// One window of one entry in several periods: its slots.
struct Job {
  const MeasureRequest* ask = nullptr;  // the first of its requests
  std::uint32_t window = 0;
  std::vector<Availability> availability;  // by slot
  TallyShape shape;
  std::vector<std::string> missing;  // breakdown × unit: why the table cannot be made; "" where it can
  // What follows is there only where some period can be measured.
  std::optional<Evaluation> evaluation;
  SlotsOfDays by_event;                               // slots by a member's event
  std::vector<std::vector<std::uint32_t>> by_period;  // slots by number in Work::periods

  absl::Span<const std::uint32_t> SlotsOf(const Candidate& candidate) const {
    return candidate.period == kByEvent ? by_event.On(candidate.event) : by_period[candidate.period];
  }
};

// The jobs over one kind of thing.
struct Work {
  Counting counting;
  std::vector<std::size_t> jobs;
  std::vector<Period> periods;  // distinct
  Period span;                  // from the first day of all to the last
  std::vector<Field> tested;    // fields that decide whether a candidate counts, and as what
  std::vector<Field> rows;      // fields of breakdowns
};

struct Plan {
  // Where a request's tables come from: its slot in each of these jobs (its windows, in order).
  struct Source {
    std::size_t first_job = 0;
    std::size_t jobs = 0;  // 0: metric kind QUALITY
    std::uint32_t slot = 0;
  };
  std::vector<Source> sources;  // by request
  std::vector<Job> jobs;
  std::vector<Work> work;
  bool by_family = false;  // some job looks at families
};

// The units that a request asks for. INVALID_ARGUMENT on one that the entry does not have.
absl::StatusOr<std::vector<v1::Unit>> UnitsOf(const MeasureRequest& request);

// The requests must outlive the plan. Errors as of Measure.
absl::StatusOr<Plan> PlanOf(const Journeys& journeys, absl::Span<const MeasureRequest> requests);

}  // namespace waymark::node

#endif  // WAYMARK_NODE_MEASURE_PLAN_H_
