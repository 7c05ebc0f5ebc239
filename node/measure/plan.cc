#include "node/measure/plan.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "catalogue/columns.h"
#include "catalogue/follow_up.h"
#include "node/measure/entry.h"
#include "node/measure/fields.h"
#include "node/measure/needs.h"
#include "node/measure/unwalked.h"
#include "proto/contract/names.h"

namespace waymark::node {
namespace {

absl::Status NotListed(const v1::Metric& metric, const std::string& wanted, const std::string& listed) {
  return absl::InvalidArgumentError(absl::StrCat("metric ", metric.id(), " has no ", wanted,
                                                 "; it has: ", listed.empty() ? "none" : listed));
}

// The windows of which each makes tables. A survival entry has one table, whose window is 0.
absl::StatusOr<std::vector<std::uint32_t>> WindowsOf(const MeasureRequest& request) {
  const v1::Metric& metric = *request.metric;
  const auto& listed = metric.window_days();
  for (const std::uint32_t window : request.window_days) {
    if (std::find(listed.begin(), listed.end(), window) != listed.end()) continue;
    return NotListed(metric, absl::StrCat("window of ", window, " days"), absl::StrJoin(listed, ", "));
  }
  if (listed.empty() || metric.kind() == v1::METRIC_KIND_SURVIVAL) return std::vector<std::uint32_t>{0};
  if (!request.window_days.empty()) return request.window_days;
  return std::vector<std::uint32_t>(listed.begin(), listed.end());
}

// Why this one table cannot be made although the metric can be measured; "" where it can.
std::string MissingFor(const Journeys& journeys, const v1::Metric& metric, const Breakdown& breakdown,
                       v1::Unit unit) {
  if (unit == v1::UNIT_FAMILIES && !journeys.has_families()) return "no source says who is whose family";
  for (std::size_t i = 0; i < breakdown.fields.size(); ++i) {
    if (IsCarried(journeys, CountingOf(metric.cohort()), breakdown.fields[i])) continue;
    return absl::StrCat("no source carries the field \"", breakdown.dimensions[i], "\"");
  }
  return "";
}

absl::Status CheckRequest(const MeasureRequest& request) {
  if (request.metric == nullptr) return absl::InvalidArgumentError("measure: expected a metric");
  if (request.limit.has_value() && (request.limit->members == 0 || request.limit->rank == nullptr)) {
    return absl::InvalidArgumentError("measure: a contribution limit needs at least 1 member and a rank");
  }
  return absl::OkStatus();
}

// Whether two requests can be measured together.
bool DifferInPeriodOnly(const MeasureRequest& a, const MeasureRequest& b) {
  return a.metric == b.metric && a.breakdowns == b.breakdowns && a.window_days == b.window_days &&
         a.units == b.units && a.calendar == b.calendar && !a.limit.has_value() && !b.limit.has_value();
}

// The value's place among `values`, where it stands once.
template <typename Value>
std::size_t AddOnce(const Value& value, std::vector<Value>& values) {
  const auto known = std::find(values.begin(), values.end(), value);
  const auto place = static_cast<std::size_t>(known - values.begin());
  if (known == values.end()) values.push_back(value);
  return place;
}

absl::StatusOr<TallyShape> ShapeOf(const MeasureRequest& request) {
  const v1::Metric& metric = *request.metric;
  TallyShape shape{.kind = metric.kind(),
                   .outcomes = static_cast<std::size_t>(metric.outcomes_size()),
                   .none = 0,
                   .bins = {metric.bins().begin(), metric.bins().end()},
                   .columns = catalogue::ColumnsOf(metric).size(),
                   .slots = 0,
                   .whole_days = {},
                   .breakdowns = std::vector<Breakdown>(1),  // all members
                   .row_of = {},
                   .units = {},
                   .counted = {}};
  for (int i = 0; i < metric.outcomes_size(); ++i) {
    if (metric.outcomes(i).follow_up().none()) shape.none |= std::uint64_t{1} << i;
  }
  ASSIGN_OR_RETURN(shape.units, UnitsOf(request));
  for (const std::string& text : request.breakdowns) {
    ASSIGN_OR_RETURN(Breakdown breakdown, ParseBreakdown(metric, text));
    shape.breakdowns.push_back(std::move(breakdown));
  }
  return shape;
}

// Adds the jobs of a request that none before it resembles.
absl::Status AddJobs(const Journeys& journeys, const MeasureRequest& request, Plan& plan) {
  const v1::Metric& metric = *request.metric;
  ASSIGN_OR_RETURN(const std::vector<std::uint32_t> windows, WindowsOf(request));
  ASSIGN_OR_RETURN(const std::vector<v1::Unit> units, UnitsOf(request));
  RETURN_IF_ERROR(CheckEntry(metric));
  ASSIGN_OR_RETURN(TallyShape shape, ShapeOf(request));
  std::vector<std::string> missing;
  for (const Breakdown& breakdown : shape.breakdowns) {
    for (const v1::Unit unit : units) {
      missing.push_back(MissingFor(journeys, metric, breakdown, unit));
      shape.counted.push_back(missing.back().empty());
    }
  }
  for (const std::uint32_t window : windows) {
    Job job;
    job.ask = &request;
    job.window = window;
    job.shape = shape;
    job.missing = missing;
    plan.jobs.push_back(std::move(job));
  }
  plan.by_family |= LooksAtFamilies(request);
  return absl::OkStatus();
}

// Completes a job whose periods are known, and adds it to the work on its base.
void Finish(const std::vector<Period>& periods, std::size_t number, Plan& plan) {
  Job& job = plan.jobs[number];
  const v1::Metric& metric = *job.ask->metric;
  const Counting counting = CountingOf(metric.cohort());
  const auto measured = std::find_if(job.availability.begin(), job.availability.end(),
                                     [](const Availability& one) { return one.can_be_measured(); });
  if (measured == job.availability.end()) return;
  // The same in all periods: it comes from the sources alone.
  const Day until = measured->until;
  job.evaluation.emplace(metric, job.window, until, job.ask->calendar, job.ask->limit.has_value());

  auto work = std::find_if(plan.work.begin(), plan.work.end(),
                           [&counting](const Work& w) { return w.counting == counting; });
  if (work == plan.work.end()) {
    work = plan.work.emplace(work);
    work->counting = counting;
  }
  job.work = static_cast<std::size_t>(work - plan.work.begin());
  work->jobs.push_back(number);
  const bool by_event =
      counting.base != v1::Cohort::BASE_OPEN && counting.base != v1::Cohort::BASE_PERSON_TIME;
  if (by_event && until != kNoDay) job.last_event = until - catalogue::FollowUpDays(metric, job.window);
  job.slots.resize(periods.size());
  for (std::size_t i = 0; i < periods.size(); ++i) {
    if (!job.availability[i].can_be_measured()) continue;
    const std::size_t slot = AddOnce(periods[i], work->periods);
    if (slot >= job.measured.size()) job.measured.resize(slot + 1);
    job.measured[slot] = 1;
    job.slots[i] = static_cast<std::uint32_t>(slot);
  }
  for (const Field field : job.evaluation->Fields()) AddOnce(CountedField(counting, field), work->tested);
  for (const Breakdown& breakdown : job.shape.breakdowns) {
    job.shape.row_of.push_back(AddOnce(breakdown, work->breakdowns));
    for (const Field field : breakdown.fields) AddOnce(CountedField(counting, field), work->row_fields);
  }
}

// Brings jobs of one cohort together.
void GroupByMembers(std::vector<std::size_t>& numbers, std::vector<Job>& jobs) {
  for (auto first = numbers.begin(); first != numbers.end();) {
    const Evaluation& cohort = *jobs[*first].evaluation;
    const auto next = std::stable_partition(
        first, numbers.end(), [&](std::size_t j) { return cohort.SameMembers(*jobs[j].evaluation); });
    for (auto job = first + 1; job < next; ++job) jobs[*job].same_members = true;
    first = next;
  }
}

// As Work has them.
std::vector<Day> WholeDaysOf(const Work& work, const std::vector<Job>& jobs) {
  if (work.counting.base != v1::Cohort::BASE_PERSON_TIME) return {};
  const bool by_quarter =
      std::any_of(work.row_fields.begin(), work.row_fields.end(),
                  [](const CountedField& field) { return field.field == Field::kQuarter; });
  std::vector<Day> days;
  for (std::size_t i = 0; i < work.periods.size(); ++i) {
    const bool all = std::all_of(work.jobs.begin(), work.jobs.end(), [&](std::size_t j) {
      return jobs[j].measured[i] != 0 && !jobs[j].ask->limit.has_value() &&
             jobs[j].evaluation->WholeDays(work.periods[i]) > 0;
    });
    days.push_back(all && !by_quarter ? jobs[work.jobs.front()].evaluation->WholeDays(work.periods[i]) : 0);
  }
  return days;
}

}  // namespace

PeriodsByDay::PeriodsByDay(absl::Span<const Period> periods) {
  if (periods.empty()) return;
  Day last = periods[0].last;
  first_ = periods[0].first;
  for (const Period& period : periods) {
    first_ = std::min(first_, period.first);
    last = std::max(last, period.last);
  }
  days_ = last - first_ + 1;
  for (Day day = first_; day <= last; ++day) {
    begin_.push_back(static_cast<std::uint32_t>(numbers_.size()));
    for (std::uint32_t number = 0; number < periods.size(); ++number) {
      if (periods[number].Contains(day)) numbers_.push_back(number);
    }
  }
  begin_.push_back(static_cast<std::uint32_t>(numbers_.size()));
}

absl::StatusOr<std::vector<v1::Unit>> UnitsOf(const MeasureRequest& request) {
  const v1::Metric& metric = *request.metric;
  std::vector<v1::Unit> listed;
  std::vector<absl::string_view> names;
  for (const int unit : metric.units()) {
    listed.push_back(static_cast<v1::Unit>(unit));
    names.push_back(contract::NameOf(listed.back()));
  }
  for (const v1::Unit unit : request.units) {
    if (std::find(listed.begin(), listed.end(), unit) != listed.end()) continue;
    return NotListed(metric, absl::StrCat("unit ", contract::NameOf(unit)), absl::StrJoin(names, ", "));
  }
  return request.units.empty() ? listed : request.units;
}

bool LooksAtFamilies(const MeasureRequest& request) {
  const auto units = UnitsOf(request);
  return request.limit.has_value() ||
         request.metric->cohort().base() == v1::Cohort::BASE_FAMILY_SPELLS_STARTED ||
         (units.ok() && std::find(units->begin(), units->end(), v1::UNIT_FAMILIES) != units->end());
}

absl::StatusOr<Plan> PlanOf(const Journeys& journeys, absl::Span<const MeasureRequest> requests) {
  Plan plan;
  std::vector<std::pair<std::size_t, std::vector<Period>>> asks;  // first request of each kind; all periods
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const MeasureRequest& request = requests[i];
    RETURN_IF_ERROR(CheckRequest(request));
    Plan::Source& source = plan.sources.emplace_back();
    if (IsUnwalked(*request.metric)) {
      RETURN_IF_ERROR(WindowsOf(request).status());
      continue;
    }
    auto ask = std::find_if(asks.begin(), asks.end(), [&](const auto& known) {
      return DifferInPeriodOnly(requests[known.first], request);
    });
    if (ask == asks.end()) {
      source.first_job = plan.jobs.size();
      RETURN_IF_ERROR(AddJobs(journeys, request, plan));
      source.jobs = plan.jobs.size() - source.first_job;
      ask = asks.insert(ask, {i, {}});
    } else {
      source = plan.sources[ask->first];
    }
    source.period = ask->second.size();
    ask->second.push_back(request.period);
    for (std::size_t j = 0; j < source.jobs; ++j) {
      Job& job = plan.jobs[source.first_job + j];
      job.availability.push_back(Assess(journeys, request, job.window));
    }
  }
  for (const auto& [first, periods] : asks) {
    const Plan::Source& source = plan.sources[first];
    for (std::size_t j = 0; j < source.jobs; ++j) Finish(periods, source.first_job + j, plan);
  }
  for (Work& work : plan.work) {
    work.span = work.periods.front();
    for (const Period& period : work.periods) {
      work.span.first = std::min(work.span.first, period.first);
      work.span.last = std::max(work.span.last, period.last);
    }
    work.by_day = PeriodsByDay(work.periods);
    for (const std::size_t job : work.jobs) {
      plan.jobs[job].measured.resize(work.periods.size());
      plan.jobs[job].shape.slots = work.periods.size();
    }
    GroupByMembers(work.jobs, plan.jobs);
    work.whole_days = WholeDaysOf(work, plan.jobs);
    for (const std::size_t job : work.jobs) plan.jobs[job].shape.whole_days = work.whole_days;
  }
  return plan;
}

}  // namespace waymark::node
