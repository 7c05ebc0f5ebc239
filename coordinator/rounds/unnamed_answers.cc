#include "coordinator/rounds/unnamed_answers.h"

#include <algorithm>

#include "coordinator/benchmark/combine.h"

namespace waymark::coordinator {
namespace {

std::uint32_t CouncilsIn(const AnswerCounts& counts) {
  std::uint32_t councils = 0;
  for (const auto& [answer, count] : counts) councils += count;
  return councils;
}

void AddTo(AnswerCounts& sum, const AnswerCounts& more) {
  for (const auto& [answer, count] : more) sum[answer] += count;
}

bool Passes(const AnswerCounts& counts, std::uint32_t least) {
  std::uint32_t most = 0;
  for (const auto& [answer, count] : counts) most = std::max(most, count);
  const std::uint32_t all = CouncilsIn(counts);
  return all >= least && most + 2 <= all;
}

// Leaves what the figure is of, and how many councils there are.
void Hide(v1::Figure& figure) {
  if (figure.status() == v1::FIGURE_STATUS_TOO_FEW) return;
  figure.set_status(v1::FIGURE_STATUS_SUPPRESSED);
  figure.clear_numerator();
  figure.clear_denominator();
  figure.clear_value();
  figure.clear_lower();
  figure.clear_upper();
  figure.clear_sampling_lower();
  figure.clear_sampling_upper();
}

}  // namespace

std::set<std::string> HiddenGeographies(const std::map<std::string, AnswerCounts>& by_region,
                                        std::uint32_t least) {
  std::set<std::string> hidden;
  AnswerCounts all;
  for (const auto& [region, counts] : by_region) {
    AddTo(all, counts);
    hidden.insert(region);
  }
  if (by_region.empty()) return hidden;
  const bool passes = Passes(all, least);
  // All less the regions of named councils alone is that one.
  if (passes && by_region.size() == 1) return {};
  if (!passes) hidden.insert(std::string(kParticipantsCode));
  return hidden;
}

void UnnamedAnswers::Hear(std::size_t item, const v1::Figure& own) {
  Question& question = questions_[{item, own.category()}];
  std::string& said = question.said[own.geography_code()];
  if (own.status() == v1::FIGURE_STATUS_SHOWN && own.numerator() > 0) said = own.quantity();
}

bool UnnamedAnswers::IsHidden(std::size_t item, const v1::Figure& figure) {
  const auto found = questions_.find({item, figure.category()});
  if (found == questions_.end()) return false;  // only named councils answered it
  Question& question = found->second;
  if (!question.hidden) {
    std::map<std::string, AnswerCounts> by_region;
    for (const auto& [council, answer] : question.said) ++by_region[regions_.at(council)][answer];
    question.hidden = HiddenGeographies(by_region, least_);
  }
  return question.hidden->contains(figure.geography_code());
}

void UnnamedAnswers::ApplyTo(std::size_t item, Figures& figures) {
  if (regions_.empty()) return;
  int kept = 0;
  for (int i = 0; i < figures.size(); ++i) {
    v1::Figure& figure = figures[i];
    const bool is_stated = figure.mode() == v1::MODE_STATED;
    if (figure.level() != v1::GEOGRAPHY_LEVEL_COUNCIL) {
      if (is_stated && IsHidden(item, figure)) Hide(figure);
    } else if (regions_.contains(figure.geography_code())) {
      const bool is_given = figure.status() != v1::FIGURE_STATUS_ABSENT;
      if (is_stated && is_given) Hear(item, figure);
      if (is_stated || !shown_.contains(figure.geography_code())) continue;
    }
    if (kept != i) figures.SwapElements(kept, i);
    ++kept;
  }
  while (figures.size() > kept) figures.RemoveLast();
}

}  // namespace waymark::coordinator
