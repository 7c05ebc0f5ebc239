// What must hold of an entry's formula over published statistics.
#include "absl/strings/str_cat.h"
#include "catalogue/checks.h"
#include "proto/contract/names.h"

namespace waymark::catalogue {
namespace {

void CheckTerm(const v1::PublishedFormula::Term& term, const Located& at) {
  if (term.id().empty()) at.Fail("id", "no id: name the term in [a-z0-9_]");
  if (term.title().empty()) at.Fail("title", "no title: say what the term is");
  if (term.candidates().empty()) at.Fail("candidates", "no candidates: name the measure that gives it");
  for (int i = 0; i < term.candidates_size(); ++i) {
    const Located place = at.Nested("candidates", i);
    if (term.candidates(i).measure().empty())
      place.Fail("measure", "no measure: an id of published/measures.textproto");
    if (!term.candidates(i).times().empty() && term.candidates(i).per() == 0)
      place.Fail("per", "times without per: what is the rate per, 100 or 10,000?");
  }
}

void CheckExpected(const v1::PublishedFormula& formula, const Located& at) {
  const Located place = at.Nested("expected", -1);
  if (formula.expected().metric().empty()) place.Fail("metric", "no metric: whose figure is expected?");
  if (formula.expected().has_against()) {
    CheckTerm(formula.expected().against(), place.Nested("against", -1));
  } else {
    place.Fail("against", "no against: what goes with the figure?");
  }
  if (formula.expected().has_weight()) {
    CheckTerm(formula.expected().weight(), place.Nested("weight", -1));
  } else {
    place.Fail("weight", "no weight: the population of each authority");
  }
  if (!formula.parts().empty() || formula.has_denominator())
    place.Fail("metric", "expected takes the place of parts and denominator");
}

}  // namespace

void CheckFormula(const v1::Metric& metric, const Located& at) {
  const bool rate = metric.kind() == v1::METRIC_KIND_COUNT;
  if (rate && !metric.has_published()) return;
  if (!rate && metric.kind() != v1::METRIC_KIND_PUBLISHED) {
    if (metric.has_published())
      at.Fail("published", absl::StrCat("published: a ", contract::NameOf(metric.kind()), " has none"));
    return;
  }
  if (!metric.has_published())
    return at.Fail("published", "no published: name the published measures it is made of");
  const v1::PublishedFormula& formula = metric.published();
  const Located place = at.Nested("published", -1);
  if (!rate && metric.has_cohort()) at.Fail("cohort", "cohort: a published figure counts no records");
  if (!rate && !metric.modes().empty())
    at.Fail("modes", "modes: a published figure does not leave a council");
  if (!metric.outcomes().empty()) at.Fail("outcomes", "outcomes: this kind has none");
  if (rate && !formula.has_denominator())
    place.Fail("denominator", "no denominator: the population of the rate");
  if (rate && (!formula.parts().empty() || formula.has_expected()))
    place.Fail("parts", "parts: the numerator of a rate is its cohort");
  if (formula.has_denominator()) CheckTerm(formula.denominator(), place.Nested("denominator", -1));
  if (formula.has_denominator() != (formula.per() > 0))
    place.Fail("per", "denominator and per (10,000) go together");
  for (int i = 0; i < formula.parts_size(); ++i) CheckTerm(formula.parts(i), place.Nested("parts", i));
  if (formula.has_expected()) {
    CheckExpected(formula, place);
  } else if (!rate && formula.parts().empty()) {
    place.Fail("parts", "no parts: what is added up?");
  }
}

}  // namespace waymark::catalogue
