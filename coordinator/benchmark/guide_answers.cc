#include "coordinator/benchmark/guide_answers.h"

#include <utility>

#include "base/status.h"

namespace waymark::coordinator {
namespace {

// By id, where the questionnaire has it.
std::map<std::string, std::size_t> PlacesOfQuestions(const v1::Questionnaire& questionnaire) {
  std::map<std::string, std::size_t> places;
  for (const v1::Section& section : questionnaire.sections()) {
    for (const v1::Question& question : section.questions()) places.emplace(question.id(), places.size());
  }
  return places;
}

int NumberOfAnswer(const v1::Questionnaire& questionnaire, const std::string& id) {
  for (int i = 0; i < questionnaire.answers_size(); ++i) {
    if (questionnaire.answers(i).id() == id) return i;
  }
  return statistics::kNoAnswer;
}

// A region's councils among all of them, and what all answered to a theme.
struct Theme {
  statistics::Answers answers;
  std::vector<std::size_t> group;
};

Theme ThemeOf(const OwnAnswers& own, std::size_t first, int questions, const std::string& region,
              const catalogue::Library& library) {
  Theme theme;
  for (const auto& [council, answers] : own) {
    const v1::Area* area = library.FindAreaEver(council);
    if (area == nullptr) continue;
    if (area->region_code() == region) theme.group.push_back(theme.answers.size());
    const auto begin = answers.begin() + static_cast<std::ptrdiff_t>(first);
    theme.answers.emplace_back(begin, begin + questions);
  }
  return theme;
}

}  // namespace

OwnAnswers OwnAnswersIn(const v1::QueryResponse& figures, const v1::Questionnaire& questionnaire) {
  const std::map<std::string, std::size_t> places = PlacesOfQuestions(questionnaire);
  OwnAnswers own;
  for (const v1::Figure& figure : figures.figures()) {
    const auto place = places.find(figure.category());
    const bool is_given = figure.level() == v1::GEOGRAPHY_LEVEL_COUNCIL && figure.has_numerator();
    if (!is_given || place == places.end()) continue;
    std::vector<int>& answers = own[figure.geography_code()];
    answers.resize(places.size(), statistics::kNoAnswer);
    if (figure.numerator() > 0) answers[place->second] = NumberOfAnswer(questionnaire, figure.quantity());
  }
  return own;
}

std::optional<GuideMoves> MovesBetween(const OwnAnswers& before, const OwnAnswers& now,
                                       const v1::Questionnaire& questionnaire, const v1::Question& question,
                                       std::size_t number) {
  GuideMoves moves;
  for (const auto& [council, answers] : now) {
    const auto earlier = before.find(council);
    if (earlier == before.end()) continue;
    const int from = earlier->second[number];
    const int to = answers[number];
    if (from == statistics::kNoAnswer || to == statistics::kNoAnswer) continue;
    const int gained = MaturityOf(questionnaire, question, to) - MaturityOf(questionnaire, question, from);
    ++(gained > 0 ? moves.up : gained < 0 ? moves.down : moves.same);
  }
  if (moves.up + moves.down + moves.same == 0) return std::nullopt;
  moves.p = statistics::SignTest(moves.up, moves.down);
  return moves;
}

absl::StatusOr<std::vector<GuideAlike>> AlikeIn(const OwnAnswers& answers,
                                                const v1::Questionnaire& questionnaire,
                                                absl::Span<const GuidePlace> regions,
                                                const catalogue::Library& library,
                                                const statistics::Draw& draw) {
  std::vector<GuideAlike> all;
  std::vector<std::size_t> tested;
  std::vector<double> p;
  std::size_t first = 0;
  for (const v1::Section& section : questionnaire.sections()) {
    for (const GuidePlace& region : regions) {
      const Theme theme = ThemeOf(answers, first, section.questions_size(), region.code, library);
      GuideAlike& alike = all.emplace_back();
      alike.section = &section;
      alike.region = region;
      alike.councils = static_cast<std::uint32_t>(theme.group.size());
      if (theme.group.size() < kLeastAlike) continue;
      ASSIGN_OR_RETURN(alike.agreement, statistics::AgreementOf(theme.answers, theme.group, draw));
      if (!alike.agreement) continue;
      tested.push_back(all.size() - 1);
      p.push_back(alike.agreement->p);
    }
    first += static_cast<std::size_t>(section.questions_size());
  }
  const std::vector<double> together = statistics::HolmAdjusted(p);
  for (std::size_t i = 0; i < tested.size(); ++i) all[tested[i]].p_together = together[i];
  return all;
}

}  // namespace waymark::coordinator
