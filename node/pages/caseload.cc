#include "node/pages/caseload.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/period.h"
#include "base/status.h"
#include "node/measure/measurer.h"
#include "node/pages/context.h"
#include "node/site/figure_rows.h"

namespace waymark::node {
namespace {

constexpr Day kHalfYear = 183;
constexpr Day kYear = 365;
constexpr std::int32_t kAssessmentDays = 45;
constexpr std::int32_t kConferenceDays = 15;
constexpr char kNotRecorded[] = "not recorded";

Code HolderOf(const Episode& episode, Holder holder) {
  switch (holder) {
    case Holder::kService:
      return episode.service;
    case Holder::kTeam:
      return episode.team;
    case Holder::kWorker:
      return episode.worker;
  }
  return kNoCode;
}

struct Held {
  std::vector<Day> days;
  std::set<PersonIndex> children;
  std::set<std::uint32_t> families;
};

Holding HoldingOf(std::string who, Held held) {
  std::sort(held.days.begin(), held.days.end());
  const auto longer = [&](Day least) {
    return held.days.end() - std::lower_bound(held.days.begin(), held.days.end(), least);
  };
  return {.who = std::move(who),
          .cases = static_cast<std::int64_t>(held.days.size()),
          .children = static_cast<std::int64_t>(held.children.size()),
          .families = static_cast<std::int64_t>(held.families.size()),
          .half_year = longer(kHalfYear),
          .year = longer(kYear),
          .median_days = held.days[(held.days.size() - 1) / 2]};
}

std::string Name(const std::string& who) {
  return who.empty() ? kNotRecorded : who;
}

PageTable HoldingTable(const Journeys& journeys, Levels levels, Holder holder, Day day,
                       const std::string& caption, const std::string& heading) {
  PageTable table{.caption = caption,
                  .header = {heading, ">Open cases", ">Children", ">Families", ">Open half a year or more",
                             ">Open a year or more", ">Median days open"}};
  for (const Holding& one : HoldingsOn(journeys, levels, holder, day)) {
    table.rows.push_back({Name(one.who), absl::StrCat(one.cases), absl::StrCat(one.children),
                          absl::StrCat(one.families), absl::StrCat(one.half_year), absl::StrCat(one.year),
                          absl::StrCat(one.median_days)});
  }
  return table;
}

PageSection HoldingSection(const Journeys& journeys, Levels levels, Day day, const std::string& id,
                           const std::string& what) {
  PageSection section{.id = id, .heading = absl::StrCat("Open ", what, " on ", DayText(day))};
  section.tables = {
      HoldingTable(journeys, levels, Holder::kService, day, absl::StrCat("Open ", what, " by service"),
                   "Service"),
      HoldingTable(journeys, levels, Holder::kTeam, day, absl::StrCat("Open ", what, " by team"), "Team"),
      HoldingTable(journeys, levels, Holder::kWorker, day, absl::StrCat("Open ", what, " by worker"),
                   "Worker")};
  const bool is_empty = std::all_of(section.tables.begin(), section.tables.end(),
                                    [](const PageTable& table) { return table.rows.empty(); });
  if (is_empty)
    section.paragraphs.push_back(
        absl::StrCat("No open case, or no source carries services, teams and workers for ", what, "."));
  return section;
}

void AddOverdue(const Journeys& journeys, StepKind kind, std::int32_t standard, Day day,
                const WorkingDays& calendar, const std::string& what, PageSection& section) {
  PageTable table{.caption = absl::StrCat(what, ": not done after ", standard, " working days"),
                  .header = {"Team", ">Begun and not done", ">Out of time", ">Longest, in working days"}};
  for (const Overdue& one : OverdueOn(journeys, kind, standard, day, calendar)) {
    table.rows.push_back({Name(one.team), absl::StrCat(one.open), absl::StrCat(one.out_of_time),
                          one.longest == 0 ? "" : absl::StrCat(one.longest)});
  }
  section.tables.push_back(std::move(table));
}

// The entry's shares by team, over the year that ends on the day.
absl::Status AddTimeliness(const Journeys& journeys, const catalogue::Library& library, const std::string& id,
                           Day day, PageSection& section) {
  const v1::Metric* metric = library.Find(id);
  if (metric == nullptr) return absl::OkStatus();
  ASSIGN_OR_RETURN(const Period period,
                   ParsePeriod(absl::StrCat(FormatDay(day - kYear + 1), "..", FormatDay(day))));
  ASSIGN_OR_RETURN(const auto measured, Measure(journeys, {.metric = metric,
                                                           .period = period,
                                                           .breakdowns = {"team"},
                                                           .units = {v1::UNIT_EPISODES},
                                                           .calendar = &library.working_days()}));
  PageTable table{.caption = metric->title(), .header = {"Team", ">In time", ">Of", ">Share"}};
  std::vector<FigureRow> rows;
  for (const Measured& one : measured) AppendRows(*metric, one, rows);
  for (const FigureRow& row : rows) {
    if (row.figure.quantity.empty()) {
      const std::string why = absl::StrCat(metric->title(), ": ", FigureText(row), ".");
      if (section.paragraphs.empty() || section.paragraphs.back() != why) section.paragraphs.push_back(why);
      continue;
    }
    table.rows.push_back({row.breakdown.empty() ? "all teams" : Name(row.breakdown.front().second),
                          CountText(row.figure.numerator), CountText(row.figure.denominator),
                          FigureText(row)});
  }
  section.tables.push_back(std::move(table));
  return absl::OkStatus();
}

}  // namespace

std::vector<Holding> HoldingsOn(const Journeys& journeys, Levels levels, Holder holder, Day day) {
  std::map<std::string, Held> by_holder;
  bool is_carried = false;
  for (PersonIndex person = 0; person < journeys.persons(); ++person) {
    for (const Episode& episode : journeys.episodes(person)) {
      if ((levels & Only(episode.level)) == 0) continue;
      const Code who = HolderOf(episode, holder);
      is_carried = is_carried || who != kNoCode;
      // Still open after the day: a case of that one day alone is no stock.
      if (episode.start > day || episode.end <= day) continue;
      Held& held = by_holder[who == kNoCode ? "" : journeys.Text(who)];
      held.days.push_back(day - episode.start);
      held.children.insert(person);
      held.families.insert(journeys.family(person));
    }
  }
  std::vector<Holding> holdings;
  if (!is_carried) return holdings;
  for (auto& [who, held] : by_holder) holdings.push_back(HoldingOf(who, std::move(held)));
  std::stable_sort(holdings.begin(), holdings.end(),
                   [](const Holding& a, const Holding& b) { return a.cases > b.cases; });
  return holdings;
}

std::vector<Overdue> OverdueOn(const Journeys& journeys, StepKind kind, std::int32_t standard, Day day,
                               const WorkingDays& calendar) {
  std::map<std::string, Overdue> by_team;
  for (PersonIndex person = 0; person < journeys.persons(); ++person) {
    for (const Step& step : journeys.steps(person, kind)) {
      if (step.start > day || step.end <= day) continue;
      // A conference that is not required is not waited for.
      if (kind == StepKind::kEnquiry && step.outcome != kNoCode && !journeys.Text(step.outcome).empty())
        continue;
      const std::string team = step.team == kNoCode ? "" : journeys.Text(step.team);
      Overdue& overdue = by_team[team];
      overdue.team = team;
      ++overdue.open;
      const std::optional<std::int32_t> taken = calendar.Between(step.start, day);
      if (taken.has_value() && *taken <= standard) continue;
      ++overdue.out_of_time;
      overdue.longest = std::max<std::int64_t>(overdue.longest, taken.value_or(0));
    }
  }
  std::vector<Overdue> list;
  for (auto& [team, overdue] : by_team) list.push_back(std::move(overdue));
  std::stable_sort(list.begin(), list.end(),
                   [](const Overdue& a, const Overdue& b) { return a.out_of_time > b.out_of_time; });
  return list;
}

absl::StatusOr<std::vector<PageSection>> CaseloadSections(const Journeys& journeys,
                                                          const catalogue::Library& library) {
  const Records& records = journeys.records();
  std::vector<PageSection> sections;
  const Day early = records.early_help.extract, social = records.social_care.extract;
  if (early != kNoDay)
    sections.push_back(HoldingSection(journeys, Only(Level::kEarlyHelp), early, "early-help", "early help"));
  if (social != kNoDay)
    sections.push_back(HoldingSection(journeys, kAllLevels & static_cast<Levels>(~Only(Level::kEarlyHelp)),
                                      social, "social-care", "social care"));
  PageSection late{.id = "out-of-time", .heading = "Out-of-time work"};
  const auto add_late = [&](StepKind kind, std::int32_t standard, const std::string& what) {
    const Day day = CoverageOf(records, kind).extract;
    if (day != kNoDay) AddOverdue(journeys, kind, standard, day, library.working_days(), what, late);
  };
  add_late(StepKind::kEarlyHelpAssessment, kAssessmentDays, "Early-help assessments");
  add_late(StepKind::kAssessment, kAssessmentDays, "Social care assessments");
  add_late(StepKind::kEnquiry, kConferenceDays, "Section 47 enquiries that wait for a conference");
  const bool none_late = std::all_of(late.tables.begin(), late.tables.end(),
                                     [](const PageTable& table) { return table.rows.empty(); });
  if (none_late)
    late.paragraphs.push_back("No assessment or enquiry is begun and not done, or no source carries them.");
  sections.push_back(std::move(late));
  PageSection timely{.id = "timeliness", .heading = "How timely work was, in the year up to the extract"};
  const auto add_timely = [&](StepKind kind, const std::string& id) {
    const Day day = CoverageOf(records, kind).extract;
    return day == kNoDay ? absl::OkStatus() : AddTimeliness(journeys, library, id, day, timely);
  };
  RETURN_IF_ERROR(add_timely(StepKind::kEarlyHelpAssessment, "12"));
  RETURN_IF_ERROR(add_timely(StepKind::kAssessment, "13"));
  RETURN_IF_ERROR(add_timely(StepKind::kEnquiry, "15"));
  sections.push_back(std::move(timely));
  return sections;
}

}  // namespace waymark::node
