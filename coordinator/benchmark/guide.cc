#include "coordinator/benchmark/guide.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/period.h"
#include "base/status.h"
#include "coordinator/benchmark/guide_answers.h"

namespace waymark::coordinator {
namespace {

constexpr double kPercent = 100;
constexpr char kByQuestion[] = "question";
constexpr int kQuartersAYear = 4;

// The same span of the year before; nothing of a span that is no year and no quarter.
std::optional<std::string> YearBefore(const std::string& label) {
  const auto period = ParsePeriod(label);
  if (!period.ok()) return std::nullopt;
  const Period year = FinancialYearOf(period->first);
  if (year == *period) return FinancialYearOf(period->first - 1).label;
  const int quarter = QuarterNumberOf(period->first);
  if (QuarterNumbered(quarter) == *period) return QuarterNumbered(quarter - kQuartersAYear).label;
  int calendar_year = 0;
  if (absl::SimpleAtoi(period->label, &calendar_year)) return absl::StrCat(calendar_year - 1);
  return std::nullopt;
}

absl::StatusOr<const v1::Metric*> FindSurvey(const std::string& id, const catalogue::Library& library) {
  const v1::Metric* metric = library.Find(id);
  if (metric != nullptr && metric->kind() == v1::METRIC_KIND_SURVEY) return metric;
  std::vector<std::string> surveys;
  for (const v1::Metric& one : library.metrics()) {
    if (one.kind() == v1::METRIC_KIND_SURVEY) surveys.push_back(one.id());
  }
  const std::string there = absl::StrJoin(surveys, ", ");
  if (metric == nullptr) {
    return absl::NotFoundError(
        absl::StrCat("metric: \"", id, "\" is not in the library; questionnaires are ", there));
  }
  return absl::InvalidArgumentError(
      absl::StrCat("metric: ", id, " is no questionnaire's answers; those are ", there));
}

// What was published of one period: of groups, and what named councils answered.
struct Year {
  v1::QueryResponse groups;
  OwnAnswers own;
};

absl::StatusOr<Year> ReadYear(v1::QueryRequest request, const v1::Questionnaire& questionnaire,
                              const GuideSource& source) {
  Year year;
  ASSIGN_OR_RETURN(year.groups, source(request));
  // The same publication, whatever comes meanwhile.
  request.set_round_id(year.groups.round_id());
  request.set_version(year.groups.version());
  request.set_period(year.groups.period());
  for (const auto& council : year.groups.coverage()) {
    if (council.absence() == v1::ABSENCE_UNSPECIFIED) request.add_geographies(council.council());
  }
  if (request.geographies().empty()) return year;
  ASSIGN_OR_RETURN(const v1::QueryResponse councils, source(request));
  year.own = OwnAnswersIn(councils, questionnaire);
  return year;
}

using FiguresByQuestion = std::map<std::pair<std::string, std::string>, std::vector<const v1::Figure*>>;

// Of groups, by place and question.
FiguresByQuestion FiguresOf(const v1::QueryResponse& groups) {
  FiguresByQuestion figures;
  for (const v1::Figure& figure : groups.figures()) {
    if (figure.level() == v1::GEOGRAPHY_LEVEL_COUNCIL) continue;
    figures[{figure.geography_code(), figure.category()}].push_back(&figure);
  }
  return figures;
}

std::uint32_t Councils(double count) {
  return static_cast<std::uint32_t>(std::lround(count));
}

GuideCounts CountsOf(const std::vector<const v1::Figure*>& figures, const v1::Questionnaire& questionnaire) {
  GuideCounts counts;
  if (figures.empty()) return counts;
  const v1::Figure& any = *figures.front();
  counts.status = any.status();
  counts.councils = any.contributors();
  counts.absent = any.absent();
  // Nobody answered it: a share of nobody, and yet every count is known.
  if (any.status() == v1::FIGURE_STATUS_NOT_AVAILABLE && any.has_denominator()) {
    counts.status = v1::FIGURE_STATUS_SHOWN;
  }
  if (counts.status != v1::FIGURE_STATUS_SHOWN) return counts;
  counts.unanswered = any.contributors() - std::min(any.contributors(), Councils(any.denominator()));
  for (const v1::Answer& answer : questionnaire.answers()) {
    std::uint32_t& count = counts.answered.emplace_back(0);
    for (const v1::Figure* figure : figures) {
      if (figure->quantity() == answer.id()) count = Councils(figure->numerator());
    }
  }
  return counts;
}

std::vector<GuidePlace> PlacesOf(const v1::QueryResponse& groups) {
  std::map<std::string, GuidePlace> regions;
  std::optional<GuidePlace> all;
  for (const v1::Figure& figure : groups.figures()) {
    GuidePlace place{.code = figure.geography_code(), .name = figure.geography_name()};
    if (figure.level() == v1::GEOGRAPHY_LEVEL_REGION) regions.emplace(place.code, place);
    if (figure.level() == v1::GEOGRAPHY_LEVEL_ALL) all = std::move(place);
  }
  std::vector<GuidePlace> places;
  for (auto& [code, place] : regions) places.push_back(std::move(place));
  if (all) places.push_back(*std::move(all));
  return places;
}

const v1::Figure* AnyOfAll(const v1::QueryResponse& groups) {
  for (const v1::Figure& figure : groups.figures()) {
    if (figure.level() == v1::GEOGRAPHY_LEVEL_ALL) return &figure;
  }
  return nullptr;
}

void AddQuestions(const Year& now, const std::optional<Year>& before, Guide& guide) {
  const v1::Questionnaire& asked = *guide.questionnaire;
  const FiguresByQuestion figures = FiguresOf(now.groups);
  const FiguresByQuestion earlier = before ? FiguresOf(before->groups) : FiguresByQuestion();
  const v1::Figure* const all = before ? AnyOfAll(before->groups) : nullptr;
  const auto counts_of = [&](const FiguresByQuestion& from, const std::string& place,
                             const std::string& question) {
    const auto found = from.find({place, question});
    return found == from.end() ? GuideCounts() : CountsOf(found->second, asked);
  };
  for (const v1::Section& section : asked.sections()) {
    for (const v1::Question& question : section.questions()) {
      GuideQuestion one{.section = &section, .question = &question, .counts = {}, .before = {}, .moves = {}};
      for (const GuidePlace& place : guide.places)
        one.counts.push_back(counts_of(figures, place.code, question.id()));
      if (all != nullptr) one.before = counts_of(earlier, all->geography_code(), question.id());
      if (before) one.moves = MovesBetween(before->own, now.own, asked, question, guide.questions.size());
      guide.questions.push_back(std::move(one));
    }
  }
}

void JudgeMovesTogether(Guide& guide) {
  std::vector<double> p;
  for (const GuideQuestion& one : guide.questions) {
    if (one.moves) p.push_back(one.moves->p);
  }
  const std::vector<double> together = statistics::HolmAdjusted(p);
  std::size_t next = 0;
  for (GuideQuestion& one : guide.questions) {
    if (one.moves) one.moves->p_together = together[next++];
  }
}

std::vector<GuidePlace> RegionsOf(const v1::QueryResponse& groups) {
  std::vector<GuidePlace> places = PlacesOf(groups);
  if (AnyOfAll(groups) != nullptr) places.pop_back();
  return places;
}

}  // namespace

statistics::Draw DrawFrom(crypto::RandomSource& random) {
  return [&random](std::uint64_t below) -> absl::StatusOr<std::uint64_t> {
    if (below == 0) return absl::InternalError("a draw from nothing");
    // What is left above the last whole multiple would make small numbers likelier.
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
    const std::uint64_t limit = kMost - kMost % below;
    for (;;) {
      std::uint8_t bytes[sizeof(std::uint64_t)];
      RETURN_IF_ERROR(random.Fill(absl::MakeSpan(bytes)));
      std::uint64_t number = 0;
      std::memcpy(&number, bytes, sizeof number);
      if (number < limit) return number % below;
    }
  };
}

int MaturityOf(const v1::Questionnaire& questionnaire, const v1::Question& question, int answer) {
  return question.reversed() ? answer : questionnaire.answers_size() - 1 - answer;
}

std::optional<double> MatureShare(const v1::Questionnaire& questionnaire, const v1::Question& question,
                                  const GuideCounts& counts) {
  std::uint32_t all = 0;
  std::uint32_t mature = 0;
  for (std::size_t i = 0; i < counts.answered.size(); ++i) {
    all += counts.answered[i];
    const int maturity = MaturityOf(questionnaire, question, static_cast<int>(i));
    if (2 * maturity >= questionnaire.answers_size()) mature += counts.answered[i];
  }
  if (all == 0) return std::nullopt;
  return kPercent * mature / all;
}

absl::StatusOr<Guide> GuideOf(const GuideRequest& request, const catalogue::Library& library,
                              const GuideSource& source, const statistics::Draw& draw) {
  Guide guide;
  ASSIGN_OR_RETURN(guide.metric, FindSurvey(request.metric, library));
  guide.questionnaire = library.FindQuestionnaire(guide.metric->survey().questionnaire());
  v1::QueryRequest query;
  query.set_metric(request.metric);
  query.set_version(request.version);
  query.set_period(request.period);
  query.set_round_id(request.round_id);
  query.set_breakdown(kByQuestion);
  ASSIGN_OR_RETURN(const Year now, ReadYear(query, *guide.questionnaire, source));
  guide.version = now.groups.version();
  guide.period = now.groups.period();
  guide.round_id = now.groups.round_id();
  guide.published_unix_s = now.groups.published_unix_s();
  guide.coverage.assign(now.groups.coverage().begin(), now.groups.coverage().end());
  guide.places = PlacesOf(now.groups);
  guide.before_period = YearBefore(guide.period).value_or("");
  std::optional<Year> before;
  if (!guide.before_period.empty()) {
    query.clear_round_id();
    query.set_version(guide.version);  // another definition's answers do not compare
    query.set_period(guide.before_period);
    absl::StatusOr<Year> found = ReadYear(query, *guide.questionnaire, source);
    if (!found.ok() && !absl::IsNotFound(found.status())) return found.status();
    if (found.ok()) before = *std::move(found);
  }
  if (before) guide.before_round_id = before->groups.round_id();
  AddQuestions(now, before, guide);
  JudgeMovesTogether(guide);
  if (request.alike) {
    ASSIGN_OR_RETURN(guide.alike,
                     AlikeIn(now.own, *guide.questionnaire, RegionsOf(now.groups), library, draw));
  }
  return guide;
}

}  // namespace waymark::coordinator
