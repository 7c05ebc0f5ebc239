#include "node/quality/record_checks.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/day.h"

namespace waymark::node {
namespace {

constexpr const char* kLevelIds[kLevels] = {"early_help", "cin", "cp", "cla"};
constexpr const char* kLevelTitles[kLevels] = {"early-help episodes", "episodes of children in need",
                                               "child protection episodes",
                                               "episodes of looked-after children"};
constexpr int kOldest = 25;

// The episodes of each person at each level, by start.
class ByPerson {
 public:
  explicit ByPerson(const Records& records) {
    for (const Episode& episode : records.episodes) {
      episodes_.push_back(&episode);
      ++totals_[static_cast<int>(episode.level)];
    }
    std::sort(episodes_.begin(), episodes_.end(), [](const Episode* a, const Episode* b) {
      return std::make_tuple(a->person, a->level, a->start, a->end) <
             std::make_tuple(b->person, b->level, b->start, b->end);
    });
  }

  std::int64_t total(int level) const { return totals_[level]; }

  // Episodes that begin before an earlier one of the same person and level has ended.
  std::int64_t Overlapping(int level) const {
    std::int64_t count = 0;
    const Episode* before = nullptr;
    Day open_until = 0;
    for (const Episode* at : episodes_) {
      if (static_cast<int>(at->level) != level) continue;
      const bool same = before != nullptr && before->person == at->person;
      if (same && at->start < open_until) ++count;
      open_until = same ? std::max(open_until, at->end) : at->end;
      before = at;
    }
    return count;
  }

  // Whether the person has an episode of `level` on `day` or the day before.
  bool HasOn(std::uint32_t person, Level level, Day day) const {
    auto at = std::lower_bound(episodes_.begin(), episodes_.end(), std::make_pair(person, level),
                               [](const Episode* episode, const std::pair<std::uint32_t, Level>& wanted) {
                                 return std::make_pair(episode->person, episode->level) < wanted;
                               });
    for (; at != episodes_.end() && (*at)->person == person && (*at)->level == level; ++at) {
      if ((*at)->start <= day && (*at)->end >= day - 1) return true;
    }
    return false;
  }

 private:
  std::vector<const Episode*> episodes_;
  std::int64_t totals_[kLevels] = {};
};

void AddOverlaps(const ByPerson& people, std::vector<Finding>& findings) {
  for (int level = 0; level < kLevels; ++level) {
    if (people.total(level) == 0) continue;
    findings.push_back(
        {.id = absl::StrCat("overlap.", kLevelIds[level]),
         .group = "overlaps",
         .what = absl::StrCat(kLevelTitles[level], " that begin before an earlier one of the child ends"),
         .count = people.Overlapping(level),
         .of = people.total(level),
         .effect = "merged with the earlier one"});
  }
}

// One check of each episode against its person.
template <typename Odd>
Finding CheckEpisodes(const Records& records, const char* id, const char* what, const char* effect,
                      const Odd& odd) {
  Finding finding{.id = id, .group = "impossible dates", .what = what, .effect = effect};
  for (const Episode& episode : records.episodes) {
    ++finding.of;
    if (odd(records.persons[episode.person], episode)) ++finding.count;
  }
  return finding;
}

void AddDates(const Records& records, std::vector<Finding>& findings) {
  if (records.episodes.empty()) return;
  findings.push_back(CheckEpisodes(records, "dates.before_birth",
                                   "episodes that begin more than a year before the child's birth",
                                   "counted, in the age band \"unborn\"; one of the dates is wrong",
                                   [](const Person& person, const Episode& e) {
                                     return person.birth != kNoDay && e.start < person.birth - 366;
                                   }));
  findings.push_back(
      CheckEpisodes(records, "dates.over_25", "episodes that begin after the 26th birthday",
                    "counted, in the age band \"18 and over\"; the birth date may be an adult's or wrong",
                    [](const Person& person, const Episode& e) {
                      return person.birth != kNoDay && AgeOn(person.birth, e.start) > kOldest;
                    }));
  findings.push_back(
      CheckEpisodes(records, "dates.after_death", "episodes that begin after the child's death",
                    "counted; one of the dates is wrong", [](const Person& person, const Episode& e) {
                      return person.death != kNoDay && e.start > person.death;
                    }));
  findings.push_back(CheckEpisodes(
      records, "dates.open_after_death", "episodes still open although the child has died",
      "counted as open; close them in the case system",
      [](const Person& person, const Episode& e) { return person.death != kNoDay && e.end == kNoDay; }));
  findings.push_back(CheckEpisodes(
      records, "dates.open_adult",
      "social-care episodes, but those of looked-after children, still open after the 25th birthday",
      "counted as open; close them in the case system", [&records](const Person& person, const Episode& e) {
        return person.birth != kNoDay && e.end == kNoDay && e.level != Level::kEarlyHelp &&
               e.level != Level::kCla && AgeOn(person.birth, records.social_care.extract) > kOldest;
      }));
  Finding deaths{.id = "dates.death_before_birth",
                 .group = "impossible dates",
                 .what = "children whose death lies before their birth",
                 .effect = "both dates are used; one is wrong"};
  for (const Person& person : records.persons) {
    if (person.death == kNoDay) continue;
    ++deaths.of;
    if (person.birth != kNoDay && person.death < person.birth) ++deaths.count;
  }
  findings.push_back(std::move(deaths));
}

void AddOrphans(const Records& records, const ByPerson& people, std::vector<Finding>& findings) {
  for (const FieldQuality& field : records.quality) {
    if (field.field != "person.linked") continue;
    findings.push_back({.id = "orphan.person",
                        .group = "orphans",
                        .what = "children with records who are not in the list of persons",
                        .count = field.records - field.complete,
                        .of = field.records,
                        .effect = "counted, without birth date, sex and ethnicity"});
  }
  if (people.total(static_cast<int>(Level::kCp)) > 0 && people.total(static_cast<int>(Level::kCin)) > 0) {
    Finding plans{
        .id = "orphan.plan",
        .group = "orphans",
        .what = "child protection episodes that begin on a day on which the child has no episode of need",
        .effect = "counted; social care then begins with the plan"};
    for (const Episode& episode : records.episodes) {
      if (episode.level != Level::kCp) continue;
      ++plans.of;
      if (!people.HasOn(episode.person, Level::kCin, episode.start)) ++plans.count;
    }
    findings.push_back(std::move(plans));
  }
  const char* const kinds[kStepKinds] = {"", "social-care assessments", "section 47 enquiries", ""};
  std::map<StepKind, Finding> steps;
  for (const Step& step : records.steps) {
    const char* const kind = kinds[static_cast<int>(step.kind)];
    if (*kind == '\0') continue;
    Finding& finding = steps[step.kind];
    finding = {.id = step.kind == StepKind::kAssessment ? "orphan.assessment" : "orphan.enquiry",
               .group = "orphans",
               .what = absl::StrCat(kind, " for which no source tells the referral"),
               .count = finding.count + (step.referral == kNoDay ? 1 : 0),
               .of = finding.of + 1,
               .effect = "left out of what is timed from the referral"};
  }
  for (auto& [kind, finding] : steps) findings.push_back(std::move(finding));
}

}  // namespace

std::vector<Finding> CheckRecords(const Records& records) {
  const ByPerson people(records);
  std::vector<Finding> findings;
  AddOverlaps(people, findings);
  AddDates(records, findings);
  AddOrphans(records, people, findings);
  return findings;
}

}  // namespace waymark::node
