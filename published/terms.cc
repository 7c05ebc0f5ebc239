#include "published/terms.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "proto/contract/names.h"

namespace waymark::published {
namespace {

using Candidate = v1::PublishedFormula::Term::Candidate;

std::vector<std::string> MeasuresOf(const Candidate& candidate) {
  std::vector<std::string> measures = {candidate.measure()};
  if (!candidate.plus().empty()) measures.push_back(candidate.plus());
  if (!candidate.times().empty()) measures.push_back(candidate.times());
  return measures;
}

// Suppressed before not available before not applicable before low before shown.
v1::FigureStatus Worse(v1::FigureStatus a, v1::FigureStatus b) {
  for (const v1::FigureStatus status : {v1::FIGURE_STATUS_SUPPRESSED, v1::FIGURE_STATUS_NOT_AVAILABLE,
                                        v1::FIGURE_STATUS_NOT_APPLICABLE, v1::FIGURE_STATUS_LOW}) {
    if (a == status || b == status) return status;
  }
  return v1::FIGURE_STATUS_SHOWN;
}

Input InputOf(const Sources& sources, const v1::PublishedFormula::Term& term, const Candidate& candidate,
              const v1::PublishedMeasure& measure, const Observation& at) {
  const bool shown = at.status == v1::CELL_STATUS_SHOWN;
  return {.term = term.id(),
          .measure = measure.id(),
          .title = measure.title(),
          .unit = measure.unit(),
          .year = at.year.label,
          .value = shown ? std::optional<double>(at.value) : std::nullopt,
          .status = contract::FigureStatusOf(at.status),
          .note = at.rejected,
          .substitute = candidate.substitute(),
          .file = FileName(sources.collection, at),
          .line = at.line};
}

// Of a candidate whose measures are all published in some way; else not found. `find` gives the observation
// of a measure, the index-th of the candidate's.
template <typename Find>
TermValue TryCandidate(const Sources& sources, const v1::PublishedFormula::Term& term, std::size_t index,
                       const Find& find) {
  const Candidate& candidate = term.candidates(static_cast<int>(index));
  TermValue value{.candidate = index};
  value.status = v1::FIGURE_STATUS_SHOWN;
  double sum = 0;
  double factor = 1.0 / (candidate.per() > 0 ? candidate.per() : 1);
  for (const std::string& id : MeasuresOf(candidate)) {
    const v1::PublishedMeasure* measure = sources.mapping.FindMeasure(id);
    const Observation* at = measure == nullptr ? nullptr : find(id, value.inputs.size());
    if (at == nullptr) return {};
    value.inputs.push_back(InputOf(sources, term, candidate, *measure, *at));
    value.last_days.push_back(at->year.last);
    value.status = Worse(value.status, value.inputs.back().status);
    if (id == candidate.times()) {
      factor *= at->value;
    } else {
      sum += at->value;
    }
  }
  value.found = true;
  if (value.status == v1::FIGURE_STATUS_SHOWN) value.value = sum * factor;
  return value;
}

// What was looked for, with what of it is there.
std::string MissingText(const Sources& sources, const v1::PublishedFormula::Term& term,
                        absl::string_view area, Day until) {
  std::string text = absl::StrCat(term.title(), ": looked for ");
  bool first = true;
  for (const Candidate& candidate : term.candidates()) {
    absl::StrAppend(&text, first ? "" : "; or ");
    first = false;
    std::string joint;
    for (const std::string& id : MeasuresOf(candidate)) {
      const v1::PublishedMeasure* measure = sources.mapping.FindMeasure(id);
      const bool there = sources.collection.Latest(id, area, until) != nullptr;
      absl::StrAppend(&text, joint, measure == nullptr ? id : measure->title(),
                      measure == nullptr ? "" : absl::StrCat(" (", measure->unit(), ")"),
                      there ? ", which is there" : ", which no file has");
      joint = " with ";
    }
  }
  return text;
}

}  // namespace

TermValue ValueOf(const Sources& sources, const v1::PublishedFormula::Term& term, absl::string_view area,
                  Day until) {
  const auto latest = [&](const std::string& id, std::size_t) {
    return sources.collection.Latest(id, area, until);
  };
  TermValue best;
  for (int i = 0; i < term.candidates_size(); ++i) {
    TermValue value = TryCandidate(sources, term, static_cast<std::size_t>(i), latest);
    if (value.value.has_value()) return value;
    if (value.found && !best.found) best = std::move(value);
  }
  if (!best.found) best.missing = MissingText(sources, term, area, until);
  return best;
}

TermValue ValueLike(const Sources& sources, const v1::PublishedFormula::Term& term, absl::string_view area,
                    const TermValue& like) {
  if (!like.found) return {};
  return TryCandidate(sources, term, like.candidate, [&](const std::string& id, std::size_t index) {
    return sources.collection.EndingOn(id, area, like.last_days[index]);
  });
}

Quotient QuotientOf(const Sources& sources, const v1::PublishedFormula& formula, absl::string_view area,
                    Day until, const Quotient* like) {
  Quotient quotient;
  double sum = 0;
  bool any = false;
  for (int i = 0; i < formula.parts_size(); ++i) {
    TermValue part = like == nullptr ? ValueOf(sources, formula.parts(i), area, until)
                                     : ValueLike(sources, formula.parts(i), area,
                                                 like->parts[static_cast<std::size_t>(i)]);
    const bool wanted = like == nullptr ? part.found : like->parts[static_cast<std::size_t>(i)].found;
    if (wanted) quotient.status = Worse(quotient.status, part.status);
    if (!part.found) quotient.partial = true;
    if (part.value.has_value()) sum += *part.value;
    any |= part.found;
    quotient.parts.push_back(std::move(part));
  }
  if (!any) quotient.status = v1::FIGURE_STATUS_NOT_AVAILABLE;
  if (quotient.status == v1::FIGURE_STATUS_SHOWN) quotient.numerator = quotient.value = sum;
  if (!formula.has_denominator()) return quotient;
  quotient.denominator = like == nullptr ? ValueOf(sources, formula.denominator(), area, until)
                                         : ValueLike(sources, formula.denominator(), area, like->denominator);
  const TermValue& below = quotient.denominator;
  quotient.status = Worse(quotient.status, below.status);
  quotient.value.reset();
  if (quotient.numerator.has_value() && below.value.has_value() && *below.value > 0)
    quotient.value = formula.per() * *quotient.numerator / *below.value;
  return quotient;
}

void AppendInputs(const TermValue& term, Answer& answer) {
  if (!term.missing.empty()) answer.missing.push_back(term.missing);
  for (const Input& input : term.inputs) {
    if (answer.period.empty()) answer.period = input.year;
    answer.inputs.push_back(input);
  }
}

}  // namespace waymark::published
