#include "node/measure/quantities.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "node/measure/categories.h"
#include "node/measure/fields.h"
#include "node/measure/home_table.h"

namespace waymark::node {
namespace {

using Ratio = v1::Ratio;

constexpr Day kScoredAfterEnd = 30;  // a second score is often taken at a closing visit's write-up

// Of each child, by id: the days of its pairs of scores.
using Pairs = std::multimap<std::string, std::pair<Day, Day>>;

Pairs PairsOf(const Templates& templates) {
  Pairs pairs;
  for (const Score& score : templates.scores.rows) {
    if (score.end != kNoDay) pairs.emplace(score.person, std::make_pair(score.start, score.end));
  }
  return pairs;
}

bool HasScores(const Pairs& pairs, const std::string& person, const Episode& episode) {
  const auto [first, last] = pairs.equal_range(person);
  return std::any_of(first, last, [&episode](const auto& pair) {
    return pair.second.first >= episode.start && pair.second.second <= episode.end + kScoredAfterEnd;
  });
}

bool IsCase(const Episode& episode, Ratio::Quantity quantity, const Period& period,
            const Journeys& journeys) {
  if (quantity == Ratio::QUANTITY_OPEN_EARLY_HELP)
    return episode.start <= period.last && period.last < episode.end;
  if (episode.end == kNoDay || !period.Contains(episode.end)) return false;
  return quantity != Ratio::QUANTITY_OUTCOMES_MET || journeys.Text(episode.end_reason) == "outcomes_met";
}

std::map<std::string, std::int64_t> StaffOn(const Templates& templates, Day day) {
  std::map<std::string, std::int64_t> by_team;
  for (const Staffing& staffing : templates.staffing.rows) {
    if (staffing.from <= day && day <= staffing.to)
      by_team[LocalCategory(staffing.team)] += staffing.fte_thousandths;
  }
  return by_team;
}

std::map<std::string, std::int64_t> CostsIn(const Templates& templates, const Period& period) {
  std::map<std::string, std::int64_t> pence;
  std::map<std::string, std::set<Day>> covered;
  for (const Cost& cost : templates.costs.rows) {
    const Day first = std::max(cost.from, period.first);
    const Day last = std::min(cost.to, period.last);
    if (first > last) continue;
    const std::int64_t days = cost.to - cost.from + 1;
    const std::int64_t inside = last - first + 1;
    const std::string service = LocalCategory(cost.service);
    pence[service] += (2 * cost.pence * inside + days) / (2 * days);
    for (Day day = first; day <= last; ++day) covered[service].insert(day);
  }
  for (auto service = pence.begin(); service != pence.end();) {
    const bool whole = covered[service->first].size() == static_cast<std::size_t>(period.days());
    service = whole ? std::next(service) : pence.erase(service);
  }
  return pence;
}

}  // namespace

bool CountsCases(Ratio::Quantity quantity) {
  return quantity != Ratio::QUANTITY_CASE_HOLDING_FTE && quantity != Ratio::QUANTITY_SERVICE_COST;
}

std::vector<Case> CasesOf(const Journeys& journeys, Ratio::Quantity quantity, const Period& period) {
  Pairs pairs;
  const bool scored = quantity == Ratio::QUANTITY_ENDED_WITH_SCORES;
  if (scored) pairs = PairsOf(journeys.records().templates);
  std::vector<Case> cases;
  for (PersonIndex person = 0; person < journeys.persons(); ++person) {
    for (const Episode& episode : journeys.episodes(person, Level::kEarlyHelp)) {
      if (!IsCase(episode, quantity, period, journeys)) continue;
      if (scored && !HasScores(pairs, std::string(journeys.person_id(person)), episode)) continue;
      cases.push_back({.person = person,
                       .service = LocalCategory(journeys.Text(episode.service)),
                       .team = LocalCategory(journeys.Text(episode.team)),
                       .worker = journeys.Text(episode.worker)});
    }
  }
  return cases;
}

std::map<std::string, std::int64_t> AmountsOf(const Journeys& journeys, Ratio::Quantity quantity,
                                              const Period& period) {
  const Templates& templates = journeys.records().templates;
  return quantity == Ratio::QUANTITY_SERVICE_COST ? CostsIn(templates, period)
                                                  : StaffOn(templates, period.last);
}

std::vector<std::string> WorkersOn(const Templates& templates, Day day) {
  std::set<std::string> workers;
  for (const Staffing& staffing : templates.staffing.rows) {
    if (staffing.from <= day && day <= staffing.to && staffing.fte_thousandths > 0 &&
        !staffing.worker.empty())
      workers.insert(staffing.worker);
  }
  return {workers.begin(), workers.end()};
}

Availability ReachOfQuantity(const Journeys& journeys, Ratio::Quantity quantity, const Period& period) {
  const Records& records = journeys.records();
  const Templates& templates = records.templates;
  if (quantity == Ratio::QUANTITY_CASE_HOLDING_FTE) {
    return Reach("staffing.csv", templates.staffing.covered_from, templates.staffing.extract, period.last,
                 period.last);
  }
  if (quantity == Ratio::QUANTITY_SERVICE_COST) {
    // Its rows say themselves which days they cover.
    return Reach("costs.csv", period.first, templates.costs.carried() ? period.last : kNoDay, period.first,
                 period.last);
  }
  const bool stock = quantity == Ratio::QUANTITY_OPEN_EARLY_HELP;
  Availability reach = Reach("early help", records.early_help.from, records.early_help.extract,
                             stock ? period.last : period.first, period.last);
  if (quantity == Ratio::QUANTITY_ENDED_WITH_SCORES) {
    Narrow(Reach("scores.csv", templates.scores.covered_from, templates.scores.extract, period.first,
                 period.last + kScoredAfterEnd),
           reach);
  }
  if (quantity == Ratio::QUANTITY_OUTCOMES_MET && reach.can_be_measured() &&
      !IsCarried(journeys, CountingOf(v1::Cohort::BASE_EARLY_HELP_ENDED), Field::kEndReason)) {
    reach.completeness = Completeness::kNotAvailable;
    reach.reason = "no source carries the field \"end_reason\" of early-help episodes";
  }
  return reach;
}

}  // namespace waymark::node
